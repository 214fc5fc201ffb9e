//! CHK-06: the whole chain.

use db::Tx;
use entitlement::{License as Licensed, Thing};
use types::{GroupId, ServiceId, Timestamp, UserId};

use super::{Sight, Subject, offers};
use crate::deals::Deal;
use crate::events;
use crate::groups::operations::ways::{self, LicensedGroup, WayStep};
use crate::identity::people;
use crate::kit::Refused;
use crate::licenses::License;
use crate::licenses::operations::find as licenses;
use crate::publishing::LiveOffer;
use crate::rights::chain::{
    Doer, ExplainedAssignment, ExplainedDeal, ExplainedGroup, ExplainedLicense, ExplainedPool, ExplainedSeat,
    ExplainedUser, Explanation, Memory, PlanChain,
};
use crate::rights::missing::missing;
use crate::rights::verdict::{self, PlanFacts};
use crate::seats::operations::find as seats;
use crate::seats::{Path, Pool, Seat, Standing};

/// Why a user may, or may not, use a service or a component. What memory says is left to the caller, since
/// it is no part of the snapshot.
pub(crate) async fn explain(tx: &mut Tx, subject: &Subject, target: &Thing) -> Result<Explanation, Refused> {
    let Subject { tenant, user, now, .. } = subject;
    let version = events::head(tx, tenant).await?;
    let person = people::active_person(tx, tenant, user).await?;
    let live = offers::asked_about(tx, subject, target).await?;
    let component = match (target, &live) {
        (Thing::Component { unique_name, .. }, Some(live)) => offers::component(live, unique_name),
        _ => None,
    };
    let asked = match (target, &component) {
        (Thing::Service(service), _) => vec![service.clone()],
        (_, Some(component)) => component.service_ids.clone(),
        (_, None) => Vec::new(),
    };
    let restricted = matches!(target, Thing::Service(_)) || !asked.is_empty();
    let (mut facts, mut plans) = (Vec::new(), Vec::new());
    for service in &asked {
        let Some(live) = &live else { break };
        if let Some((fact, chain)) = chain(tx, subject, (live, service)).await? {
            facts.push(fact);
            plans.push(chain);
        }
    }
    let verdict = verdict::decide(&facts, person.is_some(), restricted, *now);
    let name = person.as_ref().map(|person| person.name.clone()).filter(|_| subject.publisher().is_none());
    Ok(Explanation {
        tenant: *tenant,
        user: ExplainedUser { id: *user, name, active: person.is_some() },
        component,
        allowed: verdict.allowed,
        state: verdict.state.map(|state| Standing::from(Some(state)).as_str().to_owned()),
        reason: verdict.reason.as_str().to_owned(),
        enforcement: mode(verdict.enforcement)?,
        waived: verdict.waived,
        features: verdict::merge(&facts, *now),
        missing: missing(verdict.reason, &plans, *now),
        plans,
        memory: Memory { version: None, differs: None, allowed: None, reason: None },
        version,
        at: *now,
    })
}

fn mode(mode: entitlement::EnforcementMode) -> Result<String, Refused> {
    let value = serde_json::to_value(mode).map_err(Refused::internal)?;
    value.as_str().map(str::to_owned).ok_or_else(|| Refused::internal("a mode without a name"))
}

/// The chain of one plan; `None`: the offer has no such plan.
async fn chain(
    tx: &mut Tx,
    subject: &Subject,
    (live, service): (&LiveOffer, &ServiceId),
) -> Result<Option<(PlanFacts, PlanChain)>, Refused> {
    let Some(plan) = live.snapshot.0.plan(service) else { return Ok(None) };
    let pool = seats::pool(tx, &subject.tenant, service).await?;
    let granted = match &pool {
        Some(pool) => licenses::grants_of_pool(tx, pool).await?,
        None => Vec::new(),
    };
    let licenses: Vec<License> = granted.iter().map(|(license, _)| license.clone()).collect();
    let license = pool.as_ref().and_then(|pool| licenses::licensed_by(pool, &licenses));
    let seat = seats::seat_of(tx, &subject.tenant, &subject.user, service, subject.now).await?;
    let facts = PlanFacts {
        service_id: service.clone(),
        enforcement: plan.enforcement.into(),
        features: plan.features.iter().map(|it| (it.key.clone(), it.value.clone())).collect(),
        license,
        seat: seat.clone(),
    };
    let (assignments, ended) = assignments(tx, subject, service, pool.as_ref()).await?;
    let chain = PlanChain {
        service_id: service.clone(),
        plan: live.snapshot.0.display_name(plan).to_owned(),
        enforcement: mode(plan.enforcement.into())?,
        licenses: granted.iter().map(|(license, deal)| told(license, deal, subject)).collect(),
        pool: match pool {
            Some(pool) if subject.sight != Sight::Own => Some(counted(tx, subject, &pool).await?),
            _ => None,
        },
        seat: match &seat {
            Some(seat) => explained_seat(tx, seat, license, subject.now).await?,
            None => None,
        },
        assignments,
        ended,
    };
    Ok(Some((facts, chain)))
}

fn told(license: &License, deal: &Deal, subject: &Subject) -> ExplainedLicense {
    let terms = &deal.terms.0;
    ExplainedLicense {
        id: license.id,
        deal: ExplainedDeal {
            id: deal.id,
            status: subject.publisher().map(|_| deal.status.as_str().to_owned()),
            starts_on: terms.starts_on.to_string(),
            ends_on: terms.ends_on.map(|end| end.to_string()),
        },
        quantity: (subject.sight != Sight::Own).then_some(license.quantity),
        granted: license.is_granted(subject.now),
        ends_at: license.ends_at,
        usable_until: license.usable_until,
        kept_until: license.kept_until,
    }
}

async fn counted(tx: &mut Tx, subject: &Subject, pool: &Pool) -> Result<ExplainedPool, Refused> {
    let beyond = seats::beyond(tx, &subject.tenant).await?;
    let waits = |count: &&crate::seats::BeyondCount| {
        count.service_id == pool.service_id
            && Standing::from(count.standing(subject.now)) == Standing::Waiting
    };
    Ok(ExplainedPool {
        granted: pool.granted,
        in_use: pool.in_use,
        available: pool.available(),
        waiting: beyond.iter().filter(waits).map(|count| count.n).sum(),
    })
}

async fn explained_seat(
    tx: &mut Tx,
    seat: &Seat,
    license: Option<Licensed>,
    now: Timestamp,
) -> Result<Option<ExplainedSeat>, Refused> {
    let Some(state) = verdict::state(seat, license, now) else { return Ok(None) };
    let dates = verdict::dates(seat, license);
    Ok(Some(ExplainedSeat {
        state: Some(state).into(),
        since: seat.since,
        usable_until: dates.map(|dates| dates.usable_until),
        kept_until: dates.and_then(|dates| dates.kept_until),
        position: seats::position(tx, seat, now).await?,
    }))
}

/// The paths that are open and, where none is, the last one that ended.
async fn assignments(
    tx: &mut Tx,
    subject: &Subject,
    service: &ServiceId,
    pool: Option<&Pool>,
) -> Result<(Vec<ExplainedAssignment>, Option<ExplainedAssignment>), Refused> {
    let Some(pool) = pool else { return Ok((Vec::new(), None)) };
    let groups = match subject.sight {
        Sight::Publisher(_) => Vec::new(),
        Sight::Own | Sight::Administrator => {
            ways::ways_to(tx, &subject.tenant, &subject.user, service).await?
        }
    };
    let (mut open, mut last) = (Vec::new(), None);
    for path in seats::history(tx, &pool.id, &subject.user).await? {
        let is_open = path.ended_at.is_none();
        if is_open {
            open.push(assignment(tx, subject, path, &groups).await?);
        } else if last.as_ref().is_none_or(|last: &Path| last.ended_at <= path.ended_at) {
            last = Some(path);
        }
    }
    let ended = match last {
        Some(path) if open.is_empty() => Some(assignment(tx, subject, path, &groups).await?),
        _ => None,
    };
    Ok((open, ended))
}

async fn assignment(
    tx: &mut Tx,
    subject: &Subject,
    path: Path,
    groups: &[LicensedGroup],
) -> Result<ExplainedAssignment, Refused> {
    let Path { source, started_at, started_by, ended_at, ended_by } = path;
    let group = source.split_once(':').and_then(|(_, id)| GroupId::parse(id).ok());
    let kind = if group.is_some() { "group" } else { "direct" }.to_owned();
    let assignment = ExplainedAssignment {
        kind,
        group: None,
        way: Vec::new(),
        assigned_at: started_at,
        assigned_by: None,
        ended_at,
        ended_by: None,
    };
    if subject.publisher().is_some() {
        return Ok(assignment);
    }
    let licensed = groups.iter().find(|licensed| Some(licensed.license.group_id) == group);
    let way = licensed.map(|licensed| licensed.way.iter().map(explained_step).collect()).unwrap_or_default();
    let name = licensed.map(|licensed| licensed.name.clone());
    let ended_by = match ended_by {
        Some(by) => Some(doer(tx, subject, by).await?),
        None => None,
    };
    Ok(ExplainedAssignment {
        group: group.map(|id| ExplainedGroup { id, name, since: None }),
        way,
        assigned_by: Some(doer(tx, subject, started_by).await?),
        ended_by,
        ..assignment
    })
}

fn explained_step(step: &WayStep) -> ExplainedGroup {
    ExplainedGroup { id: step.group, name: Some(step.name.clone()), since: Some(step.since) }
}

async fn doer(tx: &mut Tx, subject: &Subject, id: String) -> Result<Doer, Refused> {
    let name = match UserId::parse(&id) {
        Ok(user) => people::active_person(tx, &subject.tenant, &user).await?.map(|person| person.name),
        Err(_) => None,
    };
    Ok(Doer { id, name })
}
