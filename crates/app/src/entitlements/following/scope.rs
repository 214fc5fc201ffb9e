//! Whose rights a follower may see.

use std::collections::BTreeSet;

use db::{DbError, Tx};
use entitlement::{CatalogBuilder, Change};
use types::{PublisherId, TenantId};

use crate::access::MARKETPLACE;
use crate::{identity, relationships};

/// Whose rights a follower may see.
#[derive(Debug, Clone)]
pub(crate) enum Scope {
    /// The operator's: every tenant's.
    Everything,
    /// A publisher's: of its customers, as far as its own services are concerned.
    Customers { tenant: TenantId, publisher: PublisherId },
    /// A tenant's: its own.
    Own(TenantId),
}

impl Scope {
    pub(super) fn publisher(&self) -> Option<&PublisherId> {
        match self {
            Self::Customers { publisher, .. } => Some(publisher),
            Self::Everything | Self::Own(_) => None,
        }
    }

    /// The one whose alone is sent.
    pub(super) fn tenant(&self) -> Option<TenantId> {
        match self {
            Self::Own(tenant) => Some(*tenant),
            Self::Everything | Self::Customers { .. } => None,
        }
    }

    /// Whether what this log says may change who is in scope.
    pub(super) fn depends_on(&self, log: &TenantId) -> bool {
        match self {
            Self::Everything => *log == MARKETPLACE,
            Self::Customers { tenant, .. } => log == tenant,
            Self::Own(_) => false,
        }
    }

    /// Everybody in scope now.
    pub(super) async fn tenants(&self, tx: &mut Tx) -> Result<BTreeSet<TenantId>, DbError> {
        Ok(match self {
            Self::Everything => {
                let all = identity::operations::find::tenant_ids(tx).await?;
                all.into_iter().filter(|tenant| *tenant != MARKETPLACE).collect()
            }
            Self::Customers { tenant, .. } => {
                relationships::operations::find::customers_of(tx, tenant).await?.into_iter().collect()
            }
            Self::Own(tenant) => BTreeSet::from([*tenant]),
        })
    }

    pub(super) fn catalog(&self, catalog: CatalogBuilder) -> CatalogBuilder {
        self.publisher().map_or_else(|| catalog.clone(), |publisher| catalog.only_of(publisher))
    }

    /// What of these steps is the follower's to know; `None` if they end that it may see the tenant.
    pub(super) fn changes(&self, mut changes: Vec<Change>) -> Option<Vec<Change>> {
        let Some(own) = self.publisher() else { return Some(changes) };
        changes.retain(|change| change.concerns(own));
        let ended = changes.iter().any(|change| matches!(change, Change::Publisher { related: false, .. }));
        (!ended).then_some(changes)
    }

    /// The same of a snapshot; `None` if it may not see the tenant at all.
    pub(super) fn snapshot(&self, changes: Vec<Change>) -> Option<Vec<Change>> {
        let changes = self.changes(changes)?;
        let related = |change: &Change| matches!(change, Change::Publisher { related: true, .. });
        (self.publisher().is_none() || changes.iter().any(related)).then_some(changes)
    }
}
