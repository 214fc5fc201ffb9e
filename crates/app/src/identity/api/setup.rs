//! Make the first operator.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::Deserialize;
use types::{Email, Name, Problem};
use utoipa::ToSchema;

use super::UserView;
use crate::App;
use crate::edge::{Refusals, origin, read_body, read_json};
use crate::identity::Password;
use crate::identity::operations::set_up::{self, SetUp};
use crate::kit::{Fields, Refused};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetUpBody {
    /// As the server printed it when it started.
    #[schema(max_length = 100)]
    token: String,
    #[schema(max_length = 254)]
    email: String,
    #[schema(max_length = 200)]
    name: String,
    #[schema(min_length = 10, max_length = 200)]
    password: String,
}

/// Make the first operator of a new marketplace, with the token that the server printed. Works once.
#[utoipa::path(post, path = "/setup", tag = "identity", operation_id = "set_up", request_body = SetUpBody,
    responses((status = 201, body = UserView), Refusals,
        (status = 429, body = Problem, content_type = "application/problem+json",
            description = "Too many failed attempts: `Retry-After` says when to try again")),
    security(()))]
pub(super) async fn set_up(
    State(app): State<App>,
    request: Request,
) -> Result<(StatusCode, axum::Json<UserView>), Refused> {
    let (parts, body) = request.into_parts();
    let body: SetUpBody = read_json(&read_body(body, 16 * 1024).await?)?;
    let mut fields = Fields::default();
    let email = fields.parse("email", &body.email, Email::parse);
    let name = fields.parse("name", &body.name, Name::parse);
    let password = Password::parse(&mut fields, "password", &body.password);
    let (Some(email), Some(name), Some(password)) = (email, name, password) else {
        return Err(fields.refuse());
    };
    let command = SetUp { token: body.token, email, name, password };
    let user = set_up::set_up(&app, command, &origin(&parts)).await?;
    Ok((StatusCode::CREATED, axum::Json(user.into())))
}
