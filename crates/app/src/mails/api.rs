//! Mails over HTTP, for the operator.

use serde::{Deserialize, Serialize};
use types::{Email, MailId, Page, TenantId, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::mail::{Mail, MailState};
use super::operations::{find, send};
use crate::App;
use crate::access::MailManage;
use crate::edge::{Answer, Call, NoBody, Params, Path, Refusals, page_request};
use crate::kit::{Fields, Language, Refused};

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_mails))
        .routes(routes!(get_mail))
        .routes(routes!(send_mail_again))
}

/// A mail.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct MailView {
    id: MailId,
    /// For which tenant it was written.
    tenant: TenantId,
    recipient: Email,
    /// What it is about.
    kind: String,
    language: Language,
    subject: String,
    state: MailState,
    error: Option<String>,
    created_at: Timestamp,
    sent_at: Option<Timestamp>,
}

impl From<Mail> for MailView {
    fn from(mail: Mail) -> Self {
        let Mail { id, tenant_id, recipient, kind, language, subject, .. } = mail;
        let Mail { state, error, created_at, sent_at, .. } = mail;
        Self { id, tenant: tenant_id, recipient, kind, language, subject, state, error, created_at, sent_at }
    }
}

/// A mail and what it says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MailDetail {
    #[serde(flatten)]
    mail: MailView,
    /// Absent once it was sent.
    text: Option<String>,
    /// Absent once it was sent.
    html: Option<String>,
}

/// Which mails.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailParams {
    /// `waiting`, `held`, `sent` or `failed`
    state: Option<String>,
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    #[param(max_length = 1024)]
    cursor: Option<String>,
}

/// Mails that wait, are held for want of a mail server, were sent or failed, the newest first.
#[utoipa::path(get, path = "/mails", tag = "mails", operation_id = "list_mails", params(MailParams),
    responses((status = 200, body = Page<MailView>), Refusals), extensions(("x-permission" = json!("mail.manage"))))]
async fn list_mails(
    Params(query): Params<MailParams>,
    call: Call<MailManage>,
) -> Result<Answer<Page<MailView>>, Refused> {
    let page = page_request(query.limit, query.cursor.as_deref())?;
    let mut fields = Fields::default();
    let Some(state) = fields.optional("state", query.state.as_deref(), MailState::parse) else {
        return Err(fields.refuse());
    };
    let answer =
        call.read(move |tx, right| Box::pin(async move { find::list_mails(tx, right, &page, state).await }));
    Ok(answer.await?.map(|page| page.map(MailView::from)))
}

fn id(text: &str) -> Result<MailId, Refused> {
    MailId::parse(text).map_err(|_| Refused::not_found("mail"))
}

/// One mail, and what it says until it is sent.
#[utoipa::path(get, path = "/mails/{mail}", tag = "mails", operation_id = "get_mail",
    params(("mail" = String, Path, description = "Id")),
    responses((status = 200, body = MailDetail), Refusals), extensions(("x-permission" = json!("mail.manage"))))]
async fn get_mail(Path(mail): Path<String>, call: Call<MailManage>) -> Result<Answer<MailDetail>, Refused> {
    let id = id(&mail)?;
    let answer = call.read(move |tx, right| Box::pin(async move { find::mail(tx, right, &id).await }));
    Ok(answer.await?.map(|mail| MailDetail {
        text: mail.text_body.clone(),
        html: mail.html_body.clone(),
        mail: mail.into(),
    }))
}

/// Send a mail again that failed or is held.
#[utoipa::path(post, path = "/mails/{mail}/send", tag = "mails", operation_id = "send_mail_again",
    params(("mail" = String, Path, description = "Id")),
    responses((status = 200, body = MailView), Refusals), extensions(("x-permission" = json!("mail.manage"))))]
async fn send_mail_again(
    Path(mail): Path<String>,
    call: Call<MailManage, NoBody>,
) -> Result<Answer<MailView>, Refused> {
    let id = id(&mail)?;
    call.write(move |tx, right| {
        Box::pin(async move { send::send_again(tx, right, &id).await.map(MailView::from) })
    })
    .await
}
