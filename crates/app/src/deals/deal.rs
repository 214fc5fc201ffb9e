//! Deals and their moves (DEA-02), pure.

use serde_json::json;
use types::{DealId, OfferId, TenantId, Timestamp};

use super::MOVE_NOT_ALLOWED;
use super::terms::Terms;
use crate::kit::{JsonColumn, Refused, text_enum};

text_enum! {
    DealStatus {
        Draft = "draft",
        Submitted = "submitted",
        Approved = "approved",
        Rejected = "rejected",
        UpdateRequired = "update_required",
    }
}

text_enum! {
    /// Where a deal is listed.
    DealTab {
        ActionRequired = "action_required",
        InProgress = "in_progress",
        Closed = "closed",
    }
}

text_enum! {
    ContractType {
        New = "new",
        Renewal = "renewal",
    }
}

/// What can happen to a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    Submit,
    Approve,
    Reject,
    RequestUpdate,
}

impl Move {
    const ALL: [Self; 4] = [Self::Submit, Self::Approve, Self::Reject, Self::RequestUpdate];

    fn name(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::RequestUpdate => "request_update",
        }
    }
}

impl DealStatus {
    pub(crate) fn tab(self) -> DealTab {
        match self {
            Self::Draft | Self::UpdateRequired => DealTab::ActionRequired,
            Self::Submitted => DealTab::InProgress,
            Self::Approved | Self::Rejected => DealTab::Closed,
        }
    }

    pub(crate) fn is_editable(self) -> bool {
        self.tab() == DealTab::ActionRequired
    }

    fn target(self, step: Move) -> Option<Self> {
        match (self, step) {
            (Self::Draft | Self::UpdateRequired, Move::Submit) => Some(Self::Submitted),
            (Self::Submitted, Move::Approve) => Some(Self::Approved),
            (Self::Submitted, Move::Reject) => Some(Self::Rejected),
            (Self::Submitted, Move::RequestUpdate) => Some(Self::UpdateRequired),
            _ => None,
        }
    }

    /// Takes a move, or refuses it with the status and the moves allowed.
    pub(crate) fn next(self, step: Move) -> Result<Self, Refused> {
        self.target(step).ok_or_else(|| {
            let allowed: Vec<&str> =
                Move::ALL.into_iter().filter(|step| self.target(*step).is_some()).map(Move::name).collect();
            let detail = format!("It is {}; from there: {}.", self.as_str(), allowed.join(", "));
            MOVE_NOT_ALLOWED.because(detail).with_context(json!({ "status": self, "allowed": allowed }))
        })
    }
}

db::rows! {
    /// A registered sale of one offer to one customer.
    pub(crate) struct Deal in "deals" {
        pub id: DealId,
        pub tenant_id: TenantId,
        pub offer_id: OfferId,
        pub status: DealStatus,
        pub contract_type: ContractType,
        pub terms: JsonColumn<Terms>,
        /// Set by the first successful license update, for ever (DEA-04).
        pub customer_tenant_id: Option<TenantId>,
        pub review_reason: Option<String>,
        pub created_at: Timestamp,
        pub revision: i64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DEA-02: exactly these moves exist, of all pairs of status and move; each status has its tab.
    #[test]
    fn only_the_moves_of_the_rule_exist() {
        let mut moves = Vec::new();
        for status in DealStatus::ALL.iter().copied() {
            for step in Move::ALL {
                if let Ok(to) = status.next(step) {
                    moves.push(format!("{} {} {}", status.as_str(), step.name(), to.as_str()));
                }
            }
        }
        let expected = [
            "draft submit submitted",
            "submitted approve approved",
            "submitted reject rejected",
            "submitted request_update update_required",
            "update_required submit submitted",
        ];
        assert_eq!(moves, expected);
        let tabs: Vec<&str> = DealStatus::ALL.iter().map(|status| status.tab().as_str()).collect();
        assert_eq!(tabs, ["action_required", "in_progress", "closed", "closed", "action_required"]);
    }
}
