//! What the chain adds up to, decided from the tables and by nothing of the index; pure.

use entitlement::{EnforcementMode, FeatureValue, Grace, License, Reason, State};
use types::{ServiceId, Timestamp};

use super::chain::{ExplainedFeature, GivenFeature};
use crate::seats::{Seat, SeatState};

/// What one plan says of a user.
#[derive(Debug, Clone)]
pub(super) struct PlanFacts {
    pub service_id: ServiceId,
    pub enforcement: EnforcementMode,
    pub features: Vec<(String, FeatureValue)>,
    /// Of the tenant's pool; `None`: nothing was granted that could end.
    pub license: Option<License>,
    pub seat: Option<Seat>,
}

impl PlanFacts {
    pub(super) fn licensed(&self, now: Timestamp) -> bool {
        self.license.is_some_and(|license| license.holds(now))
    }

    pub(super) fn state(&self, now: Timestamp) -> Option<State> {
        state(self.seat.as_ref()?, self.license, now)
    }
}

/// What a seat is now. Of an active one whose license has ended a moment ago the dates say what they will say
/// of it when it is put aside.
pub(crate) fn state(seat: &Seat, license: Option<License>, now: Timestamp) -> Option<State> {
    match seat.state {
        SeatState::Active => of_active(license?, now),
        SeatState::Over => seat.standing(now),
        SeatState::Waiting => license.filter(|license| license.holds(now)).map(|_| State::Waiting),
    }
}

/// What every active seat of a license is.
pub(crate) fn of_active(license: License, now: Timestamp) -> Option<State> {
    match license.end {
        Some(end) if end.at <= now => end.grace.state(now),
        _ => Some(State::Active),
    }
}

/// Until when the active seats of a license are usable, if it ends.
pub(crate) fn ends(license: &License) -> Option<Timestamp> {
    license.end.map(|end| end.grace.usable_until)
}

/// Until when a seat is usable and kept: as it says itself, or as the license does that ends.
pub(crate) fn dates(seat: &Seat, license: Option<License>) -> Option<Grace> {
    let end = license.and_then(|license| license.end).map(|end| end.grace);
    match (seat.grace(), seat.state) {
        (Some(own), _) => Some(own),
        (None, SeatState::Active) => end,
        (None, _) => None,
    }
}

/// The answer, as a check would give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub allowed: bool,
    pub state: Option<State>,
    pub reason: Reason,
    pub enforcement: EnforcementMode,
    pub waived: bool,
}

/// Decides; `restricted`: a service was asked about, or a component that is mapped to plans.
pub(super) fn decide(plans: &[PlanFacts], user_known: bool, restricted: bool, now: Timestamp) -> Verdict {
    let state = plans.iter().filter_map(|plan| plan.state(now)).min();
    let reason = match state {
        _ if !user_known => Reason::UserUnknown,
        _ if !restricted => Reason::Unrestricted,
        Some(state) if state.usable() => Reason::Licensed,
        Some(State::Waiting) => Reason::Waiting,
        Some(_) => Reason::Suspended,
        None if plans.is_empty() => Reason::ServiceUnknown,
        None if plans.iter().any(|plan| plan.licensed(now)) => Reason::NoSeat,
        None => Reason::NoLicense,
    };
    let used = plans.iter().find(|plan| plan.state(now).is_some_and(State::usable));
    let enforcement = match used {
        Some(plan) => plan.enforcement,
        None => plans.iter().map(|plan| plan.enforcement).max().unwrap_or_default(),
    };
    let about_licenses =
        matches!(reason, Reason::NoSeat | Reason::NoLicense | Reason::Suspended | Reason::Waiting);
    let waived = about_licenses && enforcement < EnforcementMode::Block;
    let allowed = waived || matches!(reason, Reason::Licensed | Reason::Unrestricted);
    Verdict { allowed, state, reason, enforcement, waived }
}

/// PLN-07: of several values for one key yes, and the greater limit; of texts, and of values of different
/// kinds, that of the later plan.
pub(super) fn merge(plans: &[PlanFacts], now: Timestamp) -> Vec<ExplainedFeature> {
    let mut merged: Vec<ExplainedFeature> = Vec::new();
    for plan in plans.iter().filter(|plan| plan.state(now).is_some_and(State::usable)) {
        for (key, value) in &plan.features {
            let given = GivenFeature { service_id: plan.service_id.clone(), value: value.clone() };
            let Some(kept) = merged.iter_mut().find(|feature| feature.key == *key) else {
                let (from, value) = (plan.service_id.clone(), value.clone());
                merged.push(ExplainedFeature { key: key.clone(), value, from, given: vec![given] });
                continue;
            };
            if prevails(value, &kept.value) {
                (kept.value, kept.from) = (value.clone(), plan.service_id.clone());
            }
            kept.given.push(given);
        }
    }
    merged.sort_by(|one, other| one.key.cmp(&other.key));
    merged
}

fn prevails(value: &FeatureValue, kept: &FeatureValue) -> bool {
    match (value, kept) {
        (FeatureValue::Flag(value), FeatureValue::Flag(kept)) => *value && !kept,
        (FeatureValue::Limit(value), FeatureValue::Limit(kept)) => value > kept,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use types::{PoolId, UserId};

    use super::*;

    fn plan(name: &str, features: &[(&str, FeatureValue)], held: bool) -> PlanFacts {
        let service_id = ServiceId::parse(&format!("fabrikam.f365.{name}")).unwrap();
        let seat = Seat {
            pool_id: PoolId::from_bytes([1; 16]),
            user_id: UserId::from_bytes([2; 16]),
            service_id: service_id.clone(),
            since: Timestamp::default(),
            state: SeatState::Active,
            usable_until: None,
            kept_until: None,
        };
        PlanFacts {
            service_id,
            enforcement: EnforcementMode::Block,
            features: features.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
            license: Some(License::default()),
            seat: held.then_some(seat),
        }
    }

    /// PLN-07, CHK-06: the merge is the same however often it is made, and says whose value it took.
    #[test]
    fn features_of_several_plans_are_merged_and_say_whose_they_are() {
        use FeatureValue::{Flag, Limit, Text};
        let text = |text: &str| Text(text.to_owned());
        let plans = [
            plan("bronze", &[("sso", Flag(true)), ("projects", Limit(50)), ("tier", text("b"))], true),
            plan("silver", &[("sso", Flag(false)), ("projects", Limit(9)), ("tier", text("s"))], true),
            plan("gold", &[("sso", Flag(true)), ("projects", Limit(99)), ("tier", text("g"))], false),
        ];
        let merged = merge(&plans, Timestamp::default());
        let told: Vec<(&str, &FeatureValue, &str)> =
            merged.iter().map(|it| (it.key.as_str(), &it.value, it.from.as_str())).collect();
        assert_eq!(
            told,
            [
                ("projects", &Limit(50), "fabrikam.f365.bronze"),
                ("sso", &Flag(true), "fabrikam.f365.bronze"),
                ("tier", &text("s"), "fabrikam.f365.silver"),
            ]
        );
        assert_eq!(merged[0].given.len(), 2, "gold is not the user's");
    }
}
