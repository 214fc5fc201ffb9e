//! Many users at once, for the benchmarks: people without roles who never sign in.

use db::Tx;
use types::{Email, Name, UserId};

use crate::access::{Right, UserEdit};
use crate::identity::events::UserCreated;
use crate::identity::user::RoleList;
use crate::identity::{User, UserStatus, store};
use crate::kit::Refused;

pub(crate) async fn create_many(
    tx: &mut Tx,
    right: &Right<UserEdit>,
    people: Vec<(Email, Name<200>)>,
) -> Result<Vec<UserId>, Refused> {
    let users: Vec<User> = people
        .into_iter()
        .map(|(email, name)| User {
            id: right.new_id(),
            tenant_id: right.tenant(),
            email,
            name: name.into_string(),
            status: UserStatus::Active,
            roles: RoleList(Vec::new()),
            created_at: right.now(),
            revision: 1,
        })
        .collect();
    store::insert_users(tx, &users).await?;
    for user in &users {
        right.record(tx, &UserCreated { user: user.id })?;
    }
    Ok(users.into_iter().map(|user| user.id).collect())
}
