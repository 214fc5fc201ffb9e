//! One job, and having it tried again.

use askama::Template;
use axum::response::Response;
use types::JobId;

use super::{LIST, TEXTS, kind, state};
use crate::access::JobManage;
use crate::edge::Path;
use crate::edge::browser::{Submit, Visit};
use crate::jobs::operations::{find, retry as again};
use crate::jobs::{JobState, StoredJob};
use crate::kit::Refused;
use crate::kit::page::{Entered, Sheet, Wording};

#[derive(Template)]
#[template(path = "jobs/pages/job.html")]
struct Page<'a> {
    t: Wording,
    form: Entered,
    job: &'a StoredJob,
    state: (String, &'static str),
    can_retry: bool,
}

fn id(text: &str) -> Result<JobId, Refused> {
    JobId::parse(text).map_err(|_| Refused::not_found("job"))
}

pub(super) async fn look(Path(job): Path<String>, visit: Visit<JobManage>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &job, form).await
}

async fn show(visit: &Visit<JobManage>, job: &str, form: Entered) -> Result<Response, Refused> {
    let id = id(job)?;
    let found = visit.read(move |tx, right| Box::pin(async move { find::job(tx, right, &id).await }));
    let (t, job) = (visit.wording(&TEXTS), found.await?);
    let body = Page {
        t,
        form: form.clone(),
        job: &job,
        state: state(t, job.state),
        can_retry: matches!(job.state, JobState::Dead | JobState::Queued),
    };
    let sheet = Sheet::new(kind(t, &job.kind), &body)?.below(t.of("list-title"), LIST);
    visit.show(sheet.answering(&form))
}

pub(super) async fn retry(Path(job): Path<String>, submit: Submit<JobManage>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = id(&job)?;
    let done = visit
        .write(form, move |tx, right, _| Box::pin(async move { again::retry_job(tx, right, &id).await }));
    match done.await {
        Ok(_) => Ok(visit.leave(&format!("{LIST}/{id}"), visit.wording(&TEXTS).of("retried"))),
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, &job, entered).await
        }
    }
}
