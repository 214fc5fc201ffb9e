//! What needs the operator's attention.

use askama::Template;
use axum::response::Response;
use db::Tx;
use types::Timestamp;

use super::TEXTS;
use crate::access::{DealReview, JobManage, MailManage, Right, SelfView, SubmissionCertify};
use crate::deals::operations::find as deals;
use crate::edge::browser::Visit;
use crate::jobs::JobState;
use crate::jobs::operations::find as jobs;
use crate::kit::Refused;
use crate::kit::page::{Sheet, Wording};
use crate::mails::MailState;
use crate::mails::operations::find as mails;
use crate::publishing::operations::examine as publishing;

/// Who may not do something has no number of it.
#[derive(Default)]
struct Counts {
    submissions: Option<i64>,
    /// Since when the first of them waits.
    waits_since: Option<Timestamp>,
    deals: Option<i64>,
    dead_jobs: Option<i64>,
    reconcilers: Option<i64>,
    failed_mails: Option<i64>,
    held_mails: Option<i64>,
}

struct Rights {
    certify: Option<Right<SubmissionCertify>>,
    review: Option<Right<DealReview>>,
    jobs: Option<Right<JobManage>>,
    mails: Option<Right<MailManage>>,
}

#[derive(Template)]
#[template(path = "portals/operator/home.html")]
struct Home {
    t: Wording,
    now: Timestamp,
    counts: Counts,
    is_calm: bool,
}

impl Counts {
    /// What is not there needs no attention.
    fn pressing(self) -> Self {
        let some = |count: Option<i64>| count.filter(|count| *count > 0);
        Self {
            submissions: some(self.submissions),
            deals: some(self.deals),
            dead_jobs: some(self.dead_jobs),
            reconcilers: some(self.reconcilers),
            failed_mails: some(self.failed_mails),
            held_mails: some(self.held_mails),
            ..self
        }
    }

    fn is_calm(&self) -> bool {
        let all = [self.submissions, self.deals, self.dead_jobs, self.reconcilers, self.failed_mails];
        all.iter().chain([&self.held_mails]).all(Option::is_none)
    }
}

pub(super) async fn look(visit: Visit<SelfView>) -> Result<Response, Refused> {
    visit.reader.demand_portal()?;
    let rights = Rights {
        certify: visit.reader.right().ok(),
        review: visit.reader.right().ok(),
        jobs: visit.reader.right().ok(),
        mails: visit.reader.right().ok(),
    };
    let counts = visit.read(move |tx, _| Box::pin(async move { count(tx, &rights).await })).await?;
    let t = visit.wording(&TEXTS);
    let counts = counts.pressing();
    let is_calm = counts.is_calm();
    let name = visit.reader.visitor.as_ref().map_or("", |visitor| visitor.tenant_name.as_str());
    let lead = t.named("home-lead", name);
    let body = Home { t, now: visit.reader.now, counts, is_calm };
    visit.show(Sheet::new(t.of("home-title"), &body)?.lead(lead))
}

async fn count(tx: &mut Tx, rights: &Rights) -> Result<Counts, Refused> {
    let mut counts = Counts::default();
    if let Some(right) = &rights.certify {
        let waiting = publishing::waiting(tx, right).await?;
        (counts.submissions, counts.waits_since) = (Some(waiting.count), waiting.since);
    }
    if let Some(right) = &rights.review {
        counts.deals = Some(deals::reviews_waiting(tx, right).await?);
    }
    if let Some(right) = &rights.jobs {
        counts.dead_jobs = Some(jobs::count_jobs(tx, right, JobState::Dead).await?);
        let failing = jobs::last_runs(tx, right).await?.into_iter().filter(|run| run.failed).count();
        counts.reconcilers = Some(i64::try_from(failing).unwrap_or(i64::MAX));
    }
    if let Some(right) = &rights.mails {
        counts.failed_mails = Some(mails::count_mails(tx, right, MailState::Failed).await?);
        counts.held_mails = Some(mails::count_mails(tx, right, MailState::Held).await?);
    }
    Ok(counts)
}
