//! People as letters address them: where, and in which language.

mod store;

use db::{DbError, Tx};
use types::{Country, Email, TenantId, UserId};

use super::events::LanguageChosen;
use crate::access::{Right, Role, SelfView};
use crate::kit::{Language, Refused};

pub(crate) use store::STATEMENTS;

db::rows! {
    /// Somebody who can be written to.
    pub(crate) struct Person in "users" {
        pub id: UserId,
        pub email: Email,
        pub name: String,
        /// As chosen.
        pub language: Option<Language>,
        /// Of the tenant.
        pub country: Country,
    }
}

impl Person {
    /// The language chosen, else that of the tenant's country.
    pub(crate) fn reads(&self) -> Language {
        self.language.unwrap_or_else(|| Language::of_country(&self.country))
    }
}

/// The active users of a tenant who hold one of up to four roles.
pub(crate) async fn people(tx: &mut Tx, tenant: &TenantId, roles: &[Role]) -> Result<Vec<Person>, DbError> {
    store::list_people(tx, tenant, roles).await
}

/// One user of a tenant, while active.
pub(crate) async fn active_person(
    tx: &mut Tx,
    tenant: &TenantId,
    user: &UserId,
) -> Result<Option<Person>, DbError> {
    store::find_active_person(tx, tenant, user).await
}

/// Oneself.
pub(crate) async fn me(tx: &mut Tx, right: &Right<SelfView>) -> Result<Person, Refused> {
    let user = right.user().ok_or_else(|| Refused::not_found("user"))?;
    store::find_person(tx, &right.tenant(), &user).await?.ok_or_else(|| Refused::not_found("user"))
}

/// The language that one wants to read; none means that of the organisation's country.
pub(crate) async fn choose_language(
    tx: &mut Tx,
    right: &Right<SelfView>,
    language: Option<Language>,
) -> Result<Person, Refused> {
    let person = me(tx, right).await?;
    if person.language != language {
        store::update_language(tx, &person.id, language).await?;
        let language = language.map_or("", Language::as_str).to_owned();
        right.record(tx, &LanguageChosen { user: person.id, language })?;
    }
    Ok(Person { language, ..person })
}
