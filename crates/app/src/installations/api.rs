//! Environments and installations over HTTP.

use axum::response::Response;
use serde::{Deserialize, Serialize};
use types::{EnvironmentId, InstallationId, Name, Page, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::operations::{environments, find, install};
use super::{Environment, EnvironmentKind, EnvironmentState, Installation};
use crate::App;
use crate::access::{AppInstall, AppView};
use crate::edge::{Answer, Call, NoBody, PageParams, Params, Path, Refusals};
use crate::kit::{Fields, Refused};
use crate::packages;
use crate::publishing::LiveOffer;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_environment, list_environments))
        .routes(routes!(get_environment, delete_environment))
        .routes(routes!(enable_environment))
        .routes(routes!(disable_environment))
        .routes(routes!(install_app, list_installations))
        .routes(routes!(get_installation, uninstall_app))
        .routes(routes!(update_app))
        .routes(routes!(get_installation_package))
}

/// A place where apps run.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct EnvironmentView {
    id: EnvironmentId,
    name: String,
    kind: EnvironmentKind,
    state: EnvironmentState,
    created_at: Timestamp,
}

impl From<Environment> for EnvironmentView {
    fn from(environment: Environment) -> Self {
        let Environment { id, name, kind, state, created_at, .. } = environment;
        Self { id, name, kind, state, created_at }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateEnvironment {
    #[schema(max_length = 100)]
    name: String,
    /// `production` or `sandbox`.
    #[schema(max_length = 20)]
    kind: String,
}

/// An offer in an environment.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct InstallationView {
    id: InstallationId,
    environment: EnvironmentId,
    /// `publisherid.offerid`.
    offer: String,
    /// What is installed, as the publisher names it.
    version: String,
    package_sha256: String,
    /// Set when a newer version is live (INS-02).
    update: Option<AvailableUpdate>,
    terms_accepted_by: String,
    installed_at: Timestamp,
    updated_at: Timestamp,
}

/// What an update would install.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct AvailableUpdate {
    version: String,
    package_sha256: String,
}

impl From<(Installation, Option<LiveOffer>)> for InstallationView {
    fn from((installation, live): (Installation, Option<LiveOffer>)) -> Self {
        let newer = live.filter(|live| live.version > installation.live_version);
        let update = newer.map(|live| AvailableUpdate {
            version: install::app_version(&live),
            package_sha256: live.snapshot.0.package_sha256,
        });
        let Installation { id, environment_id, address, app_version, package_sha256, .. } = installation;
        let Installation { terms_accepted_by, installed_at, updated_at, .. } = installation;
        Self {
            id,
            environment: environment_id,
            offer: address,
            version: app_version,
            package_sha256,
            update,
            terms_accepted_by,
            installed_at,
            updated_at,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InstallApp {
    /// `publisherid.offerid`.
    #[schema(max_length = 100)]
    offer: String,
    #[schema(max_length = 36)]
    environment: String,
    /// Whoever installs accepts the terms of the offer.
    accept_terms: bool,
    /// You agree that your contact data is shared with the publisher.
    #[serde(default)]
    share_contact: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateApp {
    /// Of the version that is live now.
    accept_terms: bool,
}

fn environment_id(text: &str) -> Result<EnvironmentId, Refused> {
    EnvironmentId::parse(text).map_err(|_| Refused::not_found("environment"))
}

fn installation_id(text: &str) -> Result<InstallationId, Refused> {
    InstallationId::parse(text).map_err(|_| Refused::not_found("installation"))
}

/// Make an environment.
#[utoipa::path(post, path = "/environments", tag = "installations", operation_id = "create_environment",
    request_body = CreateEnvironment, responses((status = 201, body = EnvironmentView), Refusals),
    extensions(("x-permission" = json!("app.install"))))]
async fn create_environment(
    call: Call<AppInstall, CreateEnvironment>,
) -> Result<Answer<EnvironmentView>, Refused> {
    let mut fields = Fields::default();
    let name = fields.parse("name", &call.body.name, Name::parse);
    let kind = fields.parse("kind", &call.body.kind, EnvironmentKind::parse);
    let (Some(name), Some(kind)) = (name, kind) else { return Err(fields.refuse()) };
    let answer = call
        .write(move |tx, right| {
            Box::pin(
                async move { environments::create(tx, right, name, kind).await.map(EnvironmentView::from) },
            )
        })
        .await?;
    Ok(answer.created())
}

/// Your environments.
#[utoipa::path(get, path = "/environments", tag = "installations", operation_id = "list_environments",
    params(PageParams), responses((status = 200, body = Page<EnvironmentView>), Refusals),
    extensions(("x-permission" = json!("app.view"))))]
async fn list_environments(
    Params(page): Params<PageParams>,
    call: Call<AppView>,
) -> Result<Answer<Page<EnvironmentView>>, Refused> {
    let page = page.request()?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::environments(tx, right, &page).await }))
        .await?;
    Ok(answer.map(|page| page.map(EnvironmentView::from)))
}

/// One environment.
#[utoipa::path(get, path = "/environments/{environment}", tag = "installations",
    operation_id = "get_environment", params(("environment" = String, Path, description = "Id")),
    responses((status = 200, body = EnvironmentView), Refusals),
    extensions(("x-permission" = json!("app.view"))))]
async fn get_environment(
    Path(environment): Path<String>,
    call: Call<AppView>,
) -> Result<Answer<EnvironmentView>, Refused> {
    let id = environment_id(&environment)?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::environment(tx, right, &id).await })).await?;
    Ok(answer.map(EnvironmentView::from))
}

/// Delete an environment in which nothing is installed.
#[utoipa::path(delete, path = "/environments/{environment}", tag = "installations",
    operation_id = "delete_environment", params(("environment" = String, Path, description = "Id")),
    responses((status = 200, body = EnvironmentView), Refusals),
    extensions(("x-permission" = json!("app.install"))))]
async fn delete_environment(
    Path(environment): Path<String>,
    call: Call<AppInstall, NoBody>,
) -> Result<Answer<EnvironmentView>, Refused> {
    let id = environment_id(&environment)?;
    call.write(move |tx, right| {
        Box::pin(async move { environments::delete(tx, right, &id).await.map(EnvironmentView::from) })
    })
    .await
}

/// Let an environment take installations.
#[utoipa::path(post, path = "/environments/{environment}/enable", tag = "installations",
    operation_id = "enable_environment", params(("environment" = String, Path, description = "Id")),
    responses((status = 200, body = EnvironmentView), Refusals),
    extensions(("x-permission" = json!("app.install"))))]
async fn enable_environment(
    Path(environment): Path<String>,
    call: Call<AppInstall, NoBody>,
) -> Result<Answer<EnvironmentView>, Refused> {
    set_state(&environment, call, EnvironmentState::Ready).await
}

/// Let an environment take no more installations; what is in it goes on.
#[utoipa::path(post, path = "/environments/{environment}/disable", tag = "installations",
    operation_id = "disable_environment", params(("environment" = String, Path, description = "Id")),
    responses((status = 200, body = EnvironmentView), Refusals),
    extensions(("x-permission" = json!("app.install"))))]
async fn disable_environment(
    Path(environment): Path<String>,
    call: Call<AppInstall, NoBody>,
) -> Result<Answer<EnvironmentView>, Refused> {
    set_state(&environment, call, EnvironmentState::Disabled).await
}

async fn set_state(
    environment: &str,
    call: Call<AppInstall, NoBody>,
    state: EnvironmentState,
) -> Result<Answer<EnvironmentView>, Refused> {
    let id = environment_id(environment)?;
    call.write(move |tx, right| {
        Box::pin(
            async move { environments::set_state(tx, right, &id, state).await.map(EnvironmentView::from) },
        )
    })
    .await
}

/// Install an offer in an environment; what stands in the way is said all at once.
#[utoipa::path(post, path = "/installations", tag = "installations", operation_id = "install_app",
    request_body = InstallApp, responses((status = 201, body = InstallationView), Refusals),
    extensions(("x-permission" = json!("app.install"))))]
async fn install_app(call: Call<AppInstall, InstallApp>) -> Result<Answer<InstallationView>, Refused> {
    let InstallApp { offer, environment, accept_terms, share_contact } = &call.body;
    let mut fields = Fields::default();
    let Some(environment) = fields.parse("environment", environment, EnvironmentId::parse) else {
        return Err(fields.refuse());
    };
    let (address, base_url) = (offer.clone(), call.app.settings.base_url.clone());
    let (terms_accepted, share_contact) = (*accept_terms, *share_contact);
    let command = install::Install { address, environment, terms_accepted, share_contact };
    let answer = call
        .write(move |tx, right| {
            Box::pin(async move {
                install::install(tx, right, &base_url, command).await.map(InstallationView::from)
            })
        })
        .await?;
    Ok(answer.created())
}

/// What is installed, and whether there is something newer.
#[utoipa::path(get, path = "/installations", tag = "installations", operation_id = "list_installations",
    params(PageParams), responses((status = 200, body = Page<InstallationView>), Refusals),
    extensions(("x-permission" = json!("app.view"))))]
async fn list_installations(
    Params(page): Params<PageParams>,
    call: Call<AppView>,
) -> Result<Answer<Page<InstallationView>>, Refused> {
    let page = page.request()?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::installations(tx, right, &page).await }))
        .await?;
    Ok(answer.map(|page| page.map(InstallationView::from)))
}

/// One installation.
#[utoipa::path(get, path = "/installations/{installation}", tag = "installations",
    operation_id = "get_installation", params(("installation" = String, Path, description = "Id")),
    responses((status = 200, body = InstallationView), Refusals),
    extensions(("x-permission" = json!("app.view"))))]
async fn get_installation(
    Path(installation): Path<String>,
    call: Call<AppView>,
) -> Result<Answer<InstallationView>, Refused> {
    let id = installation_id(&installation)?;
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::installation(tx, right, &id).await })).await?;
    Ok(answer.map(InstallationView::from))
}

/// Update an installation to what is live now.
#[utoipa::path(post, path = "/installations/{installation}/update", tag = "installations",
    operation_id = "update_app", params(("installation" = String, Path, description = "Id")),
    request_body = UpdateApp, responses((status = 200, body = InstallationView), Refusals),
    extensions(("x-permission" = json!("app.install"))))]
async fn update_app(
    Path(installation): Path<String>,
    call: Call<AppInstall, UpdateApp>,
) -> Result<Answer<InstallationView>, Refused> {
    let (id, accepted) = (installation_id(&installation)?, call.body.accept_terms);
    call.write(move |tx, right| {
        Box::pin(async move { install::update(tx, right, &id, accepted).await.map(InstallationView::from) })
    })
    .await
}

/// Uninstall; licenses and seats stay.
#[utoipa::path(delete, path = "/installations/{installation}", tag = "installations",
    operation_id = "uninstall_app", params(("installation" = String, Path, description = "Id")),
    responses((status = 200, body = InstallationView), Refusals),
    extensions(("x-permission" = json!("app.install"))))]
async fn uninstall_app(
    Path(installation): Path<String>,
    call: Call<AppInstall, NoBody>,
) -> Result<Answer<InstallationView>, Refused> {
    let id = installation_id(&installation)?;
    call.write(move |tx, right| {
        Box::pin(async move { install::uninstall(tx, right, &id).await.map(InstallationView::from) })
    })
    .await
}

/// The package that is installed, byte for byte as it was certified (PKG-10).
#[utoipa::path(get, path = "/installations/{installation}/package", tag = "installations",
    operation_id = "get_installation_package", params(("installation" = String, Path, description = "Id")),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"), Refusals),
    extensions(("x-permission" = json!("app.install"))))]
async fn get_installation_package(
    Path(installation): Path<String>,
    call: Call<AppInstall>,
) -> Result<Response, Refused> {
    let id = installation_id(&installation)?;
    let app = call.app.clone();
    let found = call.read(move |tx, right| {
        Box::pin(async move {
            let (installation, _) = find::installation(tx, right, &id).await?;
            packages::operations::find::kept(tx, &installation.offer_id, &installation.package_sha256).await
        })
    });
    Ok(packages::api::content(&app, &found.await?.value))
}
