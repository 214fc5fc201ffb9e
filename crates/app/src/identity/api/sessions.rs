//! Sign in and out, and who one is.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use types::{Email, Problem, TenantSlug, Timestamp};
use utoipa::ToSchema;

use super::UserView;
use super::tenants::TenantView;
use crate::App;
use crate::access::SelfView;
use crate::edge::{Answer, Call, Nothing, Refusals, bearer, origin, read_body, read_json};
use crate::identity::Password;
use crate::identity::operations::sign_in::{self, SignIn};
use crate::identity::operations::{find, find::UserRef};
use crate::kit::{Fields, Refused};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateSession {
    #[schema(max_length = 254)]
    email: String,
    #[schema(max_length = 200)]
    password: String,
    /// The tenant's short name; needed where several know this address and password.
    #[serde(default)]
    tenant: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// Send it as `Authorization: Bearer …`. Shown once.
    token: String,
    expires_at: Timestamp,
}

/// Sign in with e-mail address and password.
#[utoipa::path(post, path = "/sessions", tag = "identity", operation_id = "create_session",
    request_body = CreateSession, security(()),
    responses((status = 201, body = SessionView), Refusals,
        (status = 429, body = Problem, content_type = "application/problem+json",
            description = "Too many failed attempts: `Retry-After` says when to try again")))]
pub(super) async fn create_session(
    State(app): State<App>,
    request: Request,
) -> Result<(StatusCode, axum::Json<SessionView>), Refused> {
    let (parts, body) = request.into_parts();
    let body: CreateSession = read_json(&read_body(body, 16 * 1024).await?)?;
    let mut fields = Fields::default();
    let email = fields.parse("email", &body.email, Email::parse);
    let tenant = fields.optional("tenant", body.tenant.as_deref(), TenantSlug::parse);
    let (Some(email), Some(tenant)) = (email, tenant) else { return Err(fields.refuse()) };
    let command = SignIn { email, password: body.password, tenant };
    let session = sign_in::sign_in(&app, command, origin(&parts)).await?;
    let view = SessionView { token: session.token, expires_at: session.expires_at };
    Ok((StatusCode::CREATED, axum::Json(view)))
}

/// Sign out: end the session whose token this request carries.
#[utoipa::path(delete, path = "/sessions/current", tag = "identity", operation_id = "delete_current_session",
    responses((status = 204), Refusals), extensions(("x-permission" = json!("self.view"))))]
pub(super) async fn delete_current_session(
    headers: axum::http::HeaderMap,
    call: Call<SelfView>,
) -> Result<Nothing, Refused> {
    let token = bearer(&headers)?.to_owned();
    let done = call
        .write(move |tx, right| Box::pin(async move { sign_in::sign_out(tx, right, &token).await }))
        .await?;
    Ok(done.nothing())
}

#[derive(Serialize, ToSchema)]
pub(crate) struct MeView {
    user: Option<UserView>,
    tenant: TenantView,
    /// The names of everything this caller may do.
    permissions: Vec<String>,
}

/// Who the caller is and what it may do.
#[utoipa::path(get, path = "/me", tag = "identity", operation_id = "get_me",
    responses((status = 200, body = MeView), Refusals), extensions(("x-permission" = json!("self.view"))))]
pub(super) async fn get_me(call: Call<SelfView>) -> Result<Answer<MeView>, Refused> {
    call.read(|tx, right| {
        Box::pin(async move {
            let user = match right.user() {
                Some(id) => find::user(tx, right, &UserRef::Id(id)).await?,
                None => None,
            };
            let permissions = right.principal().powers().map(|kind| kind.info().name.to_owned()).collect();
            let tenant = find::own_tenant(tx, right).await?.into();
            Ok(MeView { user: user.map(UserView::from), tenant, permissions })
        })
    })
    .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePassword {
    #[schema(max_length = 200)]
    present: String,
    #[schema(min_length = 10, max_length = 200)]
    new: String,
}

/// Change one's own password. Every session and token of the user ends.
#[utoipa::path(put, path = "/me/password", tag = "identity", operation_id = "change_own_password",
    request_body = ChangePassword,
    responses((status = 204), Refusals,
        (status = 429, body = Problem, content_type = "application/problem+json",
            description = "Too many failed attempts: `Retry-After` says when to try again")),
    extensions(("x-permission" = json!("self.view"))))]
pub(super) async fn change_own_password(call: Call<SelfView, ChangePassword>) -> Result<StatusCode, Refused> {
    call.right.refuse_personal_token()?;
    let mut fields = Fields::default();
    let new = Password::parse(&mut fields, "new", &call.body.new);
    let Some(new) = new else { return Err(fields.refuse()) };
    let Call { app, right, body, .. } = call;
    sign_in::change_password(&app, right, body.present, new).await?;
    Ok(StatusCode::NO_CONTENT)
}
