//! The revision that somebody decided by.

use super::Refused;

/// What a change may be made to: whatever is there, or one of these revisions.
#[derive(Debug, Clone)]
pub struct Expected(Option<Vec<i64>>);

impl Expected {
    pub const ANY: Self = Self(None);

    pub fn one_of(revisions: Vec<i64>) -> Self {
        Self(Some(revisions))
    }

    /// Refuses if what was found is none of them: it was changed since.
    pub fn refuse_stale(&self, found: i64) -> Result<(), Refused> {
        match &self.0 {
            Some(revisions) if !revisions.contains(&found) => Err(Refused::stale(found)),
            _ => Ok(()),
        }
    }
}
