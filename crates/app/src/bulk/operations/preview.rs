//! What a list would do, without doing it: every row on one snapshot, in their order.

use std::collections::{BTreeMap, HashMap, HashSet};

use db::{Tx, at_length};
use types::{ServiceId, UserId};

use super::resolve::{ResolvedRow, Resolver};
use crate::access::{Right, SeatAssign};
use crate::bulk::{ListedRow, RowAction, RowProblem};
use crate::identity::UserStatus;
use crate::kit::Refused;
use crate::licenses::operations::find as licenses;
use crate::seats::operations::{find as seats, holds};
use crate::seats::{OpenPath, SeatState};

/// What a list would do.
#[derive(Debug, Clone)]
pub(crate) struct Preview {
    pub rows: Vec<(ListedRow, Option<RowProblem>)>,
    /// By service id: seats available before and after.
    pub licenses: BTreeMap<String, (i64, i64)>,
}

pub(crate) async fn preview(
    tx: &mut Tx,
    right: &Right<SeatAssign>,
    rows: Vec<ListedRow>,
) -> Result<Preview, Refused> {
    let rows = Resolver::default().resolve(tx, right, rows).await?;
    let mut users: BTreeMap<String, (ServiceId, Vec<UserId>)> = BTreeMap::new();
    for (user, service) in rows.iter().filter_map(|row| row.wish().ok()) {
        users.entry(service.to_string()).or_insert_with(|| (service.clone(), Vec::new())).1.push(user);
    }
    let mut licenses = BTreeMap::new();
    for (text, (service, users)) in users {
        if let Some(license) = License::read(tx, right, &service, &users).await? {
            licenses.insert(text, license);
        }
    }
    let before: BTreeMap<String, i64> =
        licenses.iter().map(|(text, license)| (text.clone(), license.available)).collect();
    let rows = at_length(rows.len(), || {
        let said = rows.into_iter().map(|row| {
            let problem = say(&mut licenses, &row).err();
            (row.listed, problem)
        });
        said.collect()
    });
    let after = |(text, before)| {
        let after = licenses.get(&text).map_or(before, |license| license.available);
        (text, (before, after))
    };
    Ok(Preview { rows, licenses: before.into_iter().map(after).collect() })
}

fn say(licenses: &mut BTreeMap<String, License>, row: &ResolvedRow) -> Result<(), RowProblem> {
    let (user, service) = row.wish()?;
    let license = licenses.get_mut(&service.to_string()).ok_or(RowProblem::LicenseUnknown)?;
    match row.listed.action {
        RowAction::Assign if row.user.is_some_and(|(_, status)| status != UserStatus::Active) => {
            Err(RowProblem::UserInactive)
        }
        RowAction::Assign => license.assign(user),
        RowAction::Unassign => license.unassign(user),
    }
}

/// A license as it is while the list goes through it. Each user is in the list once.
#[derive(Debug)]
struct License {
    available: i64,
    /// Seats that get a free one before anybody else.
    queue: i64,
    direct: HashSet<UserId>,
    grouped: HashSet<UserId>,
    seats: HashMap<UserId, SeatState>,
    /// Who gets the seat back that is held for them.
    held: HashSet<UserId>,
}

impl License {
    async fn read(
        tx: &mut Tx,
        right: &Right<SeatAssign>,
        service: &ServiceId,
        users: &[UserId],
    ) -> Result<Option<Self>, Refused> {
        if seats::pool(tx, &right.tenant(), service).await?.is_none() {
            return Ok(None);
        }
        let status = licenses::pool_status(tx, right, service).await?;
        let open = seats::open_paths_among(tx, &status.pool.id, users).await?;
        let (direct, grouped): (Vec<_>, Vec<_>) = open.into_iter().partition(OpenPath::is_direct);
        let seated = seats::seated_among(tx, &status.pool.id, users, right.now()).await?;
        let held = holds::held_among(tx, &status.pool, users).await?;
        Ok(Some(Self {
            available: status.pool.available(),
            queue: status.warning + status.suspended + status.waiting,
            direct: direct.into_iter().map(|path| path.user_id).collect(),
            grouped: grouped.into_iter().map(|path| path.user_id).collect(),
            seats: seated.into_iter().collect(),
            held,
        }))
    }

    fn assign(&mut self, user: UserId) -> Result<(), RowProblem> {
        if self.direct.contains(&user) {
            return Err(RowProblem::AlreadyAssigned);
        }
        match self.seats.get(&user) {
            Some(SeatState::Active | SeatState::Over) => Ok(()),
            None if self.held.contains(&user) => Ok(()),
            None if self.available > 0 => {
                self.available -= 1;
                Ok(())
            }
            Some(SeatState::Waiting) | None => Err(RowProblem::CountViolation),
        }
    }

    fn unassign(&mut self, user: UserId) -> Result<(), RowProblem> {
        match (self.direct.contains(&user), self.grouped.contains(&user)) {
            (false, true) => return Err(RowProblem::Inherited),
            (false, false) => return Err(RowProblem::NotAssigned),
            (true, true) => return Ok(()),
            (true, false) => {}
        }
        match self.seats.get(&user) {
            Some(SeatState::Active) if self.queue == 0 => self.available += 1,
            Some(_) => self.queue = (self.queue - 1).max(0),
            None => {}
        }
        Ok(())
    }
}
