//! What was agreed (DEA-01).

use serde::{Deserialize, Serialize};
use types::{Country, Date, Email, TenantId, Timestamp, Violation};

use crate::kit::text_enum;

/// The terms of a deal, valid as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Terms {
    pub company: String,
    pub country: Country,
    pub state: Option<String>,
    pub city: Option<String>,
    pub total_value: Money,
    /// At most the total.
    pub solution_value: Money,
    pub hosting: Hosting,
    /// Of the customer, where consumption is counted there; else the partner's.
    pub consumption_tenant_id: Option<TenantId>,
    pub signed_on: Date,
    /// Not before it was signed.
    pub starts_on: Date,
    /// Not before it starts; absent: perpetual.
    pub ends_on: Option<Date>,
    /// DEA-05: the licenses end with the contract; only of one that ends.
    #[serde(default)]
    pub licenses_end_with_contract: bool,
    pub contact: Contact,
}

impl Terms {
    /// When the licenses end: when the contract's last day is over, in UTC.
    pub(crate) fn licenses_end_at(&self) -> Option<Timestamp> {
        let last_day = self.ends_on.filter(|_| self.licenses_end_with_contract)?;
        let midnight = last_day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        Some(Timestamp::from_micros(midnight.as_microsecond()).plus_days(1))
    }
}

/// Whole minor units (cents) of a currency of ISO 4217.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Money {
    pub amount: i64,
    pub currency: String,
}

text_enum! {
    Hosting {
        CustomerCloud = "customer_cloud",
        PartnerCloud = "partner_cloud",
        OnPremises = "on_premises",
        Other = "other",
    }
}

text_enum! {
    /// Whose tenant the consumption is counted in.
    ConsumptionTenant {
        Customer = "customer",
        Partner = "partner",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub first_name: String,
    pub last_name: String,
    pub phone: String,
    pub email: Email,
}

impl Money {
    /// The largest amount: a thousand million million minor units.
    const MAX: i64 = 1_000_000_000_000_000;

    pub(super) fn parse(amount: i64, currency: &str) -> Result<Self, Violation> {
        if !(0..=Self::MAX).contains(&amount) {
            let message =
                "must not be below zero or above 1,000,000,000,000,000 of the currency's smallest unit";
            return Err(Violation::new("money.out_of_range", message));
        }
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(Violation::new("money.currency", "must name a currency of ISO 4217, such as USD"));
        }
        Ok(Self { amount, currency: currency.to_owned() })
    }
}

/// A day as in 2026-01-31.
pub(super) fn parse_date(text: &str) -> Result<Date, Violation> {
    text.parse::<Date>().map_err(|_| Violation::new("date.malformed", "must be a day such as 2026-01-31"))
}
