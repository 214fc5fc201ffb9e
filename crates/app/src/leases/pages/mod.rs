//! Leases in a browser: those of a customer in the admin center, those of a publisher's customer in its portal.

mod customer;
mod list;
mod revocations;
mod tenant;

use axum::Router;
use axum::routing::{get, post};
use types::LeaseId;

use super::operations::end;
use super::{LeaseRow, Scope};
use crate::App;
use crate::access::{Permission, Right};
use crate::kit::{Refused, Texts};

static TEXTS: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// Of the admin center.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(tenant::LEASES, get(tenant::look))
        .route("/admin/leases/revocations/{publisher}", get(revocations::of_tenant))
        .route("/admin/leases/{lease}/revoke", post(tenant::revoke))
        .route("/admin/leases/{lease}/return", post(tenant::give_back))
}

/// Of the publisher portal.
pub(crate) fn publisher_routes() -> Router<App> {
    Router::new()
        .route("/publisher/customers/{customer}/leases", get(customer::look))
        .route("/publisher/customers/{customer}/leases.revocations", get(revocations::of_customer))
        .route("/publisher/customers/{customer}/leases/{lease}/revoke", post(customer::revoke))
        .route("/publisher/customers/{customer}/leases/{lease}/return", post(customer::give_back))
}

/// From an address: what is no id is no lease.
fn lease_id(text: &str) -> Result<LeaseId, Refused> {
    LeaseId::parse(text).map_err(|_| Refused::not_found("lease"))
}

/// How a lease ends before its time.
#[derive(Clone, Copy)]
enum End {
    Revoke,
    Return,
}

impl End {
    async fn carry_out<P: Permission>(
        self,
        tx: &mut db::Tx,
        right: &Right<P>,
        scope: &Scope,
        id: &LeaseId,
    ) -> Result<LeaseRow, Refused> {
        match self {
            Self::Revoke => end::revoke_lease(tx, right, scope, id).await,
            Self::Return => end::return_lease(tx, right, scope, id).await,
        }
    }

    /// The text that says it was done.
    fn said(self) -> &'static str {
        match self {
            Self::Revoke => "revoked",
            Self::Return => "returned",
        }
    }
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
