//! What is around every page of an offer: the others, how far each is, and the way back.

use types::Violation;

use super::TEXTS;
use crate::access::Permission;
use crate::catalog::operations::find;
use crate::catalog::{Offer, OfferRef, OfferStatus, PageName, PageStatus, Plan, pages};
use crate::edge::browser::{Reader, Visit};
use crate::kit::Refused;
use crate::kit::page::{Input, Sheet, Subpage, Subpages};

/// Where a page of an offer is.
pub(crate) fn address(offer: &Offer, page: &str) -> String {
    let base = format!("/publisher/offers/{}", offer.slug);
    if page == "overview" { base } else { format!("{base}/{page}") }
}

/// Where the page is that the rules name.
pub(crate) fn address_of(offer: &Offer, page: PageName) -> String {
    address(offer, &page.as_str().replace('_', "-"))
}

/// The offer that an address names, with its plans.
pub(crate) async fn find<P: Permission>(
    visit: &Visit<P>,
    offer: &str,
) -> Result<(Offer, Vec<Plan>), Refused> {
    let named = OfferRef::from_path(offer)?;
    visit
        .read(move |tx, right| {
            Box::pin(async move {
                let offer = find::offer(tx, right, &named).await?;
                let plans = find::plans(tx, &offer.id).await?;
                Ok((offer, plans))
            })
        })
        .await
}

/// The pages of an offer; `current` as in their addresses.
pub(crate) fn beside(reader: &Reader, offer: &Offer, plans: &[Plan], current: &str) -> Subpages {
    let t = reader.wording(&TEXTS);
    let states = pages(offer, plans);
    let link = |key: &str| {
        let state = states.iter().find(|state| page_key(state.page) == key);
        Subpage {
            label: t.of(&format!("page-{key}")),
            href: address(offer, key),
            state: state.map(|page| state_badge(reader, page.state, page.unpublished_changes)),
            current: key == current,
        }
    };
    let drafted = PageName::ALL.iter().copied().map(page_key);
    let keys = std::iter::once("overview".to_owned())
        .chain(drafted)
        .chain(["files", "review", "compare", "history"].map(str::to_owned));
    Subpages { label: t.named("pages-of", &offer.alias), links: keys.map(|key| link(&key)).collect() }
}

fn page_key(page: PageName) -> String {
    page.as_str().replace('_', "-")
}

/// How far a page is, as a badge.
pub(crate) fn state_badge(reader: &Reader, state: PageStatus, changed: bool) -> (&'static str, String) {
    let t = reader.wording(&TEXTS);
    match state {
        PageStatus::Complete if changed => ("info", t.of("state-changed")),
        PageStatus::Complete => ("good", t.of("state-complete")),
        PageStatus::Incomplete => ("notice", t.of("state-incomplete")),
        PageStatus::NotStarted => ("neutral", t.of("state-not-started")),
    }
}

/// Where an offer stands, as a badge.
pub(crate) fn status_badge(reader: &Reader, status: OfferStatus) -> (&'static str, String) {
    let kind = match status {
        OfferStatus::Draft | OfferStatus::NotAvailable => "neutral",
        OfferStatus::PublishInProgress | OfferStatus::PendingStop => "info",
        OfferStatus::AttentionNeeded => "bad",
        OfferStatus::Preview => "notice",
        OfferStatus::Live => "good",
    };
    let key = status.as_str().replace('_', "-");
    (kind, reader.wording(&TEXTS).of(&format!("status-{key}")))
}

/// A page of the rules, as people call it.
pub(crate) fn page_label(reader: &Reader, page: PageName) -> String {
    reader.wording(&TEXTS).of(&format!("page-{}", page_key(page)))
}

/// A field of a page of an offer, as its form calls it; of a plan or a language behind its name.
pub(crate) fn field_label(reader: &Reader, field: &str) -> String {
    let t = reader.wording(&TEXTS);
    let named = |field: &str| t.find(&format!("field-{}", field.replace(['_', '.'], "-")));
    if let Some(label) = named(field) {
        return label;
    }
    match field.trim_start_matches("translations.").rsplit_once('.') {
        Some((of, part)) => format!("{of}: {}", named(part).unwrap_or_else(|| part.to_owned())),
        None => field.to_owned(),
    }
}

/// Puts a page below its offer.
pub(crate) fn below(reader: &Reader, offer: &Offer, sheet: Sheet) -> Sheet {
    let t = reader.wording(&TEXTS);
    sheet.below(t.of("offers"), "/publisher/offers").below(&offer.alias, address(offer, "overview"))
}

/// What was typed as a list, separated by commas.
pub(super) fn listed(input: &Input, name: &str) -> Vec<String> {
    let parts = input.text(name).split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

/// What has to be chosen and was not.
pub(super) fn missing() -> Violation {
    Violation::new("field.missing", "must be given")
}
