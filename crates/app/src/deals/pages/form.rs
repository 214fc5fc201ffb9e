//! What was agreed with a customer, as a form (DEA-01).

use askama::Template;
use axum::response::Response;
use types::{Country, PageRequest};

use super::{TEXTS, money};
use crate::access::{DealEdit, Permission};
use crate::catalog::operations::find as catalog;
use crate::deals::Deal;
use crate::deals::api::{CustomerBody, DealBody, DealContact, MoneyBody};
use crate::deals::deal::ContractType;
use crate::deals::operations::register::{self, DealTerms};
use crate::deals::terms::{ConsumptionTenant, Hosting};
use crate::edge::browser::{Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Refused, Search};

#[derive(Template)]
#[template(path = "deals/pages/form.html")]
struct DealForm {
    t: Wording,
    form: Entered,
    action: String,
    back: String,
    /// Of a deal that is there.
    revision: Option<i64>,
    /// Offer id and alias.
    offers: Vec<(String, String)>,
    countries: Vec<(String, &'static str)>,
    kinds: Vec<&'static str>,
    hostings: Vec<&'static str>,
}

pub(super) async fn look_new(visit: Visit<DealEdit>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, form, None).await
}

/// A new deal, or one to be edited.
pub(crate) async fn show<P: Permission>(
    visit: &Visit<P>,
    form: Entered,
    deal: Option<&Deal>,
) -> Result<Response, Refused> {
    let every = PageRequest { limit: PageRequest::MAX, after: None };
    let offers = visit
        .read(move |tx, right| {
            Box::pin(async move { catalog::list_offers(tx, right, &every, &Search::default()).await })
        })
        .await?;
    let t = visit.wording(&TEXTS);
    let stored = match deal {
        Some(deal) => {
            let offer = offers.items.iter().find(|offer| offer.id == deal.offer_id);
            stored(deal, offer.map(|offer| offer.slug.as_str()).unwrap_or_default())
        }
        None => blank(visit),
    };
    let form = form.holding(Input::of(stored));
    let countries = Country::all().map(|country| (country.as_str().to_owned(), t.country(&country)));
    let mut countries: Vec<_> = countries.collect();
    countries.sort_by_key(|(_, name)| *name);
    let at = deal.map(|deal| format!("/publisher/deals/{}", deal.id));
    let body = DealForm {
        t,
        form: form.clone(),
        action: at.as_ref().map_or_else(|| "/publisher/new-deal".to_owned(), |at| format!("{at}/edit")),
        back: at.unwrap_or_else(|| "/publisher/deals".to_owned()),
        revision: deal.map(|deal| deal.revision),
        offers: offers.items.into_iter().map(|offer| (offer.slug.to_string(), offer.alias)).collect(),
        countries,
        kinds: ContractType::ALL.iter().map(|kind| kind.as_str()).collect(),
        hostings: Hosting::ALL.iter().map(|hosting| hosting.as_str()).collect(),
    };
    let title = if deal.is_some() { "edit-deal" } else { "register" };
    let sheet = Sheet::new(t.of(title), &body)?.lead(t.of("register-lead"));
    visit.show(sheet.below(t.of("deals"), "/publisher/deals").answering(&form))
}

type Stored = Vec<(&'static str, String)>;

/// Who registers a deal is its contact, unless they say otherwise.
fn blank<P>(visit: &Visit<P>) -> Stored {
    let visitor = visit.reader.visitor.as_ref();
    let email = visitor.map(|visitor| visitor.email.to_string()).unwrap_or_default();
    vec![
        ("contract_type", ContractType::New.as_str().to_owned()),
        ("currency", "USD".to_owned()),
        ("hosting", Hosting::CustomerCloud.as_str().to_owned()),
        ("consumption_tenant", ConsumptionTenant::Partner.as_str().to_owned()),
        ("contact.email", email),
    ]
}

fn stored(deal: &Deal, offer: &str) -> Stored {
    let terms = &deal.terms.0;
    let consumption = match terms.consumption_tenant_id {
        Some(_) => ConsumptionTenant::Customer,
        None => ConsumptionTenant::Partner,
    };
    let mut stored = vec![
        ("customer.company", terms.company.clone()),
        ("customer.country", terms.country.as_str().to_owned()),
        ("customer.state", terms.state.clone().unwrap_or_default()),
        ("customer.city", terms.city.clone().unwrap_or_default()),
        ("offer", offer.to_owned()),
        ("contract_type", deal.contract_type.as_str().to_owned()),
        ("currency", terms.total_value.currency.clone()),
        ("total_value", money::typed(&terms.total_value)),
        ("solution_value", money::typed(&terms.solution_value)),
        ("hosting", terms.hosting.as_str().to_owned()),
        ("consumption_tenant", consumption.as_str().to_owned()),
        (
            "consumption_tenant_id",
            terms.consumption_tenant_id.map(|tenant| tenant.to_string()).unwrap_or_default(),
        ),
        ("signed_on", terms.signed_on.to_string()),
        ("starts_on", terms.starts_on.to_string()),
        ("ends_on", terms.ends_on.map(|date| date.to_string()).unwrap_or_default()),
        ("contact.first_name", terms.contact.first_name.clone()),
        ("contact.last_name", terms.contact.last_name.clone()),
        ("contact.phone", terms.contact.phone.clone()),
        ("contact.email", terms.contact.email.to_string()),
    ];
    if terms.licenses_end_with_contract {
        stored.push(("licenses_end_with_contract", "yes".to_owned()));
    }
    stored
}

/// Everything that is wrong at once.
pub(crate) fn read(input: &Input) -> Result<DealTerms, Refused> {
    let text = |name: &str| input.text(name).to_owned();
    let filled = |name: &str| input.filled(name).map(str::to_owned);
    let currency = input.text("currency").to_uppercase();
    let money = |name: &str| MoneyBody {
        amount: money::parse(input.text(name), &currency),
        currency: currency.clone(),
    };
    let consumption_tenant =
        ConsumptionTenant::parse(input.text("consumption_tenant")).unwrap_or(ConsumptionTenant::Partner);
    let counted_there = consumption_tenant == ConsumptionTenant::Customer;
    DealBody {
        customer: CustomerBody {
            company: text("customer.company"),
            country: text("customer.country"),
            state: filled("customer.state"),
            city: filled("customer.city"),
        },
        offer: text("offer"),
        contract_type: ContractType::parse(input.text("contract_type")).unwrap_or(ContractType::New),
        total_value: money("total_value"),
        solution_value: money("solution_value"),
        hosting: Hosting::parse(input.text("hosting")).unwrap_or(Hosting::Other),
        consumption_tenant,
        consumption_tenant_id: filled("consumption_tenant_id").filter(|_| counted_there),
        signed_on: text("signed_on"),
        starts_on: text("starts_on"),
        ends_on: filled("ends_on"),
        licenses_end_with_contract: input.checked("licenses_end_with_contract"),
        contact: DealContact {
            first_name: text("contact.first_name"),
            last_name: text("contact.last_name"),
            phone: text("contact.phone"),
            email: text("contact.email"),
        },
    }
    .parse()
}

pub(super) async fn register(submit: Submit<DealEdit>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let read = form.and_then(|input| read(&input));
    let made = visit.write_once(&entered, read, |tx, right, terms| {
        Box::pin(async move { register::create_deal(tx, right, terms).await })
    });
    match made.await {
        Ok(deal) => {
            let said = visit.wording(&TEXTS).of("registered");
            Ok(visit.leave(&format!("/publisher/deals/{}", deal.id), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, entered, None).await
        }
    }
}
