//! A customer's leases for the publisher's own services.

use axum::response::Response;
use types::TenantId;

use super::list::{Asked, Whose, rows, show};
use super::{End, TEXTS, lease_id};
use crate::access::LeaseCustomers;
use crate::edge::browser::{Submit, Visit};
use crate::edge::{Params, Path, page_request};
use crate::identity::operations::find as identity;
use crate::kit::Refused;
use crate::leases::operations::{find, scope};

pub(super) fn customer_id(text: &str) -> Result<TenantId, Refused> {
    TenantId::parse(text).map_err(|_| Refused::not_found("customer"))
}

fn leases(customer: &TenantId) -> String {
    format!("/publisher/customers/{customer}/leases")
}

pub(super) async fn look(
    Path(customer): Path<String>,
    Params(asked): Params<Asked>,
    visit: Visit<LeaseCustomers>,
) -> Result<Response, Refused> {
    let (customer, ended) = (customer_id(&customer)?, asked.all());
    let page = page_request(None, asked.cursor.as_deref())?;
    let (name, found) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let scope = scope::customer(tx, right, customer).await?;
                let tenant = identity::tenant(tx, &customer).await?;
                let tenant = tenant.ok_or_else(|| Refused::not_found("customer"))?;
                let found = find::latest_leases(tx, &scope, (ended, right.now()), &page).await?;
                Ok((tenant.name, rows(tx, right, found).await?))
            })
        })
        .await?;
    let t = visit.wording(&TEXTS);
    let whose = Whose {
        title: t.named("leases-of", name),
        lead: t.of("leases-lead-customer"),
        above: vec![(t.of("customers"), "/publisher/customers".to_owned())],
        here: leases(&customer),
        of_customer: true,
        lists: vec![(t.of("revocations-own"), format!("{}.revocations", leases(&customer)))],
    };
    show(&visit, &asked, whose, found)
}

pub(super) async fn revoke(
    Path((customer, lease)): Path<(String, String)>,
    submit: Submit<LeaseCustomers>,
) -> Result<Response, Refused> {
    end((&customer, &lease), submit, End::Revoke).await
}

pub(super) async fn give_back(
    Path((customer, lease)): Path<(String, String)>,
    submit: Submit<LeaseCustomers>,
) -> Result<Response, Refused> {
    end((&customer, &lease), submit, End::Return).await
}

async fn end(
    (customer, lease): (&str, &str),
    submit: Submit<LeaseCustomers>,
    how: End,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let (customer, id) = (customer_id(customer)?, lease_id(lease)?);
    let ended = visit.write(form, move |tx, right, _| {
        Box::pin(async move {
            let scope = scope::customer(tx, right, customer).await?;
            how.carry_out(tx, right, &scope, &id).await
        })
    });
    ended.await?;
    Ok(visit.leave(&leases(&customer), visit.wording(&TEXTS).of(how.said())))
}
