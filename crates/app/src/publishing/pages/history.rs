//! What was done to an offer, by whom and when (PUB-06).

use askama::Template;
use axum::response::Response;
use types::Timestamp;

use super::TEXTS;
use crate::access::OfferView;
use crate::catalog::OfferRef;
use crate::catalog::history::{Action, HistoryEntry};
use crate::catalog::operations::history;
use crate::catalog::pages::frame;
use crate::edge::Path;
use crate::edge::browser::Visit;
use crate::identity::operations::find::Doers;
use crate::kit::Refused;
use crate::kit::page::{Sheet, Subpages, Wording};

#[derive(Template)]
#[template(path = "publishing/pages/history.html")]
struct History {
    t: Wording,
    pages: Subpages,
    rows: Vec<Row>,
}

struct Row {
    at: Timestamp,
    what: String,
    notes: Option<String>,
    who: String,
}

impl Row {
    /// `who` is empty for the marketplace itself.
    fn new(t: Wording, entry: HistoryEntry, who: String) -> Self {
        let HistoryEntry { at, what, notes, .. } = entry;
        let Some((action, plan)) = Action::read(&what) else { return Self { at, what, notes, who } };
        // Whoever certifies is of the marketplace, and is not named to publishers.
        let who = match who {
            _ if action.is_of_certification() => t.of("by-certification"),
            nobody if nobody.is_empty() => t.of("by-system"),
            somebody => somebody,
        };
        Self { at, what: t.named(&format!("did-{}", action.key()), plan), notes, who }
    }
}

pub(super) async fn look(Path(offer): Path<String>, visit: Visit<OfferView>) -> Result<Response, Refused> {
    let (offer, plans) = frame::find(&visit, &offer).await?;
    let named = OfferRef::Id(offer.id);
    let found = visit.read(move |tx, right| {
        Box::pin(async move {
            let entries = history::list_history(tx, right, &named).await?;
            let (mut found, mut doers) = (Vec::with_capacity(entries.len()), Doers::default());
            for entry in entries {
                let who = doers.called(tx, right, &entry.actor).await?;
                found.push((entry, who));
            }
            Ok(found)
        })
    });
    let t = visit.wording(&TEXTS);
    let rows = found.await?.into_iter().map(|(entry, who)| Row::new(t, entry, who)).collect();
    let pages = frame::beside(&visit.reader, &offer, &plans, "history");
    let sheet = Sheet::new(t.of("history-title"), &History { t, pages, rows })?;
    visit.show(frame::below(&visit.reader, &offer, sheet.lead(t.of("history-lead"))))
}

#[cfg(test)]
#[test]
fn every_action_is_said_in_both_languages() {
    use crate::kit::Language;
    for (action, language) in
        Action::ALL.iter().flat_map(|action| [(action, Language::English), (action, Language::Korean)])
    {
        let said = Wording::new(language, &TEXTS).find(&format!("did-{}", action.key()));
        assert!(said.is_some(), "{} is not said in {language:?}", action.as_str());
    }
}
