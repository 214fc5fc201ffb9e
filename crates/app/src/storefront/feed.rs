//! The index of a node, and what feeds it: the marketplace's log.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use db::{Db, Tx};
use tokio::sync::Mutex;

use super::search::{Entry, LicensingOption, SearchIndex};
use crate::access::MARKETPLACE;
use crate::catalog::draft::Setup;
use crate::catalog::operations::find as catalog;
use crate::catalog::{PlanVersion, Visibility};
use crate::events::{self, Recorded, log_id};
use crate::kit::Refused;
use crate::publishing::LiveOffer;
use crate::publishing::events::{OfferLeftStorefront, OfferWentLive, PlanResumed, PlanStopped};
use crate::publishing::operations::find as publishing;

/// Entries of the log taken at once; a node that is further behind loads everything anew.
const STEPS: i64 = 1000;

/// The live listings of the marketplace, as this node knows them.
#[derive(Debug, Default)]
pub struct Storefront {
    index: RwLock<Indexed>,
    /// One feeds at a time; those who come second find the work done.
    feeding: Mutex<()>,
}

#[derive(Debug)]
struct Indexed {
    /// The position of the marketplace's log it stands at; below every position until it is loaded.
    version: i64,
    listings: SearchIndex,
}

impl Default for Indexed {
    fn default() -> Self {
        Self { version: -1, listings: SearchIndex::default() }
    }
}

impl Storefront {
    /// Searches no earlier than at everything this node knows to be committed.
    pub(super) async fn search<T>(
        &self,
        db: &Db,
        search: impl FnOnce(&SearchIndex) -> T,
    ) -> Result<T, Refused> {
        let wanted = db.heads().known(&log_id(&MARKETPLACE)).max(0);
        if self.read().version < wanted {
            self.feed(db, wanted).await?;
        }
        Ok(search(&self.read().listings))
    }

    async fn feed(&self, db: &Db, wanted: i64) -> Result<(), Refused> {
        let _turn = self.feeding.lock().await;
        let version = self.read().version;
        if version >= wanted {
            return Ok(());
        }
        let steps = if version < 0 {
            None
        } else {
            db.read(move |tx| Box::pin(async move { steps(tx, version).await })).await?
        };
        if let Some(Steps { version, changed }) = steps {
            let mut indexed = self.write();
            for (address, entry) in changed {
                match entry {
                    Some(entry) => indexed.listings.put(entry),
                    None => indexed.listings.remove(&address),
                }
            }
            indexed.version = version;
            return Ok(());
        }
        let (version, entries) = db.read(|tx| Box::pin(async move { everything(tx).await })).await?;
        let mut listings = SearchIndex::default();
        for entry in entries {
            listings.put(entry);
        }
        tracing::info!(listings = listings.len(), "the storefront's index was loaded");
        *self.write() = Indexed { version, listings };
        Ok(())
    }

    fn read(&self) -> RwLockReadGuard<'_, Indexed> {
        self.index.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Indexed> {
        self.index.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What changed up to a position: listings as they are now, or that they are no more.
struct Steps {
    version: i64,
    changed: Vec<(String, Option<Entry>)>,
}

/// `None`: too many.
async fn steps(tx: &mut Tx, version: i64) -> Result<Option<Steps>, Refused> {
    let entries = events::read(tx, &MARKETPLACE, version, STEPS).await?;
    if i64::try_from(entries.len()).is_ok_and(|count| count >= STEPS) {
        return Ok(None);
    }
    let touched = entries.iter().map(touched).collect::<Result<Vec<_>, _>>().map_err(Refused::internal)?;
    let touched: BTreeSet<String> = touched.into_iter().flatten().collect();
    let mut changed = Vec::new();
    for address in touched {
        let live = publishing::live_offer(tx, &address).await?;
        let entry = match live {
            Some((live, publisher_name)) => {
                let stopped = catalog::stopped_plans(tx, Some(&live.offer_id)).await?;
                entry(live, publisher_name, |plan| stopped.contains(&plan.service_id))
            }
            None => None,
        };
        changed.push((address, entry));
    }
    Ok(Some(Steps { version: entries.last().map_or(version, |entry| entry.position), changed }))
}

/// The offer that an entry of the log is about, if the storefront shows it differently since.
fn touched(entry: &Recorded) -> Result<Option<String>, serde_json::Error> {
    if let Some(OfferWentLive { address, .. }) = entry.decode()? {
        return Ok(Some(address));
    }
    if let Some(OfferLeftStorefront { address, .. }) = entry.decode()? {
        return Ok(Some(address));
    }
    if let Some(PlanStopped { address, .. }) = entry.decode()? {
        return Ok(Some(address));
    }
    let resumed: Option<PlanResumed> = entry.decode()?;
    Ok(resumed.map(|resumed| resumed.address))
}

async fn everything(tx: &mut Tx) -> Result<(i64, Vec<Entry>), Refused> {
    let version = events::head(tx, &MARKETPLACE).await?;
    let stopped: BTreeSet<_> = catalog::stopped_plans(tx, None).await?.into_iter().collect();
    let live = publishing::listed_offers(tx).await?;
    let entries = live.into_iter().filter_map(|(live, publisher_name)| {
        entry(live, publisher_name, |plan| stopped.contains(&plan.service_id))
    });
    Ok((version, entries.collect()))
}

/// Nothing can be live without these pages; should one lack all the same, the offer is not shown.
fn entry(
    live: LiveOffer,
    publisher_name: String,
    is_stopped: impl Fn(&PlanVersion) -> bool,
) -> Option<Entry> {
    let snapshot = live.snapshot.0;
    let draft = snapshot.draft;
    let properties = draft.properties?;
    let on_sale: Vec<&PlanVersion> = snapshot.plans.iter().filter(|plan| !is_stopped(plan)).collect();
    let private = |plan: &&&PlanVersion| plan.visibility == Visibility::Private;
    Some(Entry {
        address: live.address,
        publisher_id: snapshot.publisher_id,
        publisher_name,
        listing: draft.listing?,
        categories: properties.primary_category.into_iter().chain(properties.secondary_category).collect(),
        industries: properties.industries,
        markets: draft.availability?.markets,
        licensing_option: licensing_option(draft.setup.as_ref()?),
        live_since: live.live_since,
        public: on_sale.is_empty() || on_sale.iter().any(|plan| plan.visibility == Visibility::Public),
        private_plans: on_sale.iter().filter(private).map(|plan| plan.service_id.clone()).collect(),
    })
}

pub(super) fn licensing_option(setup: &Setup) -> LicensingOption {
    match setup {
        Setup::LicenseManagement { .. } => LicensingOption::LicenseManagement,
        Setup::GetItNow => LicensingOption::GetItNow,
        Setup::FreeTrial { .. } => LicensingOption::FreeTrial,
        Setup::ContactMe => LicensingOption::ContactMe,
    }
}
