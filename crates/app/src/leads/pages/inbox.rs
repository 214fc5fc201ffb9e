//! The publisher's leads, the newest first, by how far it is with them (STO-04).

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use types::Timestamp;

use super::{LEADS, TEXTS, action, badge, name};
use crate::access::LeadView;
use crate::edge::browser::Visit;
use crate::edge::{Params, page_request};
use crate::kit::page::{Pages, Sheet, Wording, query};
use crate::kit::{Refused, Search};
use crate::leads::operations::find;
use crate::leads::{Lead, LeadAction, LeadFilter, LeadStatus};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default)]
    status: String,
    #[serde(default)]
    action: String,
    #[serde(default)]
    search: String,
    cursor: Option<String>,
}

impl Asked {
    fn filter(&self) -> LeadFilter {
        LeadFilter {
            status: LeadStatus::parse(&self.status).ok(),
            action: LeadAction::parse(&self.action).ok(),
            search: Search::parse(Some(&self.search)).unwrap_or_default(),
            ..LeadFilter::default()
        }
    }

    /// The same list by another status.
    fn query(&self, status: &str) -> String {
        query(&[("status", status), ("action", &self.action), ("search", &self.search)])
    }
}

#[derive(Template)]
#[template(path = "leads/pages/inbox.html")]
struct Inbox {
    t: Wording,
    /// Label, address, and whether it is looked at.
    tabs: Vec<(String, String, bool)>,
    actions: Vec<(&'static str, String, bool)>,
    status: String,
    search: String,
    filtered: bool,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    href: String,
    name: String,
    company: String,
    offer: String,
    action: String,
    at: Timestamp,
    badge: (&'static str, String),
}

impl Row {
    fn new(t: Wording, lead: Lead) -> Self {
        Self {
            href: format!("{LEADS}/{}", lead.id),
            name: name(&lead),
            offer: lead.offer_title,
            action: action(t, lead.action),
            at: lead.created_at,
            badge: badge(t, lead.status),
            company: lead.contact.0.company,
        }
    }
}

pub(super) async fn look(Params(asked): Params<Asked>, visit: Visit<LeadView>) -> Result<Response, Refused> {
    let (page, filter) = (page_request(None, asked.cursor.as_deref())?, asked.filter());
    let (status, kind) = (filter.status, filter.action);
    let found = visit
        .read(move |tx, right| Box::pin(async move { find::list_leads(tx, right, &page, &filter).await }))
        .await?;
    let t = visit.wording(&TEXTS);
    let tab = |of: Option<LeadStatus>| {
        let value = of.map_or("", LeadStatus::as_str);
        let label = of.map_or_else(|| t.of("leads-all"), |of| badge(t, of).1);
        (label, format!("{LEADS}?{}", asked.query(value)), status == of)
    };
    let every = LeadStatus::ALL.iter().map(|status| tab(Some(*status)));
    let actions =
        LeadAction::ALL.iter().map(|known| (known.as_str(), action(t, *known), kind == Some(*known)));
    let query = asked.query(&asked.status);
    let body = Inbox {
        t,
        tabs: std::iter::once(tab(None)).chain(every).collect(),
        actions: actions.collect(),
        filtered: !query.is_empty(),
        rows: found.items.into_iter().map(|lead| Row::new(t, lead)).collect(),
        pages: Pages::new(LEADS, &query, asked.cursor.is_none(), found.next_cursor.as_ref()),
        status: asked.status.clone(),
        search: asked.search.clone(),
    };
    visit.show(Sheet::new(t.of("leads"), &body)?.lead(t.of("leads-lead")))
}

/// All that the filters have, as a file.
pub(super) async fn export(
    Params(asked): Params<Asked>,
    visit: Visit<LeadView>,
) -> Result<Response, Refused> {
    let (t, filter) = (visit.wording(&TEXTS), asked.filter());
    let columns =
        ["who", "field-company", "position", "field-email", "field-phone", "country", "offer", "did", "when"];
    let columns: Vec<String> = columns.into_iter().map(|key| t.of(key)).chain([t.kit("status")]).collect();
    let row = move |lead: Lead| {
        let (name, did, status) = (name(&lead), action(t, lead.action), badge(t, lead.status).1);
        let contact = lead.contact.0;
        let (title, phone) = (contact.title.unwrap_or_default(), contact.phone.unwrap_or_default());
        let country = t.country(&contact.country).to_owned();
        let (email, at) = (contact.email.to_string(), lead.created_at.to_string());
        vec![name, contact.company, title, email, phone, country, lead.offer_title, did, at, status]
    };
    let list = visit.export("leads", &columns, move |tx, right, page| {
        Box::pin(async move { Ok(find::list_leads(tx, right, &page, &filter).await?.map(row)) })
    });
    list.await
}
