//! PUB-07: the publisher is told of findings, of certification, of being live and of having stopped.

use db::Tx;
use types::{OfferId, SubmissionId, TenantId};

use super::notice::{Notice, To};
use crate::App;
use crate::access::{MARKETPLACE, OfferView, Right, Role, SubmissionCertify};
use crate::catalog::OfferRef;
use crate::catalog::operations::find as catalog;
use crate::events::Recorded;
use crate::kit::{Argument, Refused};
use crate::publishing::events::{OfferLeftStorefront, OfferWentLive, SubmissionCertified, SubmissionFailed};
use crate::publishing::operations::find as publishing;

const WHO: &[Role] = &[Role::GlobalAdmin, Role::AccountAdmin, Role::Developer];

/// `None` for events in the marketplace's own log: it is the publisher who is told.
pub(super) async fn notice(
    tx: &mut Tx,
    app: &App,
    tenant: &TenantId,
    entry: &Recorded,
) -> Result<Option<Notice>, Refused> {
    let failed = entry.decode::<SubmissionFailed>().map_err(Refused::internal)?;
    let certified = entry.decode::<SubmissionCertified>().map_err(Refused::internal)?;
    let live = entry.decode::<OfferWentLive>().map_err(Refused::internal)?;
    let stopped = entry.decode::<OfferLeftStorefront>().map_err(Refused::internal)?;
    let (key, offer) = match (&failed, &certified, &live, &stopped) {
        (Some(event), ..) => ("submission-failed", event.offer),
        (_, Some(event), ..) => ("submission-certified", event.offer),
        (_, _, Some(event), _) => ("offer-live", event.offer),
        (.., Some(event)) => ("offer-stopped", event.offer),
        _ => return Ok(None),
    };
    if *tenant == MARKETPLACE {
        return Ok(None);
    }
    let mut arguments = vec![("offer", Argument::Text(name(tx, app, tenant, offer).await?.into()))];
    if let Some(event) = failed {
        arguments.push(("findings", Argument::Text(findings(tx, app, &event.submission).await?.into())));
    }
    Ok(Some(Notice { key, to: To::Roles(WHO), arguments }))
}

/// As its publisher knows it: alias and address.
async fn name(tx: &mut Tx, app: &App, tenant: &TenantId, offer: OfferId) -> Result<String, Refused> {
    let right = Right::<OfferView>::of_the_machine(*tenant, None, app.clock.now(), app.random.clone());
    let offer = catalog::offer(tx, &right, &OfferRef::Id(offer)).await?;
    Ok(format!("{} ({})", offer.alias, offer.address()))
}

/// The report, a line per finding.
async fn findings(tx: &mut Tx, app: &App, submission: &SubmissionId) -> Result<String, Refused> {
    let right =
        Right::<SubmissionCertify>::of_the_machine(MARKETPLACE, None, app.clock.now(), app.random.clone());
    let (_, phases) = publishing::submission(tx, &right, submission).await?;
    let findings = phases.iter().flat_map(|phase| &phase.findings.0);
    let lines = findings.map(|finding| format!("• {}", finding.told()));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}
