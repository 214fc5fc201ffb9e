//! Find out whom and what the rows of a list name.

use std::collections::{HashMap, HashSet};

use db::{DbError, Tx};
use types::{Email, ServiceId, UserId};

use crate::access::{Right, SeatAssign};
use crate::bulk::{ListedRow, RowProblem};
use crate::identity::UserStatus;
use crate::identity::operations::find::{UserRef, members};

/// A row, and whom and what it names.
#[derive(Debug, Clone)]
pub(crate) struct ResolvedRow {
    pub listed: ListedRow,
    /// Unless nobody of the tenant is named so.
    pub user: Option<(UserId, UserStatus)>,
    pub service: Option<ServiceId>,
    duplicate: bool,
}

impl ResolvedRow {
    /// Who is to get or to lose what, or why this row cannot say it.
    pub(crate) fn wish(&self) -> Result<(UserId, &ServiceId), RowProblem> {
        let (user, _) = self.user.ok_or(RowProblem::UserUnknown)?;
        let service = self.service.as_ref().ok_or(RowProblem::LicenseUnknown)?;
        if self.duplicate { Err(RowProblem::DuplicateRow) } else { Ok((user, service)) }
    }
}

pub(crate) async fn resolve(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    rows: Vec<ListedRow>,
) -> Result<Vec<ResolvedRow>, DbError> {
    let named: Vec<Option<UserRef>> = rows.iter().map(|row| UserRef::parse(&row.user).ok()).collect();
    let distinct: HashSet<&UserRef> = named.iter().flatten().collect();
    let distinct: Vec<UserRef> = distinct.into_iter().cloned().collect();
    let (mut by_id, mut by_email) = (HashMap::new(), HashMap::<Email, _>::new());
    for member in members(tx, right, &distinct).await? {
        by_id.insert(member.id, (member.id, member.status));
        by_email.insert(member.email, (member.id, member.status));
    }
    let mut seen = HashSet::new();
    let resolved = rows.into_iter().zip(named).map(|(listed, named)| {
        let user = match named {
            Some(UserRef::Id(id)) => by_id.get(&id).copied(),
            Some(UserRef::Email(email)) => by_email.get(&email).copied(),
            None => None,
        };
        let duplicate = user.is_some_and(|(id, _)| !seen.insert((id, listed.service.clone())));
        ResolvedRow { user, service: ServiceId::parse(&listed.service).ok(), duplicate, listed }
    });
    Ok(resolved.collect())
}
