//! Find out whom and what the rows of a list name.

use std::collections::{HashMap, HashSet};

use db::{DbError, Tx, at_length};
use types::{Email, ServiceId, UserId};

use crate::access::{Right, SeatAssign};
use crate::bulk::{ListedRow, RowAction, RowProblem};
use crate::identity::operations::find::{UserRef, members};
use crate::identity::{Member, UserStatus};

/// A row, and whom and what it names.
#[derive(Debug, Clone)]
pub(crate) struct ResolvedRow {
    pub listed: ListedRow,
    /// Unless nobody of the tenant is named so.
    pub user: Option<(UserId, UserStatus)>,
    pub service: Option<ServiceId>,
    /// What a row before makes of this one.
    repeats: Option<RowProblem>,
}

impl ResolvedRow {
    /// Who is to get or to lose what, or why this row cannot say it.
    pub(crate) fn wish(&self) -> Result<(UserId, &ServiceId), RowProblem> {
        let (user, _) = self.user.ok_or(RowProblem::UserUnknown)?;
        let service = self.service.as_ref().ok_or(RowProblem::LicenseUnknown)?;
        self.repeats.map_or(Ok((user, service)), Err)
    }
}

/// Knows what the rows before wanted, so that a list may be resolved stretch by stretch.
#[derive(Debug, Default)]
pub(crate) struct Resolver {
    /// The row that was the first to name a user and a license, and what it wanted.
    first: HashMap<(UserId, String), (i64, RowAction)>,
}

impl Resolver {
    /// The rows that follow those resolved before.
    pub(crate) async fn resolve(
        &mut self,
        tx: &mut Tx,
        right: &Right<SeatAssign>,
        rows: Vec<ListedRow>,
    ) -> Result<Vec<ResolvedRow>, DbError> {
        let (named, distinct) = at_length(rows.len(), || named(&rows));
        let found = members(tx, right, &distinct).await?;
        Ok(at_length(rows.len(), || self.matched(rows, named, found)))
    }

    fn matched(
        &mut self,
        rows: Vec<ListedRow>,
        named: Vec<Option<UserRef>>,
        found: Vec<Member>,
    ) -> Vec<ResolvedRow> {
        let (mut by_id, mut by_email) = (HashMap::new(), HashMap::<Email, _>::new());
        for member in found {
            by_id.insert(member.id, (member.id, member.status));
            by_email.insert(member.email, (member.id, member.status));
        }
        let resolved = rows.into_iter().zip(named).map(|(listed, named)| {
            let user = match named {
                Some(UserRef::Id(id)) => by_id.get(&id).copied(),
                Some(UserRef::Email(email)) => by_email.get(&email).copied(),
                None => None,
            };
            let repeats = user.and_then(|(id, _)| self.repeats(id, &listed));
            ResolvedRow { user, service: ServiceId::parse(&listed.service).ok(), repeats, listed }
        });
        resolved.collect()
    }

    fn repeats(&mut self, user: UserId, row: &ListedRow) -> Option<RowProblem> {
        let wants = (row.number, row.action);
        let first = *self.first.entry((user, row.service.clone())).or_insert(wants);
        match first {
            (number, _) if number == row.number => None,
            (_, action) if action == row.action => Some(RowProblem::DuplicateRow),
            _ => Some(RowProblem::ContradictoryRow),
        }
    }
}

/// Whom each row names, and all of them, each once and neighbours in the index one after the other.
fn named(rows: &[ListedRow]) -> (Vec<Option<UserRef>>, Vec<UserRef>) {
    let named: Vec<Option<UserRef>> = rows.iter().map(|row| UserRef::parse(&row.user).ok()).collect();
    let distinct: HashSet<&UserRef> = named.iter().flatten().collect();
    let mut distinct: Vec<UserRef> = distinct.into_iter().cloned().collect();
    distinct.sort_unstable();
    (named, distinct)
}
