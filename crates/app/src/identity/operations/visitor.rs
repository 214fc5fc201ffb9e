//! Who reads a page? Whom a session is of, with what every page shows of them.

use db::Tx;
use types::{Email, Timestamp};

use crate::access::Principal;
use crate::identity::{store, token};
use crate::kit::{Language, Refused};

/// Somebody signed in, in a browser.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub principal: Principal,
    pub name: String,
    pub email: Email,
    /// As chosen.
    pub language: Option<Language>,
    pub tenant_name: String,
}

/// `None` for a session that is unknown, ended or expired.
pub(crate) async fn find(tx: &mut Tx, session: &str, now: Timestamp) -> Result<Option<Visitor>, Refused> {
    let found = store::find_visitor(tx, &token::hash(session), now).await?;
    Ok(found.map(|row| Visitor {
        principal: Principal::user(row.id, row.tenant_id, row.publisher_id, &row.roles.0),
        name: row.name,
        email: row.email,
        language: row.language,
        tenant_name: row.tenant_name,
    }))
}
