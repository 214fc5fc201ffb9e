//! Jobs and reconcilers over HTTP, for the operator.

use serde::{Deserialize, Serialize};
use types::{JobId, Page, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::operations::{find, retry};
use super::{JobState, StoredJob};
use crate::App;
use crate::access::JobManage;
use crate::edge::{Answer, Call, NoBody, Params, Path, Refusals, page_request};
use crate::kit::{Fields, Refused};
use crate::work::WORK;

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(get_job))
        .routes(routes!(retry_job))
        .routes(routes!(list_reconcilers))
}

/// A job. Its input is not shown: it may hold what is none of the operator's business.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct JobView {
    id: JobId,
    kind: String,
    /// Jobs of one kind and key never run at once.
    key: Option<String>,
    state: JobState,
    /// When it is tried next, if it is queued.
    due_at: Timestamp,
    attempts: i64,
    /// After as many it is dead.
    attempts_max: i64,
    /// Until when its node has it, if it is running.
    lease_until: Option<Timestamp>,
    /// The node that had it last.
    node: Option<String>,
    /// Why the last attempt failed.
    error: Option<String>,
    created_at: Timestamp,
    finished_at: Option<Timestamp>,
}

impl From<StoredJob> for JobView {
    fn from(job: StoredJob) -> Self {
        let StoredJob { id, kind, key, state, due_at, attempts, attempts_max, lease_until, .. } = job;
        let StoredJob { node, error, created_at, finished_at, .. } = job;
        Self {
            id,
            kind,
            key,
            state,
            due_at,
            attempts,
            attempts_max,
            lease_until,
            node,
            error,
            created_at,
            finished_at,
        }
    }
}

/// Which jobs.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobParams {
    /// `queued`, `running`, `done` or `dead`
    state: Option<String>,
    /// `webhook.deliver`, …
    kind: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    #[param(max_length = 1024)]
    cursor: Option<String>,
}

/// Work that waits, runs, is done or dead, the newest first.
#[utoipa::path(get, path = "/jobs", tag = "jobs", operation_id = "list_jobs", params(JobParams),
    responses((status = 200, body = Page<JobView>), Refusals), extensions(("x-permission" = json!("job.manage"))))]
async fn list_jobs(
    Params(query): Params<JobParams>,
    call: Call<JobManage>,
) -> Result<Answer<Page<JobView>>, Refused> {
    let page = page_request(query.limit, query.cursor.as_deref())?;
    let mut fields = Fields::default();
    let Some(state) = fields.optional("state", query.state.as_deref(), JobState::parse) else {
        return Err(fields.refuse());
    };
    let kind = query.kind.unwrap_or_default();
    let answer = call.read(move |tx, right| {
        Box::pin(async move { find::list_jobs(tx, right, &page, state, &kind).await })
    });
    Ok(answer.await?.map(|page| page.map(JobView::from)))
}

fn id(text: &str) -> Result<JobId, Refused> {
    JobId::parse(text).map_err(|_| Refused::not_found("job"))
}

/// One job.
#[utoipa::path(get, path = "/jobs/{job}", tag = "jobs", operation_id = "get_job",
    params(("job" = String, Path, description = "Id")),
    responses((status = 200, body = JobView), Refusals), extensions(("x-permission" = json!("job.manage"))))]
async fn get_job(Path(job): Path<String>, call: Call<JobManage>) -> Result<Answer<JobView>, Refused> {
    let id = id(&job)?;
    let answer = call.read(move |tx, right| Box::pin(async move { find::job(tx, right, &id).await }));
    Ok(answer.await?.map(JobView::from))
}

/// Have a job tried again that is dead, or that waits for its next attempt.
#[utoipa::path(post, path = "/jobs/{job}/retry", tag = "jobs", operation_id = "retry_job",
    params(("job" = String, Path, description = "Id")),
    responses((status = 200, body = JobView), Refusals), extensions(("x-permission" = json!("job.manage"))))]
async fn retry_job(
    Path(job): Path<String>,
    call: Call<JobManage, NoBody>,
) -> Result<Answer<JobView>, Refused> {
    let id = id(&job)?;
    call.write(move |tx, right| {
        Box::pin(async move { retry::retry_job(tx, right, &id).await.map(JobView::from) })
    })
    .await
}

/// A reconciler and how it ended last, on whichever node that was.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReconcilerView {
    name: String,
    what: String,
    every_seconds: u64,
    /// Absent if it has not run yet. Written down at once when the outcome changes, else twice a minute.
    last_run_at: Option<Timestamp>,
    duration_ms: Option<f64>,
    failed: bool,
    error: Option<String>,
    node: Option<String>,
}

/// Every reconciler.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReconcilerList {
    items: Vec<ReconcilerView>,
}

/// What is brought about again and again, and how that went last.
#[utoipa::path(get, path = "/reconcilers", tag = "jobs", operation_id = "list_reconcilers",
    responses((status = 200, body = ReconcilerList), Refusals), extensions(("x-permission" = json!("job.manage"))))]
async fn list_reconcilers(call: Call<JobManage>) -> Result<Answer<ReconcilerList>, Refused> {
    let answer = call.read(|tx, right| Box::pin(async move { find::last_runs(tx, right).await })).await?;
    Ok(answer.map(|runs| {
        let items = WORK.reconcilers.iter().map(|reconciler| {
            let run = runs.iter().find(|run| run.name == reconciler.name);
            ReconcilerView {
                name: reconciler.name.to_owned(),
                what: reconciler.what.to_owned(),
                every_seconds: reconciler.every_seconds,
                last_run_at: run.map(|run| run.ran_at),
                #[expect(clippy::cast_precision_loss, reason = "it is shown to a person")]
                duration_ms: run.map(|run| run.duration as f64 / 1000.0),
                failed: run.is_some_and(|run| run.failed),
                error: run.and_then(|run| run.error.clone()),
                node: run.map(|run| run.node.clone()),
            }
        });
        ReconcilerList { items: items.collect() }
    }))
}
