//! Deals on the wire.

use serde::{Deserialize, Serialize};
use types::{Country, DealId, Email, Name, OfferId, TenantId, Timestamp};
use utoipa::ToSchema;

use crate::catalog::OfferRef;
use crate::deals::Deal;
use crate::deals::deal::{ContractType, DealStatus, DealTab};
use crate::deals::operations::register::DealTerms;
use crate::deals::terms::{ConsumptionTenant, Contact, Hosting, Money, Terms, parse_date};
use crate::kit::{Fields, Refused};

/// The terms of a deal.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DealBody {
    pub(crate) customer: CustomerBody,
    /// Id or offer id of one of your offers.
    #[schema(max_length = 50)]
    pub(crate) offer: String,
    pub(crate) contract_type: ContractType,
    pub(crate) total_value: MoneyBody,
    /// At most the total, in the same currency.
    pub(crate) solution_value: MoneyBody,
    pub(crate) hosting: Hosting,
    pub(crate) consumption_tenant: ConsumptionTenant,
    /// Required where the consumption tenant is the customer's.
    #[serde(default)]
    #[schema(max_length = 36)]
    pub(crate) consumption_tenant_id: Option<String>,
    /// A day: 2026-01-31.
    #[schema(max_length = 10)]
    pub(crate) signed_on: String,
    /// Not before it was signed.
    #[schema(max_length = 10)]
    pub(crate) starts_on: String,
    /// Not before it starts; absent: perpetual.
    #[serde(default)]
    #[schema(max_length = 10)]
    pub(crate) ends_on: Option<String>,
    /// The licenses end with the contract; only of one that ends.
    #[serde(default)]
    pub(crate) licenses_end_with_contract: bool,
    pub(crate) contact: DealContact,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomerBody {
    #[schema(max_length = 200)]
    pub(crate) company: String,
    /// ISO 3166-1 alpha-2.
    #[schema(max_length = 2)]
    pub(crate) country: String,
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(crate) state: Option<String>,
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(crate) city: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoneyBody {
    /// Whole minor units: cents.
    pub(crate) amount: i64,
    /// ISO 4217.
    #[schema(min_length = 3, max_length = 3)]
    pub(crate) currency: String,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DealContact {
    #[schema(max_length = 100)]
    pub(crate) first_name: String,
    #[schema(max_length = 100)]
    pub(crate) last_name: String,
    #[schema(max_length = 50)]
    pub(crate) phone: String,
    #[schema(max_length = 254)]
    pub(crate) email: String,
}

impl DealBody {
    /// DEA-01: everything that is wrong, by field, at once.
    pub(crate) fn parse(&self) -> Result<DealTerms, Refused> {
        let mut fields = Fields::default();
        let customer = &self.customer;
        let company = fields.parse("customer.company", &customer.company, Name::<200>::parse);
        let country = fields.parse("customer.country", &customer.country, Country::parse);
        let state = fields.optional("customer.state", customer.state.as_deref(), Name::<100>::parse);
        let city = fields.optional("customer.city", customer.city.as_deref(), Name::<100>::parse);
        let offer = fields.parse("offer", &self.offer, OfferRef::parse);
        let total = self.total_value.parse(&mut fields, "total_value");
        let solution = self.solution_value.parse(&mut fields, "solution_value");
        if let (Some(total), Some(solution)) = (&total, &solution) {
            if total.currency != solution.currency {
                fields.wrong("solution_value.currency", "deal.currencies", "must be the total's currency");
            } else if solution.amount > total.amount {
                fields.wrong(
                    "solution_value.amount",
                    "deal.solution_above_total",
                    "must be at most the total value",
                );
            }
        }
        let consumption = self.consumption(&mut fields);
        let dates = self.dates(&mut fields);
        let contact = self.contact.parse(&mut fields);
        fields.finish()?;
        let terms = (|| {
            let (signed_on, starts_on, ends_on) = dates?;
            Some(Terms {
                company: company?.into_string(),
                country: country?,
                state: state?.map(Name::into_string),
                city: city?.map(Name::into_string),
                total_value: total?,
                solution_value: solution?,
                hosting: self.hosting,
                consumption_tenant_id: consumption?,
                signed_on,
                starts_on,
                ends_on,
                licenses_end_with_contract: self.licenses_end_with_contract,
                contact: contact?,
            })
        })();
        match (offer, terms) {
            (Some(offer), Some(terms)) => Ok(DealTerms { offer, contract_type: self.contract_type, terms }),
            _ => Err(Refused::internal("a field without an error")),
        }
    }

    #[expect(clippy::option_option, reason = "absent and wrong are different answers")]
    fn consumption(&self, fields: &mut Fields) -> Option<Option<TenantId>> {
        let field = "consumption_tenant_id";
        match (self.consumption_tenant, self.consumption_tenant_id.as_deref()) {
            (ConsumptionTenant::Customer, None) => {
                fields.wrong(
                    field,
                    "deal.consumption_tenant",
                    "must be given where the customer's tenant counts",
                );
                None
            }
            (ConsumptionTenant::Partner, Some(_)) => {
                fields.wrong(
                    field,
                    "deal.consumption_tenant",
                    "must be absent where the partner's tenant counts",
                );
                None
            }
            (_, given) => fields.optional(field, given, TenantId::parse),
        }
    }

    fn dates(&self, fields: &mut Fields) -> Option<(types::Date, types::Date, Option<types::Date>)> {
        let signed_on = fields.parse("signed_on", &self.signed_on, parse_date);
        let starts_on = fields.parse("starts_on", &self.starts_on, parse_date);
        let ends_on = fields.optional("ends_on", self.ends_on.as_deref(), parse_date);
        if let (Some(signed_on), Some(starts_on)) = (signed_on, starts_on)
            && starts_on < signed_on
        {
            fields.wrong("starts_on", "deal.starts_before_signed", "must not be before it was signed");
        }
        if let (Some(starts_on), Some(Some(ends_on))) = (starts_on, ends_on)
            && ends_on < starts_on
        {
            fields.wrong("ends_on", "deal.ends_before_start", "must not be before it starts");
        }
        if self.licenses_end_with_contract && ends_on == Some(None) {
            fields.wrong(
                "ends_on",
                "deal.licenses_never_end",
                "must be given where the licenses end with it",
            );
        }
        Some((signed_on?, starts_on?, ends_on?))
    }
}

impl MoneyBody {
    fn parse(&self, fields: &mut Fields, at: &str) -> Option<Money> {
        fields.check(at, Money::parse(self.amount, &self.currency))
    }
}

impl DealContact {
    fn parse(&self, fields: &mut Fields) -> Option<Contact> {
        let first_name = fields.parse("contact.first_name", &self.first_name, Name::<100>::parse);
        let last_name = fields.parse("contact.last_name", &self.last_name, Name::<100>::parse);
        let phone = fields.parse("contact.phone", &self.phone, Name::<50>::parse);
        let email = fields.parse("contact.email", &self.email, Email::parse);
        Some(Contact {
            first_name: first_name?.into_string(),
            last_name: last_name?.into_string(),
            phone: phone?.into_string(),
            email: email?,
        })
    }
}

/// A deal.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct DealView {
    id: DealId,
    status: DealStatus,
    tab: DealTab,
    offer_id: OfferId,
    contract_type: ContractType,
    customer: CustomerBody,
    total_value: MoneyBody,
    solution_value: MoneyBody,
    hosting: Hosting,
    consumption_tenant_id: Option<TenantId>,
    signed_on: String,
    starts_on: String,
    ends_on: Option<String>,
    licenses_end_with_contract: bool,
    contact: DealContact,
    /// Fixed by the first licenses.
    customer_tenant: Option<TenantId>,
    /// The operator's, where the deal was rejected or sent back.
    review_reason: Option<String>,
    created_at: Timestamp,
    pub(crate) revision: i64,
}

impl From<Deal> for DealView {
    fn from(deal: Deal) -> Self {
        let terms = deal.terms.0;
        let money = |money: Money| MoneyBody { amount: money.amount, currency: money.currency };
        Self {
            id: deal.id,
            status: deal.status,
            tab: deal.status.tab(),
            offer_id: deal.offer_id,
            contract_type: deal.contract_type,
            customer: CustomerBody {
                company: terms.company,
                country: terms.country.into(),
                state: terms.state,
                city: terms.city,
            },
            total_value: money(terms.total_value),
            solution_value: money(terms.solution_value),
            hosting: terms.hosting,
            consumption_tenant_id: terms.consumption_tenant_id,
            signed_on: terms.signed_on.to_string(),
            starts_on: terms.starts_on.to_string(),
            ends_on: terms.ends_on.map(|date| date.to_string()),
            licenses_end_with_contract: terms.licenses_end_with_contract,
            contact: DealContact {
                first_name: terms.contact.first_name,
                last_name: terms.contact.last_name,
                phone: terms.contact.phone,
                email: terms.contact.email.into(),
            },
            customer_tenant: deal.customer_tenant_id,
            review_reason: deal.review_reason,
            created_at: deal.created_at,
            revision: deal.revision,
        }
    }
}
