//! A deal: what was agreed, where it stands, and its licenses.

use askama::Template;
use axum::response::Response;
use types::{DealId, PageRequest, TenantId};

use super::{TEXTS, update};
use crate::access::{CustomerInvite, DealEdit, DealView, LicenseGrant, Permission};
use crate::catalog::operations::find as catalog;
use crate::catalog::{Offer, Plan};
use crate::deals::api::deal_id;
use crate::deals::operations::register;
use crate::deals::operations::register::DealTerms;
use crate::deals::pages::{badge, form as terms, money};
use crate::deals::{Deal, DealStatus};
use crate::edge::Path;
use crate::edge::browser::{Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Expected, Refused, Search};
use crate::licenses::License;
use crate::licenses::operations::preview::Effect;
use crate::licenses::operations::{customers, edit_deal, find};

#[derive(Template)]
#[template(path = "licenses/pages/deal.html")]
#[expect(clippy::struct_excessive_bools, reason = "what a page shows, each for itself")]
struct DealPage {
    t: Wording,
    form: Entered,
    id: DealId,
    deal: Deal,
    offer: Offer,
    badge: (&'static str, String),
    total_value: String,
    solution_value: String,
    editable: bool,
    /// Licenses can be managed.
    submitted: bool,
    may_grant: bool,
    may_invite: bool,
    /// Whom licenses can be granted to: tenant id and name. One where it is fixed.
    customers: Vec<(String, String)>,
    fixed: bool,
    rows: Vec<Row>,
    effects: Vec<Effect>,
    told: String,
}

/// A plan in the form.
struct Row {
    name: String,
    service_id: String,
    plan: String,
    held: Option<i64>,
    stopped: bool,
    /// Its part of the form, and two fields of it.
    field: String,
    quantity: String,
    remove: String,
}

/// What is read for the page.
struct Found {
    deal: Deal,
    licenses: Vec<License>,
    offer: Offer,
    plans: Vec<Plan>,
    customers: Vec<(TenantId, String)>,
}

pub(super) async fn look(Path(deal): Path<String>, visit: Visit<DealView>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &deal, form, Vec::new()).await
}

pub(super) async fn show<P: Permission>(
    visit: &Visit<P>,
    deal: &str,
    form: Entered,
    effects: Vec<Effect>,
) -> Result<Response, Refused> {
    let Found { deal, licenses, offer, plans, customers } = read(visit, deal).await?;
    let (t, reader) = (visit.wording(&TEXTS), &visit.reader);
    let chosen = deal.customer_tenant_id.map(|tenant| tenant.to_string()).unwrap_or_default();
    let form = form.holding(Input::of([("customer", chosen)]));
    let held = |plan: &Plan| licenses.iter().find(|license| license.plan_id == plan.id);
    let rows = plans.iter().enumerate().map(|(at, plan)| Row {
        name: plan.name.clone(),
        service_id: plan.service_id.as_str().to_owned(),
        plan: plan.slug.to_string(),
        held: held(plan).map(|license| license.quantity),
        stopped: plan.stopped_at.is_some(),
        field: format!("plans[{at}]"),
        quantity: format!("plans[{at}].quantity"),
        remove: format!("remove[{at}]"),
    });
    let body = DealPage {
        t,
        form: form.clone(),
        id: deal.id,
        badge: badge(reader, deal.status),
        total_value: money(&deal.terms.0.total_value),
        solution_value: money(&deal.terms.0.solution_value),
        editable: deal.status.is_editable() && reader.right::<DealEdit>().is_ok(),
        submitted: deal.status != DealStatus::Draft,
        may_grant: reader.right::<LicenseGrant>().is_ok(),
        may_invite: reader.right::<CustomerInvite>().is_ok(),
        fixed: deal.customer_tenant_id.is_some(),
        customers: customers.into_iter().map(|(tenant, name)| (tenant.to_string(), name)).collect(),
        rows: rows.collect(),
        told: update::told(&effects),
        effects,
        offer,
        deal: deal.clone(),
    };
    let sheet = Sheet::new(deal.terms.0.company, &body)?.answering(&form);
    visit.show(sheet.below(t.of("deals"), "/publisher/deals"))
}

async fn read<P: Permission>(visit: &Visit<P>, deal: &str) -> Result<Found, Refused> {
    let id = deal_id(deal)?;
    let (app, reader) = (visit.app.clone(), visit.reader.clone());
    let viewing: Visit<DealView> = Visit { app, right: reader.right()?, reader };
    viewing
        .read(move |tx, right| {
            Box::pin(async move {
                let (deal, licenses) = find::licenses_of_deal(tx, right, &id).await?;
                let offer = catalog::any_offer(tx, &deal.offer_id).await?;
                let plans = catalog::plans(tx, &offer.id).await?;
                let every = PageRequest { limit: PageRequest::MAX, after: None };
                let customers = customers::list_customers(tx, right, &every, &Search::default()).await?.items;
                let fixed = deal.customer_tenant_id;
                let customers =
                    customers.into_iter().map(|customer| (customer.tenant.id, customer.tenant.name));
                let customers = customers.filter(|(id, _)| fixed.is_none_or(|fixed| fixed == *id)).collect();
                Ok(Found { deal, licenses, offer, plans, customers })
            })
        })
        .await
}

pub(super) async fn look_edit(Path(deal): Path<String>, visit: Visit<DealEdit>) -> Result<Response, Refused> {
    let found = read(&visit, &deal).await?.deal;
    let form = visit.form();
    terms::show(&visit, form, Some(&found)).await
}

pub(super) async fn edit(Path(deal): Path<String>, submit: Submit<DealEdit>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let (id, times) = (deal_id(&deal)?, visit.app.in_force.grace());
    let read_form = form.and_then(|input| Ok((terms::read(&input)?, input.revision())));
    let edited = visit.write(read_form, move |tx, right, (terms, expected): (DealTerms, Expected)| {
        Box::pin(async move { edit_deal::edit_deal(tx, right, &id, terms, &expected, times).await })
    });
    match edited.await {
        Ok(_) => Ok(visit.leave(&format!("/publisher/deals/{deal}"), visit.wording(&TEXTS).of("saved"))),
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            let found = read(&visit, &deal).await?.deal;
            terms::show(&visit, entered, Some(&found)).await
        }
    }
}

pub(super) async fn submit(Path(deal): Path<String>, submit: Submit<DealEdit>) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = deal_id(&deal)?;
    let expected = form.map(|input| input.revision());
    let submitted = visit.write(expected, move |tx, right, expected: Expected| {
        Box::pin(async move { register::submit_deal(tx, right, &id, &expected).await })
    });
    match submitted.await {
        Ok(_) => Ok(visit.leave(&format!("/publisher/deals/{deal}"), visit.wording(&TEXTS).of("submitted"))),
        Err(refused) => {
            let refused = visit.again(visit.form(), refused)?;
            show(&visit, &deal, refused, Vec::new()).await
        }
    }
}
