//! What a client keeps over a restart.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use types::TenantId;

use super::answer::Kept;
use super::{Answer, Client, Question};
use crate::lease::RevocationList;

/// The state of a client, to be written down and read again. Leases are kept as they came, and verified anew.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Stored {
    high_water: i64,
    keys: Value,
    /// With what the server said, and when it was received: the one that was received last comes last.
    answers: Vec<(Question, Value, i64)>,
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
        let mut kept: Vec<_> = self.answers.iter().collect();
        kept.sort_unstable_by_key(|(_, kept)| kept.turn);
        let said = |kept: &Kept| Value::Object(kept.answer.said.clone());
        Stored {
            high_water: self.high_water,
            keys: self.keys.clone(),
            answers: kept
                .into_iter()
                .map(|(asked, kept)| (asked.clone(), said(kept), kept.received))
                .collect(),
            leases: self.leases.values().map(|(_, token)| token.clone()).collect(),
            revocations: lists.collect(),
        }
    }

    /// A client that knows what another one knew. Lists need not verify again: what they revoked stays so.
    pub fn restored(issuer: String, audience: String, stored: Stored) -> Self {
        let mut client = Self::new(issuer, audience);
        client.take_keys(stored.keys);
        for (question, said, received) in stored.answers {
            client.turns += 1;
            let kept = Answer::read(said).and_then(|answer| Kept::new(answer, received, client.turns));
            client.answers.extend(kept.map(|kept| (question, kept)));
        }
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
