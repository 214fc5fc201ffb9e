//! What a client keeps over a restart.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use types::TenantId;

use super::answer::Kept;
use super::{Client, Question};
use crate::lease::RevocationList;

/// The state of a client, to be written down and read again. Leases are kept as they came, and verified anew.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Stored {
    high_water: i64,
    keys: Value,
    answers: Vec<(Question, Kept)>,
    leases: Vec<String>,
    revocations: Vec<StoredList>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredList {
    tenant: TenantId,
    issued_at: i64,
    sequence: i64,
    revoked: String,
}

impl Client {
    pub fn stored(&self) -> Stored {
        let lists = self.revocations.values().map(|list| StoredList {
            tenant: list.tenant,
            issued_at: list.issued_at,
            sequence: list.sequence,
            revoked: list.encode(),
        });
        Stored {
            high_water: self.high_water,
            keys: self.keys.clone(),
            answers: self.answers.iter().map(|(question, kept)| (question.clone(), kept.clone())).collect(),
            leases: self.leases.values().map(|(_, token)| token.clone()).collect(),
            revocations: lists.collect(),
        }
    }

    /// A client that knows what another one knew. Lists need not verify again: what they revoked stays so.
    pub fn restored(issuer: String, audience: String, stored: Stored) -> Self {
        let mut client = Self::new(issuer, audience);
        client.take_keys(stored.keys);
        client.answers = stored.answers.into_iter().collect();
        for StoredList { tenant, issued_at, sequence, revoked } in stored.revocations {
            if let Some(list) = RevocationList::decode(tenant, issued_at, sequence, &revoked) {
                client.revocations.insert(tenant, list);
            }
        }
        for token in stored.leases {
            // What does not verify any more is over.
            let _ = client.take_lease(&token);
        }
        client.high_water = stored.high_water;
        client
    }
}
