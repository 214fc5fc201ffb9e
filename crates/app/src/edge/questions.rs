//! What a node takes upon itself of the questions that apps ask.

use types::Timestamp;

use super::TOO_MANY;
use crate::access::Principal;
use crate::kit::{Allowances, Refused, Turns};

/// So many requests at once, and of one asker so many questions a second.
#[derive(Debug)]
pub(crate) struct Questions {
    pub turns: Turns,
    allowances: Allowances,
}

impl Questions {
    /// 0 a second: as many as they like.
    pub(crate) fn new(at_once: usize, per_second: u32) -> Self {
        Self { turns: Turns::new(at_once), allowances: Allowances::new(per_second) }
    }

    /// Counts questions of this asker; 429 if it asked too many of late.
    pub(crate) fn ask(&self, asker: &Principal, count: usize, now: Timestamp) -> Result<(), Refused> {
        asker.ask(count, &self.allowances, now).map_err(|seconds| {
            let detail = format!("Ask again in {seconds} seconds, or keep answers for as long as they say.");
            TOO_MANY.because(detail).retry_after(seconds)
        })
    }
}
