//! Recording and reading.

use std::fmt;

use db::{DbError, Entry, LogEntry, LogId, Mark, Tx};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use types::{ApiClientId, EventId, Freshness, TenantId, Timestamp, UserId};

use crate::kit::Random;

/// Something that happened: past tense, dotted, part of the API.
pub trait Event: Serialize + DeserializeOwned {
    const KIND: &'static str;
}

/// Declares events and lists them, so that their reference is generated:
/// `events! { /// Made. OfferCreated "offer.created" { offer: OfferId } }`.
macro_rules! events {
    ($($(#[$doc:meta])* $name:ident $kind:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
            pub struct $name { $($(#[$field_doc])* pub $field: $type),* }
            impl $crate::events::Event for $name {
                const KIND: &'static str = $kind;
            }
        )*
        /// Every event of this feature.
        pub(crate) const KINDS: &[&str] = &[$($kind),*];
    };
}
pub(crate) use events;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Actor {
    User(UserId),
    Client(ApiClientId),
    /// The program itself: a reconciler, or a command run on the machine.
    System,
}

/// As rows and answers that keep no more than a text have it: the id, or `system`.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(user) => user.fmt(f),
            Self::Client(client) => client.fmt(f),
            Self::System => f.write_str("system"),
        }
    }
}

/// From where: the peer's address, as far as the server knows it.
pub type Origin = Option<String>;

/// Who records: what every entry says beside the event itself.
#[derive(Debug, Clone)]
pub struct Recorder {
    pub actor: Actor,
    pub origin: Origin,
    pub at: Timestamp,
    pub random: Random,
}

#[derive(Serialize, Deserialize)]
struct Body<D> {
    actor: Actor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Origin,
    data: D,
}

/// The log of a tenant.
pub fn log_id(tenant: &TenantId) -> LogId {
    LogId(*tenant.as_bytes())
}

/// What a write is answered with: how far it moved which logs.
pub fn freshness(marks: &[Mark]) -> Freshness {
    Freshness::at(marks.iter().map(|mark| (TenantId::from_bytes(mark.log.0), mark.position)))
}

/// Adds `event` to the log of each of these tenants, in the transaction of the change.
pub fn record<E: Event>(
    tx: &mut Tx,
    recorder: &Recorder,
    tenants: &[TenantId],
    event: &E,
) -> Result<(), DbError> {
    let body = Body { actor: recorder.actor.clone(), origin: recorder.origin.clone(), data: event };
    let body = serde_json::to_string(&body).map_err(|error| DbError::internal(error.to_string()))?;
    for tenant in tenants {
        let id: EventId = recorder.random.id(recorder.at);
        let entry = Entry { id: *id.as_bytes(), kind: E::KIND, body: body.clone(), at: recorder.at.micros() };
        tx.append(log_id(tenant), entry);
    }
    Ok(())
}

/// An entry of a tenant's log.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub position: i64,
    pub id: EventId,
    pub kind: String,
    pub at: Timestamp,
    pub actor: Actor,
    pub origin: Origin,
    pub data: serde_json::Value,
}

impl Recorded {
    /// An entry that this process appended, in its place.
    pub fn appended(position: i64, entry: &Entry) -> Result<Self, DbError> {
        let Entry { id, kind, body, at } = entry;
        Self::read(LogEntry { id: *id, position, kind: (*kind).to_owned(), body: body.clone(), at: *at })
    }

    fn read(entry: LogEntry) -> Result<Self, DbError> {
        let LogEntry { id, position, kind, body, at } = entry;
        let Body { actor, origin, data } = serde_json::from_str(&body)
            .map_err(|error| DbError::internal(format!("log entry {position}: {error}")))?;
        let (id, at) = (EventId::from_bytes(id), Timestamp::from_micros(at));
        Ok(Self { position, id, kind, at, actor, origin, data })
    }

    /// The event, if it is of this type; an error if it is and does not read as one.
    pub fn decode<E: Event>(&self) -> Result<Option<E>, serde_json::Error> {
        if self.kind == E::KIND { E::deserialize(&self.data).map(Some) } else { Ok(None) }
    }
}

/// Up to `limit` entries after position `after`, in order.
pub async fn read(tx: &mut Tx, tenant: &TenantId, after: i64, limit: i64) -> Result<Vec<Recorded>, DbError> {
    tx.log_entries(log_id(tenant), after, limit).await?.into_iter().map(Recorded::read).collect()
}

/// Of several logs, each from a position of its own, the position of the last entry and up to `limit` entries.
pub async fn read_each(
    tx: &mut Tx,
    logs: &[(TenantId, i64)],
    limit: i64,
) -> Result<Vec<(i64, Vec<Recorded>)>, DbError> {
    let logs: Vec<(LogId, i64)> = logs.iter().map(|(tenant, after)| (log_id(tenant), *after)).collect();
    let read = tx.log_entries_of_each(&logs, limit).await?.into_iter();
    read.map(|(head, entries)| Ok((head, entries.into_iter().map(Recorded::read).collect::<Result<_, _>>()?)))
        .collect()
}

/// The position of the last entry, 0 for an empty log.
pub async fn head(tx: &mut Tx, tenant: &TenantId) -> Result<i64, DbError> {
    tx.log_head(log_id(tenant)).await
}
