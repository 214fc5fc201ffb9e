//! Personal access tokens: programs that act as a person.

use db::Tx;
use types::{Name, Page, PageRequest, PersonalAccessTokenId, Timestamp};

use crate::access::{Right, SelfView};
use crate::identity::events::{PersonalTokenCreated, PersonalTokenDeleted};
use crate::identity::{store, token};
use crate::kit::Refused;

db::rows! {
    /// What is known of a token after it was shown once.
    pub(crate) struct PersonalAccessToken in "personal_access_tokens" {
        pub id: PersonalAccessTokenId,
        pub name: String,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
    }
}

/// Days a token may last at most.
pub(crate) const MAX_DAYS: i64 = 366;

/// Makes a token; the second value is the secret, shown once.
pub(crate) async fn create_personal_token(
    tx: &mut Tx,
    right: &Right<SelfView>,
    name: Name<100>,
    days: i64,
) -> Result<(PersonalAccessToken, String), Refused> {
    right.refuse_personal_token()?;
    let user = right.user().ok_or_else(|| Refused::not_found("user"))?;
    let secret = right.random().secret(token::PERSONAL);
    let made = PersonalAccessToken {
        id: right.new_id(),
        name: name.into_string(),
        created_at: right.now(),
        expires_at: right.now().plus_days(days),
    };
    store::insert_personal_token(tx, &user, &made, &token::hash(&secret)).await?;
    right.record(tx, &PersonalTokenCreated { user, name: made.name.clone() })?;
    Ok((made, secret))
}

pub(crate) async fn list_personal_tokens(
    tx: &mut Tx,
    right: &Right<SelfView>,
    page: &PageRequest,
) -> Result<Page<PersonalAccessToken>, Refused> {
    let user = right.user().ok_or_else(|| Refused::not_found("user"))?;
    let tokens = store::list_personal_tokens(tx, &user, page).await?;
    Ok(Page::cut(tokens, page, |token| token.id.as_bytes().to_vec()))
}

pub(crate) async fn delete_personal_token(
    tx: &mut Tx,
    right: &Right<SelfView>,
    id: PersonalAccessTokenId,
) -> Result<(), Refused> {
    let user = right.user().ok_or_else(|| Refused::not_found("user"))?;
    if !store::delete_personal_token(tx, &user, &id).await? {
        return Err(Refused::not_found("personal access token"));
    }
    right.record(tx, &PersonalTokenDeleted { user })?;
    Ok(())
}
