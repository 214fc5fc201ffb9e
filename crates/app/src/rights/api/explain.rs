//! Why a user may, or may not, use something.

use entitlement::Thing;
use serde::Deserialize;
use types::ServiceId;
use utoipa::IntoParams;

use crate::App;
use crate::access::{CheckAny, CheckCustomers, CheckSelf};
use crate::edge::{Answer, Call, Params, Path, Refusals};
use crate::entitlements::TARGET_MISSING;
use crate::identity::operations::find::UserRef;
use crate::kit::{Fields, Refused};
use crate::rights::chain::Explanation;
use crate::rights::memory;
use crate::rights::operations::Subject;
use crate::rights::operations::explain::explain;

/// What is to be explained: a service id or a component.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExplainParams {
    /// `publisherid.offerid.planid`.
    #[param(max_length = 300)]
    service_id: Option<String>,
    /// The unique name of an app of the package.
    #[param(max_length = 300)]
    component: Option<String>,
    /// `publisherid.offerid`, where several offers have a component of this name.
    #[param(max_length = 100)]
    offer: Option<String>,
}

impl ExplainParams {
    fn target(self) -> Result<Thing, Refused> {
        match (self.service_id, self.component) {
            (Some(service_id), None) => {
                let mut fields = Fields::default();
                let service_id = fields.parse("service_id", &service_id, ServiceId::parse);
                service_id.map(Thing::Service).ok_or_else(|| fields.refuse())
            }
            (None, Some(unique_name)) => Ok(Thing::Component { unique_name, offer: self.offer }),
            _ => Err(TARGET_MISSING.because("Send either service_id or component.")),
        }
    }
}

fn answer(app: &App, target: Thing, read: Answer<(Subject, Explanation)>) -> Answer<Explanation> {
    read.map(|(subject, explanation)| {
        let memory = memory::compare(&app.entitlements, &subject, &target, &explanation);
        Explanation { memory, ..explanation }
    })
}

/// Why you may, or may not, use something: every link from the deal to the component, and where one is
/// missing, who could mend it.
#[utoipa::path(get, path = "/me/rights/explain", tag = "entitlements", operation_id = "explain_own_right",
    params(ExplainParams), responses((status = 200, body = Explanation), Refusals),
    extensions(("x-permission" = json!("check.self"))))]
pub(super) async fn explain_own_right(
    Params(asked): Params<ExplainParams>,
    call: Call<CheckSelf>,
) -> Result<Answer<Explanation>, Refused> {
    let (app, subject, target) = (call.app.clone(), Subject::oneself(&call.right)?, asked.target()?);
    let asked = target.clone();
    let read = call.read(move |tx, _| {
        Box::pin(async move {
            let explanation = explain(tx, &subject, &asked).await?;
            Ok((subject, explanation))
        })
    });
    Ok(answer(&app, target, read.await?))
}

/// Why a user of your tenant may, or may not, use something.
#[utoipa::path(get, path = "/users/{user}/rights/explain", tag = "entitlements", operation_id = "explain_right",
    params(("user" = String, Path, description = "Id or e-mail address"), ExplainParams),
    responses((status = 200, body = Explanation), Refusals), extensions(("x-permission" = json!("check.any"))))]
pub(super) async fn explain_right(
    Path(user): Path<String>,
    Params(asked): Params<ExplainParams>,
    call: Call<CheckAny>,
) -> Result<Answer<Explanation>, Refused> {
    let (app, user, target) = (call.app.clone(), UserRef::from_path(&user)?, asked.target()?);
    let asked = target.clone();
    let read = call.read(move |tx, right| {
        Box::pin(async move {
            let subject = Subject::member(tx, right, &user).await?;
            let explanation = explain(tx, &subject, &asked).await?;
            Ok((subject, explanation))
        })
    });
    Ok(answer(&app, target, read.await?))
}

/// Why a customer's user may, or may not, use a service or a component of yours; without names.
#[utoipa::path(get, path = "/customers/{tenant}/users/{user}/rights/explain", tag = "entitlements",
    operation_id = "explain_customer_right",
    params(("tenant" = String, Path, description = "The customer's tenant id"),
        ("user" = String, Path, description = "The user's id, which the app learned when the user signed in"),
        ExplainParams),
    responses((status = 200, body = Explanation), Refusals),
    extensions(("x-permission" = json!("check.customers"))))]
pub(super) async fn explain_customer_right(
    Path((tenant, user)): Path<(String, String)>,
    Params(asked): Params<ExplainParams>,
    call: Call<CheckCustomers>,
) -> Result<Answer<Explanation>, Refused> {
    let ((tenant, user), target) = (super::customer_user(&tenant, &user)?, asked.target()?);
    let (app, asked) = (call.app.clone(), target.clone());
    let read = call.read(move |tx, right| {
        Box::pin(async move {
            let subject = Subject::of_customer(tx, right, tenant, user).await?;
            let explanation = explain(tx, &subject, &asked).await?;
            Ok((subject, explanation))
        })
    });
    Ok(answer(&app, target, read.await?))
}
