//! What signs leases, for whom, and how long they may last.

use std::sync::Arc;

use db::Tx;
use entitlement::lease::{Algorithm, LEASE, REVOCATIONS, RevocationList};
use types::{PublisherId, Timestamp};

use super::operations::find;
use super::operations::issue::{self, Bounds};
use super::{LeaseRow, Scope, Wish, WishHolder};
use crate::App;
use crate::access::{Permission, Right};
use crate::identity::Key;
use crate::identity::operations::rotate_keys;
use crate::kit::Refused;

#[derive(Clone)]
pub(super) struct Signer {
    key: Arc<Key>,
    seconds_max: i64,
    /// The marketplace, as its `base_url` says.
    issuer: String,
}

impl Signer {
    pub(super) fn of(app: &App, algorithm: Algorithm) -> Result<Self, Refused> {
        let key = app.keys.signing(algorithm, app.clock.now())?;
        let (seconds_max, issuer) = (app.in_force.lease_seconds_max(), app.settings.base_url.clone());
        Ok(Self { key, seconds_max, issuer })
    }

    /// Of revocation lists, which every common library verifies.
    pub(super) fn of_lists(app: &App) -> Result<Self, Refused> {
        Self::of(app, Algorithm::Es256)
    }

    /// A lease, and the token that the app carries.
    pub(super) async fn issue<P: Permission>(
        self,
        tx: &mut Tx,
        right: &Right<P>,
        (scope, holder): (&Scope, WishHolder),
        wish: Wish,
    ) -> Result<(LeaseRow, String), Refused> {
        let Self { key, seconds_max, issuer } = self;
        let bounds = Bounds { seconds_max, key_retires_at: rotate_keys::retires_at(tx, &key).await?, issuer };
        let issued = issue::issue_lease(tx, right, (scope, holder), wish, bounds).await?;
        let token = key.sign(LEASE, &issued.claims)?;
        Ok((issued.row, token))
    }

    /// What was revoked of a publisher's leases to the customer of this scope, and the token that tells it.
    pub(super) async fn list(
        self,
        tx: &mut Tx,
        scope: &Scope,
        publisher: &PublisherId,
        now: Timestamp,
    ) -> Result<(RevocationList, String), Refused> {
        let list = find::revocations(tx, scope, publisher, now).await?;
        let token = self.key.sign(REVOCATIONS, &list.claims(&self.issuer, publisher.as_str()))?;
        Ok((list, token))
    }
}
