//! Change the keys that sign: the new ones are published first, the old ones until what they signed is over.

use db::Tx;
use entitlement::lease::Algorithm;
use types::{SigningKeyId, Timestamp};

use crate::App;
use crate::access::{MARKETPLACE, Right, TenantAdmit};
use crate::identity::events::{KeysRemoved, KeysRotated};
use crate::identity::keys::{Key, SigningKey};
use crate::identity::store;
use crate::kit::Refused;

/// Seconds for which an old key is published beyond what it may have signed: for nodes that learn late, and clocks
/// that differ.
const SLACK: i64 = 86_400;

/// Makes a key of each algorithm. When they sign. The old ones are published until a lease of the longest that may be
/// given now would end, and until the last one does that was given: it may have been allowed to last longer.
pub(crate) async fn rotate_keys(
    tx: &mut Tx,
    right: &Right<TenantAdmit>,
    publish_seconds: i64,
    lease_seconds_max: i64,
    last_lease_ends: Option<Timestamp>,
) -> Result<Timestamp, Refused> {
    let signs_from = right.now().plus_seconds(publish_seconds);
    let longest = signs_from.plus_seconds(lease_seconds_max);
    let over = last_lease_ends.map_or(longest, |last| last.max(longest));
    store::retire_signing_keys(tx, over.plus_seconds(SLACK)).await?;
    let mut keys: Vec<SigningKeyId> = Vec::new();
    for algorithm in Algorithm::ALL {
        let key = SigningKey::new(right.new_id(), algorithm, signs_from)?;
        store::insert_signing_key(tx, &key, right.now()).await?;
        keys.push(key.id);
    }
    right.record(tx, &KeysRotated { keys, signs_from })?;
    Ok(signs_from)
}

/// When a key is no longer published, if that is known: nothing that it signs may be good for longer. It is asked of the
/// database, for a node learns late of a rotation, and at once of longer leases.
pub(crate) async fn retires_at(tx: &mut Tx, key: &Key) -> Result<Option<Timestamp>, Refused> {
    let found = store::find_key_retirement(tx, &key.id).await?;
    found.map(|found| found.retires_at).ok_or_else(|| Refused::internal("the key that signs is gone"))
}

/// Takes up what other nodes changed, and removes keys whose time is over.
pub(crate) async fn follow_keys(app: &App) -> Result<(), Refused> {
    app.keys.read_again(&app.db).await?;
    let now = app.clock.now();
    if !app.keys.has_retired(now) {
        return Ok(());
    }
    let right = Right::<TenantAdmit>::of_the_machine(MARKETPLACE, None, now, app.random.clone());
    let removed = app.db.write(move |tx| {
        Box::pin(async move {
            let keys = store::delete_retired_signing_keys(tx, now).await?;
            if !keys.is_empty() {
                right.record(tx, &KeysRemoved { keys })?;
            }
            Ok::<_, Refused>(())
        })
    });
    removed.await?;
    app.keys.read_again(&app.db).await
}
