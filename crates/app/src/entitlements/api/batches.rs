//! Many checks in one request, answered in order (CHK-07).

use std::iter;

use axum::response::Response;
use entitlement::{Question, Target};
use types::{TenantId, UserId};

use super::answered::{self, ChecksView, Results, Times};
use super::asked::{Asked, Batch, CustomerCheck, SelfCheck, UserCheck, each};
use super::checks::{own, user};
use crate::access::{CheckAny, CheckCustomers, CheckSelf, RightsFollow};
use crate::edge::{Ask, Refusals};
use crate::entitlements::api::freshness;
use crate::entitlements::{Answered, Wanted};
use crate::kit::Refused;

/// Check users of the caller's tenant, up to 1,000 at once, answered in order.
#[utoipa::path(post, path = "/api/v1/checks/batch", tag = "entitlements", operation_id = "check_users",
    request_body = inline(Batch<UserCheck>), params(freshness::Header),
    responses((status = 200, body = ChecksView), Refusals),
    extensions(("x-permission" = json!("check.any"))))]
pub(super) async fn check_users(ask: Ask<CheckAny>) -> Result<Response, Refused> {
    let checks = ask.body::<Batch<UserCheck<'_>>>()?.checks()?;
    let mut answers = Answers::of(&ask, checks.len(), iter::empty())?;
    let asked = each(&checks, |check| (check.user(), check.target()))?;
    ask.node.foresee(asked.iter().filter_map(|(who, _)| who.id()));
    for (who, target) in asked {
        answers.decide(ask.asker.tenant, user(&ask, who).await?, target, None).await?;
    }
    Ok(answers.send())
}

/// Check one's own rights, up to 1,000 at once, answered in order.
#[utoipa::path(post, path = "/api/v1/me/checks/batch", tag = "entitlements", operation_id = "check_self_many",
    request_body = inline(Batch<SelfCheck>), params(freshness::Header),
    responses((status = 200, body = ChecksView), Refusals),
    extensions(("x-permission" = json!("check.self"))))]
pub(super) async fn check_self_many(ask: Ask<CheckSelf>) -> Result<Response, Refused> {
    let (checks, user) = (ask.body::<Batch<SelfCheck<'_>>>()?.checks()?, own(&ask)?);
    let mut answers = Answers::of(&ask, checks.len(), iter::empty())?;
    for ((), target) in each(&checks, |check| (Ok(()), check.target()))? {
        answers.decide(ask.asker.tenant, user, target, None).await?;
    }
    Ok(answers.send())
}

/// Check customers' users, for the publisher's own services and components, up to 1,000 at once, answered in
/// order.
#[utoipa::path(post, path = "/api/v1/customer-checks/batch", tag = "entitlements", operation_id = "check_customers",
    request_body = inline(Batch<CustomerCheck>), params(freshness::Header),
    responses((status = 200, body = ChecksView), Refusals),
    extensions(("x-permission" = json!("check.customers"))))]
pub(super) async fn check_customers(ask: Ask<CheckCustomers>) -> Result<Response, Refused> {
    let (checks, publisher) = (ask.body::<Batch<CustomerCheck<'_>>>()?.checks()?, ask.publisher()?);
    decide_all(&ask, &checks, Some(publisher)).await
}

/// Check anybody, as their own tenant would, up to 1,000 at once, answered in order: what the operator's edges
/// answered first on a day, so that it is noted here too.
#[utoipa::path(post, path = "/api/v1/all-checks/batch", tag = "entitlements", operation_id = "check_everybody",
    request_body = inline(Batch<CustomerCheck>), params(freshness::Header),
    responses((status = 200, body = ChecksView), Refusals),
    extensions(("x-permission" = json!("rights.follow"))))]
pub(super) async fn check_everybody(ask: Ask<RightsFollow>) -> Result<Response, Refused> {
    let checks = ask.body::<Batch<CustomerCheck<'_>>>()?.checks()?;
    decide_all(&ask, &checks, None).await
}

async fn decide_all<P>(
    ask: &Ask<P>,
    checks: &[CustomerCheck<'_>],
    publisher: Option<&str>,
) -> Result<Response, Refused> {
    let asked = each(checks, |check| (check.who(), check.target()))?;
    let mut answers = Answers::of(ask, checks.len(), asked.iter().map(|((tenant, _), _)| *tenant))?;
    ask.node.foresee(asked.iter().map(|((_, user), _)| *user));
    for ((tenant, user), target) in asked {
        answers.decide(tenant, user, target, publisher).await?;
    }
    Ok(answers.send())
}

/// The answers so far.
struct Answers<'a, P> {
    ask: &'a Ask<P>,
    wanted: Wanted,
    results: Results,
}

impl<'a, P> Answers<'a, P> {
    /// `asked`: about whom besides the asker's own tenant.
    fn of(ask: &'a Ask<P>, count: usize, asked: impl Iterator<Item = TenantId>) -> Result<Self, Refused> {
        ask.node.questions().ask(&ask.asker, count - 1, ask.now)?;
        let wanted = freshness::wanted(&ask.headers, ask.asker.tenant, asked)?;
        let results = Results::of(count, Times::of(&ask.node)?).map_err(Refused::internal)?;
        Ok(Self { ask, wanted, results })
    }

    async fn decide(
        &mut self,
        tenant: TenantId,
        user: UserId,
        target: Target<'_>,
        publisher: Option<&str>,
    ) -> Result<(), Refused> {
        let Self { ask, wanted, results } = self;
        let question = Question { tenant, user, target, publisher, at_least: 0, now: ask.now };
        match ask.node.answer(question, wanted, |decision| results.add(decision)).await? {
            Answered::Decided(put) => put.map_err(Refused::internal)?,
            Answered::NoCustomer => results.add_undecided("customer_unknown"),
            Answered::Unclear(_) => results.add_undecided("component_unclear"),
        }
        Ok(())
    }

    fn send(self) -> Response {
        answered::send(self.results.finish())
    }
}
