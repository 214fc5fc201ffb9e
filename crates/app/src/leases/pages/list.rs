//! A list of leases, whoever looks at it.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use types::{Page, UserId};

use super::TEXTS;
use crate::access::{Permission, Right};
use crate::edge::browser::Visit;
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::Refused;
use crate::kit::page::{Entered, Pages, Sheet, Wording, query};
use crate::leases::{LeaseRow, LeaseStatus};
use crate::publishing::operations::names::Names;

/// Which leases, as an address has it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Asked {
    /// Of this user alone, where the list is of several.
    pub user: String,
    /// `all`: also those whose time is over.
    pub show: String,
    pub cursor: Option<String>,
}

impl Asked {
    pub(super) fn all(&self) -> bool {
        self.show == "all"
    }

    fn query(&self, show: &str) -> String {
        query(&[("user", &self.user), ("show", show)])
    }
}

/// A lease as people read it.
pub(super) struct Row {
    lease: LeaseRow,
    /// Of whom, where they may be told.
    email: Option<String>,
    /// Products and plans.
    services: Vec<String>,
    status: LeaseStatus,
}

impl Row {
    fn badge(&self) -> &'static str {
        match self.status {
            LeaseStatus::Active => "good",
            LeaseStatus::Revoked => "notice",
            LeaseStatus::Returned | LeaseStatus::Over => "neutral",
        }
    }

    fn can_be_revoked(&self) -> bool {
        self.status == LeaseStatus::Active
    }

    /// Whether a seat is still held for it.
    fn is_out(&self) -> bool {
        matches!(self.status, LeaseStatus::Active | LeaseStatus::Revoked)
    }
}

/// The leases with the names of what is leased, and the addresses of those who are in the reader's tenant.
pub(super) async fn rows<P: Permission>(
    tx: &mut db::Tx,
    right: &Right<P>,
    found: Page<LeaseRow>,
) -> Result<Page<Row>, Refused> {
    let users: Vec<UserRef> = found.items.iter().filter_map(|lease| lease.user_id).map(UserRef::Id).collect();
    let members = identity::members(tx, right, &users).await?;
    let emails: HashMap<UserId, String> =
        members.into_iter().map(|member| (member.id, member.email.to_string())).collect();
    let (mut names, mut items) = (Names::default(), Vec::with_capacity(found.items.len()));
    for lease in found.items {
        let mut services = Vec::with_capacity(lease.services.0.len());
        for service in &lease.services.0 {
            services.push(names.title(tx, service).await?);
        }
        let email = lease.user_id.and_then(|user| emails.get(&user).cloned());
        items.push(Row { status: lease.status(right.now()), lease, email, services });
    }
    Ok(Page { items, next_cursor: found.next_cursor })
}

/// Whose leases they are.
pub(super) struct Whose {
    pub title: String,
    pub lead: String,
    /// The pages above, the topmost first.
    pub above: Vec<(String, String)>,
    /// Where the list is, without its query.
    pub here: String,
    /// The reader is not the customer, but the publisher.
    pub of_customer: bool,
    /// What was revoked, as files: what a link says, and where it leads.
    pub lists: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "leases/pages/list.html")]
struct List {
    t: Wording,
    form: Entered,
    here: String,
    of_customer: bool,
    /// Of one user alone.
    of_user: bool,
    all: bool,
    /// Address of the list with those whose time is not over, and with all.
    tabs: [String; 2],
    rows: Vec<Row>,
    pages: Pages,
    lists: Vec<(String, String)>,
}

impl List {
    fn at(&self, row: &Row, what: &str) -> String {
        format!("{}/{}/{what}", self.here, row.lease.id)
    }
}

pub(super) fn show<P: Permission>(
    visit: &Visit<P>,
    asked: &Asked,
    whose: Whose,
    found: Page<Row>,
) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let Whose { title, lead, above, here, of_customer, lists } = whose;
    let show = if asked.all() { "all" } else { "" };
    let pages = Pages::new(&here, &asked.query(show), asked.cursor.is_none(), found.next_cursor.as_ref());
    let tab = |show: &str| format!("{here}?{}", asked.query(show)).trim_end_matches('?').to_owned();
    let body = List {
        t,
        form: visit.form(),
        of_customer,
        of_user: !asked.user.is_empty(),
        all: asked.all(),
        tabs: [tab(""), tab("all")],
        here: here.clone(),
        rows: found.items,
        pages,
        lists,
    };
    let sheet = Sheet::new(title, &body)?.lead(lead);
    visit.show(above.into_iter().fold(sheet, |sheet, (label, href)| sheet.below(label, href)))
}
