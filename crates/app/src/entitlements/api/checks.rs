//! Checks: always 200, allowed or not; refusing is an answer.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, header};
use entitlement::{Decision, EnforcementMode, Language, Question, Refusal, Target};
use serde::{Deserialize, Serialize};
use types::{PublisherId, ServiceId, TenantId, UserId};
use utoipa::ToSchema;

use crate::App;
use crate::access::{CheckAny, CheckCustomers, CheckSelf};
use crate::edge::{Answer, Call, Refusals};
use crate::entitlements::TARGET_MISSING;
use crate::events::Freshness;
use crate::identity::operations::find::{self, UserRef};
use crate::kit::{Fields, Refused};
use crate::relationships;

/// Bodies that ask about a service id or a component, whatever else they say.
macro_rules! check_bodies {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: String),* })*) => {$(
        $(#[$doc])*
        #[derive(Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name {
            $($(#[$field_doc])* $field: String,)*
            /// `publisherid.offerid.planid`.
            #[serde(default)]
            #[schema(max_length = 300)]
            service_id: Option<String>,
            /// The unique name of an app of the package.
            #[serde(default)]
            #[schema(max_length = 300)]
            component: Option<String>,
            /// `publisherid.offerid`, where several offers have a component of this name.
            #[serde(default)]
            #[schema(max_length = 100)]
            offer: Option<String>,
        }

        impl $name {
            fn target(&self) -> Result<Target, Refused> {
                target(self.service_id.as_deref(), self.component.as_deref(), self.offer.as_deref())
            }
        }
    )*};
}

check_bodies! {
    SelfCheck {}

    UserCheck {
        /// Id or e-mail address.
        #[schema(max_length = 254)]
        user: String
    }

    CustomerCheck {
        /// The customer's tenant id.
        #[schema(max_length = 36)]
        tenant: String,
        /// The user's id, which the app learned when the user signed in.
        #[schema(max_length = 36)]
        user: String
    }
}

/// The answer to a check (CHK-03).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CheckView {
    allowed: bool,
    /// `active`, `warning`, `suspended` or `waiting`, of the best right found.
    state: Option<String>,
    /// Why: `licensed`, `unrestricted`, `no_seat`, `no_license`, `suspended`, `waiting`, `user_unknown`,
    /// `service_unknown`.
    reason: String,
    /// The service ids that would do.
    service_ids: Vec<ServiceId>,
    /// How the plan is enforced: `block`; `warn` and `audit` allow without a license, for the same `reason`.
    enforcement: String,
    #[schema(value_type = Object)]
    features: BTreeMap<String, entitlement::FeatureValue>,
    /// The position of the tenant's log at which this was decided.
    version: i64,
    /// What to show, where the check refused.
    refusal: Option<RefusalView>,
    /// What to show where the check let in without a license, because the plan only warns.
    notice: Option<RefusalView>,
}

/// The text of a refusal (CHK-04), in the language of `Accept-Language`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RefusalView {
    title: String,
    code: String,
    message: String,
    details: String,
    more_info_url: Option<String>,
}

/// Check any user of the caller's tenant.
#[utoipa::path(post, path = "/checks", tag = "entitlements", operation_id = "check_user",
    request_body = UserCheck, responses((status = 200, body = CheckView), Refusals),
    extensions(("x-permission" = json!("check.any"))))]
pub(super) async fn check_user(
    headers: HeaderMap,
    call: Call<CheckAny, UserCheck>,
) -> Result<Answer<CheckView>, Refused> {
    let target = call.body.target()?;
    let mut fields = Fields::default();
    let Some(user) = fields.parse("user", &call.body.user, UserRef::parse) else {
        return Err(fields.refuse());
    };
    let (app, tenant, now) = (call.app.clone(), call.right.tenant(), call.right.now());
    let user = match user {
        UserRef::Id(id) => id,
        by_email @ UserRef::Email(_) => {
            let found = call.read(move |tx, right| {
                Box::pin(async move { find::existing_user(tx, right, &by_email).await })
            });
            found.await?.value.id
        }
    };
    decide(&app, &headers, Question { tenant, user, target, publisher: None, at_least: 0, now }).await
}

/// Check one's own rights.
#[utoipa::path(post, path = "/me/checks", tag = "entitlements", operation_id = "check_self",
    request_body = SelfCheck, responses((status = 200, body = CheckView), Refusals),
    extensions(("x-permission" = json!("check.self"))))]
pub(super) async fn check_self(
    headers: HeaderMap,
    call: Call<CheckSelf, SelfCheck>,
) -> Result<Answer<CheckView>, Refused> {
    let target = call.body.target()?;
    let user = call.right.user().ok_or_else(|| Refused::not_found("user"))?;
    let (tenant, now) = (call.right.tenant(), call.right.now());
    let question = Question { tenant, user, target, publisher: None, at_least: 0, now };
    decide(&call.app, &headers, question).await
}

/// Check a customer's user, for the publisher's own services and components.
#[utoipa::path(post, path = "/customer-checks", tag = "entitlements", operation_id = "check_customer",
    request_body = CustomerCheck, responses((status = 200, body = CheckView), Refusals),
    extensions(("x-permission" = json!("check.customers"))))]
pub(super) async fn check_customer(
    headers: HeaderMap,
    call: Call<CheckCustomers, CustomerCheck>,
) -> Result<Answer<CheckView>, Refused> {
    let target = call.body.target()?;
    let mut fields = Fields::default();
    let tenant = fields.parse("tenant", &call.body.tenant, TenantId::parse);
    let user = fields.parse("user", &call.body.user, UserId::parse);
    let (Some(tenant), Some(user)) = (tenant, user) else { return Err(fields.refuse()) };
    let (app, publisher): (App, PublisherId) = (call.app.clone(), call.right.publisher()?.clone());
    let now = call.right.now();
    // Without a relationship the customer does not exist for this publisher (REL-06).
    call.read(move |tx, right| {
        Box::pin(async move {
            relationships::operations::find::require(tx, &right.tenant(), &tenant)
                .await
                .map_err(|_| Refused::not_found("customer"))
        })
    })
    .await?;
    let publisher = Some(publisher);
    decide(&app, &headers, Question { tenant, user, target, publisher, at_least: 0, now }).await
}

fn target(service_id: Option<&str>, component: Option<&str>, offer: Option<&str>) -> Result<Target, Refused> {
    match (service_id, component) {
        (Some(service_id), None) => {
            let mut fields = Fields::default();
            let service_id = fields.parse("service_id", service_id, ServiceId::parse);
            service_id.map(Target::Service).ok_or_else(|| fields.refuse())
        }
        (None, Some(component)) => {
            Ok(Target::Component { unique_name: component.to_owned(), offer: offer.map(str::to_owned) })
        }
        _ => Err(TARGET_MISSING.because("Send either service_id or component.")),
    }
}

async fn decide(app: &App, headers: &HeaderMap, question: Question) -> Result<Answer<CheckView>, Refused> {
    let token = headers.get("freshness-token").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let freshness = Freshness::parse(token)
        .map_err(|violation| Refused::fields(vec![violation.at("Freshness-Token")]))?;
    let decision = app.entitlements.check(&app.db, question, &freshness, app.clock.now()).await?;
    let text = || Refusal::of(&decision, &app.entitlements.index().catalog(), language(headers)).into();
    let refusal: Option<RefusalView> = (!decision.allowed).then(text);
    let warned = decision.waived && decision.enforcement == EnforcementMode::Warn;
    let notice: Option<RefusalView> = warned.then(text);
    Ok(Answer::read(view(decision, refusal, notice)?))
}

impl From<Refusal> for RefusalView {
    fn from(refusal: Refusal) -> Self {
        let Refusal { title, code, message, details, more_info_url } = refusal;
        Self { title, code, message, details, more_info_url }
    }
}

fn view(
    decision: Decision,
    refusal: Option<RefusalView>,
    notice: Option<RefusalView>,
) -> Result<CheckView, Refused> {
    let state = decision.state.map(name).transpose()?;
    Ok(CheckView {
        allowed: decision.allowed,
        state,
        reason: name(decision.reason)?,
        service_ids: decision.services,
        enforcement: name(decision.enforcement)?,
        features: decision.features,
        version: decision.version,
        refusal,
        notice,
    })
}

/// The name of a value as the engine writes it.
fn name(value: impl Serialize) -> Result<String, Refused> {
    let value = serde_json::to_value(value).map_err(Refused::internal)?;
    value.as_str().map(str::to_owned).ok_or_else(|| Refused::internal("a value without a name"))
}

/// Korean where it is asked for first, else English.
fn language(headers: &HeaderMap) -> Language {
    let asked =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let korean = asked.split(',').next().is_some_and(|first| first.trim().to_lowercase().starts_with("ko"));
    if korean { Language::Ko } else { Language::En }
}
