//! Whether checks go by what the tables say: one tenant after the other is held against its tables.

use std::sync::{Mutex, PoisonError};

use entitlement::Compared;
use types::TenantId;

use super::snapshot;
use crate::App;
use crate::kit::Refused;

/// Tenants of one turn.
const TURN: usize = 3;

/// The last that was compared.
#[derive(Debug, Default)]
pub(super) struct Turn(Mutex<Option<TenantId>>);

impl Turn {
    /// The next of these, in a circle.
    fn next(&self, mut loaded: Vec<TenantId>) -> Vec<TenantId> {
        loaded.sort_unstable();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let after = last.map_or(0, |last| loaded.partition_point(|tenant| *tenant <= last));
        if after < loaded.len() {
            loaded.rotate_left(after);
        }
        loaded.truncate(TURN);
        *last = loaded.last().copied();
        loaded
    }
}

/// Compares the next tenants and mends what differs; an error, because that is a fault of the program.
pub(crate) async fn compare(app: &App) -> Result<(), Refused> {
    let entitlements = &app.entitlements;
    let loaded = entitlements.index.loaded().into_iter().map(|(tenant, _)| tenant).collect();
    let mut differed = Vec::new();
    for tenant in entitlements.compared.next(loaded) {
        let (version, tables) = snapshot::tenant(&app.db, tenant).await?;
        if let Compared::Mended(steps) = entitlements.index.compare(tenant, version, &tables) {
            tracing::error!(tenant.id = %tenant, log.position = version, index.steps = ?steps, "the index differed");
            differed.push(format!("{tenant} in {} places at {version}", steps.len()));
        }
    }
    if differed.is_empty() {
        return Ok(());
    }
    Err(Refused::internal(format!(
        "the index differed from the tables, and was mended: {}",
        differed.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everybody has a turn, those who come and go meanwhile as well.
    #[test]
    fn turns_go_round() {
        let tenant = |number: u8| TenantId::from_bytes([number; 16]);
        let (turn, all) =
            (Turn::default(), |numbers: &[u8]| numbers.iter().map(|n| tenant(*n)).collect::<Vec<_>>());
        assert_eq!(turn.next(all(&[5, 1, 3, 2, 4])), all(&[1, 2, 3]));
        assert_eq!(turn.next(all(&[1, 2, 4, 5])), all(&[4, 5, 1]));
        assert_eq!(turn.next(all(&[1, 2])), all(&[2, 1]));
        assert_eq!(turn.next(all(&[])), all(&[]));
        assert_eq!(turn.next(all(&[7])), all(&[7]));
    }
}
