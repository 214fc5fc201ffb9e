//! The use cases of assignments.

pub(crate) mod assign_users;
pub(crate) mod find;
pub(crate) mod retire_user;
pub(crate) mod unassign_users;

use std::collections::HashMap;

use db::Tx;
use types::{Email, UserId};

use super::outcome::{FailureKind, Outcome};
use crate::access::{Right, SeatAssign};
use crate::identity::operations::find::{UserRef, members};
use crate::identity::{Member, UserStatus};
use crate::kit::Refused;
use crate::seats::Pool;

/// What became of one user that was named, in the order of the request.
#[derive(Debug, Clone)]
pub(crate) struct UserResult {
    pub named: String,
    pub outcome: Outcome,
    pub error: Option<FailureKind>,
}

/// What a request did.
#[derive(Debug, Clone)]
pub(crate) struct Summary {
    pub results: Vec<UserResult>,
    pub pool: Pool,
}

impl Summary {
    pub(crate) fn assigned(&self) -> usize {
        self.count(Outcome::Assigned)
    }

    pub(crate) fn unassigned(&self) -> usize {
        self.count(Outcome::Unassigned)
    }

    pub(crate) fn failed(&self) -> usize {
        self.count(Outcome::Failed)
    }

    fn count(&self, outcome: Outcome) -> usize {
        self.results.iter().filter(|result| result.outcome == outcome).count()
    }
}

/// A user that a request names, found or not.
struct Named {
    text: String,
    found: Result<UserId, FailureKind>,
}

async fn resolve(tx: &mut Tx, right: &Right<SeatAssign>, users: &[UserRef]) -> Result<Vec<Named>, Refused> {
    let members = members(tx, right, users).await?;
    let by_id: HashMap<UserId, &Member> = members.iter().map(|member| (member.id, member)).collect();
    let by_email: HashMap<&Email, &Member> = members.iter().map(|member| (&member.email, member)).collect();
    let named = users.iter().map(|user| {
        let member = match user {
            UserRef::Id(id) => by_id.get(id),
            UserRef::Email(email) => by_email.get(email),
        };
        let found = match member {
            None => Err(FailureKind::UserUnknown),
            Some(member) if member.status != UserStatus::Active => Err(FailureKind::UserInactive),
            Some(member) => Ok(member.id),
        };
        Named { text: user.to_string(), found }
    });
    Ok(named.collect())
}
