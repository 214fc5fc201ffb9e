//! API clients over HTTP, and the OAuth 2.0 token endpoint.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use types::{ApiClientId, Name, Page, Problem, Timestamp};
use utoipa::ToSchema;

use crate::App;
use crate::access::ClientManage;
use crate::edge::{Answer, Call, Nothing, PageParams, Params, Path, Refusals, origin, read_body};
use crate::identity::operations::api_client::{self, ApiClient, IssuedToken, TokenError};
use crate::kit::{Fields, Refused};

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct ApiClientView {
    id: ApiClientId,
    name: String,
    scopes: Vec<String>,
    created_at: Timestamp,
}

impl From<ApiClient> for ApiClientView {
    fn from(client: ApiClient) -> Self {
        let scopes = client.scope_names().map(str::to_owned).collect();
        Self { id: client.id, name: client.name, scopes, created_at: client.created_at }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct CreatedApiClient {
    #[serde(flatten)]
    client: ApiClientView,
    /// Shown once.
    secret: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateApiClient {
    #[schema(max_length = 100)]
    name: String,
    /// Names of permissions.
    #[schema(min_items = 1, max_items = 50)]
    scopes: Vec<String>,
}

/// Make an API client.
#[utoipa::path(post, path = "/api-clients", tag = "identity", operation_id = "create_api_client",
    request_body = CreateApiClient, responses((status = 201, body = CreatedApiClient), Refusals),
    extensions(("x-permission" = json!("client.manage"))))]
pub(super) async fn create_api_client(
    call: Call<ClientManage, CreateApiClient>,
) -> Result<Answer<CreatedApiClient>, Refused> {
    let mut fields = Fields::default();
    let name = fields.parse("name", &call.body.name, Name::parse);
    if call.body.scopes.is_empty() {
        fields.wrong("scopes", "scopes.empty", "must name at least one scope");
    }
    let scopes = call.body.scopes.clone();
    let (Some(name), false) = (name, scopes.is_empty()) else { return Err(fields.refuse()) };
    let answer = call
        .shows_secret()
        .write(move |tx, right| {
            Box::pin(async move {
                let (client, secret) = api_client::create_api_client(tx, right, name, &scopes).await?;
                Ok(CreatedApiClient { client: client.into(), secret })
            })
        })
        .await?;
    Ok(answer.created())
}

/// The tenant's API clients.
#[utoipa::path(get, path = "/api-clients", tag = "identity", operation_id = "list_api_clients", params(PageParams),
    responses((status = 200, body = Page<ApiClientView>), Refusals),
    extensions(("x-permission" = json!("client.manage"))))]
pub(super) async fn list_api_clients(
    Params(page): Params<PageParams>,
    call: Call<ClientManage>,
) -> Result<Answer<Page<ApiClientView>>, Refused> {
    let page = page.request()?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { api_client::list_api_clients(tx, right, &page).await }))
        .await?;
    Ok(answer.map(|page| page.map(ApiClientView::from)))
}

/// Delete an API client. Its access tokens end within ten minutes.
#[utoipa::path(delete, path = "/api-clients/{client}", tag = "identity", operation_id = "delete_api_client",
    params(("client" = String, Path, description = "Id")), responses((status = 204), Refusals),
    extensions(("x-permission" = json!("client.manage"))))]
pub(super) async fn delete_api_client(
    Path(client): Path<String>,
    call: Call<ClientManage>,
) -> Result<Nothing, Refused> {
    let id = ApiClientId::parse(&client).map_err(|_| Refused::not_found("API client"))?;
    let done = call.write(move |tx, right| Box::pin(api_client::delete_api_client(tx, right, id))).await?;
    Ok(done.nothing())
}

/// RFC 6749, section 4.4.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TokenRequest {
    /// `client_credentials`.
    grant_type: String,
    /// Unless sent by HTTP Basic authentication.
    client_id: Option<String>,
    client_secret: Option<String>,
    /// Space-separated; absent for all that the client holds.
    scope: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TokenAnswer {
    access_token: String,
    /// `Bearer`.
    token_type: String,
    /// Seconds.
    expires_in: i64,
    scope: String,
}

/// RFC 6749, section 5.2.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenRefusal {
    error: String,
    error_description: String,
}

fn refuse(status: StatusCode, error: &str, description: &str) -> Response {
    let body = TokenRefusal { error: error.to_owned(), error_description: description.to_owned() };
    let mut response = (status, Json(body)).into_response();
    if status == StatusCode::UNAUTHORIZED {
        let challenge = header::HeaderValue::from_static("Basic realm=\"seatline\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Trade a client's secret for an access token.
#[utoipa::path(post, path = "/oauth2/token", tag = "identity", operation_id = "issue_token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = TokenAnswer), (status = 400, body = TokenRefusal),
        (status = 401, body = TokenRefusal),
        (status = 429, body = Problem, content_type = "application/problem+json",
            description = "Too many failed attempts: `Retry-After` says when to try again"),
        (status = 500, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json")),
    security(()))]
pub(super) async fn issue_token(State(app): State<App>, request: Request) -> Result<Response, Refused> {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = read_body(body, 16 * 1024).await else {
        return Ok(refuse(StatusCode::BAD_REQUEST, "invalid_request", "The form is too large."));
    };
    let Ok(form) = serde_urlencoded::from_bytes::<TokenRequest>(&bytes) else {
        return Ok(refuse(StatusCode::BAD_REQUEST, "invalid_request", "Send grant_type as a form field."));
    };
    if form.grant_type != "client_credentials" {
        let description = "Only client_credentials is granted here.";
        return Ok(refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type", description));
    }
    let basic = basic_credentials(&parts.headers);
    let credentials = basic.or(form.client_id.zip(form.client_secret));
    let unknown =
        || refuse(StatusCode::UNAUTHORIZED, "invalid_client", "The client or its secret is unknown.");
    let Some((id, secret)) = credentials else { return Ok(unknown()) };
    let Ok(id) = ApiClientId::parse(&id) else { return Ok(unknown()) };
    let issued = api_client::issue_token(&app, id, secret, form.scope, &origin(&parts)).await?;
    match issued {
        Ok(IssuedToken { access_token, expires_in, scope }) => {
            let answer = TokenAnswer { access_token, token_type: "Bearer".to_owned(), expires_in, scope };
            Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
        }
        Err(TokenError::InvalidClient) => Ok(unknown()),
        Err(TokenError::InvalidScope) => {
            Ok(refuse(StatusCode::BAD_REQUEST, "invalid_scope", "The client does not hold this scope."))
        }
    }
}

fn basic_credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let encoded = value.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    decoded.split_once(':').map(|(id, secret)| (id.to_owned(), secret.to_owned()))
}

/// The public keys that verify access tokens and leases. Fetch them again at least daily, and when a token names
/// one that is not among them: a new key is here before it signs, an old one until what it signed is over.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "identity", operation_id = "get_jwks",
    responses((status = 200, body = serde_json::Value)), security(()))]
pub(super) async fn get_jwks(State(app): State<App>) -> Response {
    ([(header::CACHE_CONTROL, "public, max-age=300")], Json(app.keys.jwks())).into_response()
}
