//! API clients, and the access tokens they trade their secret for (OAuth 2.0 client credentials).

use db::Tx;
use types::{ApiClientId, Name, Page, PageRequest, TenantId, Timestamp};

use crate::App;
use crate::access::{ClientManage, PermissionInfo, PermissionKind, Right};
use crate::events::Origin;
use crate::identity::events::{ApiClientCreated, ApiClientDeleted};
use crate::identity::token::{self, ACCESS_TOKEN_SECONDS, Claims};
use crate::identity::{Keys, SCOPE_UNKNOWN, store};
use crate::kit::{Random, Refused};

db::rows! {
    /// A machine of a tenant.
    pub(crate) struct ApiClient in "api_clients" {
        pub id: ApiClientId,
        pub tenant_id: TenantId,
        pub name: String,
        pub secret_hash: Vec<u8>,
        /// Space-separated names of permissions.
        pub scopes: String,
        pub created_at: Timestamp,
    }
}

impl ApiClient {
    pub(crate) fn scope_names(&self) -> impl Iterator<Item = &str> {
        self.scopes.split(' ').filter(|scope| !scope.is_empty())
    }
}

/// Makes a client; the second value is its secret, shown once. ROL-03: a client can hold no scope that
/// its maker does not.
pub(crate) async fn create_api_client(
    tx: &mut Tx,
    right: &Right<ClientManage>,
    name: Name<100>,
    scopes: &[String],
) -> Result<(ApiClient, String), Refused> {
    right.refuse_personal_token()?;
    let grantable = |name: &&String| {
        PermissionKind::parse(name)
            .is_some_and(|kind| right.principal().may(kind) && kind.info().fits_a_machine())
    };
    if let Some(unknown) = scopes.iter().find(|scope| !grantable(scope)) {
        let known: Vec<&str> = right
            .principal()
            .powers()
            .map(PermissionKind::info)
            .filter(PermissionInfo::fits_a_machine)
            .map(|info| info.name)
            .collect();
        let detail = format!("{unknown} cannot be granted here; these can: {}.", known.join(", "));
        return Err(SCOPE_UNKNOWN.because(detail));
    }
    let secret = right.random().secret(token::CLIENT);
    let client = ApiClient {
        id: right.new_id(),
        tenant_id: right.tenant(),
        name: name.into_string(),
        secret_hash: token::hash(&secret),
        scopes: scopes.join(" "),
        created_at: right.now(),
    };
    store::insert_api_client(tx, &client).await?;
    right.record(tx, &ApiClientCreated { client: client.id, scopes: client.scopes.clone() })?;
    Ok((client, secret))
}

pub(crate) async fn list_api_clients(
    tx: &mut Tx,
    right: &Right<ClientManage>,
    page: &PageRequest,
) -> Result<Page<ApiClient>, Refused> {
    let clients = store::list_api_clients(tx, &right.tenant(), page).await?;
    Ok(Page::cut(clients, page, |client| client.id.as_bytes().to_vec()))
}

pub(crate) async fn delete_api_client(
    tx: &mut Tx,
    right: &Right<ClientManage>,
    id: ApiClientId,
) -> Result<(), Refused> {
    if !store::delete_api_client(tx, &right.tenant(), &id).await? {
        return Err(Refused::not_found("API client"));
    }
    right.record(tx, &ApiClientDeleted { client: id })?;
    Ok(())
}

/// Why no token was issued, in the words of RFC 6749.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenError {
    InvalidClient,
    InvalidScope,
}

#[derive(Debug)]
pub(crate) struct IssuedToken {
    pub access_token: String,
    pub expires_in: i64,
    pub scope: String,
}

/// Trades a client's secret for an access token. `scope` narrows what it holds.
pub(crate) async fn issue_token(
    app: &App,
    id: ApiClientId,
    secret: String,
    scope: Option<String>,
    origin: &Origin,
) -> Result<Result<IssuedToken, TokenError>, Refused> {
    let now = app.clock.now();
    let guess = app.throttle.count(&id.to_string(), origin, now)?;
    let allowed = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let allowed = allow(tx, &id, &secret, scope.as_deref()).await?;
                let Ok((client, scope)) = allowed else { return Ok(allowed.map(|_| None)) };
                let tenant = store::find_tenant(tx, &client.tenant_id).await?;
                Ok::<_, Refused>(Ok(tenant.map(|tenant| (client, tenant.publisher_id, scope))))
            })
        })
        .await;
    match allowed {
        Ok(Ok(None) | Err(TokenError::InvalidClient)) => Ok(Err(TokenError::InvalidClient)),
        Ok(Err(TokenError::InvalidScope)) => {
            guess.right();
            Ok(Err(TokenError::InvalidScope))
        }
        Ok(Ok(Some((client, publisher, scope)))) => {
            guess.right();
            let issuer = &app.settings.base_url;
            sign_token(&app.keys, &client, publisher, scope, issuer, now, &app.random).map(Ok)
        }
        Err(refused) => {
            guess.forgive();
            Err(refused)
        }
    }
}

/// The client that knows this secret, and the scopes it is granted.
async fn allow(
    tx: &mut Tx,
    id: &ApiClientId,
    secret: &str,
    scope: Option<&str>,
) -> Result<Result<(ApiClient, String), TokenError>, Refused> {
    let Some(client) = store::find_api_client(tx, id).await? else {
        return Ok(Err(TokenError::InvalidClient));
    };
    // Both are hashes: how long the comparison takes tells nothing of the secret.
    if client.secret_hash != token::hash(secret) {
        return Ok(Err(TokenError::InvalidClient));
    }
    let asked: Vec<&str> =
        scope.map(|scope| scope.split(' ').filter(|s| !s.is_empty()).collect()).unwrap_or_default();
    if asked.iter().any(|scope| !client.scope_names().any(|held| held == *scope)) {
        return Ok(Err(TokenError::InvalidScope));
    }
    let granted = if asked.is_empty() { client.scopes.clone() } else { asked.join(" ") };
    Ok(Ok((client, granted)))
}

/// Signs the claims of a token that was allowed.
fn sign_token(
    keys: &Keys,
    client: &ApiClient,
    publisher: Option<types::PublisherId>,
    scope: String,
    issuer: &str,
    now: Timestamp,
    random: &Random,
) -> Result<IssuedToken, Refused> {
    let claims = Claims {
        iss: issuer.to_owned(),
        aud: issuer.to_owned(),
        sub: client.id,
        client_id: client.id,
        tenant: client.tenant_id,
        publisher,
        scope: scope.clone(),
        iat: now.seconds(),
        exp: now.seconds() + ACCESS_TOKEN_SECONDS,
        jti: random.secret("jti"),
    };
    let access_token = keys.sign(&claims, now)?;
    Ok(IssuedToken { access_token, expires_in: ACCESS_TOKEN_SECONDS, scope })
}
