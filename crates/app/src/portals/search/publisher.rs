//! What publishers find: their offers and plans, deals, leads and customers.

use db::Tx;
use types::{DealId, LeadId, OfferId, OfferSlug, RelationshipId, ServiceId, TenantId};

use super::finder::{Finder, Hit, Hits, Kind, Sought, there};
use crate::access::{DealView, LeadView, OfferView, Right};
use crate::catalog::operations::find as catalog;
use crate::catalog::{Offer, OfferRef};
use crate::deals::Deal;
use crate::deals::operations::{DealFilter, find as deals};
use crate::identity::Tenant;
use crate::identity::operations::find as identity;
use crate::kit::Refused;
use crate::kit::page::{Wording, query};
use crate::leads::operations::find as leads;
use crate::leads::{Lead, LeadFilter};
use crate::relationships::operations::find as relationships;

/// Leads that are looked at; older ones are found in their list.
const NEWEST_LEADS: i64 = 2000;

pub(super) static KINDS: &[Kind] = &[
    Kind::of::<Offers>("offers", "offer", Some("/publisher/offers?search=")),
    Kind::of::<Deals>("deals", "deal", Some("/publisher/deals?search=")),
    Kind::of::<Customers>("customers", "customer", Some("/publisher/customers?search=")),
    Kind::of::<Leads>("leads", "lead", Some("/publisher/leads?search=")),
];

struct Offers;

impl Finder for Offers {
    type Needs = OfferView;

    async fn named(tx: &mut Tx, right: &Right<OfferView>, sought: &Sought) -> Hits {
        let own = sought.words.strip_prefix(right.publisher()?.as_str());
        let slug = own.and_then(|rest| rest.strip_prefix('.')?.split('.').next());
        let slug = slug.and_then(|slug| OfferSlug::parse(slug).ok()).map(OfferRef::Slug);
        let Some(named) = OfferId::parse(&sought.words).ok().map(OfferRef::Id).or(slug) else {
            return Ok(Vec::new());
        };
        let Some(offer) = there(catalog::offer(tx, right, &named).await)? else { return Ok(Vec::new()) };
        let Ok(service) = ServiceId::parse(&sought.words) else { return Ok(vec![Self::hit(offer)]) };
        let plans = catalog::plans(tx, &offer.id).await?;
        let plan = plans.into_iter().find(|plan| plan.service_id == service).map(|plan| Hit {
            name: plan.name,
            line: plan.service_id.to_string(),
            href: format!("/publisher/offers/{}/plans/{}", offer.slug, plan.slug),
        });
        Ok(plan.into_iter().collect())
    }

    async fn about(tx: &mut Tx, right: &Right<OfferView>, sought: &Sought) -> Hits {
        let found = catalog::list_offers(tx, right, &sought.page(), &sought.search).await?;
        Ok(found.items.into_iter().map(Self::hit).collect())
    }
}

impl Offers {
    fn hit(offer: Offer) -> Hit {
        let (line, href) = (offer.address(), format!("/publisher/offers/{}", offer.slug));
        Hit { name: offer.alias, line, href }
    }
}

struct Deals;

impl Finder for Deals {
    type Needs = DealView;

    async fn named(tx: &mut Tx, right: &Right<DealView>, sought: &Sought) -> Hits {
        let Ok(id) = DealId::parse(&sought.words) else { return Ok(Vec::new()) };
        let Some(deal) = there(deals::deal(tx, right, &id).await)? else { return Ok(Vec::new()) };
        Ok(vec![Self::hit(tx, sought.t, deal).await?])
    }

    async fn about(tx: &mut Tx, right: &Right<DealView>, sought: &Sought) -> Hits {
        let filter = DealFilter { search: sought.search.clone(), ..DealFilter::default() };
        let mut hits = Vec::new();
        for deal in deals::list_deals(tx, right, &sought.page(), &filter).await?.items {
            hits.push(Self::hit(tx, sought.t, deal).await?);
        }
        Ok(hits)
    }
}

impl Deals {
    async fn hit(tx: &mut Tx, t: Wording, deal: Deal) -> Result<Hit, Refused> {
        let offer = catalog::any_offer(tx, &deal.offer_id).await?.alias;
        let terms = deal.terms.0;
        let line = format!("{offer} · {}", t.date(&terms.starts_on));
        Ok(Hit { name: terms.company, line, href: format!("/publisher/deals/{}", deal.id) })
    }
}

struct Customers;

impl Finder for Customers {
    type Needs = DealView;

    async fn named(tx: &mut Tx, right: &Right<DealView>, sought: &Sought) -> Hits {
        let id = match RelationshipId::parse(&sought.words) {
            Ok(id) => relationships::customer_in(tx, right, &id).await?,
            Err(_) => TenantId::parse(&sought.words).ok(),
        };
        let Some(id) = id else { return Ok(Vec::new()) };
        if relationships::consent(tx, &right.tenant(), &id).await?.is_none() {
            return Ok(Vec::new());
        }
        let customer = identity::tenant(tx, &id).await?;
        Ok(customer.into_iter().map(|customer| Self::hit(sought.t, customer)).collect())
    }

    async fn about(tx: &mut Tx, right: &Right<DealView>, sought: &Sought) -> Hits {
        let found = relationships::list_customers(tx, right, &sought.page(), &sought.search).await?;
        Ok(found.items.into_iter().map(|(_, customer)| Self::hit(sought.t, customer)).collect())
    }
}

impl Customers {
    /// A customer has no page of its own: it is a row of the list.
    fn hit(t: Wording, customer: Tenant) -> Hit {
        let href = format!("/publisher/customers?{}", query(&[("search", customer.slug.as_str())]));
        Hit { name: customer.name, line: t.country(&customer.country).to_owned(), href }
    }
}

struct Leads;

impl Finder for Leads {
    type Needs = LeadView;

    async fn named(tx: &mut Tx, right: &Right<LeadView>, sought: &Sought) -> Hits {
        let Ok(id) = LeadId::parse(&sought.words) else { return Ok(Vec::new()) };
        let lead = there(leads::lead(tx, right, &id).await)?;
        Ok(lead.into_iter().map(Self::hit).collect())
    }

    async fn about(tx: &mut Tx, right: &Right<LeadView>, sought: &Sought) -> Hits {
        let (search, newest) = (sought.search.clone(), Some(NEWEST_LEADS));
        let filter = LeadFilter { search, newest, ..LeadFilter::default() };
        let found = leads::list_leads(tx, right, &sought.page(), &filter).await?;
        Ok(found.items.into_iter().map(Self::hit).collect())
    }
}

impl Leads {
    fn hit(lead: Lead) -> Hit {
        let contact = &lead.contact.0;
        let name = format!("{} {}", contact.first_name, contact.last_name).trim().to_owned();
        let line = format!("{} · {}", contact.company, lead.offer_title);
        Hit { name, line, href: format!("/publisher/leads/{}", lead.id) }
    }
}
