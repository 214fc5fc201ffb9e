//! What was done to an offer, by whom and when (PUB-06). Saving a draft is not in it.

use types::Timestamp;

db::rows! {
    /// One action.
    pub(crate) struct HistoryEntry in "offer_history" {
        pub at: Timestamp,
        /// A user, a client, or `system`.
        pub actor: String,
        pub what: String,
        pub notes: Option<String>,
    }
}
