//! Where checks are answered: by the marketplace itself, or by an edge of it.

use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use axum::http::HeaderMap;
use entitlement::replica::{Moment, Replica};
use tokio::sync::Notify;
use types::Timestamp;

use crate::access::Principal;
use crate::edge::{Questions, bearer, recognise};
use crate::identity::{PublicKeys, Verified};
use crate::kit::Refused;
use crate::{App, entitlements};

/// Where checks are answered.
#[derive(Clone)]
pub(crate) enum Node {
    Marketplace(App),
    Edge(Edge),
}

/// A program near the apps that answers checks from a replica of the index, without a database.
#[derive(Clone)]
pub struct Edge(Arc<EdgeParts>);

/// What [`Edge`] derefs to.
pub struct EdgeParts {
    pub replica: Arc<Replica>,
    /// The present, as the replica counts.
    pub moment: Box<dyn Fn() -> Moment + Send + Sync>,
    /// The marketplace's keys.
    keys: RwLock<Arc<PublicKeys>>,
    verified: Verified,
    /// Told of each line that the replica took.
    pub(crate) moved: Arc<Notify>,
    pub(crate) questions: Questions,
}

impl Edge {
    /// `at_once` requests are answered at once, and of one asker so many questions a second; 0: as many as it likes.
    pub fn new(
        replica: Arc<Replica>,
        moment: Box<dyn Fn() -> Moment + Send + Sync>,
        (at_once, per_second): (usize, u32),
    ) -> Self {
        let moved = Arc::new(Notify::new());
        let tell = Arc::clone(&moved);
        replica.listen(Box::new(move || tell.notify_waiters()));
        let (keys, verified) = Default::default();
        let questions = Questions::new(at_once, per_second);
        Self(Arc::new(EdgeParts { replica, moment, keys, verified, moved, questions }))
    }

    /// The present by the marketplace's clock, as far as it is known.
    pub fn now(&self) -> Timestamp {
        self.replica.time((self.moment)()).unwrap_or_default()
    }

    /// Verifies tokens by these keys from now on; those that were verified before hold until they expire.
    pub fn trust(&self, keys: PublicKeys) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    fn recognise(&self, token: &str, now: Timestamp) -> Result<Arc<Principal>, Refused> {
        // Before the marketplace has said who it is nobody can be told from a stranger.
        let issuer = self.replica.issuer().ok_or_else(entitlements::not_ready)?;
        let keys = Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner));
        keys.recognise(&self.verified, issuer, token, now)
    }
}

impl Deref for Edge {
    type Target = EdgeParts;
    fn deref(&self) -> &EdgeParts {
        &self.0
    }
}

impl Node {
    pub(crate) fn now(&self) -> Timestamp {
        match self {
            Self::Marketplace(app) => app.clock.now(),
            Self::Edge(edge) => edge.now(),
        }
    }

    pub(crate) fn questions(&self) -> &Questions {
        match self {
            Self::Marketplace(app) => &app.questions,
            Self::Edge(edge) => &edge.questions,
        }
    }

    /// Who asks.
    pub(crate) async fn recognise(
        &self,
        headers: &HeaderMap,
        now: Timestamp,
    ) -> Result<Arc<Principal>, Refused> {
        match self {
            Self::Marketplace(app) => recognise(app, headers, now).await,
            Self::Edge(edge) => edge.recognise(bearer(headers)?, now),
        }
    }
}

impl From<App> for Node {
    fn from(app: App) -> Self {
        Self::Marketplace(app)
    }
}

impl From<Edge> for Node {
    fn from(edge: Edge) -> Self {
        Self::Edge(edge)
    }
}
