//! Single checks.

use std::iter;

use axum::response::Response;
use entitlement::{Question, Target};
use types::{NOBODY, TenantId, UserId};

use super::answered::{self, CheckView, Times};
use super::asked::{Asked, CustomerCheck, SelfCheck, UserCheck};
use crate::Node;
use crate::access::{CheckAny, CheckCustomers, CheckSelf};
use crate::edge::{Ask, Refusals};
use crate::entitlements::api::freshness;
use crate::entitlements::{EDGE_KNOWS_NO_ADDRESS, Wanted};
use crate::events::Actor;
use crate::identity::operations::find::{self, UserRef};
use crate::kit::Refused;

/// Check any user of the caller's tenant.
#[utoipa::path(post, path = "/api/v1/checks", tag = "entitlements", operation_id = "check_user",
    request_body = UserCheck, params(freshness::Header), responses((status = 200, body = CheckView), Refusals),
    extensions(("x-permission" = json!("check.any"))))]
pub(super) async fn check_user(ask: Ask<CheckAny>) -> Result<Response, Refused> {
    let body: UserCheck<'_> = ask.body()?;
    let (target, tenant) = (body.target()?, ask.asker.tenant);
    let user = user(&ask, body.user()?).await?;
    decide(&ask, tenant, user, target, None).await
}

/// Check one's own rights.
#[utoipa::path(post, path = "/api/v1/me/checks", tag = "entitlements", operation_id = "check_self",
    request_body = SelfCheck, params(freshness::Header), responses((status = 200, body = CheckView), Refusals),
    extensions(("x-permission" = json!("check.self"))))]
pub(super) async fn check_self(ask: Ask<CheckSelf>) -> Result<Response, Refused> {
    let body: SelfCheck<'_> = ask.body()?;
    let target = body.target()?;
    decide(&ask, ask.asker.tenant, own(&ask)?, target, None).await
}

/// Check a customer's user, for the publisher's own services and components.
#[utoipa::path(post, path = "/api/v1/customer-checks", tag = "entitlements", operation_id = "check_customer",
    request_body = CustomerCheck, params(freshness::Header),
    responses((status = 200, body = CheckView), Refusals),
    extensions(("x-permission" = json!("check.customers"))))]
pub(super) async fn check_customer(ask: Ask<CheckCustomers>) -> Result<Response, Refused> {
    let body: CustomerCheck<'_> = ask.body()?;
    let (target, (tenant, user)) = (body.target()?, body.who()?);
    decide(&ask, tenant, user, target, Some(ask.publisher()?)).await
}

/// The user who asks; machine clients are none.
pub(super) fn own<P>(ask: &Ask<P>) -> Result<UserId, Refused> {
    match ask.asker.actor {
        Actor::User(user) => Ok(user),
        Actor::Client(_) | Actor::System => Err(Refused::not_found("user")),
    }
}

/// The user of the asker's tenant whom this means; addresses are looked up. Whether the tenant has such a user is part
/// of the answer.
pub(super) async fn user<P>(ask: &Ask<P>, user: UserRef) -> Result<UserId, Refused> {
    match user {
        UserRef::Id(id) => Ok(id),
        UserRef::Email(email) => {
            let Node::Marketplace(app) = &ask.node else {
                return Err(
                    EDGE_KNOWS_NO_ADDRESS.because("Send the user's id, which the app learned at sign-in.")
                );
            };
            let tenant = ask.asker.tenant;
            let found = app.db.read(move |tx| {
                Box::pin(async move { find::user_at(tx, &tenant, &email).await.map_err(Refused::from) })
            });
            Ok(found.await?.unwrap_or(NOBODY))
        }
    }
}

async fn decide<P>(
    ask: &Ask<P>,
    tenant: TenantId,
    user: UserId,
    target: Target<'_>,
    publisher: Option<&str>,
) -> Result<Response, Refused> {
    let wanted: Wanted = freshness::wanted(&ask.headers, ask.asker.tenant, iter::once(tenant))?;
    let question = Question { tenant, user, target, publisher, at_least: 0, now: ask.now };
    let (times, language) = (Times::of(&ask.node)?, answered::language(&ask.headers));
    let bytes =
        ask.node.check(question, &wanted, |decision| answered::answer(decision, times, language)).await?;
    bytes.map(answered::send).map_err(Refused::internal)
}
