//! Checks as a node answers them, be it the marketplace or an edge of it.

use std::time::Duration;

use entitlement::replica::Unanswered;
use entitlement::{Decision, Question};
use tokio::time::Instant;
use types::UserId;

use super::{Answered, FRESHNESS_UNKNOWN, Wanted, unclear};
use super::{EDGE_IS_NOT_LATEST, EDGE_NOT_READY, EDGE_OUT_OF_SCOPE, EDGE_TOO_OLD};
use crate::access::MARKETPLACE;
use crate::kit::Refused;
use crate::{AnswerTimes, Edge, Node};

/// How long an edge waits for what a token says was committed.
const WAIT: Duration = Duration::from_secs(2);

impl Node {
    /// When what is answered now was known, in seconds, and how long it may be used from now on (CHK-09).
    pub(crate) fn times(&self) -> Result<(i64, AnswerTimes), Refused> {
        match self {
            Self::Marketplace(app) => Ok((app.clock.now().seconds(), app.in_force.answers())),
            Self::Edge(edge) => {
                let standing = edge.replica.standing((edge.moment)()).ok_or_else(not_ready)?;
                let (fresh, grace) = standing.left();
                Ok((standing.at, AnswerTimes { fresh, grace }))
            }
        }
    }

    /// Says who will be asked about next ([`entitlement::Index::foresee`]).
    pub(crate) fn foresee(&self, users: impl Iterator<Item = UserId>) {
        match self {
            Self::Marketplace(app) => app.entitlements.index().foresee(users),
            Self::Edge(edge) => edge.replica.foresee(users),
        }
    }

    /// Decides a question as freshly as wanted, and has the answer made of the decision.
    pub(crate) async fn answer<T>(
        &self,
        question: Question<'_>,
        wanted: &Wanted,
        answer: impl FnMut(&Decision<'_>) -> T,
    ) -> Result<Answered<T>, Refused> {
        match self {
            Self::Marketplace(app) => app.entitlements.answer(&app.db, question, wanted, answer).await,
            Self::Edge(edge) => edge.answer(question, wanted, answer).await,
        }
    }

    /// The same where there must be a decision.
    pub(crate) async fn check<T>(
        &self,
        question: Question<'_>,
        wanted: &Wanted,
        answer: impl FnMut(&Decision<'_>) -> T,
    ) -> Result<T, Refused> {
        match self.answer(question, wanted, answer).await? {
            Answered::Decided(answer) => Ok(answer),
            Answered::NoCustomer => Err(Refused::not_found("customer")),
            Answered::Unclear(offers) => Err(unclear(offers)),
        }
    }
}

impl Edge {
    async fn answer<T>(
        &self,
        mut question: Question<'_>,
        wanted: &Wanted,
        mut answer: impl FnMut(&Decision<'_>) -> T,
    ) -> Result<Answered<T>, Refused> {
        let Wanted::AtLeast(token) = wanted else {
            return Err(
                EDGE_IS_NOT_LATEST.because("Ask the marketplace itself, or send the token of the write.")
            );
        };
        // One that knows a publisher's services only would take every other component for one that is not restricted.
        if self.replica.publisher().is_some() && question.publisher.is_none() {
            return Err(out_of_scope());
        }
        let catalog = token.position(&MARKETPLACE);
        question.at_least = token.position(&question.tenant);
        let until = Instant::now() + WAIT;
        loop {
            let moved = self.moved.notified();
            tokio::pin!(moved);
            moved.as_mut().enable();
            if self.replica.catalog_version() >= catalog {
                match self.replica.check(&question, (self.moment)(), |decision, _| answer(decision)) {
                    Ok(answer) => return Ok(Answered::Decided(answer)),
                    Err(Unanswered::Behind(_)) => {}
                    Err(other) => return refuse(other, &question),
                }
            }
            if tokio::time::timeout_at(until, moved).await.is_err() {
                let why = "This edge has not come so far; the marketplace itself may know it.";
                return Err(FRESHNESS_UNKNOWN.because(why));
            }
        }
    }
}

fn refuse<T>(why: Unanswered, question: &Question<'_>) -> Result<Answered<T>, Refused> {
    match why {
        Unanswered::Unclear(offers) => Ok(Answered::Unclear(offers)),
        Unanswered::UnknownTenant if question.publisher.is_some() => Ok(Answered::NoCustomer),
        Unanswered::UnknownTenant | Unanswered::OtherPublisher => Err(out_of_scope()),
        Unanswered::TooOld(age) => {
            let detail = format!("It has not heard of the marketplace for {} seconds.", age.as_secs());
            Err(EDGE_TOO_OLD.because(detail).retry_after(5))
        }
        Unanswered::NotYet | Unanswered::Behind(_) => Err(not_ready()),
    }
}

pub(crate) fn not_ready() -> Refused {
    EDGE_NOT_READY.because("The marketplace has not told it everything yet.").retry_after(1)
}

fn out_of_scope() -> Refused {
    EDGE_OUT_OF_SCOPE.because("Its client may not follow these rights: ask the marketplace itself.")
}
