//! The audit trail in a browser, the newest entry first (EVT-04).

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use db::Tx;
use serde::Deserialize;
use types::Timestamp;

use crate::App;
use crate::access::{AuditRead, Right};
use crate::edge::Params;
use crate::edge::browser::Visit;
use crate::events::{self, Actor, Event as _, Recorded};
use crate::identity::events::SignedIn;
use crate::identity::operations::find::{self as identity, Doers, UserRef};
use crate::kit::page::{Sheet, Wording, query};
use crate::kit::{Refused, Texts};
use crate::registry::FEATURES;

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Entries of a page.
const ROWS: usize = 25;

const PATH: &str = "/admin/audit";

/// Of the admin center.
pub(crate) fn routes() -> Router<App> {
    Router::new().route(PATH, get(look))
}

/// Entries read at once, and how often at most for one page: what is rare is looked for further with the next one.
const CHUNK: i64 = 200;
const CHUNKS: usize = 10;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// Entries before this position; absent: the last ones.
    before: Option<i64>,
    /// A kind, `all`, or nothing for all but sign-ins.
    kind: String,
    /// An address or an id.
    who: String,
}

impl Asked {
    fn wants(&self, entry: &Recorded, who: Option<&Actor>) -> bool {
        let kind = match self.kind.as_str() {
            // They would hide everything else.
            "" => entry.kind != SignedIn::KIND,
            "all" => true,
            kind => entry.kind == kind,
        };
        kind && who.is_none_or(|who| entry.actor == *who)
    }

    /// Where the entries before a position are, under the same filters.
    fn address(&self, before: Option<i64>) -> String {
        let before = before.map(|before| before.to_string()).unwrap_or_default();
        let query = query(&[("before", &before), ("kind", &self.kind), ("who", &self.who)]);
        if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
    }
}

struct Row {
    position: i64,
    at: Timestamp,
    /// As people say it, and as programs do.
    what: String,
    kind: String,
    /// Empty: the marketplace itself.
    who: String,
    /// Where a request came from.
    origin: String,
    data: String,
}

/// A kind that can be asked for.
struct Kind {
    value: &'static str,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "audit/pages/log.html")]
struct Log<'a> {
    t: Wording,
    asked: &'a Asked,
    kinds: Vec<Kind>,
    /// Nobody is called so.
    nobody: bool,
    rows: Vec<Row>,
    /// Where earlier entries are.
    earlier: Option<String>,
    newest: String,
}

/// Entries that were asked for, the newest first, and before which position it goes on.
struct Found {
    entries: Vec<(Recorded, String)>,
    goes_on: Option<i64>,
    nobody: bool,
}

async fn look(Params(asked): Params<Asked>, visit: Visit<AuditRead>) -> Result<Response, Refused> {
    let asked = Asked { who: asked.who.trim().to_owned(), ..asked };
    let asked = Arc::new(asked);
    let filters = Arc::clone(&asked);
    let found = visit.read(move |tx, right| Box::pin(async move { find(tx, right, &filters).await })).await?;
    let t = visit.wording(&TEXTS);
    let rows = found.entries.into_iter().map(|(entry, who)| row(t, entry, who));
    let body = Log {
        t,
        asked: &asked,
        kinds: kinds(t, &asked.kind),
        nobody: found.nobody,
        rows: rows.collect::<Result<_, _>>()?,
        earlier: found.goes_on.map(|before| asked.address(Some(before))),
        newest: asked.address(None),
    };
    visit.show(Sheet::new(t.of("title"), &body)?.lead(t.of("lead")))
}

async fn find(tx: &mut Tx, right: &Right<AuditRead>, asked: &Asked) -> Result<Found, Refused> {
    let mut found = Found { entries: Vec::new(), goes_on: None, nobody: false };
    let who = match asked.who.as_str() {
        "" => None,
        text => {
            let user = match UserRef::parse(text) {
                Ok(named) => identity::user(tx, right, &named).await?,
                Err(_) => None,
            };
            let Some(user) = user else { return Ok(Found { nobody: true, ..found }) };
            Some(Actor::User(user.id))
        }
    };
    let (tenant, mut doers) = (right.tenant(), Doers::default());
    // A log has no gaps, so that a page is known by where it ends.
    let last = events::head(tx, &tenant).await?;
    let mut before = asked.before.unwrap_or(last + 1).clamp(1, last + 1);
    for _ in 0..CHUNKS {
        let after = (before - 1 - CHUNK).max(0);
        let entries = events::read(tx, &tenant, after, before - 1 - after).await?;
        for entry in entries.into_iter().rev().filter(|entry| asked.wants(entry, who.as_ref())) {
            if found.entries.len() == ROWS {
                found.goes_on = found.entries.last().map(|(entry, _)| entry.position);
                return Ok(found);
            }
            let called = doers.called(tx, right, &entry.actor.to_string()).await?;
            found.entries.push((entry, called));
        }
        before = after + 1;
        if after == 0 {
            return Ok(found);
        }
    }
    found.goes_on = Some(before);
    Ok(found)
}

/// In the order of what they are called.
fn kinds(t: Wording, chosen: &str) -> Vec<Kind> {
    let known = FEATURES.iter().flat_map(|feature| feature.events.iter().copied());
    let mut kinds: Vec<Kind> =
        known.map(|value| Kind { value, label: called(t, value), chosen: value == chosen }).collect();
    kinds.sort_by(|one, other| one.label.cmp(&other.label));
    kinds
}

/// What a kind is called; its code, where it was written by a version that knew more.
fn called(t: Wording, kind: &str) -> String {
    t.find(&format!("event-{}", kind.replace('.', "-"))).unwrap_or_else(|| kind.to_owned())
}

fn row(t: Wording, entry: Recorded, who: String) -> Result<Row, Refused> {
    let Recorded { position, kind, at, origin, data, .. } = entry;
    let data = serde_json::to_string_pretty(&data).map_err(Refused::internal)?;
    Ok(Row { position, at, what: called(t, &kind), kind, who, origin: origin.unwrap_or_default(), data })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::Language;

    #[test]
    fn the_texts_are_complete_in_both_languages() {
        TEXTS.check();
    }

    #[test]
    fn every_event_is_said_in_words() {
        let t = Wording::new(Language::Korean, &TEXTS);
        for kind in FEATURES.iter().flat_map(|feature| feature.events.iter()) {
            assert_ne!(called(t, kind), *kind);
        }
        assert_eq!(called(t, "moon.landed"), "moon.landed");
    }
}
