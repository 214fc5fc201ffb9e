//! Licenses and what they add up to, pure.

use entitlement::{End, Grace};
use types::{DealId, LicenseId, PlanId, PoolId, ServiceId, Timestamp};

db::rows! {
    /// What one deal grants of one plan.
    pub(crate) struct License in "licenses" {
        pub id: LicenseId,
        pub deal_id: DealId,
        pub plan_id: PlanId,
        pub pool_id: PoolId,
        pub service_id: ServiceId,
        pub quantity: i64,
        /// DEA-05; absent: it has no end.
        pub ends_at: Option<Timestamp>,
        /// What is left of its seats then.
        pub usable_until: Option<Timestamp>,
        pub kept_until: Option<Timestamp>,
    }
}

impl License {
    pub(crate) fn end(&self) -> Option<End> {
        let (at, usable_until) = (self.ends_at?, self.usable_until?);
        Some(End { at, grace: Grace { usable_until, kept_until: self.kept_until } })
    }

    /// Whether it grants anything at this time.
    pub(crate) fn is_granted(&self, at: Timestamp) -> bool {
        self.ends_at.is_none_or(|end| at < end)
    }
}

/// LIC-05: what the licenses of a pool add up to at this time.
pub(crate) fn granted(licenses: &[License], at: Timestamp) -> i64 {
    licenses.iter().filter(|license| license.is_granted(at)).map(|license| license.quantity).sum()
}

/// When the next of them ends after this time.
pub(crate) fn next_end(licenses: &[License], after: Timestamp) -> Option<Timestamp> {
    licenses.iter().filter_map(|license| license.ends_at).filter(|end| after < *end).min()
}

/// The end of the last one, if all that grant anything at this time end.
pub(crate) fn last_end(licenses: &[License], at: Timestamp) -> Option<End> {
    let ends = licenses.iter().filter(|license| license.is_granted(at)).map(License::end);
    let ends: Option<Vec<End>> = ends.collect();
    ends?.into_iter().max_by_key(|end| end.at)
}

#[cfg(test)]
mod tests {
    use entitlement::GraceTimes;

    use super::*;

    fn day(day: i64) -> Timestamp {
        Timestamp::default().plus_days(day)
    }

    fn license(quantity: i64, end: Option<i64>) -> License {
        let end = end.map(|end| GraceTimes::default().ended(day(end)));
        let id = [0; 16];
        License {
            id: LicenseId::from_bytes(id),
            deal_id: DealId::from_bytes(id),
            plan_id: PlanId::from_bytes(id),
            pool_id: PoolId::from_bytes(id),
            service_id: ServiceId::parse("a.b.c").unwrap(),
            quantity,
            ends_at: end.map(|grace| grace.usable_until.plus_days(-30)),
            usable_until: end.map(|grace| grace.usable_until),
            kept_until: end.and_then(|grace| grace.kept_until),
        }
    }

    /// LIC-05, DEA-05: a license counts until the moment of its end.
    #[test]
    fn licenses_add_up_until_they_end() {
        let mut licenses = vec![license(3, Some(10)), license(5, Some(20)), license(7, None)];
        assert_eq!([0, 9, 10, 19, 20].map(|at| granted(&licenses, day(at))), [15, 15, 12, 12, 7]);
        assert_eq!([0, 10, 20].map(|at| next_end(&licenses, day(at))), [Some(day(10)), Some(day(20)), None]);
        assert_eq!(last_end(&licenses, day(0)), None, "one has no end");
        licenses.pop();
        assert_eq!(last_end(&licenses, day(0)).map(|end| end.at), Some(day(20)));
        assert_eq!(last_end(&licenses, day(20)), None, "nothing is left that could end");
    }
}
