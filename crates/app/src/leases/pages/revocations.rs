//! The signed list of what was revoked, as a file for apps that have no connection to fetch it.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use db::Tx;
use types::PublisherId;

use super::customer::customer_id;
use crate::access::{LeaseAny, LeaseCustomers};
use crate::edge::Path;
use crate::edge::browser::Visit;
use crate::identity::operations::find as identity;
use crate::kit::Refused;
use crate::leases::operations::scope;
use crate::leases::signer::Signer;

/// Where the lists of these publishers are, with their names and by them.
pub(super) async fn lists(tx: &mut Tx, publishers: &[PublisherId]) -> Result<Vec<(String, String)>, Refused> {
    let mut lists = Vec::with_capacity(publishers.len());
    for id in publishers {
        if let Some(publisher) = identity::publisher(tx, id).await? {
            lists.push((publisher.name, format!("{}/revocations/{id}", super::tenant::LEASES)));
        }
    }
    lists.sort_unstable();
    Ok(lists)
}

/// A publisher's, for one's own organisation.
pub(super) async fn of_tenant(
    Path(publisher): Path<String>,
    visit: Visit<LeaseAny>,
) -> Result<Response, Refused> {
    let publisher = PublisherId::parse(&publisher).map_err(|_| Refused::not_found("publisher"))?;
    let (signer, name) = (Signer::of_lists(&visit.app)?, publisher.to_string());
    let list = visit.read(move |tx, right| {
        Box::pin(async move { signer.list(tx, &scope::tenant(right), &publisher, right.now()).await })
    });
    Ok(file(&name, list.await?.1))
}

/// One's own, for a customer.
pub(super) async fn of_customer(
    Path(customer): Path<String>,
    visit: Visit<LeaseCustomers>,
) -> Result<Response, Refused> {
    let (signer, customer) = (Signer::of_lists(&visit.app)?, customer_id(&customer)?);
    let list = visit.read(move |tx, right| {
        Box::pin(async move {
            let scope = scope::customer(tx, right, customer).await?;
            signer.list(tx, &scope, right.publisher()?, right.now()).await
        })
    });
    Ok(file(&customer.to_string(), list.await?.1))
}

fn file(name: &str, token: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}.revocations\"");
    let headers = [
        (header::CONTENT_TYPE, "application/jwt".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, token).into_response()
}
