//! Answers as the standard has them.

use std::collections::BTreeMap;

use entitlement::FeatureValue;
use serde::Serialize;
use types::ServiceId;
use utoipa::ToSchema;

use crate::authzen::asker::{Answered, Verdict};
use crate::kit::Refused;

/// The answer to one evaluation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EvaluationAnswer {
    decision: bool,
    context: EvaluationContext,
}

/// Why, and what an app may want to know besides.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct EvaluationContext {
    /// As in checks; or `tenant_unknown`, `subject_type_unknown`, `action_unknown`, `resource_type_unknown`,
    /// `component_unknown`, `component_unclear`; of an item of a batch also the code of a refusal.
    reason: String,
    /// What was wrong with an item of a batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// `active`, `warning`, `suspended` or `waiting`, of the best right found.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    state: Option<entitlement::State>,
    /// `block`; `warn` and `audit` allow without a license, for the same `reason`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    enforcement: Option<entitlement::EnforcementMode>,
    /// The service ids that would do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    service_ids: Vec<ServiceId>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    features: BTreeMap<String, FeatureValue>,
    /// The position of the tenant's log at which this was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
}

impl EvaluationAnswer {
    pub(super) fn decision(&self) -> bool {
        self.decision
    }

    pub(super) fn of(answered: Answered) -> Self {
        let Verdict { allowed, state, reason, services, enforcement, features, version, .. } = match answered
        {
            Ok(verdict) => verdict,
            Err(unknown) => return Self::no(unknown.to_owned(), None),
        };
        let context = EvaluationContext {
            reason: reason.as_str().to_owned(),
            detail: None,
            state,
            enforcement: Some(enforcement),
            service_ids: services,
            features,
            version: Some(version),
        };
        Self { decision: allowed, context }
    }

    /// An item of a batch that cannot be decided; a server that failed is no answer to an item.
    pub(super) fn of_refused(refused: Refused) -> Result<Self, Refused> {
        match refused {
            Refused::Problem(problem) if problem.status < 500 => {
                Ok(Self::no(problem.code, Some(problem.detail)))
            }
            failed => Err(failed),
        }
    }

    pub(super) fn no(reason: String, detail: Option<String>) -> Self {
        Self {
            decision: false,
            context: EvaluationContext { reason, detail, ..EvaluationContext::default() },
        }
    }
}

/// The answers to a batch, in its order; as far as it was evaluated.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EvaluationsAnswer {
    pub(super) evaluations: Vec<EvaluationAnswer>,
}

/// One of both: a request without `evaluations` is answered like a single one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum OneOrMany {
    Many(EvaluationsAnswer),
    One(EvaluationAnswer),
}
