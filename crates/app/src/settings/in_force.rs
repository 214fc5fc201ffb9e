//! What holds on this node.

use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use db::{Db, DbError, Entry, LogId};
use entitlement::GraceTimes;

use super::events::SettingsChanged;
use super::setting::{Setting, SettingValue, Values};
use super::store;
use crate::access::MARKETPLACE;
use crate::events::{Event as _, Recorded, log_id};
use crate::kit::Refused;
use crate::{AnswerTimes, App, Settings};

/// The values in force. Reading them waits for nobody and nothing.
#[derive(Debug, Clone)]
pub struct InForce(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    configured: Values,
    now: ArcSwap<Revised>,
}

#[derive(Debug)]
struct Revised {
    revision: i64,
    values: Values,
}

impl InForce {
    /// What is set in this database, and configured otherwise. It learns of every change that this process commits.
    pub(crate) async fn open(db: &Db, settings: &Settings) -> Result<Self, Refused> {
        let configured = Values::configured(settings);
        let now = ArcSwap::from_pointee(Revised { revision: -1, values: configured.clone() });
        let opened = Self(Arc::new(Inner { configured, now }));
        let listening = opened.clone();
        db.heads().listen(Box::new(move |mark, entries| {
            if mark.log == log_id(&MARKETPLACE) {
                listening.note(entries);
            }
        }));
        opened.read_again(db).await?;
        Ok(opened)
    }

    fn note(&self, entries: &[(LogId, Entry)]) {
        for (_, entry) in entries.iter().filter(|(_, entry)| entry.kind == SettingsChanged::KIND) {
            let decoded = Recorded::appended(0, entry).and_then(|recorded| {
                recorded.decode::<SettingsChanged>().map_err(|error| DbError::internal(error.to_string()))
            });
            match decoded {
                Ok(Some(event)) => {
                    self.take(event.revision, event.after.iter().map(|(key, value)| (*key, value)));
                }
                Ok(None) => {}
                // It is read from its row within a second.
                Err(error) => tracing::error!(error.cause = %error, "a change of settings does not read"),
            }
        }
    }

    fn take<'v>(&self, revision: i64, set: impl Iterator<Item = (Setting, &'v SettingValue)>) {
        let found = Arc::new(Revised { revision, values: self.0.configured.with(set) });
        self.0
            .now
            .rcu(|known| if known.revision < revision { Arc::clone(&found) } else { Arc::clone(known) });
    }

    async fn read_again(&self, db: &Db) -> Result<(), Refused> {
        let stored =
            db.read(|tx| Box::pin(async move { store::find_settings(tx, &MARKETPLACE).await })).await?;
        self.take(stored.revision, stored.all_set());
        Ok(())
    }

    fn load(&self) -> Guard<Arc<Revised>> {
        self.0.now.load()
    }

    /// What holds where nothing is set.
    pub(crate) fn configured(&self) -> &Values {
        &self.0.configured
    }

    pub fn marketplace_name(&self) -> String {
        self.load().values.marketplace_name.clone()
    }

    pub fn go_live_delay_seconds(&self) -> i64 {
        self.load().values.go_live_delay_seconds
    }

    pub fn grace(&self) -> GraceTimes {
        self.load().values.grace
    }

    pub fn answers(&self) -> AnswerTimes {
        self.load().values.answers
    }

    pub fn lease_seconds_max(&self) -> i64 {
        self.load().values.lease_days_max * 86_400
    }
}

/// Takes up what other nodes changed.
pub(crate) async fn follow(app: &App) -> Result<(), Refused> {
    app.in_force.read_again(&app.db).await
}
