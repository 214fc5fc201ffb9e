//! One user's seat of a license: what it is now, and its history (ASG-09).

use askama::Template;
use axum::response::Response;
use types::Timestamp;

use super::super::lookups::{Called, ThroughGroup, may, service, through};
use super::TEXTS;
use crate::access::{CheckAny, LeaseAny, LicenseView, SeatAssign};
use crate::assignments::operations::find as assignments;
use crate::edge::Path;
use crate::edge::browser::Visit;
use crate::identity::User;
use crate::identity::operations::find::{self as identity, Doers, UserRef};
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording};
use crate::publishing::operations::names::Names;
use crate::seats::Standing;

#[derive(Template)]
#[template(path = "portals/admin/licenses/seat.html")]
#[expect(clippy::struct_excessive_bools, reason = "what a page shows, each for itself")]
struct SeatPage {
    t: Wording,
    called: Called,
    user: User,
    /// Absent: the user has no seat any more.
    state: Option<Standing>,
    direct: bool,
    moments: Vec<Moment>,
    may_assign: bool,
    may_explain: bool,
    may_lease: bool,
}

/// Something that happened to a seat.
struct Moment {
    at: Timestamp,
    began: bool,
    group: Option<ThroughGroup>,
    /// Empty: the marketplace itself.
    by: String,
}

impl SeatPage {
    fn unassign(&self) -> String {
        format!("{}?user={}", self.called.at("unassign"), self.user.id)
    }

    fn explain(&self) -> String {
        format!("/admin/explain?user={}&what={}", self.user.id, self.called.service_id)
    }

    fn leases(&self) -> String {
        format!("/admin/leases?user={}", self.user.id)
    }

    fn of_user(&self) -> String {
        format!("/admin/users/{}", self.user.id)
    }

    fn what(&self, moment: &Moment) -> String {
        let name = moment.group.as_ref().map(|group| group.name.as_str());
        match (moment.began, name) {
            (true, None) => self.t.of("began-direct"),
            (true, Some(name)) => self.t.named("began-group", name),
            (false, None) => self.t.of("ended-direct"),
            (false, Some(name)) => self.t.named("ended-group", name),
        }
    }

    fn who(&self, moment: &Moment) -> String {
        if moment.by.is_empty() { self.t.of("by-system") } else { moment.by.clone() }
    }
}

pub(super) async fn look(
    Path((text, user)): Path<(String, String)>,
    visit: Visit<LicenseView>,
) -> Result<Response, Refused> {
    let (service, user) = (service(&text)?, UserRef::from_path(&user)?);
    let t = visit.wording(&TEXTS);
    let (may_assign, may_explain) = (may::<SeatAssign, _>(&visit), may::<CheckAny, _>(&visit));
    let may_lease = may::<LeaseAny, _>(&visit);
    let body = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let paths = assignments::history(tx, right, &service, &user).await?;
                let user = identity::existing_user(tx, right, &user).await?;
                let seats = assignments::seats_of_user(tx, right, &user.id).await?;
                let seat = seats.into_iter().find(|seat| seat.service_id == service);
                let is_direct =
                    |path: &crate::seats::Path| path.source == "direct" && path.ended_at.is_none();
                let direct = paths.iter().any(is_direct);
                let (mut moments, mut doers) = (Vec::new(), Doers::default());
                for path in paths {
                    let group = through(tx, right, &path.source).await?;
                    let by = doers.called(tx, right, &path.started_by).await?;
                    moments.push(Moment { at: path.started_at, began: true, group: group.clone(), by });
                    if let Some(at) = path.ended_at {
                        let by = path.ended_by.as_deref().unwrap_or("system");
                        let by = doers.called(tx, right, by).await?;
                        moments.push(Moment { at, began: false, group, by });
                    }
                }
                moments.sort_by_key(|moment| std::cmp::Reverse((moment.at, !moment.began)));
                let called = Called::find(tx, &mut Names::default(), &service).await?;
                let state = seat.map(|seat| seat.standing(right.now()).into());
                Ok(SeatPage { t, called, user, state, direct, moments, may_assign, may_explain, may_lease })
            })
        })
        .await?;
    let sheet = Sheet::new(body.user.name.clone(), &body)?.below(t.of("list-title"), "/admin/licenses");
    visit.show(sheet.below(body.called.title(), body.called.href()).lead(body.user.email.to_string()))
}
