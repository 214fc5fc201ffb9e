//! Looks whether what must always hold does: for the operator of the machine, next to the database.

use std::collections::HashMap;

use db::chain::{Broken, Chain};
use db::{Db, DbError, LogHead};
use types::TenantId;

use crate::kit::Refused;
use crate::{App, bootstrap, licenses, packages, reports, seats};

/// Entries of a log read at once.
const ENTRIES: i64 = 1000;

/// One thing that was looked at.
#[derive(Debug)]
pub struct Examined {
    pub what: &'static str,
    /// How much of it there was.
    pub count: usize,
    /// What is wrong; empty if nothing is.
    pub wrong: Vec<String>,
}

/// Looks at everything; an error means that it could not be read.
pub async fn examine(app: &App) -> Result<Vec<Examined>, Refused> {
    Ok(vec![
        operators(app).await?,
        audit_trails(&app.db).await?,
        pools(app).await?,
        projected(&app.db).await?,
        packages(&app.db).await?,
    ])
}

async fn operators(app: &App) -> Result<Examined, Refused> {
    let there = bootstrap::has_operator(app).await?;
    let nobody = "nobody runs the marketplace yet: seatline setup, or seatline admin create-operator";
    let wrong = if there { Vec::new() } else { vec![nobody.to_owned()] };
    Ok(Examined { what: "operators", count: usize::from(there), wrong })
}

/// EVT-04: every log is the one that was written.
async fn audit_trails(db: &Db) -> Result<Examined, Refused> {
    let heads = db.read(|tx| Box::pin(async move { tx.log_heads_changed_since(i64::MIN).await })).await?;
    let mut wrong = Vec::new();
    for head in &heads {
        if let Some(broken) = follow(db, head).await? {
            let tenant = TenantId::from_bytes(head.log.0);
            wrong.push(format!("the audit trail of {tenant} is broken: {broken}"));
        }
    }
    Ok(Examined { what: "audit trails", count: heads.len(), wrong })
}

async fn follow(db: &Db, head: &LogHead) -> Result<Option<Broken>, DbError> {
    let (log, mut chain, mut after) = (head.log, Chain::default(), 0);
    while after < head.head {
        let limit = ENTRIES.min(head.head - after);
        let entries =
            db.read(move |tx| Box::pin(async move { tx.log_chain(log, after, limit).await })).await?;
        if entries.is_empty() {
            break;
        }
        for entry in &entries {
            if let Err(broken) = chain.step(entry) {
                return Ok(Some(broken));
            }
            after = entry.position;
        }
    }
    Ok(chain.end(head.head, &head.link).err())
}

/// LIC-05, LIC-06: each pool's counters are what its licenses and seats add up to.
async fn pools(app: &App) -> Result<Examined, Refused> {
    let now = app.clock.now();
    let (pools, granted) = app
        .db
        .read(move |tx| {
            Box::pin(async move {
                let granted = licenses::operations::find::granted_by_pool(tx, now).await?;
                Ok::<_, DbError>((seats::operations::find::counted_pools(tx).await?, granted))
            })
        })
        .await?;
    let granted: HashMap<_, i64> = granted.into_iter().collect();
    let mut wrong = Vec::new();
    for pool in &pools {
        let licensed = granted.get(&pool.id).copied().unwrap_or_default();
        // One of whose licenses has just ended learns of it when somebody next comes by.
        let settled = pool.settle_at.is_none_or(|at| at > now);
        let (counts, seats) = ((pool.in_use, pool.held), (pool.active + pool.holds, pool.holds));
        if counts != seats || (settled && pool.granted != licensed) {
            wrong.push(format!(
                "the pool {} of {} counts {} granted, {} in use and {} of these held; its licenses are {licensed}, its seats \
                 {} active and {} held",
                pool.service_id, pool.tenant_id, pool.granted, pool.in_use, pool.held, pool.active, pool.holds
            ));
        }
    }
    Ok(Examined { what: "pools", count: pools.len(), wrong })
}

/// RPT-03: where a log was read to its end, reports say what the pools count.
async fn projected(db: &Db) -> Result<Examined, Refused> {
    let (pools, points) = db
        .read(|tx| {
            Box::pin(async move {
                let points = reports::operations::pools::latest(tx).await?;
                let mut read = Vec::new();
                for pool in seats::operations::find::counted_pools(tx).await? {
                    if reports::operations::pools::is_complete(tx, &pool.tenant_id).await? {
                        read.push(pool);
                    }
                }
                Ok::<_, DbError>((read, points))
            })
        })
        .await?;
    let key = |tenant: &TenantId, service: &types::ServiceId| (*tenant, service.clone());
    let points: HashMap<_, _> = points
        .into_iter()
        .map(|point| (key(&point.tenant_id, &point.service_id), (point.granted, point.assigned)))
        .collect();
    let mut wrong = Vec::new();
    for pool in &pools {
        let reported = points.get(&key(&pool.tenant_id, &pool.service_id)).copied().unwrap_or_default();
        if reported != (pool.granted, pool.in_use) {
            let (service, tenant) = (&pool.service_id, &pool.tenant_id);
            wrong.push(format!(
                "reports say {reported:?} of {service} of {tenant}, which counts {:?}: granted and in use",
                (pool.granted, pool.in_use)
            ));
        }
    }
    Ok(Examined { what: "reports", count: pools.len(), wrong })
}

/// PKG-10: every package is there, whole.
async fn packages(db: &Db) -> Result<Examined, Refused> {
    let kept =
        db.read(|tx| Box::pin(async move { packages::operations::find::kept_sizes(tx).await })).await?;
    let missing = kept.iter().filter(|package| package.size != package.kept);
    let wrong = missing
        .map(|package| {
            format!("of the package {} {} of {} bytes are there", package.id, package.kept, package.size)
        })
        .collect();
    Ok(Examined { what: "packages", count: kept.len(), wrong })
}
