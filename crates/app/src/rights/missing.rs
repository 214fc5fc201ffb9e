//! What is missing where access is refused, and who could mend it; pure.

use entitlement::Reason;
use serde::Serialize;
use types::{ServiceId, Timestamp};
use utoipa::ToSchema;

use super::chain::PlanChain;
use crate::access::{PermissionKind, Role};
use crate::kit::text_enum;
use crate::seats::Standing;

text_enum! {
    /// A link of the chain.
    LinkName {
        User = "user",
        Plan = "plan",
        License = "license",
        Seat = "seat",
        Assignment = "assignment",
    }
}

text_enum! {
    /// Whose people could mend it.
    MenderSide {
        Customer = "customer",
        Publisher = "publisher",
    }
}

/// What is missing at one link.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Missing {
    pub link: LinkName,
    /// The plan whose chain it is, where it is one's.
    pub service_id: Option<ServiceId>,
    pub what: String,
    pub mend: Vec<Mend>,
}

/// Something that would mend it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Mend {
    pub side: MenderSide,
    /// Roles that may do it.
    pub roles: Vec<Role>,
    /// What these roles are needed for; answers say it in `how`.
    #[serde(skip)]
    pub permission: PermissionKind,
    pub how: String,
}

fn mend(side: MenderSide, permission: PermissionKind, how: impl Into<String>) -> Mend {
    Mend { side, roles: permission.info().roles.to_vec(), permission, how: how.into() }
}

use MenderSide::{Customer, Publisher};

/// What is missing for a reason; nothing where there is a right.
pub(super) fn missing(reason: Reason, plans: &[PlanChain], at: Timestamp) -> Vec<Missing> {
    match reason {
        Reason::Licensed | Reason::Unrestricted => Vec::new(),
        Reason::UserUnknown => vec![Missing {
            link: LinkName::User,
            service_id: None,
            what: "The organisation has no active user of this id.".to_owned(),
            mend: vec![mend(Customer, PermissionKind::UserEdit, "Create or activate the user.")],
        }],
        Reason::ServiceUnknown => vec![Missing {
            link: LinkName::Plan,
            service_id: None,
            what: "No offer that is or was live has this plan.".to_owned(),
            mend: vec![mend(
                Publisher,
                PermissionKind::OfferPublish,
                "Publish the plan, or ask for another one.",
            )],
        }],
        Reason::NoSeat | Reason::NoLicense | Reason::Suspended | Reason::Waiting => {
            plans.iter().map(|plan| of_plan(plan, at)).collect()
        }
    }
}

fn of_plan(plan: &PlanChain, at: Timestamp) -> Missing {
    let granted = plan.licenses.iter().any(|license| license.granted);
    let (link, what, mends) = match &plan.seat {
        Some(seat) if seat.state == Standing::Waiting => waiting(plan, seat.position),
        Some(_) => suspended(plan),
        None if granted => unassigned(plan),
        None => unlicensed(plan, at),
    };
    Missing { link, service_id: Some(plan.service_id.clone()), what, mend: mends }
}

fn grant(how: &str) -> Mend {
    mend(Publisher, PermissionKind::LicenseGrant, how)
}

fn ask(how: &str) -> Mend {
    mend(Customer, PermissionKind::LicenseRequest, how)
}

fn waiting(plan: &PlanChain, position: Option<i64>) -> (LinkName, String, Vec<Mend>) {
    let place = position.map(|position| format!(" at place {position}")).unwrap_or_default();
    let what = format!("The user waits for a seat of {}{place}: all that are granted are in use.", plan.plan);
    let free =
        mend(Customer, PermissionKind::SeatAssign, "Unassign somebody; the first who waits gets the seat.");
    (LinkName::Seat, what, vec![free, ask("Ask the publisher for more seats."), grant("Grant more seats.")])
}

fn suspended(plan: &PlanChain) -> (LinkName, String, Vec<Mend>) {
    let until = plan.seat.as_ref().and_then(|seat| seat.kept_until);
    let until = until.map(|until| format!(" until {until}")).unwrap_or_default();
    let what = format!("The license of {} ended; the seat is kept{until} and cannot be used.", plan.plan);
    (LinkName::License, what, vec![ask("Ask the publisher to renew it."), grant("Grant the plan again.")])
}

fn unassigned(plan: &PlanChain) -> (LinkName, String, Vec<Mend>) {
    let ended = plan.ended.as_ref().and_then(|ended| ended.ended_at);
    let ended = ended.map(|at| format!(" The last assignment ended at {at}.")).unwrap_or_default();
    let what = format!("The user has no seat of {}.{ended}", plan.plan);
    let full = plan.pool.as_ref().is_some_and(|pool| pool.available == 0);
    let own = mend(Customer, PermissionKind::SeatRequest, "Ask your administrators for a seat.");
    let mends = if full {
        let free = "All seats are in use: unassign somebody first, then assign the user.";
        vec![mend(Customer, PermissionKind::SeatAssign, free), ask("Ask the publisher for more seats."), own]
    } else {
        let assign = "Assign the user, or a group that the user is in.";
        vec![mend(Customer, PermissionKind::SeatAssign, assign), own]
    };
    (LinkName::Assignment, what, mends)
}

fn unlicensed(plan: &PlanChain, at: Timestamp) -> (LinkName, String, Vec<Mend>) {
    let ended = plan.licenses.iter().filter_map(|license| license.ends_at).filter(|end| *end <= at).max();
    let what = match ended {
        Some(end) => format!("The organisation's license of {} ended at {end}.", plan.plan),
        None => format!("The organisation has no license of {}.", plan.plan),
    };
    let mends =
        vec![ask("Ask the publisher for a license."), grant("Grant one on a deal with the organisation.")];
    (LinkName::License, what, mends)
}
