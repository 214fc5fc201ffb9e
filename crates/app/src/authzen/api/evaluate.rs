//! Evaluations, one and many.

use std::iter;

use axum::Json;

use super::Asked;
use super::answer::{EvaluationAnswer, EvaluationsAnswer, OneOrMany};
use crate::authzen::request::{EvaluationRequest, Evaluations, EvaluationsRequest};
use crate::edge::Refusals;
use crate::kit::Refused;

/// May this subject do this action on this resource (OpenID AuthZEN 1.0)? About oneself; about users of one's
/// organisation this needs check.any; about a customer's users, named by `context.tenant`, check.customers.
#[utoipa::path(post, path = "/access/v1/evaluation", tag = "authzen", operation_id = "evaluate",
    request_body = EvaluationRequest, responses((status = 200, body = EvaluationAnswer), Refusals),
    extensions(("x-permission" = json!("check.self"))))]
pub(super) async fn evaluate(
    Asked { asker, body }: Asked<EvaluationRequest>,
) -> Result<Json<EvaluationAnswer>, Refused> {
    asker.refuse_foreign(iter::once(&body.context))?;
    Ok(Json(EvaluationAnswer::of(asker.evaluate(&body).await?)))
}

/// The same for up to 1,000 evaluations, which take what they leave out from the top of the request. One that
/// does not fit is `decision: false` in its place.
#[utoipa::path(post, path = "/access/v1/evaluations", tag = "authzen", operation_id = "evaluate_many",
    request_body = EvaluationsRequest, responses((status = 200, body = OneOrMany), Refusals),
    extensions(("x-permission" = json!("check.self"))))]
pub(super) async fn evaluate_many(Asked { asker, body }: Asked) -> Result<Json<OneOrMany>, Refused> {
    let (semantic, items) = match EvaluationsRequest::read(body)? {
        Evaluations::One(asked) => {
            asker.refuse_foreign(iter::once(&asked.context))?;
            let answer = EvaluationAnswer::of(asker.evaluate(&asked).await?);
            return Ok(Json(OneOrMany::One(answer)));
        }
        Evaluations::Many(semantic, items) => (semantic, items),
    };
    asker.ask_more(items.len().saturating_sub(1))?;
    asker.refuse_foreign(items.iter().flatten().map(|asked| &asked.context))?;
    let mut evaluations = Vec::with_capacity(items.len());
    for item in items {
        let answer = match item {
            Err(wrong) => EvaluationAnswer::no("malformed".to_owned(), Some(wrong)),
            Ok(asked) => match asker.evaluate(&asked).await {
                Ok(answered) => EvaluationAnswer::of(answered),
                Err(refused) => EvaluationAnswer::of_refused(refused)?,
            },
        };
        let ends = semantic.ends_with(answer.decision());
        evaluations.push(answer);
        if ends {
            break;
        }
    }
    Ok(Json(OneOrMany::Many(EvaluationsAnswer { evaluations })))
}
