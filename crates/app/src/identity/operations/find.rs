//! Look up tenants and users.

use std::collections::{HashMap, HashSet};

use db::{DbError, Place, Together, Tx};
use types::{ApiClientId, Email, Page, PageRequest, PublisherId, TenantId, UserId};

use crate::access::{Permission, Right, TenantAdmit, UserView};
use crate::identity::tenant::TenantFilter;
use crate::identity::{Member, Tenant, User, UserStatus, store};
use crate::kit::{Beginning, Refused, Search};

pub(crate) async fn list_tenants(
    tx: &mut Tx,
    _right: &Right<TenantAdmit>,
    page: &PageRequest,
    filter: &TenantFilter,
) -> Result<Page<Tenant>, Refused> {
    let tenants = store::list_tenants(tx, page, filter).await?;
    Ok(Page::cut(tenants, page, |tenant| tenant.id.as_bytes().to_vec()))
}

/// Whichever tenant it is, for the operator.
pub(crate) async fn any_tenant(
    tx: &mut Tx,
    _right: &Right<TenantAdmit>,
    id: &TenantId,
) -> Result<Tenant, Refused> {
    store::find_tenant(tx, id).await?.ok_or_else(|| Refused::not_found("tenant"))
}

/// The tenant of the right itself.
pub(crate) async fn own_tenant<P: Permission>(tx: &mut Tx, right: &Right<P>) -> Result<Tenant, Refused> {
    store::find_tenant(tx, &right.tenant()).await?.ok_or_else(|| Refused::not_found("tenant"))
}

/// A tenant by id, for features that show the other side of a relationship or a deal.
pub(crate) async fn tenant(tx: &mut Tx, id: &TenantId) -> Result<Option<Tenant>, DbError> {
    store::find_tenant(tx, id).await
}

/// Those of some tenants whose names have these words.
pub(crate) async fn tenants_called(
    tx: &mut Tx,
    among: &[TenantId],
    search: &Search,
) -> Result<Vec<Tenant>, DbError> {
    store::list_called(tx, among, search).await
}

/// The user of a tenant with this address.
pub(crate) async fn user_at(
    tx: &mut Tx,
    tenant: &TenantId,
    email: &Email,
) -> Result<Option<UserId>, DbError> {
    Ok(store::find_user_by_email(tx, tenant, email).await?.map(|user| user.id))
}

/// What a tenant that sells is called in service ids.
pub(crate) async fn publisher_id(tx: &mut Tx, id: &TenantId) -> Result<Option<PublisherId>, DbError> {
    Ok(store::find_tenant(tx, id).await?.and_then(|tenant| tenant.publisher_id))
}

pub(crate) async fn publisher(tx: &mut Tx, publisher: &PublisherId) -> Result<Option<Tenant>, DbError> {
    store::find_tenant_by_publisher(tx, publisher).await
}

pub(crate) async fn list_users(
    tx: &mut Tx,
    right: &Right<UserView>,
    page: &PageRequest,
    search: &Search,
) -> Result<Page<User>, Refused> {
    let users = store::list_users(tx, &right.tenant(), page, search).await?;
    Ok(Page::cut(users, page, |user| user.id.as_bytes().to_vec()))
}

/// Users whose name, or what follows its first word, or address begins with this, but for those of a status: of
/// however many, in a moment.
pub(crate) async fn users_beginning(
    tx: &mut Tx,
    right: &Right<UserView>,
    beginning: &Beginning,
    but: UserStatus,
    limit: usize,
) -> Result<Vec<User>, Refused> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(store::list_beginning(tx, &right.tenant(), beginning, but, limit).await?)
}

/// Whom a request names: `usr_…`, or an e-mail address of the tenant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum UserRef {
    Id(UserId),
    Email(Email),
}

impl std::fmt::Display for UserRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Email(email) => email.fmt(f),
        }
    }
}

impl UserRef {
    pub(crate) fn parse(text: &str) -> Result<Self, types::Violation> {
        if text.contains('@') {
            Email::parse(text).map(Self::Email)
        } else {
            UserId::parse(text).map(Self::Id)
        }
    }

    /// The id, where it is given by that.
    pub(crate) fn id(&self) -> Option<UserId> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Email(_) => None,
        }
    }

    /// From a path: what is neither an id nor an address is nobody.
    pub(crate) fn from_path(text: &str) -> Result<Self, Refused> {
        Self::parse(text).map_err(|_| Refused::not_found("user"))
    }
}

/// A user of the tenant of this right; refused if there is none.
pub(crate) async fn existing_user<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    reference: &UserRef,
) -> Result<User, Refused> {
    user(tx, right, reference).await?.ok_or_else(|| Refused::not_found("user"))
}

/// A user of the tenant of this right.
pub(crate) async fn user<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    user: &UserRef,
) -> Result<Option<User>, DbError> {
    match user {
        UserRef::Id(id) => store::find_user(tx, &right.tenant(), id).await,
        UserRef::Email(email) => store::find_user_by_email(tx, &right.tenant(), email).await,
    }
}

/// What people and programs are called who did something, each looked up once.
#[derive(Debug, Default)]
pub(crate) struct Doers(HashMap<String, String>);

impl Doers {
    /// By how a log or a history names them (`usr_…`, `cli_…`, `system`). Empty for the marketplace itself; of
    /// whoever is not in the tenant of this right, or no longer, only the id is known (REL-06).
    pub(crate) async fn called<P: Permission>(
        &mut self,
        tx: &mut Tx,
        right: &Right<P>,
        id: &str,
    ) -> Result<String, DbError> {
        if let Some(name) = self.0.get(id) {
            return Ok(name.clone());
        }
        let name = match (id, UserId::parse(id), ApiClientId::parse(id)) {
            ("system", ..) => Some(String::new()),
            (_, Ok(user), _) => store::find_user(tx, &right.tenant(), &user).await?.map(|user| user.name),
            (_, _, Ok(client)) => {
                let client = store::find_api_client(tx, &client).await?;
                client.filter(|client| client.tenant_id == right.tenant()).map(|client| client.name)
            }
            _ => None,
        };
        let name = name.unwrap_or_else(|| id.to_owned());
        self.0.insert(id.to_owned(), name.clone());
        Ok(name)
    }
}

/// Those of the users named who are in the tenant of this right, by id and by address.
pub(crate) async fn members<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    users: &[UserRef],
) -> Result<Vec<Member>, DbError> {
    let (mut ids, mut emails) = (Vec::new(), Vec::new());
    for user in users {
        match user {
            UserRef::Id(id) => ids.push(*id),
            UserRef::Email(email) => emails.push(email.clone()),
        }
    }
    let mut found = store::find_members_by_id(tx, &right.tenant(), &ids).await?;
    found.extend(store::find_members_by_email(tx, &right.tenant(), &emails).await?);
    Ok(found)
}

/// Who is meant by this; an id is taken for what it says.
pub(crate) async fn id_of<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    user: &UserRef,
) -> Result<Option<UserId>, DbError> {
    match user {
        UserRef::Id(id) => Ok(Some(*id)),
        UserRef::Email(_) => {
            let found = members(tx, right, std::slice::from_ref(user)).await?;
            Ok(found.first().map(|member| member.id))
        }
    }
}

/// The same as [`members`] for one user, among statements that travel together.
pub(crate) fn member_in<'a>(
    together: &mut Together<'a>,
    tenant: &'a TenantId,
    user: &'a UserRef,
) -> Place<Member> {
    store::find_member_in(together, tenant, user)
}

/// Every tenant, for whoever follows them all.
pub(crate) async fn tenant_ids(tx: &mut Tx) -> Result<Vec<TenantId>, DbError> {
    store::list_tenant_ids(tx).await
}

/// The same, and how many users they have had in all.
pub(crate) async fn everybody(tx: &mut Tx) -> Result<(Vec<TenantId>, usize), DbError> {
    Ok((store::list_tenant_ids(tx).await?, store::count_all_users(tx).await?))
}

/// Every active user of a tenant, for the entitlement index.
pub(crate) async fn active_users(tx: &mut Tx, tenant: &TenantId) -> Result<Vec<UserId>, DbError> {
    store::list_active_users(tx, tenant).await
}

/// Those of a tenant's users who are active.
pub(crate) async fn active_among(
    tx: &mut Tx,
    tenant: &TenantId,
    users: &[UserId],
) -> Result<HashSet<UserId>, DbError> {
    store::list_active_among(tx, tenant, users).await
}
