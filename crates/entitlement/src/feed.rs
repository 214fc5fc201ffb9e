//! What an index far away is fed with: lines, each JSON.
//!
//! Whoever follows says how far it has come ([`Positions`]); what it is sent begins there. A line is one step and
//! says from where: a follower that stands elsewhere has missed something, or is told it again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use types::{EventId, PublisherId, TenantId, Timestamp};

use crate::{CatalogBuilder, Change};

/// How far a follower has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Positions {
    /// Of each tenant that it has, in the tenant's log.
    pub tenants: BTreeMap<TenantId, Position>,
    /// In the marketplace's own log; absent: it has no catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalog: Option<Position>,
}

/// A position in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    pub at: i64,
    /// By what the entry there is recognised. Without, the position is worth nothing: it may be one of another history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<u32>,
}

/// By what an entry is recognised: a log that goes on from a backup has others at the same positions.
pub fn mark(entry: &EventId) -> u32 {
    let [.., a, b, c, d] = *entry.as_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// One line. What ends at a position says the mark of the entry there; at the beginning of a log there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// The first.
    Hello(Hello),
    /// Everything that is live.
    Catalog {
        #[serde(flatten)]
        catalog: CatalogBuilder,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mark: Option<u32>,
    },
    /// Nothing between these positions of the marketplace's log changed the catalogue.
    CatalogKept {
        from: i64,
        to: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mark: Option<u32>,
    },
    /// A tenant as it is at a version; until its end nothing of it counts.
    Begin {
        tenant: TenantId,
        version: i64,
    },
    Part {
        tenant: TenantId,
        changes: Vec<Change>,
    },
    End {
        tenant: TenantId,
        version: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mark: Option<u32>,
    },
    Steps {
        tenant: TenantId,
        from: i64,
        to: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mark: Option<u32>,
        changes: Vec<Change>,
    },
    /// The follower may not see this tenant, or may no longer.
    Forget {
        tenant: TenantId,
    },
    /// All that the sender knew at this time, by its clock, has been sent.
    Alive {
        at: Timestamp,
    },
}

/// Who sends, and what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The sender's clock.
    pub at: Timestamp,
    /// The marketplace.
    pub issuer: String,
    /// Set where only what is this publisher's is sent.
    pub publisher: Option<PublisherId>,
    /// Set where only what is this tenant's is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantId>,
    /// How long an answer may be used, in seconds (CHK-09).
    pub fresh_seconds: u32,
    pub grace_seconds: u32,
}

/// Users in one part of a snapshot at most.
const PART: usize = 1000;

impl Change {
    /// The same in pieces, so that no line is long.
    pub fn in_parts(self) -> Vec<Self> {
        match self {
            Self::Users { users, status } if users.len() > PART => {
                users.chunks(PART).map(|users| Self::Users { users: users.to_vec(), status }).collect()
            }
            Self::Seats { service, users, seat } if users.len() > PART => users
                .chunks(PART)
                .map(|users| Self::Seats { service: service.clone(), users: users.to_vec(), seat })
                .collect(),
            other => vec![other],
        }
    }

    /// Whether it is of this publisher's concern: its own services, its own relationship, and who there is.
    pub fn concerns(&self, publisher: &PublisherId) -> bool {
        match self {
            Self::Users { .. } => true,
            Self::Seats { service, .. } | Self::License { service, .. } => {
                service.publisher() == publisher.as_str()
            }
            Self::Publisher { publisher: of, .. } => of == publisher,
        }
    }
}
