//! What was done to an offer, by whom and when (PUB-06). Saving a draft is not in it.

use types::{PlanSlug, Timestamp};

use crate::kit::text_enum;

text_enum! {
    /// What can be done to an offer; what is done to a plan says which where `{}` is.
    Action {
        OfferCreated = "offer created",
        PlanCreated = "plan {} created",
        PlanDeleted = "plan {} deleted",
        PlanStopped = "plan {} stopped",
        PlanResumed = "plan {} resumed",
        AudienceSynced = "audience of plan {} synced",
        Published = "published",
        ValidationFailed = "validation failed",
        Certified = "certified",
        SentBack = "sent back with findings",
        Cancelled = "publishing cancelled",
        SignedOff = "signed off to go live",
        Live = "live",
        StopAsked = "stop of distribution asked for",
        Stopped = "distribution stopped",
    }
}

impl Action {
    /// As an entry says it of a plan.
    pub(crate) fn of(self, plan: &PlanSlug) -> String {
        self.as_str().replace("{}", plan.as_str())
    }

    /// What an entry says, and of which plan; empty for what is of the offer.
    pub(crate) fn read(what: &str) -> Option<(Self, &str)> {
        Self::ALL.iter().find_map(|action| match action.as_str().split_once("{}") {
            Some((before, after)) => Some((*action, what.strip_prefix(before)?.strip_suffix(after)?)),
            None => (what == action.as_str()).then_some((*action, "")),
        })
    }

    /// For texts: `plan-created`.
    pub(crate) fn key(self) -> String {
        self.as_str().replace("{} ", "").replace(' ', "-")
    }

    /// Whether it is the operator's to do.
    pub(crate) fn is_of_certification(self) -> bool {
        matches!(self, Self::Certified | Self::SentBack)
    }
}

db::rows! {
    /// One action.
    pub(crate) struct HistoryEntry in "offer_history" {
        pub at: Timestamp,
        /// A user, a client, or `system`.
        pub actor: String,
        /// See [`Action`].
        pub what: String,
        pub notes: Option<String>,
    }
}

#[cfg(test)]
#[test]
fn what_an_entry_says_is_read_back() {
    let gold = PlanSlug::parse("gold").unwrap();
    for action in Action::ALL {
        let plan = if action.as_str().contains("{}") { "gold" } else { "" };
        assert_eq!(Action::read(&action.of(&gold)), Some((*action, plan)));
    }
    assert_eq!(Action::read("what nobody did"), None);
}
