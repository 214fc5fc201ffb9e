//! Submissions, their phases, and what is live.

use ::package::plans::PlanDefinition;
use ::package::store::PackageContents;
use serde::{Deserialize, Serialize};
use types::{OfferId, PackageId, PublisherId, ServiceId, SubmissionId, Timestamp};

use crate::catalog::draft::Draft;
use crate::catalog::{Offer, OfferState, Plan, PlanVersion};
use crate::kit::{JsonColumn, text_enum};

text_enum! {
    /// How far a submission is.
    SubmissionStatus {
        /// In the operator's queue.
        InCertification = "in_certification",
        /// A phase failed; the findings say why.
        AttentionNeeded = "attention_needed",
        Preview = "preview",
        GoingLive = "going_live",
        Live = "live",
        Cancelled = "cancelled",
        /// A later submission took its place.
        Replaced = "replaced",
    }
}

text_enum! {
    PhaseName {
        Validation = "validation",
        Certification = "certification",
        Preview = "preview",
        SignOff = "sign_off",
        Live = "live",
    }
}

text_enum! {
    PhaseOutcome {
        Passed = "passed",
        Failed = "failed",
        Cancelled = "cancelled",
    }
}

/// What was found in a phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PhaseFinding {
    /// The rule of the package or the listing; `certification` for the operator's own words.
    pub rule: String,
    pub severity: String,
    pub file: Option<String>,
    pub message: String,
    pub mend: Option<String>,
}

impl PhaseFinding {
    pub(super) fn is_error(&self) -> bool {
        self.severity == "error"
    }

    /// What is wrong and what to do about it, one sentence after the other.
    pub(crate) fn told(&self) -> String {
        match &self.mend {
            Some(mend) => format!("{} {mend}", sentence(&self.message)),
            None => self.message.clone(),
        }
    }
}

/// With a mark at its end.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}

db::rows! {
    #[expect(clippy::struct_field_names, reason = "a field is named as its column")]
    pub(crate) struct Phase in "submission_phases" {
        pub phase: PhaseName,
        pub started_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub outcome: Option<PhaseOutcome>,
        pub findings: JsonColumn<Vec<PhaseFinding>>,
    }
}

/// The draft, its plans and its package, as they were when it was published.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    pub address: String,
    pub publisher_id: PublisherId,
    pub draft: Draft,
    pub plans: Vec<PlanVersion>,
    pub package_sha256: String,
    pub contents: Option<PackageContents>,
}

impl Snapshot {
    pub(super) fn of(
        offer: &Offer,
        plans: &[Plan],
        sha256: String,
        contents: Option<PackageContents>,
    ) -> Self {
        Self {
            address: offer.address(),
            publisher_id: offer.publisher_id.clone(),
            draft: offer.draft.0.clone(),
            plans: plans.iter().map(PlanVersion::from).collect(),
            package_sha256: sha256,
            contents,
        }
    }

    /// What the offer is called: nothing is submitted without a name.
    pub(crate) fn name(&self) -> &str {
        let listing = self.draft.listing.as_ref();
        listing.and_then(|listing| listing.texts.name.as_deref()).unwrap_or(&self.address)
    }

    pub(crate) fn plan(&self, id: &ServiceId) -> Option<&PlanVersion> {
        self.plans.iter().find(|plan| plan.service_id == *id)
    }

    /// A plan as the package has it.
    pub(crate) fn packaged(&self, id: &ServiceId) -> Option<&PlanDefinition> {
        let mut packaged = self.contents.iter().flat_map(|contents| &contents.service_plans);
        packaged.find(|packaged| packaged.service_id == id.as_str())
    }

    /// What a plan is called: as packaged, else by its own name.
    pub(crate) fn display_name<'a>(&'a self, plan: &'a PlanVersion) -> &'a str {
        self.packaged(&plan.service_id).map_or(&plan.name, |packaged| &packaged.display_name)
    }

    /// The services that open a component, in the order of the mapping.
    pub(crate) fn openers(&self, component: &str) -> Vec<ServiceId> {
        let mappings = self.contents.iter().flat_map(|contents| &contents.mappings);
        let mapped = mappings.filter(|mapping| mapping.component == component);
        mapped.filter_map(|mapping| ServiceId::parse(&mapping.service_id).ok()).collect()
    }
}

db::rows! {
    /// One attempt to publish.
    pub(crate) struct Submission in "submissions" {
        pub id: SubmissionId,
        pub offer_id: OfferId,
        pub number: i64,
        pub address: String,
        pub status: SubmissionStatus,
        /// Where the offer stood: a cancelled update leaves it live.
        pub came_from: OfferState,
        pub package_id: PackageId,
        pub snapshot: JsonColumn<Snapshot>,
        /// What the publisher tells the operator.
        pub notes: Option<String>,
        pub live_at: Option<Timestamp>,
        pub created_at: Timestamp,
    }
}

db::rows! {
    /// What customers see and what checks go by, of one offer.
    pub(crate) struct LiveOffer in "live_offers" {
        pub offer_id: OfferId,
        pub address: String,
        pub submission_id: SubmissionId,
        pub version: i64,
        pub snapshot: JsonColumn<Snapshot>,
        pub live_since: Timestamp,
        /// Set: not on the storefront; licenses go on.
        pub stopped_at: Option<Timestamp>,
        /// When it stops, once it was told to.
        pub stops_at: Option<Timestamp>,
    }
}
