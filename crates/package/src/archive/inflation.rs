//! The account that everything inflated out of one package is charged to.

use crate::limits::Limits;

/// What is left of the limits while one package is read, all levels together.
#[derive(Debug)]
pub(crate) struct Inflation {
    limits: Limits,
    left: u64,
    held: u64,
}

impl Inflation {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { limits: limits.clone(), left: limits.inflated, held: 0 }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Takes bytes off; false when there are not that many left.
    pub(super) fn charge(&mut self, bytes: u64) -> bool {
        let left = self.left.checked_sub(bytes);
        self.left = left.unwrap_or_default();
        left.is_some()
    }

    pub(super) fn is_spent(&self) -> bool {
        self.left == 0
    }

    /// Bytes that a nested archive may take in memory now.
    pub(super) fn room(&self) -> u64 {
        self.limits.held.saturating_sub(self.held)
    }

    pub(super) fn hold(&mut self, bytes: u64) {
        self.held += bytes;
    }

    /// A nested archive has been dropped.
    pub(crate) fn release(&mut self, bytes: u64) {
        self.held = self.held.saturating_sub(bytes);
    }
}
