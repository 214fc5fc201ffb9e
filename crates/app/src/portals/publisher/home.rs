//! What needs somebody of the publisher: of offers, deals and leads, whatever this person looks after.

use askama::Template;
use axum::response::Response;
use db::Tx;
use types::{Page, PageRequest};

use super::TEXTS;
use crate::access::{CustomerInvite, DealEdit, DealView, LeadView, OfferEdit, OfferView, Right, SelfView};
use crate::catalog::operations::find as catalog;
use crate::catalog::pages::frame;
use crate::catalog::{Offer, OfferRef, OfferState, PageStatus, pages};
use crate::deals::operations::{DealFilter, find as deals};
use crate::deals::{Deal, DealStatus};
use crate::edge::browser::Visit;
use crate::kit::page::{Sheet, Wording};
use crate::kit::{Argument, Refused, Search};
use crate::leads::NewLeads;
use crate::leads::operations::find as leads;
use crate::publishing::PhaseName;
use crate::publishing::operations::find as publishing;

/// Offers, or deals, that are named here; of more there is a list.
const NAMED: usize = 8;

/// Something that needs somebody.
struct Need {
    kind: &'static str,
    text: String,
    href: String,
}

#[derive(Template)]
#[template(path = "portals/publisher/home.html")]
#[expect(clippy::struct_excessive_bools, reason = "what a page shows, each for itself")]
struct Home {
    t: Wording,
    needs: Vec<Need>,
    /// There is no offer, and the reader may make one.
    first_offer: bool,
    may_offer: bool,
    may_deal: bool,
    may_invite: bool,
}

struct Rights {
    offers: Option<Right<OfferView>>,
    deals: Option<Right<DealView>>,
    leads: Option<Right<LeadView>>,
}

/// What the reader may not see is empty.
#[derive(Default)]
struct Found {
    has_offers: bool,
    offers: Vec<Waiting>,
    deals: Option<Page<Deal>>,
    leads: Option<NewLeads>,
}

/// An offer that waits for its publisher.
struct Waiting {
    offer: Offer,
    /// Pages of the draft that are not complete.
    open_pages: usize,
    /// Where the latest submission failed, and how much was found.
    failed: Option<(PhaseName, usize)>,
}

pub(super) async fn look(visit: Visit<SelfView>) -> Result<Response, Refused> {
    visit.reader.demand_portal()?;
    let right = &visit.right;
    let rights = Rights { offers: right.also().ok(), deals: right.also().ok(), leads: right.also().ok() };
    let may_offer = right.also::<OfferEdit>().is_ok();
    let found = visit.read(move |tx, _| Box::pin(async move { find_all(tx, &rights).await })).await?;
    let t = visit.wording(&TEXTS);
    let body = Home {
        t,
        needs: needs(t, &found),
        first_offer: may_offer && !found.has_offers,
        may_offer,
        may_deal: right.also::<DealEdit>().is_ok(),
        may_invite: right.also::<CustomerInvite>().is_ok(),
    };
    let name = visit.reader.visitor.as_ref().map_or("", |visitor| visitor.tenant_name.as_str());
    let lead = t.named("home-lead", name);
    visit.show(Sheet::new(t.of("home-title"), &body)?.lead(lead))
}

async fn find_all(tx: &mut Tx, rights: &Rights) -> Result<Found, Refused> {
    let mut found = Found::default();
    if let Some(right) = &rights.offers {
        let one = PageRequest { limit: 1, after: None };
        found.has_offers = !catalog::list_offers(tx, right, &one, &Search::default()).await?.items.is_empty();
        for offer in catalog::unfinished(tx, right, &PageRequest { limit: NAMED, after: None }).await? {
            found.offers.push(waiting(tx, right, offer).await?);
        }
    }
    if let Some(right) = &rights.deals {
        let page = PageRequest { limit: NAMED, after: None };
        let filter = DealFilter {
            status: DealStatus::UpdateRequired.as_str().to_owned(),
            contract_type: String::new(),
            search: Search::default(),
            company: String::new(),
            tab: String::new(),
        };
        found.deals = Some(deals::list_deals(tx, right, &page, &filter).await?);
    }
    if let Some(right) = &rights.leads {
        found.leads = Some(leads::count_new(tx, right).await?);
    }
    Ok(found)
}

async fn waiting(tx: &mut Tx, right: &Right<OfferView>, offer: Offer) -> Result<Waiting, Refused> {
    let plans = catalog::plans(tx, &offer.id).await?;
    let open = pages(&offer, &plans).into_iter().filter(|page| page.state != PageStatus::Complete);
    let open_pages = open.count();
    let failed = match offer.state {
        OfferState::AttentionNeeded => publishing::failed_phase(tx, right, &OfferRef::Id(offer.id)).await?,
        _ => None,
    };
    Ok(Waiting { offer, open_pages, failed })
}

/// The most urgent first: what was sent back, what waits for a word, what is new, what is not begun.
fn needs(t: Wording, found: &Found) -> Vec<Need> {
    let mut needs = Vec::new();
    let (drafts, moving): (Vec<_>, Vec<_>) =
        found.offers.iter().take(NAMED).partition(|waiting| waiting.offer.state == OfferState::Draft);
    needs.extend(moving.into_iter().map(|waiting| of_offer(t, waiting)));
    if let Some(deals) = &found.deals {
        needs.extend(deals.items.iter().map(|deal| Need {
            kind: "notice",
            text: t.named("need-deal", &deal.terms.0.company),
            href: format!("/publisher/deals/{}", deal.id),
        }));
        if deals.next_cursor.is_some() {
            let href = "/publisher/deals?tab=action_required".to_owned();
            needs.push(Need { kind: "notice", text: t.of("need-more-deals"), href });
        }
    }
    if let Some(NewLeads { leads, on_deals }) = found.leads {
        let counted = |kind, key, count: i64, action: &str| {
            let href = format!("/publisher/leads?status=new{action}");
            (count > 0).then(|| Need { kind, text: t.count(key, count), href })
        };
        needs.extend(counted("notice", "need-licenses", on_deals, "&action=LIC"));
        needs.extend(counted("info", "need-leads", leads - on_deals, ""));
    }
    needs.extend(drafts.into_iter().map(|waiting| of_offer(t, waiting)));
    if found.offers.len() > NAMED {
        let href = "/publisher/offers".to_owned();
        needs.push(Need { kind: "info", text: t.of("need-more-offers"), href });
    }
    needs
}

fn of_offer(t: Wording, Waiting { offer, open_pages, failed }: &Waiting) -> Need {
    let counted = |key: &str, count: usize| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        t.with(key, &[("name", offer.alias.as_str().into()), ("count", Argument::Number(count))])
    };
    let (kind, text) = match (offer.state, failed) {
        (OfferState::Preview, _) => ("notice", t.named("need-preview", &offer.alias)),
        (OfferState::AttentionNeeded, Some((PhaseName::Certification, count))) => {
            ("bad", counted("need-sent-back", *count))
        }
        (OfferState::AttentionNeeded, failed) => {
            ("bad", counted("need-mending", failed.map_or(0, |(_, count)| count)))
        }
        _ => ("info", counted("need-draft", *open_pages)),
    };
    Need { kind, text, href: frame::address(offer, "overview") }
}
