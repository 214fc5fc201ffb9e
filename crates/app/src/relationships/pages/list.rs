//! The publishers that one's organisation consented to.

use askama::Template;
use axum::response::Response;
use types::{RelationshipId, Timestamp};

use super::TEXTS;
use crate::access::{RelationshipAccept, RelationshipView};
use crate::edge::browser::Visit;
use crate::edge::{PageParams, Params};
use crate::identity::Tenant;
use crate::kit::Refused;
use crate::kit::page::{Entered, Pages, Sheet, Wording};
use crate::relationships::Relationship;
use crate::relationships::operations::find;

#[derive(Template)]
#[template(path = "relationships/pages/list.html")]
struct List {
    t: Wording,
    form: Entered,
    rows: Vec<Row>,
    pages: Pages,
    may_end: bool,
}

struct Row {
    id: RelationshipId,
    publisher: String,
    publisher_id: String,
    since: Timestamp,
    ended: Option<Timestamp>,
}

impl From<(Relationship, Tenant)> for Row {
    fn from((relationship, publisher): (Relationship, Tenant)) -> Self {
        Self {
            id: relationship.id,
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
    let may_end = visit.reader.right::<RelationshipAccept>().is_ok();
    let sheet = Sheet::new(t.of("list-title"), &List { t, form: visit.form(), rows, pages, may_end })?;
    visit.show(sheet.lead(t.of("list-lead")))
}
