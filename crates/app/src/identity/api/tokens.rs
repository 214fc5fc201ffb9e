//! Personal access tokens over HTTP.

use serde::{Deserialize, Serialize};
use types::{Name, Page, PersonalAccessTokenId, Timestamp};
use utoipa::ToSchema;

use crate::access::SelfView;
use crate::edge::{Answer, Call, Nothing, PageParams, Params, Path, Refusals};
use crate::identity::operations::personal_access_token::{self, MAX_DAYS, PersonalAccessToken};
use crate::kit::{Fields, Refused};

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct PersonalTokenView {
    id: PersonalAccessTokenId,
    name: String,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl From<PersonalAccessToken> for PersonalTokenView {
    fn from(token: PersonalAccessToken) -> Self {
        let PersonalAccessToken { id, name, created_at, expires_at } = token;
        Self { id, name, created_at, expires_at }
    }
}

#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct CreatedPersonalToken {
    #[serde(flatten)]
    token: PersonalTokenView,
    /// Shown once.
    secret: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreatePersonalToken {
    #[schema(max_length = 100)]
    name: String,
    /// How long it is good for.
    #[schema(minimum = 1, maximum = 366)]
    days: i64,
}

/// Make a token for programs that act as the caller.
#[utoipa::path(post, path = "/me/tokens", tag = "identity", operation_id = "create_personal_token",
    request_body = CreatePersonalToken, responses((status = 201, body = CreatedPersonalToken), Refusals),
    extensions(("x-permission" = json!("self.view"))))]
pub(super) async fn create_personal_token(
    call: Call<SelfView, CreatePersonalToken>,
) -> Result<Answer<CreatedPersonalToken>, Refused> {
    let mut fields = Fields::default();
    let name = fields.parse("name", &call.body.name, Name::parse);
    let days = call.body.days;
    if !(1..=MAX_DAYS).contains(&days) {
        fields.wrong("days", "days.out_of_range", format!("must be 1 to {MAX_DAYS}"));
    }
    let (Some(name), true) = (name, (1..=MAX_DAYS).contains(&days)) else { return Err(fields.refuse()) };
    let answer = call
        .shows_secret()
        .write(move |tx, right| {
            Box::pin(async move {
                let (token, secret) =
                    personal_access_token::create_personal_token(tx, right, name, days).await?;
                Ok(CreatedPersonalToken { token: token.into(), secret })
            })
        })
        .await?;
    Ok(answer.created())
}

/// The caller's tokens.
#[utoipa::path(get, path = "/me/tokens", tag = "identity", operation_id = "list_personal_tokens",
    params(PageParams), responses((status = 200, body = Page<PersonalTokenView>), Refusals),
    extensions(("x-permission" = json!("self.view"))))]
pub(super) async fn list_personal_tokens(
    Params(page): Params<PageParams>,
    call: Call<SelfView>,
) -> Result<Answer<Page<PersonalTokenView>>, Refused> {
    let page = page.request()?;
    let answer = call
        .read(move |tx, right| {
            Box::pin(async move { personal_access_token::list_personal_tokens(tx, right, &page).await })
        })
        .await?;
    Ok(answer.map(|page| page.map(PersonalTokenView::from)))
}

/// Delete one of the caller's tokens.
#[utoipa::path(delete, path = "/me/tokens/{token}", tag = "identity", operation_id = "delete_personal_token",
    params(("token" = String, Path, description = "Id")), responses((status = 204), Refusals),
    extensions(("x-permission" = json!("self.view"))))]
pub(super) async fn delete_personal_token(
    Path(token): Path<String>,
    call: Call<SelfView>,
) -> Result<Nothing, Refused> {
    let id = PersonalAccessTokenId::parse(&token).map_err(|_| Refused::not_found("personal access token"))?;
    let done = call
        .write(move |tx, right| Box::pin(personal_access_token::delete_personal_token(tx, right, id)))
        .await?;
    Ok(done.nothing())
}
