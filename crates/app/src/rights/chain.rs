//! The chain from a deal to a component, as it is told.

use std::collections::BTreeMap;

use entitlement::FeatureValue;
use serde::Serialize;
use types::{DealId, GroupId, LicenseId, ServiceId, TenantId, Timestamp, UserId};
use utoipa::ToSchema;

use super::missing::Missing;
use crate::seats::Standing;

/// Why a user may, or may not, use something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Explanation {
    pub tenant: TenantId,
    pub user: ExplainedUser,
    /// The component asked about, if one was and a live offer has it.
    pub component: Option<ExplainedComponent>,
    pub allowed: bool,
    /// Of the best right found: `active`, `warning`, `suspended` or `waiting`.
    pub state: Option<String>,
    /// As in checks.
    pub reason: String,
    /// `block`; `warn` and `audit` allow without a license.
    pub enforcement: String,
    /// Allowed by the mode of enforcement alone.
    pub waived: bool,
    pub features: Vec<ExplainedFeature>,
    /// One chain for each plan that would do.
    pub plans: Vec<PlanChain>,
    /// Where access is refused, or would be: at which link what is missing, and who could mend it.
    pub missing: Vec<Missing>,
    pub memory: Memory,
    /// The position of the tenant's log at which this was read.
    pub version: i64,
    /// Dates were compared with this.
    pub at: Timestamp,
}

/// The user asked about; a publisher gets no name (REL-06).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedUser {
    pub id: UserId,
    pub name: Option<String>,
    /// Whether the tenant has an active user of this id.
    pub active: bool,
}

/// An app of a package, and the plans that open it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedComponent {
    pub unique_name: String,
    /// The id the package gives it.
    pub id: Option<String>,
    /// `publisherid.offerid`.
    pub offer: String,
    /// Any one opens it; none at all: it is not restricted.
    pub service_ids: Vec<ServiceId>,
}

/// A feature as the app gets it, and where it came from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedFeature {
    pub key: String,
    #[schema(value_type = serde_json::Value)]
    pub value: FeatureValue,
    /// The plan whose value it is.
    pub from: ServiceId,
    /// What each of the user's plans says, in the order of the plans.
    pub given: Vec<GivenFeature>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct GivenFeature {
    pub service_id: ServiceId,
    #[schema(value_type = serde_json::Value)]
    pub value: FeatureValue,
}

/// The chain of one plan: a link that is not there is absent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanChain {
    pub service_id: ServiceId,
    pub plan: String,
    pub enforcement: String,
    /// What deals grant of it, oldest first; also what has ended.
    pub licenses: Vec<ExplainedLicense>,
    pub pool: Option<ExplainedPool>,
    pub seat: Option<ExplainedSeat>,
    /// Why the user has the seat, or waits for it.
    pub assignments: Vec<ExplainedAssignment>,
    /// Where there is none: the last one that ended.
    pub ended: Option<ExplainedAssignment>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedLicense {
    pub id: LicenseId,
    pub deal: ExplainedDeal,
    /// Seats; not told to users.
    pub quantity: Option<i64>,
    /// Whether it grants anything now.
    pub granted: bool,
    /// Absent: it has no end.
    pub ends_at: Option<Timestamp>,
    /// Its seats may be used until then,
    pub usable_until: Option<Timestamp>,
    /// and are gone then.
    pub kept_until: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedDeal {
    pub id: DealId,
    /// Told to the publisher alone.
    pub status: Option<String>,
    pub starts_on: String,
    /// Absent: perpetual.
    pub ends_on: Option<String>,
}

/// Not told to users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedPool {
    pub granted: i64,
    pub in_use: i64,
    pub available: i64,
    /// Users in the queue for a seat.
    pub waiting: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedSeat {
    pub state: Standing,
    pub since: Timestamp,
    /// Beyond what is granted, or of a license that ended: usable before.
    pub usable_until: Option<Timestamp>,
    /// Gone from then on; absent: kept without end.
    pub kept_until: Option<Timestamp>,
    /// In the queue for a seat, from 1.
    pub position: Option<i64>,
}

/// Why a user has, or had, a seat. A publisher sees `kind` and times.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExplainedAssignment {
    /// `direct` or `group`.
    pub kind: String,
    /// The group that has the license.
    pub group: Option<ExplainedGroup>,
    /// From a group that the user is in itself to that one; the earliest way that is open.
    pub way: Vec<ExplainedGroup>,
    pub assigned_at: Timestamp,
    pub assigned_by: Option<Doer>,
    pub ended_at: Option<Timestamp>,
    pub ended_by: Option<Doer>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ExplainedGroup {
    pub id: GroupId,
    pub name: Option<String>,
    /// Of a step: since when whoever is below is in it.
    pub since: Option<Timestamp>,
}

/// Who did it: a user, an API client, or `system`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Doer {
    pub id: String,
    /// Of a user who is active.
    pub name: Option<String>,
}

/// What this node answers from memory.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Memory {
    /// The version it stands at; absent: nothing of this tenant is in memory here.
    pub version: Option<i64>,
    /// Whether it answers otherwise at the same version, which is a fault; absent: it stands elsewhere, and
    /// reads the log before it answers a check.
    pub differs: Option<bool>,
    /// Its answer, where it differs.
    pub allowed: Option<bool>,
    pub reason: Option<String>,
}

/// One service id that a user has a right to, usable or not (CHK-07).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldRight {
    pub service_id: ServiceId,
    /// As live; absent while the offer never went live.
    pub plan: Option<String>,
    pub state: Standing,
    /// Whether a check of it is answered with yes because of this right.
    pub usable: bool,
    /// When it was assigned.
    pub since: Timestamp,
    /// Usable before; absent: without end.
    pub usable_until: Option<Timestamp>,
    /// Gone from then on; absent: kept without end.
    pub kept_until: Option<Timestamp>,
    /// Of a right that is usable.
    #[schema(value_type = Object)]
    pub features: BTreeMap<String, FeatureValue>,
}

/// All of them, by service id.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldRights {
    pub items: Vec<HeldRight>,
    /// The position of the tenant's log at which this was read.
    pub version: i64,
}
