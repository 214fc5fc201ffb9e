//! What pages say in place of ids.

use db::Tx;
use types::{GroupId, ServiceId};

use crate::access::{Permission, Right};
use crate::edge::browser::Visit;
use crate::groups::operations::find as groups;
use crate::kit::{Argument, Refused};
use crate::publishing::operations::names::Names;

/// What a license is called: product and plan, as customers see them.
#[derive(Debug, Clone)]
pub(in crate::portals) struct Called {
    pub service_id: ServiceId,
    pub product: String,
    pub plan: String,
}

impl Called {
    pub(super) async fn find(tx: &mut Tx, names: &mut Names, id: &ServiceId) -> Result<Self, Refused> {
        let (product, plan) = names.plan(tx, id).await?;
        Ok(Self { service_id: id.clone(), product, plan })
    }

    pub(in crate::portals) fn title(&self) -> String {
        format!("{} · {}", self.product, self.plan)
    }

    pub(in crate::portals) fn href(&self) -> String {
        format!("/admin/licenses/{}", self.service_id)
    }

    /// A page below the one of the license.
    pub(super) fn at(&self, page: &str) -> String {
        format!("{}/{page}", self.href())
    }

    /// Where more of it is asked for.
    pub(super) fn more(&self) -> String {
        format!("/admin/requests/licenses?service={}", self.service_id)
    }
}

/// From an address: what is no service id is no license.
pub(super) fn service(text: &str) -> Result<ServiceId, Refused> {
    ServiceId::parse(text).map_err(|_| Refused::not_found("license"))
}

/// A number that a text speaks of.
pub(super) fn whole(number: usize) -> Argument<'static> {
    Argument::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Whether the reader may also do this, as far as links and buttons show it.
pub(super) fn may<Q: Permission, P>(visit: &Visit<P>) -> bool {
    visit.reader.visitor.as_ref().is_some_and(|visitor| visitor.principal.may(Q::KIND))
}

/// The group that a path comes by, if it is not direct.
#[derive(Debug, Clone)]
pub(super) struct ThroughGroup {
    pub id: String,
    pub name: String,
}

pub(super) async fn through<P: Permission>(
    tx: &mut Tx,
    right: &Right<P>,
    source: &str,
) -> Result<Option<ThroughGroup>, Refused> {
    let Some(Ok(id)) = source.strip_prefix("group:").map(GroupId::parse) else { return Ok(None) };
    // A group that was deleted is known by its id.
    let name = match groups::group(tx, right, &id).await {
        Ok(group) => group.name,
        Err(_) => id.to_string(),
    };
    Ok(Some(ThroughGroup { id: id.to_string(), name }))
}
