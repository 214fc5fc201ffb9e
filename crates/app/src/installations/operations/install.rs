//! Install, update and uninstall (INS-01, INS-02).

use db::Tx;
use serde_json::json;
use types::{EnvironmentId, InstallationId, Violation};

use super::{environments, find};
use crate::access::{AppInstall, Right};
use crate::catalog::draft::Setup;
use crate::identity::operations::find as identity;
use crate::installations::events::{AppInstalled, AppUninstalled, AppUpdated};
use crate::installations::{CURRENT, EnvironmentState, INSTALLED, Installation, REFUSED, store};
use crate::kit::Refused;
use crate::leads::operations::create as leads;
use crate::licenses::operations::find as licenses;
use crate::publishing::LiveOffer;
use crate::publishing::operations::find as publishing;

/// What is to be installed where.
#[derive(Debug, Clone)]
pub(crate) struct Install {
    /// `publisherid.offerid`.
    pub address: String,
    pub environment: EnvironmentId,
    pub terms_accepted: bool,
    /// The publisher may contact whoever installs.
    pub share_contact: bool,
}

pub(crate) async fn install(
    tx: &mut Tx,
    right: &Right<AppInstall>,
    base_url: &str,
    command: Install,
) -> Result<(Installation, Option<LiveOffer>), Refused> {
    let live = publishing::on_sale(tx, &command.address).await?.ok_or_else(|| Refused::not_found("offer"))?;
    let environment = environments::held(tx, right, &command.environment).await?;
    let mut missing = missing(tx, right, &live, command.terms_accepted).await?;
    if environment.state != EnvironmentState::Ready {
        let what = format!("the environment {} is {}", environment.name, environment.state.as_str());
        missing.push(Violation::new("environment.not_ready", what));
    }
    refuse(&missing)?;
    let installation = Installation {
        id: right.new_id(),
        tenant_id: right.tenant(),
        environment_id: environment.id,
        offer_id: live.offer_id,
        address: live.address.clone(),
        live_version: live.version,
        app_version: app_version(&live),
        package_sha256: live.snapshot.0.package_sha256.clone(),
        terms_accepted_by: right.actor().to_string(),
        installed_at: right.now(),
        updated_at: right.now(),
    };
    if !store::insert_installation(tx, &installation).await? {
        return Err(INSTALLED.because(format!("It is in {} already: update it.", environment.name)));
    }
    let event = AppInstalled {
        installation: installation.id,
        environment: environment.id,
        address: installation.address.clone(),
        app_version: installation.app_version.clone(),
        package_sha256: installation.package_sha256.clone(),
    };
    right.record(tx, &event)?;
    if command.share_contact {
        leads::of_installation(tx, right, base_url, &live).await?;
    }
    Ok((installation, Some(live)))
}

/// To what is live now; its terms are accepted anew.
pub(crate) async fn update(
    tx: &mut Tx,
    right: &Right<AppInstall>,
    id: &InstallationId,
    terms_accepted: bool,
) -> Result<(Installation, Option<LiveOffer>), Refused> {
    let (before, live) = find::installation(tx, right, id).await?;
    let live =
        live.ok_or_else(|| CURRENT.because("The offer is no longer on sale; what is installed goes on."))?;
    refuse(&missing(tx, right, &live, terms_accepted).await?)?;
    let installation = Installation {
        live_version: live.version,
        app_version: app_version(&live),
        package_sha256: live.snapshot.0.package_sha256.clone(),
        terms_accepted_by: right.actor().to_string(),
        updated_at: right.now(),
        ..before.clone()
    };
    if !store::update_installation(tx, &installation).await? {
        return Err(CURRENT.because(format!("It is version {}.", before.app_version)));
    }
    let event = AppUpdated {
        installation: *id,
        app_version: installation.app_version.clone(),
        package_sha256: installation.package_sha256.clone(),
        package_sha256_before: before.package_sha256,
    };
    right.record(tx, &event)?;
    Ok((installation, Some(live)))
}

pub(crate) async fn uninstall(
    tx: &mut Tx,
    right: &Right<AppInstall>,
    id: &InstallationId,
) -> Result<(Installation, Option<LiveOffer>), Refused> {
    let (installation, live) = find::installation(tx, right, id).await?;
    store::delete_installation(tx, id).await?;
    let Installation { environment_id: environment, address, .. } = installation.clone();
    right.record(tx, &AppUninstalled { installation: *id, environment, address })?;
    Ok((installation, live))
}

/// INS-01: everything that stands in the way, whatever the environment.
async fn missing(
    tx: &mut Tx,
    right: &Right<AppInstall>,
    live: &LiveOffer,
    terms_accepted: bool,
) -> Result<Vec<Violation>, Refused> {
    let mut missing = Vec::new();
    if !terms_accepted {
        missing.push(Violation::new("terms.not_accepted", "the terms of the offer must be accepted"));
    }
    let draft = &live.snapshot.0.draft;
    let country = identity::own_tenant(tx, right).await?.country;
    let sold_there =
        |availability: &crate::catalog::draft::Availability| availability.markets.contains(&country);
    if !draft.availability.as_ref().is_some_and(sold_there) {
        missing.push(Violation::new("offer.not_in_market", format!("the offer is not sold in {country}")));
    }
    let required = draft
        .setup
        .as_ref()
        .is_some_and(|setup| setup.license_management() && !Setup::allow_install_without_license(setup));
    if required && !licenses::holds_any_of(tx, &right.tenant(), &live.address).await? {
        let what = "the organisation has no license of the offer: contact its publisher";
        missing.push(Violation::new("license.none", what));
    }
    Ok(missing)
}

fn refuse(missing: &[Violation]) -> Result<(), Refused> {
    if missing.is_empty() {
        return Ok(());
    }
    let reasons: Vec<_> =
        missing.iter().map(|reason| json!({ "code": reason.code, "message": reason.message })).collect();
    let detail: Vec<&str> = missing.iter().map(|reason| reason.message.as_str()).collect();
    let detail = format!("What is missing: {}.", detail.join("; "));
    Err(REFUSED.because(detail).with_context(json!({ "reasons": reasons })))
}

pub(crate) fn app_version(live: &LiveOffer) -> String {
    live.snapshot.0.draft.properties.as_ref().and_then(|page| page.app_version.clone()).unwrap_or_default()
}
