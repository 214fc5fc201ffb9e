//! The publishers that one's organisation consented to.

use askama::Template;
use axum::response::Response;
use types::Timestamp;

use super::TEXTS;
use crate::access::RelationshipView;
use crate::edge::browser::Visit;
use crate::edge::{PageParams, Params};
use crate::identity::Tenant;
use crate::kit::Refused;
use crate::kit::page::{Pages, Sheet, Wording};
use crate::relationships::Relationship;
use crate::relationships::operations::find;

#[derive(Template)]
#[template(path = "relationships/pages/list.html")]
struct List {
    t: Wording,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    publisher: String,
    publisher_id: String,
    since: Timestamp,
    ended: Option<Timestamp>,
}

impl From<(Relationship, Tenant)> for Row {
    fn from((relationship, publisher): (Relationship, Tenant)) -> Self {
        Self {
            publisher: publisher.name,
            publisher_id: publisher.publisher_id.map(String::from).unwrap_or_default(),
            since: relationship.accepted_at,
            ended: relationship.ended_at,
        }
    }
}

pub(super) async fn look(
    Params(params): Params<PageParams>,
    visit: Visit<RelationshipView>,
) -> Result<Response, Refused> {
    let page = params.request()?;
    let found = visit
        .read(move |tx, right| Box::pin(async move { find::list_publishers(tx, right, &page).await }))
        .await?;
    let t = visit.wording(&TEXTS);
    let pages = Pages::new("/admin/relationships", "", params.cursor.is_none(), found.next_cursor.as_ref());
    let rows = found.items.into_iter().map(Row::from).collect();
    let sheet = Sheet::new(t.of("list-title"), &List { t, rows, pages })?;
    visit.show(sheet.lead(t.of("list-lead")))
}
