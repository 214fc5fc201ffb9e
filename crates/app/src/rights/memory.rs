//! Whether the answer in memory is that of the tables.

use entitlement::Thing;

use super::chain::{Explanation, Memory};
use super::operations::Subject;
use crate::entitlements::Entitlements;

/// What memory answers to the same question, as it stands: nothing is read, and no use is noted.
pub(super) fn compare(
    entitlements: &Entitlements,
    subject: &Subject,
    thing: &Thing,
    explanation: &Explanation,
) -> Memory {
    let (index, question) = (entitlements.index(), subject.question(thing.target()));
    let catalog = index.catalog();
    let Ok(decision) = index.check(&catalog, &question) else {
        return Memory { version: None, differs: None, allowed: None, reason: None };
    };
    let told = explanation.features.iter().map(|it| (it.key.as_str(), &it.value));
    let same = decision.allowed == explanation.allowed
        && decision.reason.as_str() == explanation.reason
        && decision.features().into_iter().eq(told);
    let differs = (decision.version == explanation.version).then_some(!same);
    let shown = differs == Some(true);
    if shown {
        tracing::error!(
            tenant.id = %explanation.tenant, log.position = explanation.version,
            answer.memory = decision.reason.as_str(), answer.tables = explanation.reason,
            "memory and tables answer differently"
        );
    }
    Memory {
        version: Some(decision.version),
        differs,
        allowed: shown.then_some(decision.allowed),
        reason: shown.then(|| decision.reason.as_str().to_owned()),
    }
}
