//! The language that one wants to read.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::access::SelfView;
use crate::edge::{Answer, Call, Refusals};
use crate::identity::people::{self, Person};
use crate::kit::{Language, Refused};

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct LanguageView {
    /// What mails are written in.
    language: Language,
    /// False where it follows from the organisation's country.
    chosen: bool,
}

impl From<Person> for LanguageView {
    fn from(person: Person) -> Self {
        Self { language: person.reads(), chosen: person.language.is_some() }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChooseLanguage {
    /// Absent: that of the organisation's country.
    #[serde(default)]
    language: Option<Language>,
}

/// The language that mails to you are written in.
#[utoipa::path(get, path = "/me/language", tag = "identity", operation_id = "get_own_language",
    responses((status = 200, body = LanguageView), Refusals), extensions(("x-permission" = json!("self.view"))))]
pub(super) async fn get_own_language(call: Call<SelfView>) -> Result<Answer<LanguageView>, Refused> {
    let answer = call.read(|tx, right| Box::pin(async move { people::me(tx, right).await })).await?;
    Ok(answer.map(LanguageView::from))
}

/// Choose the language that mails to you are written in.
#[utoipa::path(put, path = "/me/language", tag = "identity", operation_id = "choose_own_language",
    request_body = ChooseLanguage, responses((status = 200, body = LanguageView), Refusals),
    extensions(("x-permission" = json!("self.view"))))]
pub(super) async fn choose_own_language(
    call: Call<SelfView, ChooseLanguage>,
) -> Result<Answer<LanguageView>, Refused> {
    let language = call.body.language;
    call.write(move |tx, right| {
        Box::pin(async move { people::choose_language(tx, right, language).await.map(LanguageView::from) })
    })
    .await
}
