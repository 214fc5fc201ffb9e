//! One's own notices over HTTP.

use serde::{Deserialize, Serialize};
use types::{EventId, Page, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::notice::Notice;
use super::operations::mark_read::Which;
use super::operations::{choose_mails, find, mark_read};
use super::preferences::Preferences;
use super::{NoticeKind, Topic};
use crate::App;
use crate::access::SelfView;
use crate::edge::{Answer, Call, Params, Refusals, page_request};
use crate::identity::people;
use crate::kit::{Fields, Language, Refused};

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_notices))
        .routes(routes!(mark_notices_read))
        .routes(routes!(get_notice_preferences, choose_notice_mails))
}

/// What you were told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NoticeView {
    /// Of the event that it tells of.
    id: EventId,
    kind: NoticeKind,
    topic: Topic,
    /// One line, in your language.
    subject: String,
    /// The rest, an empty line between paragraphs.
    text: String,
    /// Where something can be done about it, if somewhere.
    url: Option<String>,
    told_at: Timestamp,
    read_at: Option<Timestamp>,
}

impl NoticeView {
    fn new(notice: Notice, language: Language, base_url: &str) -> Self {
        let words = notice.words(language);
        let Notice { event_id, kind, page, told_at, read_at, .. } = notice;
        Self {
            id: event_id,
            kind,
            topic: kind.topic(),
            subject: words.subject,
            text: words.paragraphs.join("\n\n"),
            url: page.map(|page| format!("{base_url}{page}")),
            told_at,
            read_at,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoticeParams {
    #[param(minimum = 1, maximum = 100, default = 25)]
    limit: Option<usize>,
    #[param(max_length = 1024)]
    cursor: Option<String>,
    /// Only what you have not read.
    #[serde(default)]
    unread: bool,
}

/// What you were told, the newest first, in the language that mails to you are written in.
#[utoipa::path(get, path = "/notices", tag = "notices", operation_id = "list_notices",
    params(NoticeParams), responses((status = 200, body = Page<NoticeView>), Refusals),
    extensions(("x-permission" = json!("self.view"))))]
async fn list_notices(
    Params(query): Params<NoticeParams>,
    call: Call<SelfView>,
) -> Result<Answer<Page<NoticeView>>, Refused> {
    let page = page_request(query.limit, query.cursor.as_deref())?;
    let base_url = call.app.settings.base_url.clone();
    call.read(move |tx, right| {
        Box::pin(async move {
            let language = people::me(tx, right).await?.reads();
            let found = find::notices(tx, right, query.unread, &page).await?;
            Ok(found.map(|notice| NoticeView::new(notice, language, &base_url)))
        })
    })
    .await
}

/// Either of them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkRead {
    /// These.
    #[serde(default)]
    #[schema(max_items = 100)]
    notices: Option<Vec<EventId>>,
    /// True: all.
    #[serde(default)]
    all: bool,
}

impl MarkRead {
    fn parse(self, now: Timestamp) -> Result<Which, Refused> {
        match (self.notices, self.all) {
            (Some(notices), false) => Ok(Which::These(notices)),
            (None, true) => Ok(Which::Until(now)),
            _ => {
                let mut fields = Fields::default();
                let message = "exactly one of notices and all (true) must be given";
                fields.wrong("notices", "notice.these_or_all", message);
                Err(fields.refuse())
            }
        }
    }
}

/// What is left.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct UnreadNotices {
    /// At most 100 are counted.
    unread: i64,
}

/// Mark notices as read. Those that were stay as they are; with one that is not there nothing is marked.
#[utoipa::path(post, path = "/notices/read", tag = "notices", operation_id = "mark_notices_read",
    request_body = MarkRead, responses((status = 200, body = UnreadNotices), Refusals),
    extensions(("x-permission" = json!("self.view"))))]
async fn mark_notices_read(call: Call<SelfView, MarkRead>) -> Result<Answer<UnreadNotices>, Refused> {
    let (call, body) = call.take_body();
    let which = body.parse(call.right.now())?;
    call.write(move |tx, right| {
        Box::pin(async move {
            let unread = mark_read::mark_read(tx, right, &which).await?;
            Ok(UnreadNotices { unread })
        })
    })
    .await
}

/// A kind of notice that your roles get.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct NoticePreference {
    kind: NoticeKind,
    topic: Topic,
    /// False: it is only here.
    by_mail: bool,
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct NoticePreferences {
    kinds: Vec<NoticePreference>,
    revision: i64,
}

impl From<Preferences> for NoticePreferences {
    fn from(preferences: Preferences) -> Self {
        let Preferences { kinds, revision } = preferences;
        let preference =
            |(kind, by_mail): (NoticeKind, bool)| NoticePreference { kind, topic: kind.topic(), by_mail };
        Self { kinds: kinds.into_iter().map(preference).collect(), revision }
    }
}

/// Which notices come to you by mail, too.
#[utoipa::path(get, path = "/notices/preferences", tag = "notices", operation_id = "get_notice_preferences",
    responses((status = 200, body = NoticePreferences), Refusals),
    extensions(("x-permission" = json!("self.view"))))]
async fn get_notice_preferences(call: Call<SelfView>) -> Result<Answer<NoticePreferences>, Refused> {
    let answer = call.read(|tx, right| Box::pin(async move { find::preferences(tx, right).await })).await?;
    Ok(answer.map(NoticePreferences::from).etag(|preferences| preferences.revision))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChooseNoticeMails {
    /// Of the kinds that your roles get; the others do not come by mail.
    #[schema(max_items = 100)]
    by_mail: Vec<NoticeKind>,
}

/// Choose which notices come to you by mail, too. New kinds do, until you choose again.
#[utoipa::path(put, path = "/notices/preferences", tag = "notices", operation_id = "choose_notice_mails",
    request_body = ChooseNoticeMails, responses((status = 200, body = NoticePreferences), Refusals),
    extensions(("x-permission" = json!("self.view"))))]
async fn choose_notice_mails(
    call: Call<SelfView, ChooseNoticeMails>,
) -> Result<Answer<NoticePreferences>, Refused> {
    let expected = call.expected.clone();
    let (call, body) = call.take_body();
    let answer = call.write(move |tx, right| {
        Box::pin(async move {
            let chosen = choose_mails::choose_mails(tx, right, &body.by_mail, &expected).await?;
            Ok(NoticePreferences::from(chosen))
        })
    });
    Ok(answer.await?.etag(|preferences| preferences.revision))
}
