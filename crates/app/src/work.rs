//! Everything that is done later, whoever runs it and however often: each feature's jobs and reconcilers.

use tokio::sync::watch;

use crate::jobs::{self, Does, Reconciler, Work};
use crate::{App, entitlements, packages, publishing};

/// What the runner is given.
pub(crate) static WORK: Work = Work { kinds: &[], reconcilers: RECONCILERS };

const RECONCILERS: &[Reconciler] = &[
    Reconciler {
        name: "publishing.take_due_live",
        what: "Offers that were signed off are live when their time has come.",
        every_seconds: 1,
        does: Does::Step(|app| Box::pin(async move { publishing::jobs::take_due_live(&app).await })),
    },
    Reconciler {
        name: "publishing.take_due_stops",
        what: "Offers that were told to stop leave the storefront when their time has come.",
        every_seconds: 1,
        does: Does::Step(|app| Box::pin(async move { publishing::jobs::take_due_stops(&app).await })),
    },
    Reconciler {
        name: "entitlements.write_down_waived",
        what: "Who was let in without a license is written down, off the path of checks.",
        every_seconds: 5,
        does: Does::Step(|app| Box::pin(async move { entitlements::waived::write_down(&app).await })),
    },
    Reconciler {
        name: "packages.remove_abandoned",
        what: "What broken uploads left is removed after an hour.",
        every_seconds: 300,
        does: Does::Step(|app| Box::pin(async move { packages::jobs::remove_abandoned(&app).await })),
    },
    Reconciler {
        name: "jobs.forget_done",
        what: "Jobs that are done are forgotten after a week.",
        every_seconds: 3600,
        does: Does::Step(|app| Box::pin(async move { jobs::forget_done(&app).await })),
    },
];

/// Runs queue and reconcilers until told to stop, and what is running then to its end.
pub async fn work(app: App, stopped: watch::Receiver<bool>) {
    jobs::run(app, &WORK, stopped).await;
}
