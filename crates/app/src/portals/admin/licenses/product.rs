//! One license: who has a seat of it, and who waits for one.

use askama::Template;
use axum::response::Response;
use types::{Page, ServiceId, Timestamp};

use super::super::lookups::{Called, ThroughGroup, may, service, through};
use super::TEXTS;
use super::list::standing;
use crate::access::{LeaseAny, LicenseRequest, LicenseView, Right, SeatAssign};
use crate::assignments::operations::find::{self as assignments, HeldSeat};
use crate::edge::browser::Visit;
use crate::edge::{PageParams, Params, Path};
use crate::kit::Refused;
use crate::kit::page::{Entered, Pages, Sheet, Wording};
use crate::licenses::operations::find::{self as licenses, PoolStatus};
use crate::publishing::operations::names::Names;
use crate::seats::{Policy, Standing};

/// What every page of a license begins with.
pub(super) struct Head {
    pub called: Called,
    pub status: PoolStatus,
    /// When the first of those that grant seats now ends.
    pub ends: Option<Timestamp>,
    /// Whether the reader may look at what is leased.
    pub may_lease: bool,
}

impl Head {
    pub(super) async fn find(
        tx: &mut db::Tx,
        right: &Right<LicenseView>,
        service: &ServiceId,
    ) -> Result<Self, Refused> {
        let status = licenses::pool_status(tx, right, service).await?;
        let grants = licenses::grants_of_pool(tx, &status.pool).await?;
        let granted = grants.iter().filter(|(license, _)| license.is_granted(right.now()));
        let ends = granted.filter_map(|(license, _)| license.ends_at).min();
        let called = Called::find(tx, &mut Names::default(), service).await?;
        let may_lease = right.also::<LeaseAny>().is_ok();
        Ok(Self { called, status, ends, may_lease })
    }

    pub(super) fn badge(&self) -> (&'static str, &'static str) {
        standing(&self.status)
    }

    /// The key of what the policy is called.
    pub(super) fn policy(&self) -> String {
        format!("policy-{}", self.status.pool.policy.as_str())
    }
}

/// One seat, as a row.
pub(super) struct Row {
    pub id: String,
    pub name: String,
    pub email: String,
    pub state: Standing,
    pub since: Timestamp,
    pub usable_until: Option<Timestamp>,
    pub position: Option<i64>,
    pub direct: bool,
    pub groups: Vec<ThroughGroup>,
}

impl Row {
    async fn of(tx: &mut db::Tx, right: &Right<LicenseView>, held: HeldSeat) -> Result<Self, Refused> {
        let HeldSeat { seat, user, paths, position } = held;
        let mut groups = Vec::new();
        for path in &paths {
            groups.extend(through(tx, right, &path.source).await?);
        }
        Ok(Self {
            id: user.id.to_string(),
            name: user.name,
            email: user.email.to_string(),
            state: seat.standing(right.now()).into(),
            since: seat.since,
            usable_until: seat.usable_until.filter(|until| *until > right.now()),
            position,
            direct: groups.len() < paths.len(),
            groups,
        })
    }

    pub(super) fn badge(&self) -> &'static str {
        badge(self.state)
    }
}

/// How the state of a seat looks.
pub(in crate::portals::admin) fn badge(state: Standing) -> &'static str {
    match state {
        Standing::Active => "good",
        Standing::Warning => "notice",
        Standing::Waiting => "info",
        Standing::Suspended | Standing::Gone => "bad",
    }
}

#[derive(Template)]
#[template(path = "portals/admin/licenses/product.html")]
struct Product {
    t: Wording,
    /// Of the policy.
    form: Entered,
    head: Head,
    /// The users who wait, instead of all who have a seat.
    queue: bool,
    rows: Vec<Row>,
    pages: Pages,
    may_assign: bool,
    may_request: bool,
}

impl Product {
    fn tab(&self) -> &'static str {
        if self.queue { "waiting" } else { "users" }
    }

    fn chooses(&self, policy: Policy) -> bool {
        policy == self.head.status.pool.policy
    }
}

pub(super) async fn look(
    Path(text): Path<String>,
    Params(params): Params<PageParams>,
    visit: Visit<LicenseView>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &text, &params, (false, form)).await
}

pub(super) async fn look_at_queue(
    Path(text): Path<String>,
    Params(params): Params<PageParams>,
    visit: Visit<LicenseView>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &text, &params, (true, form)).await
}

pub(super) async fn show(
    visit: &Visit<LicenseView>,
    text: &str,
    params: &PageParams,
    (queue, form): (bool, Entered),
) -> Result<Response, Refused> {
    let (service, page) = (service(text)?, params.request()?);
    let (head, rows, next) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let head = Head::find(tx, right, &service).await?;
                let Page { items, next_cursor } = if queue {
                    assignments::queue(tx, right, &service, &page).await?
                } else {
                    assignments::held_seats(tx, right, &service, &page).await?
                };
                let mut rows = Vec::with_capacity(items.len());
                for held in items {
                    rows.push(Row::of(tx, right, held).await?);
                }
                Ok((head, rows, next_cursor))
            })
        })
        .await?;
    let t = visit.wording(&TEXTS);
    let path = format!("{}{}", head.called.href(), if queue { "/waiting" } else { "" });
    let pages = Pages::new(&path, "", params.cursor.is_none(), next.as_ref());
    let (title, may_assign) = (head.called.title(), may::<SeatAssign, _>(visit));
    let may_request = may::<LicenseRequest, _>(visit);
    let body = Product { t, form, head, queue, rows, pages, may_assign, may_request };
    let sheet = Sheet::new(title, &body)?.answering(&body.form);
    visit.show(sheet.below(t.of("list-title"), "/admin/licenses"))
}

/// Everybody who has a seat, as a file.
pub(super) async fn export(Path(text): Path<String>, visit: Visit<LicenseView>) -> Result<Response, Refused> {
    let (service, t) = (service(&text)?, visit.wording(&TEXTS));
    let columns = [t.of("user"), t.of("email"), t.kit("status"), t.of("through"), t.of("since")];
    let row = move |row: Row| {
        let direct = row.direct.then(|| t.of("direct"));
        let paths = direct.into_iter().chain(row.groups.into_iter().map(|group| group.name));
        let state = t.of(&format!("state-{}", row.state.as_str()));
        vec![row.name, row.email, state, paths.collect::<Vec<_>>().join(", "), row.since.day()]
    };
    let list = visit.export(&text, &columns, move |tx, right, page| {
        Box::pin(async move {
            let found = assignments::held_seats(tx, right, &service, &page).await?;
            let mut items = Vec::with_capacity(found.items.len());
            for held in found.items {
                items.push(row(Row::of(tx, right, held).await?));
            }
            Ok(Page { items, next_cursor: found.next_cursor })
        })
    });
    list.await
}
