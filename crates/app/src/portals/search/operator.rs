//! What the operator finds: organisations, and what waits for a decision.

use db::Tx;
use types::{DealId, PageRequest, SubmissionId, TenantId};

use super::finder::{Finder, Hit, Hits, Kind, Sought, there};
use crate::access::{DealReview, Right, SubmissionCertify, TenantAdmit};
use crate::deals::operations::examine as deals;
use crate::identity::operations::find as identity;
use crate::identity::{Tenant, TenantFilter};
use crate::kit::page::Wording;
use crate::publishing::Submission;
use crate::publishing::operations::{examine, find as publishing};

pub(super) static KINDS: &[Kind] = &[
    Kind::of::<Submissions>("submissions", "shield", None),
    Kind::of::<Reviews>("reviews", "deal", None),
    Kind::of::<Tenants>("tenants", "customer", Some("/operator/tenants?search=")),
];

struct Submissions;

impl Finder for Submissions {
    type Needs = SubmissionCertify;

    async fn named(tx: &mut Tx, right: &Right<SubmissionCertify>, sought: &Sought) -> Hits {
        let Ok(id) = SubmissionId::parse(&sought.words) else { return Ok(Vec::new()) };
        let found = there(publishing::submission(tx, right, &id).await)?;
        Ok(found.into_iter().map(|(submission, _)| Self::hit(submission)).collect())
    }

    async fn about(tx: &mut Tx, right: &Right<SubmissionCertify>, sought: &Sought) -> Hits {
        let queue = examine::queue(tx, right, &Sought::first(PageRequest::DEFAULT)).await?.items;
        let fits = queue.into_iter().filter(|queued| {
            let submission = &queued.submission;
            sought.is_in(&[submission.snapshot.0.name(), &submission.address, &queued.publisher.name])
        });
        Ok(fits.take(sought.limit).map(|queued| Self::hit(queued.submission)).collect())
    }
}

impl Submissions {
    fn hit(submission: Submission) -> Hit {
        let href = format!("/operator/certifications/{}", submission.id);
        Hit { name: submission.snapshot.0.name().to_owned(), line: submission.address, href }
    }
}

struct Reviews;

impl Finder for Reviews {
    type Needs = DealReview;

    async fn named(tx: &mut Tx, right: &Right<DealReview>, sought: &Sought) -> Hits {
        let Ok(id) = DealId::parse(&sought.words) else { return Ok(Vec::new()) };
        let found = there(deals::examine(tx, right, &id).await)?;
        Ok(found.into_iter().map(Self::hit).collect())
    }

    async fn about(tx: &mut Tx, right: &Right<DealReview>, sought: &Sought) -> Hits {
        let waiting = deals::reviews(tx, right, &Sought::first(PageRequest::DEFAULT)).await?.items;
        let fits = waiting.into_iter().filter(|one| {
            sought.is_in(&[one.deal.terms.0.company.as_str(), &one.publisher.name, &one.offer])
        });
        Ok(fits.take(sought.limit).map(Self::hit).collect())
    }
}

impl Reviews {
    fn hit(examined: deals::Examined) -> Hit {
        let line = format!("{} · {}", examined.publisher.name, examined.offer);
        let href = format!("/operator/deals/{}", examined.deal.id);
        Hit { name: examined.deal.terms.0.company, line, href }
    }
}

struct Tenants;

impl Finder for Tenants {
    type Needs = TenantAdmit;

    async fn named(tx: &mut Tx, right: &Right<TenantAdmit>, sought: &Sought) -> Hits {
        let Ok(id) = TenantId::parse(&sought.words) else { return Ok(Vec::new()) };
        let tenant = there(identity::any_tenant(tx, right, &id).await)?;
        Ok(tenant.into_iter().map(|tenant| Self::hit(sought.t, tenant)).collect())
    }

    async fn about(tx: &mut Tx, right: &Right<TenantAdmit>, sought: &Sought) -> Hits {
        let filter = TenantFilter { search: sought.search.clone(), kind: None };
        let found = identity::list_tenants(tx, right, &sought.page(), &filter).await?;
        Ok(found.items.into_iter().map(|tenant| Self::hit(sought.t, tenant)).collect())
    }
}

impl Tenants {
    fn hit(t: Wording, tenant: Tenant) -> Hit {
        let line = format!("{} · {}", tenant.slug, t.country(&tenant.country));
        Hit { name: tenant.name, line, href: format!("/operator/tenants/{}", tenant.id) }
    }
}
