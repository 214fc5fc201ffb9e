//! Whether leads would arrive, when their publisher publishes (PUB-03).

use db::BoxFuture;
use tokio::task::JoinSet;

use super::operations::find;
use super::payload::Sent;
use super::{Destination, DestinationKind, trial};
use crate::App;
use crate::access::{OfferPublish, Right};
use crate::kit::Refused;
use crate::publishing::PhaseFinding;

/// Sends a test lead to every destination at once. One that does not take it is an error; that the marketplace
/// has no mail server is none of its publisher's, and a warning.
pub(crate) fn check(
    app: App,
    right: Right<OfferPublish>,
) -> BoxFuture<'static, Result<Vec<PhaseFinding>, Refused>> {
    Box::pin(async move {
        let reading = right.clone();
        let found =
            app.db.read(move |tx| Box::pin(async move { find::every_destination(tx, &reading).await }));
        let mut trials = JoinSet::new();
        for destination in found.await? {
            let (app, right) = (app.clone(), right.clone());
            trials.spawn(async move {
                let sent = trial::send_test(&app, &right, &destination).await?;
                Ok::<_, Refused>(finding(&destination, sent, app.mailer.is_configured()))
            });
        }
        let mut findings = Vec::new();
        while let Some(tried) = trials.join_next().await {
            findings.extend(tried.map_err(Refused::internal)??);
        }
        findings.sort_by(|one, other| one.message.cmp(&other.message));
        Ok(findings)
    })
}

fn finding(destination: &Destination, sent: Sent, mail_server: bool) -> Option<PhaseFinding> {
    let (address, error) = (&destination.address, sent.error?);
    let held = destination.kind == DestinationKind::Email && !mail_server;
    let mend = if held {
        "Leads are kept, and sent when the marketplace has a mail server; ask its operator.".to_owned()
    } else {
        let id = destination.id;
        format!(
            "Make {address} take leads and try it with `seatline lead destination validate {id}`, or delete it."
        )
    };
    Some(PhaseFinding {
        rule: "PUB-03".to_owned(),
        severity: if held { "warning" } else { "error" }.to_owned(),
        file: None,
        message: format!(
            "The lead destination {address} did not take a test lead: {}.",
            error.trim_end_matches('.')
        ),
        mend: Some(mend),
    })
}
