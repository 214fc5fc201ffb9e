//! Searches. What is not known is found nowhere, which is no error.

use std::iter;

use axum::Json;
use serde::Serialize;
use types::UserId;
use utoipa::ToSchema;

use super::Asked;
use crate::authzen::request::{
    self, ActionSearch, AuthzenAction, EvaluationRequest, ResourceSearch, SubjectSearch, USE, USER, known,
    target,
};
use crate::authzen::search::{Found, Resource, page, resources, subjects};
use crate::edge::Refusals;
use crate::kit::Refused;

/// Where the next page begins.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthzenPageAnswer {
    /// Send it as `page.token`; empty on the last page.
    next_token: String,
    /// Results of this page.
    count: usize,
}

fn page_answer<T>(found: &Found<T>) -> AuthzenPageAnswer {
    AuthzenPageAnswer { next_token: found.next_token.clone(), count: found.items.len() }
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundSubject {
    /// `user`.
    #[serde(rename = "type")]
    kind: String,
    id: UserId,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundSubjects {
    results: Vec<FoundSubject>,
    page: AuthzenPageAnswer,
}

/// The users of your organisation who may use this. A publisher cannot list a customer's.
#[utoipa::path(post, path = "/access/v1/search/subject", tag = "authzen", operation_id = "search_subjects",
    request_body = SubjectSearch, responses((status = 200, body = FoundSubjects), Refusals),
    extensions(("x-permission" = json!("check.any"))))]
pub(super) async fn search_subjects(Asked { asker, body }: Asked) -> Result<Json<FoundSubjects>, Refused> {
    asker.demand_any()?;
    let asked: SubjectSearch = request::read(body)?;
    asker.refuse_foreign(iter::once(&asked.context))?;
    let wanted = page(&asked.page)?;
    let place = asker.place(&asked.context, None)?;
    let kinds = known(&asked.subject.kind, &asked.action.name);
    let found = match (place, kinds, target(&asked.resource)) {
        (Ok(place), Ok(()), Ok(target)) => {
            subjects(&asker, (&place, &asked.context), wanted, &target).await?
        }
        _ => Found::default(),
    };
    let page = page_answer(&found);
    let result = |id| FoundSubject { kind: USER.to_owned(), id };
    Ok(Json(FoundSubjects { results: found.items.into_iter().map(result).collect(), page }))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundResource {
    /// As it was asked for.
    #[serde(rename = "type")]
    kind: String,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<FoundProperties>,
}

/// Of a component.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundProperties {
    /// `publisherid.offerid`.
    offer: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundResources {
    results: Vec<FoundResource>,
    page: AuthzenPageAnswer,
}

/// What a user may use: services, or components.
#[utoipa::path(post, path = "/access/v1/search/resource", tag = "authzen", operation_id = "search_resources",
    request_body = ResourceSearch, responses((status = 200, body = FoundResources), Refusals),
    extensions(("x-permission" = json!("check.self"))))]
pub(super) async fn search_resources(Asked { asker, body }: Asked) -> Result<Json<FoundResources>, Refused> {
    let asked: ResourceSearch = request::read(body)?;
    asker.refuse_foreign(iter::once(&asked.context))?;
    let wanted = page(&asked.page)?;
    let components = match asked.resource.kind.as_str() {
        "service" | "sku" => Some(false),
        "component" => Some(true),
        _ => None,
    };
    let place = asker.place(&asked.context, Some(&asked.subject))?;
    let found = match (place, known(&asked.subject.kind, &asked.action.name), components) {
        (Ok(place), Ok(()), Some(components)) => match asker.user(&place, &asked.subject).await? {
            Ok(user) => resources(&asker, (&place, &asked.context), wanted, (user, components)).await?,
            Err(_) => Found::default(),
        },
        _ => Found::default(),
    };
    let page = page_answer(&found);
    let result = |resource| {
        let kind = asked.resource.kind.clone();
        match resource {
            Resource::Service(service) => FoundResource { kind, id: service.to_string(), properties: None },
            Resource::Component { unique_name, offer } => {
                FoundResource { kind, id: unique_name, properties: Some(FoundProperties { offer }) }
            }
        }
    };
    Ok(Json(FoundResources { results: found.items.into_iter().map(result).collect(), page }))
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundAction {
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundActions {
    results: Vec<FoundAction>,
    page: AuthzenPageAnswer,
}

/// What a user may do with this: `use`, or nothing.
#[utoipa::path(post, path = "/access/v1/search/action", tag = "authzen", operation_id = "search_actions",
    request_body = ActionSearch, responses((status = 200, body = FoundActions), Refusals),
    extensions(("x-permission" = json!("check.self"))))]
pub(super) async fn search_actions(Asked { asker, body }: Asked) -> Result<Json<FoundActions>, Refused> {
    let ActionSearch { subject, resource, context } = request::read(body)?;
    let action = AuthzenAction { name: USE.to_owned() };
    let asked = EvaluationRequest { subject, action, resource, context };
    asker.refuse_foreign(iter::once(&asked.context))?;
    let allowed = asker.look(&asked).await?.is_ok_and(|decision| decision.allowed);
    let results: Vec<FoundAction> =
        allowed.then(|| FoundAction { name: USE.to_owned() }).into_iter().collect();
    let page = AuthzenPageAnswer { next_token: String::new(), count: results.len() };
    Ok(Json(FoundActions { results, page }))
}
