//! Everything that is done later, whoever runs it and however often: each feature's jobs and reconcilers.

use crate::jobs::{self, Does, Kind, Reconciler, Work};
use crate::{
    App, bulk, entitlements, groups, identity, leads, leases, licenses, mails, notices, packages, publishing,
    reports, settings, webhooks,
};

/// What the runner is given.
pub(crate) static WORK: Work = Work { kinds: KINDS, reconcilers: RECONCILERS };

const KINDS: &[Kind] = &[
    Kind::of::<mails::jobs::Send>(),
    Kind::of::<webhooks::jobs::Deliver>(),
    Kind::of::<webhooks::jobs::Replay>(),
    Kind::of::<leads::jobs::Deliver>(),
    Kind::of::<bulk::jobs::Run>(),
];

const RECONCILERS: &[Reconciler] = &[
    Reconciler {
        name: "identity.follow_keys",
        what: "Every node has the keys that sign and verify; those are gone whose time is over.",
        every_seconds: 30,
        does: Does::Step(|app| {
            Box::pin(async move { identity::operations::rotate_keys::follow_keys(&app).await })
        }),
    },
    Reconciler {
        name: "settings.follow",
        what: "Every node goes by the settings that were changed last.",
        every_seconds: 1,
        does: Does::Step(|app| Box::pin(async move { settings::follow(&app).await })),
    },
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
        name: "licenses.tell_of_ends",
        what: "Both sides are told of licenses that end within 30 days.",
        every_seconds: 60,
        does: Does::Step(|app| Box::pin(async move { licenses::jobs::tell_of_ends(&app).await })),
    },
    Reconciler {
        name: "licenses.settle",
        what: "Pools know of the licenses that have ended, and of the leases that hold seats no more.",
        every_seconds: 5,
        does: Does::Step(|app| Box::pin(async move { licenses::jobs::settle(&app).await })),
    },
    Reconciler {
        name: "licenses.remove_gone",
        what: "Seats that are gone for good leave no row.",
        every_seconds: 300,
        does: Does::Step(|app| Box::pin(async move { licenses::jobs::remove_gone(&app).await })),
    },
    Reconciler {
        name: "groups.follow",
        what: "Large changes of groups reach their members' seats, some at a time.",
        every_seconds: 1,
        does: Does::Step(|app| Box::pin(async move { groups::jobs::follow(&app).await })),
    },
    Reconciler {
        name: "entitlements.compare",
        what: "What checks go by is what the tables say.",
        every_seconds: 10,
        does: Does::Step(|app| Box::pin(async move { entitlements::compare(&app).await })),
    },
    Reconciler {
        name: "entitlements.write_uses",
        what: "When seats were used last is written down, off the path of checks.",
        every_seconds: 5,
        does: Does::Step(|app| Box::pin(async move { entitlements::write_uses(&app).await })),
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
        name: "notices.write",
        what: "People are told of what concerns them.",
        every_seconds: 5,
        does: Does::Read(&notices::READER),
    },
    Reconciler {
        name: "notices.forget_old",
        what: "Notices are forgotten after a year, and 90 days after they were read.",
        every_seconds: 3600,
        does: Does::Step(|app| Box::pin(async move { notices::operations::forget::forget_old(&app).await })),
    },
    Reconciler {
        name: "leases.follow_seats",
        what: "Leases are revoked whose seat was freed.",
        every_seconds: 5,
        does: Does::Read(&leases::jobs::READER),
    },
    Reconciler {
        name: "reports.follow",
        what: "Reports have what the logs say.",
        every_seconds: 5,
        does: Does::Read(&reports::READER),
    },
    Reconciler {
        name: "mails.take_up",
        what: "Mails that were kept for want of a mail server are sent when there is one.",
        every_seconds: 60,
        does: Does::Step(|app| Box::pin(async move { mails::operations::send::take_up(&app).await })),
    },
    Reconciler {
        name: "webhooks.fan_out",
        what: "Every event is on its way to the webhooks that want it.",
        every_seconds: 5,
        does: Does::Read(&webhooks::operations::fan_out::READER),
    },
    Reconciler {
        name: "webhooks.forget_old",
        what: "What was sent to webhooks is forgotten after a month.",
        every_seconds: 3600,
        does: Does::Step(|app| Box::pin(async move { webhooks::operations::forget::forget_old(&app).await })),
    },
    Reconciler {
        name: "jobs.forget_done",
        what: "Jobs that are done are forgotten after a week.",
        every_seconds: 3600,
        does: Does::Step(|app| Box::pin(async move { jobs::forget_done(&app).await })),
    },
];

/// Runs queue and reconcilers until told to stop, and what is running then to its end.
pub async fn work(app: App) {
    let (stopped, stopping) = (app.stop.subscribe(), app.stop.subscribe());
    let following = app.clone();
    tokio::join!(jobs::run(app, &WORK, stopped), entitlements::follow(&following, stopping));
}
