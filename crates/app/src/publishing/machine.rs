//! The moves of an offer (PUB-01), pure.

use serde_json::json;

use super::MOVE_NOT_ALLOWED;
use crate::catalog::OfferState::{
    self, AttentionNeeded, Draft, GoingLive, Live, NotAvailable, PendingStop, Preview, PublishInProgress,
};
use crate::kit::Refused;

/// What can happen to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Publish,
    /// A phase failed.
    Fail,
    /// All phases up to the preview passed.
    Pass,
    /// Taken back before sign-off; an update leaves the offer live, anything else a draft.
    Cancel,
    GoLive,
    /// The time of going live has come.
    Arrive,
    Stop,
    /// The stop took effect.
    Stopped,
}

impl Move {
    const ALL: [Self; 8] = [
        Self::Publish,
        Self::Fail,
        Self::Pass,
        Self::Cancel,
        Self::GoLive,
        Self::Arrive,
        Self::Stop,
        Self::Stopped,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Fail => "fail",
            Self::Pass => "pass",
            Self::Cancel => "cancel",
            Self::GoLive => "go_live",
            Self::Arrive => "arrive",
            Self::Stop => "stop",
            Self::Stopped => "stopped",
        }
    }
}

/// Where a move leads, if it exists. `came_from` is where the running submission started.
fn target(state: OfferState, step: Move, came_from: OfferState) -> Option<OfferState> {
    match (state, step) {
        (Draft | AttentionNeeded | Preview | Live | NotAvailable, Move::Publish) => Some(PublishInProgress),
        (PublishInProgress, Move::Fail) => Some(AttentionNeeded),
        (PublishInProgress, Move::Pass) => Some(Preview),
        (PublishInProgress, Move::Cancel) if came_from == Live => Some(Live),
        (PublishInProgress, Move::Cancel) => Some(Draft),
        (Preview, Move::GoLive) => Some(GoingLive),
        (GoingLive, Move::Arrive) => Some(Live),
        (Live, Move::Stop) => Some(PendingStop),
        (PendingStop, Move::Stopped) => Some(NotAvailable),
        _ => None,
    }
}

/// Takes a move, or refuses it with the status and the moves allowed.
pub(super) fn next(state: OfferState, step: Move, came_from: OfferState) -> Result<OfferState, Refused> {
    target(state, step, came_from).ok_or_else(|| {
        let allowed: Vec<&str> = Move::ALL
            .into_iter()
            .filter(|step| target(state, *step, came_from).is_some())
            .map(Move::name)
            .collect();
        let status = state.status().as_str();
        let detail = format!("It is {status}; from there: {}.", allowed.join(", "));
        MOVE_NOT_ALLOWED.because(detail).with_context(json!({ "status": status, "allowed": allowed }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PUB-01: exactly these moves exist, of all pairs of state and move.
    #[test]
    fn only_the_moves_of_the_rule_exist() {
        let mut moves = Vec::new();
        for state in OfferState::ALL.iter().copied() {
            for step in Move::ALL {
                if let Ok(to) = next(state, step, Draft) {
                    moves.push(format!("{} {} {}", state.as_str(), step.name(), to.as_str()));
                }
            }
        }
        let expected = [
            "draft publish publish_in_progress",
            "publish_in_progress fail attention_needed",
            "publish_in_progress pass preview",
            "publish_in_progress cancel draft",
            "attention_needed publish publish_in_progress",
            "preview publish publish_in_progress",
            "preview go_live going_live",
            "going_live arrive live",
            "live publish publish_in_progress",
            "live stop pending_stop",
            "pending_stop stopped not_available",
            "not_available publish publish_in_progress",
        ];
        assert_eq!(moves, expected);
    }

    /// PUB-01: a cancelled update leaves the offer live, as it was; wherever else it came from, a draft.
    #[test]
    fn cancelling_leads_to_live_or_to_a_draft() {
        for came_from in OfferState::ALL.iter().copied() {
            let to = next(PublishInProgress, Move::Cancel, came_from).unwrap();
            assert_eq!(to, if came_from == Live { Live } else { Draft }, "{came_from:?}");
        }
    }

    /// PUB-01: a refusal names the status and what is allowed.
    #[test]
    fn a_refusal_names_the_status_and_the_moves() {
        let problem = next(Live, Move::GoLive, Draft).unwrap_err().into_problem();
        assert_eq!(problem.context.unwrap(), json!({ "status": "live", "allowed": ["publish", "stop"] }));
    }
}
