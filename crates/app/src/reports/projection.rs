//! From events to rows.

use std::collections::BTreeMap;

use db::{BoxFuture, Tx};
use entitlement::Grace;
use types::{ServiceId, TenantId, Timestamp, UserId};

use super::store::{self, Running};
use crate::App;
use crate::events::{self, Event, Reader, Recorded};
use crate::identity::operations::find as identity;
use crate::kit::Refused;
use crate::licenses::events::{LicenseChanged, LicenseEnded};
use crate::seats::SeatState;
use crate::seats::events::{
    SeatsFreed, SeatsHeld, SeatsOver, SeatsReleased, SeatsRestored, SeatsTaken, SeatsWaiting,
};

const DAY: i64 = 86_400_000_000;

/// Follows every log; the cursor and the rows move together.
pub(crate) static READER: Reader = Reader {
    name: "reports",
    kinds: &[
        LicenseChanged::KIND,
        LicenseEnded::KIND,
        SeatsTaken::KIND,
        SeatsRestored::KIND,
        SeatsOver::KIND,
        SeatsWaiting::KIND,
        SeatsFreed::KIND,
        SeatsHeld::KIND,
        SeatsReleased::KIND,
    ],
    handle,
};

/// What one event means here.
enum Step {
    Granted {
        customer: TenantId,
        service: ServiceId,
        granted: i64,
    },
    Seats {
        service: ServiceId,
        users: Vec<UserId>,
        becomes: Become,
    },
    /// Seats that count though they are nobody's, more or fewer.
    Held {
        service: ServiceId,
        change: i64,
    },
}

/// What users' seats become.
enum Become {
    Active,
    Beyond(SeatState, Option<Grace>),
    Nothing,
}

impl Step {
    fn of(entry: &Recorded) -> Result<Option<Self>, serde_json::Error> {
        if let Some(LicenseChanged { customer, service_id, pool_granted, .. }) = entry.decode()? {
            return Ok(Some(Self::Granted { customer, service: service_id, granted: pool_granted }));
        }
        if let Some(LicenseEnded { customer, service_id, pool_granted, .. }) = entry.decode()? {
            return Ok(Some(Self::Granted { customer, service: service_id, granted: pool_granted }));
        }
        if let Some(SeatsHeld { service_id, seats, .. }) = entry.decode()? {
            return Ok(Some(Self::Held { service: service_id, change: seats }));
        }
        if let Some(SeatsReleased { service_id, seats, .. }) = entry.decode()? {
            return Ok(Some(Self::Held { service: service_id, change: -seats }));
        }
        let (service, users, becomes) = if let Some(SeatsTaken { service_id, users, .. }) = entry.decode()? {
            (service_id, users, Become::Active)
        } else if let Some(SeatsRestored { service_id, users, .. }) = entry.decode()? {
            (service_id, users, Become::Active)
        } else if let Some(SeatsOver { service_id, users, grace, .. }) = entry.decode()? {
            (service_id, users, Become::Beyond(SeatState::Over, Some(grace)))
        } else if let Some(SeatsWaiting { service_id, users, .. }) = entry.decode()? {
            (service_id, users, Become::Beyond(SeatState::Waiting, None))
        } else if let Some(SeatsFreed { service_id, users, .. }) = entry.decode()? {
            (service_id, users, Become::Nothing)
        } else {
            return Ok(None);
        };
        Ok(Some(Self::Seats { service, users, becomes }))
    }
}

fn handle<'t>(
    tx: &'t mut Tx,
    _app: &'t App,
    tenant: &'t TenantId,
    entries: &'t [Recorded],
) -> BoxFuture<'t, Result<(), Refused>> {
    Box::pin(async move {
        let mut open: BTreeMap<ServiceId, Running> = BTreeMap::new();
        for entry in entries {
            if let Some(step) = Step::of(entry).map_err(Refused::internal)? {
                take(tx, tenant, entry.at, step, &mut open).await?;
            }
        }
        for (service, running) in &open {
            store::upsert_point(tx, tenant, service, running).await?;
        }
        Ok(())
    })
}

async fn take(
    tx: &mut Tx,
    tenant: &TenantId,
    at: Timestamp,
    step: Step,
    open: &mut BTreeMap<ServiceId, Running>,
) -> Result<(), Refused> {
    match step {
        Step::Granted { customer, service, granted } => {
            let activated = (granted > 0).then_some(at);
            make(tx, &customer, &service, activated).await?;
            // A publisher's log has the licenses of its customers: it says whose logs there are to read.
            if customer == *tenant {
                running(tx, tenant, &service, at, open).await?.granted = granted;
            }
        }
        Step::Held { service, change } => {
            running(tx, tenant, &service, at, open).await?.assigned += change;
        }
        Step::Seats { service, users, becomes } => {
            if !open.contains_key(&service) {
                make(tx, tenant, &service, None).await?;
            }
            let running = running(tx, tenant, &service, at, open).await?;
            let count = i64::try_from(users.len()).map_err(Refused::internal)?;
            // Those that were not beyond were active, unless they come from nowhere.
            let active = count - store::delete_seats(tx, tenant, &service, &users).await?;
            match becomes {
                Become::Active => running.assigned += count,
                Become::Nothing | Become::Beyond(SeatState::Over, _) => running.assigned -= active,
                // Nobody who has a seat waits: it is over first.
                Become::Beyond(..) => {}
            }
            if let Become::Beyond(state, grace) = becomes {
                store::insert_seats(tx, tenant, &service, &users, state, grace).await?;
            }
        }
    }
    Ok(())
}

/// The pool, unless it is there; it is active since the first license was granted.
async fn make(
    tx: &mut Tx,
    customer: &TenantId,
    service: &ServiceId,
    activated: Option<Timestamp>,
) -> Result<(), Refused> {
    if store::has_pool(tx, customer, service, activated.is_some()).await? {
        return Ok(());
    }
    let country = identity::tenant(tx, customer).await?.map(|tenant| tenant.country);
    let country = country.ok_or_else(|| Refused::internal(format!("{service} was granted to nobody")))?;
    Ok(store::upsert_pool(tx, customer, service, country, activated).await?)
}

/// The pool's point of the day, begun as the one before ended. Days follow each other, whatever the clocks of
/// several nodes say.
async fn running<'o>(
    tx: &mut Tx,
    tenant: &TenantId,
    service: &ServiceId,
    at: Timestamp,
    open: &'o mut BTreeMap<ServiceId, Running>,
) -> Result<&'o mut Running, Refused> {
    let day = Timestamp::from_micros(at.micros().div_euclid(DAY) * DAY);
    let known = match open.remove(service) {
        Some(known) => known,
        None => {
            store::last_point(tx, tenant, service).await?.unwrap_or(Running { day, granted: 0, assigned: 0 })
        }
    };
    if known.day < day {
        store::upsert_point(tx, tenant, service, &known).await?;
    }
    let running = Running { day: known.day.max(day), ..known };
    Ok(open.entry(service.clone()).or_insert(running))
}

/// Makes everything anew from the logs. Servers may go on meanwhile; until it is done, reports have less than
/// there is, and say so. What is left undone, if this is stopped, they do when they start, or this again.
pub async fn rebuild(app: &App) -> Result<(), Refused> {
    let emptied = app.db.write(|tx| {
        Box::pin(async move {
            // In this order: whoever else is reading is waited for, and what it wrote goes too.
            events::forget_places(tx, &READER).await?;
            store::delete_everything(tx).await
        })
    });
    emptied.await?;
    app.places.start_over(READER.name);
    events::catch_up(app, &READER).await
}
