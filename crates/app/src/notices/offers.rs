//! PUB-07: the publisher is told of findings, of certification, of being live and of having stopped.

use db::Tx;
use types::{OfferId, SubmissionId, TenantId};

use super::kind::NoticeKind;
use super::tell::News;
use crate::App;
use crate::access::{MARKETPLACE, OfferView, Right, SubmissionCertify};
use crate::catalog::operations::find as catalog;
use crate::catalog::{Offer, OfferRef};
use crate::events::Recorded;
use crate::kit::{Argument, Refused};
use crate::publishing::events::{OfferLeftStorefront, OfferWentLive, SubmissionCertified, SubmissionFailed};
use crate::publishing::operations::find as publishing;

/// Findings that are told; the page has them all.
const FINDINGS: usize = 20;

/// `None` for events in the marketplace's own log: it is the publisher who is told.
pub(super) async fn news(
    tx: &mut Tx,
    app: &App,
    tenant: &TenantId,
    entry: &Recorded,
) -> Result<Option<News>, Refused> {
    let failed = entry.decode::<SubmissionFailed>().map_err(Refused::internal)?;
    let certified = entry.decode::<SubmissionCertified>().map_err(Refused::internal)?;
    let live = entry.decode::<OfferWentLive>().map_err(Refused::internal)?;
    let stopped = entry.decode::<OfferLeftStorefront>().map_err(Refused::internal)?;
    let (kind, offer) = match (&failed, &certified, &live, &stopped) {
        (Some(event), ..) => (NoticeKind::SubmissionFailed, event.offer),
        (_, Some(event), ..) => (NoticeKind::SubmissionCertified, event.offer),
        (_, _, Some(event), _) => (NoticeKind::OfferLive, event.offer),
        (.., Some(event)) => (NoticeKind::OfferStopped, event.offer),
        _ => return Ok(None),
    };
    if *tenant == MARKETPLACE {
        return Ok(None);
    }
    let offer = found(tx, app, tenant, offer).await?;
    // As its publisher knows it: alias and address.
    let name = format!("{} ({})", offer.alias, offer.address());
    let mut arguments = vec![("offer", Argument::Text(name.into()))];
    if let Some(event) = failed {
        arguments.push(("findings", Argument::Text(findings(tx, app, &event.submission).await?.into())));
    }
    let page = Some(format!("/publisher/offers/{}", offer.slug));
    Ok(Some(News { kind, to: None, arguments, page }))
}

async fn found(tx: &mut Tx, app: &App, tenant: &TenantId, offer: OfferId) -> Result<Offer, Refused> {
    let right = Right::<OfferView>::of_the_machine(*tenant, None, app.clock.now(), app.random.clone());
    catalog::offer(tx, &right, &OfferRef::Id(offer)).await
}

/// The report, a line per finding; a last one where there are more.
async fn findings(tx: &mut Tx, app: &App, submission: &SubmissionId) -> Result<String, Refused> {
    let right =
        Right::<SubmissionCertify>::of_the_machine(MARKETPLACE, None, app.clock.now(), app.random.clone());
    let (_, phases) = publishing::submission(tx, &right, submission).await?;
    let mut findings = phases.iter().flat_map(|phase| &phase.findings.0);
    let lines = findings.by_ref().take(FINDINGS).map(|finding| format!("• {}", finding.told()));
    let lines: Vec<_> = lines.collect();
    let more = if findings.next().is_some() { "\n• …" } else { "" };
    Ok(lines.join("\n") + more)
}
