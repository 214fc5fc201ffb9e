//! One connection to the marketplace, line by line.

use std::fmt;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use types::{TenantId, Timestamp};

use super::{Moment, Replica};
use crate::feed::{Hello, Line};
use crate::{Change, Compared};

/// By which the clocks of a marketplace's nodes may differ.
const CLOCKS_DIFFER: Moment = Moment::from_mins(1);

/// What did not fit. The connection is to be ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    Malformed(String),
    /// A line where another kind was to come.
    OutOfTurn(&'static str),
    /// Steps that do not begin where the tenant stands: something is missing, or comes a second time.
    Gap {
        tenant: TenantId,
        stands: Option<i64>,
        from: i64,
    },
    /// A tenant as it was before.
    Older {
        tenant: TenantId,
        stands: i64,
        version: i64,
    },
    Catalog {
        stands: i64,
        version: i64,
    },
    /// A clock that shows a time that was over, or runs faster than ours.
    Clock,
    /// A tenant that would take more room than there is.
    TooMuch(TenantId),
    /// All of them together do; bytes that are taken.
    Full(usize),
    /// Another marketplace than before, or what is another's to see.
    Elsewhere,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why) => write!(f, "a line cannot be read: {why}"),
            Self::OutOfTurn(what) => write!(f, "{what} came out of turn"),
            Self::Gap { tenant, stands: Some(stands), from } => {
                write!(f, "{tenant} stands at {stands} and was sent steps from {from}")
            }
            Self::Gap { tenant, stands: None, from } => {
                write!(f, "{tenant} is not there and was sent steps from {from}")
            }
            Self::Older { tenant, stands, version } => write!(
                f,
                "{tenant} stands at {stands} and was sent as it was at {version}: if the marketplace was \
                 restored from a backup, start this program anew"
            ),
            Self::Catalog { stands, version } => {
                write!(f, "the catalogue stands at {stands} and was sent as of {version}")
            }
            Self::Clock => {
                f.write_str("the marketplace's clock shows a time that was over, or runs too fast")
            }
            Self::TooMuch(tenant) => write!(f, "{tenant} takes more room than there is"),
            Self::Full(bytes) => {
                let mib = bytes / (1024 * 1024);
                write!(f, "the rights that are followed take {mib} MiB, more than they may here")
            }
            Self::Elsewhere => f.write_str("another marketplace answers, or for somebody else"),
        }
    }
}

/// How often it is looked how much everything takes, in bytes of lines.
const MEASURE: usize = 1024 * 1024;

/// Bytes that there are at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// For the lines of one tenant, until their end has come.
    pub tenant: usize,
    /// For everything that is known.
    pub memory: usize,
}

/// Takes the lines of one connection.
#[derive(Debug)]
pub struct Reader<'r> {
    replica: &'r Replica,
    /// When the connection was asked for: nothing on it is older.
    asked: Moment,
    began: Option<Timestamp>,
    alive: Timestamp,
    /// The tenant whose alone is sent.
    only: Option<TenantId>,
    snapshot: Option<(TenantId, i64, Vec<Change>)>,
    room: Room,
    /// Bytes that the snapshot on its way may still take.
    left: usize,
    /// Bytes of lines since it was last looked how much everything takes.
    unmeasured: usize,
    told: bool,
}

impl<'r> Reader<'r> {
    /// `asked`: the moment before the request was sent.
    pub fn new(replica: &'r Replica, asked: Moment, room: Room) -> Self {
        let (alive, left, unmeasured) = (Timestamp::default(), room.tenant, MEASURE);
        let (began, only, snapshot, told) = (None, None, None, false);
        Self { replica, asked, began, alive, only, snapshot, room, left, unmeasured, told }
    }

    /// Whether everything was sent at least once.
    pub fn is_alive(&self) -> bool {
        self.told
    }

    /// Takes a line, or says why it does not fit; what is doubtful then is asked for anew on the next connection.
    pub fn take(&mut self, line: &[u8], now: Moment) -> Result<(), Fault> {
        let read = serde_json::from_slice(line).map_err(|error| Fault::Malformed(error.to_string()));
        let taken = read.and_then(|read| {
            self.measure(line.len())?;
            self.line(read, line.len(), now)
        });
        if let Err(fault) = &taken {
            self.doubt(fault);
        }
        for listener in &*self.replica.listeners.read().unwrap_or_else(PoisonError::into_inner) {
            listener();
        }
        taken
    }

    /// Nothing is taken any more once everything takes more room than there is: what stands grows old.
    fn measure(&mut self, length: usize) -> Result<(), Fault> {
        self.unmeasured += length;
        if self.unmeasured < MEASURE {
            return Ok(());
        }
        let bytes = self.replica.index.bytes();
        if bytes > self.room.memory {
            return Err(Fault::Full(bytes));
        }
        self.unmeasured = 0;
        Ok(())
    }

    fn line(&mut self, line: Line, length: usize, now: Moment) -> Result<(), Fault> {
        if self.began.is_none() != matches!(line, Line::Hello(_)) {
            return Err(Fault::OutOfTurn("the first line"));
        }
        if !self.is_ours(&line) {
            return Err(Fault::Elsewhere);
        }
        let index = &self.replica.index;
        match line {
            Line::Hello(hello) => self.hello(hello, now),
            Line::Catalog { catalog, mark } => {
                let (catalog, stands) = (catalog.build(), index.catalog_version());
                let version = catalog.version();
                if version < stands {
                    return Err(Fault::Catalog { stands, version });
                }
                index.replace_catalog(catalog);
                self.mark(None, mark);
                self.trust(|doubted| doubted.catalog = false);
                Ok(())
            }
            Line::CatalogKept { from, to, mark } => {
                let stands = index.catalog_version();
                if from > to || !index.keep_catalog(from, to) {
                    return Err(Fault::Catalog { stands, version: from });
                }
                self.mark(None, mark);
                Ok(())
            }
            Line::Begin { tenant, version } => {
                (self.snapshot, self.left) = (Some((tenant, version, Vec::new())), self.room.tenant);
                Ok(())
            }
            Line::Part { tenant, changes } => match &mut self.snapshot {
                Some((of, _, parts)) if *of == tenant => {
                    self.left = self.left.checked_sub(length).ok_or(Fault::TooMuch(tenant))?;
                    parts.extend(changes);
                    Ok(())
                }
                _ => Err(Fault::OutOfTurn("a part of a snapshot")),
            },
            Line::End { tenant, version, mark } => {
                self.end(tenant, version)?;
                self.mark(Some(tenant), mark);
                Ok(())
            }
            Line::Steps { tenant, from, to, mark, changes } => {
                let stands = index.version(&tenant);
                let fits = from <= to && stands == Some(from) && from >= 0;
                if !fits || !index.apply(&tenant, from, to, &changes) {
                    return Err(Fault::Gap { tenant, stands, from });
                }
                self.mark(Some(tenant), mark);
                Ok(())
            }
            Line::Forget { tenant } => {
                index.forget(&tenant);
                self.mark(Some(tenant), None);
                Ok(())
            }
            Line::Alive { at } => self.alive(at, now),
        }
    }

    /// Whether it is what this connection was to bring: of one tenant, or of one publisher's concern. Whoever asks for
    /// what is not its to see is told to forget it.
    fn is_ours(&self, line: &Line) -> bool {
        let (of, changes): (_, &[Change]) = match line {
            Line::Part { tenant, changes } | Line::Steps { tenant, changes, .. } => (tenant, changes),
            Line::Begin { tenant, .. } | Line::End { tenant, .. } => (tenant, &[]),
            _ => return true,
        };
        let publisher = self.replica.publisher();
        self.only.is_none_or(|own| own == *of)
            && publisher.is_none_or(|own| changes.iter().all(|change| change.concerns(own)))
    }

    fn hello(&mut self, hello: Hello, now: Moment) -> Result<(), Fault> {
        let replica = self.replica;
        let before = replica.hello.get_or_init(|| hello.clone());
        let other = (&before.issuer, &before.publisher) != (&hello.issuer, &hello.publisher);
        // A client may have lost rights since, and follow less; what was one tenant's stays that tenant's.
        if other || before.tenant.is_some_and(|own| hello.tenant != Some(own)) {
            return Err(Fault::Elsewhere);
        }
        if let Some(standing) = replica.standing(now) {
            let micros = |of: Moment| i64::try_from(of.as_micros()).unwrap_or(i64::MAX);
            let expected = replica.known_at.load(Ordering::Relaxed).saturating_add(micros(standing.age));
            if hello.at.micros().saturating_add(micros(CLOCKS_DIFFER)) < expected {
                return Err(Fault::Clock);
            }
        }
        replica.fresh.store(hello.fresh_seconds.into(), Ordering::Relaxed);
        replica.grace.store(hello.grace_seconds.into(), Ordering::Relaxed);
        (self.began, self.alive, self.only) = (Some(hello.at), hello.at, hello.tenant);
        Ok(())
    }

    fn end(&mut self, tenant: TenantId, version: i64) -> Result<(), Fault> {
        let whole = self.snapshot.take().filter(|(of, at, _)| *of == tenant && *at == version);
        let (.., changes) = whole.ok_or(Fault::OutOfTurn("the end of a snapshot"))?;
        let index = &self.replica.index;
        match index.version(&tenant) {
            Some(stands) if stands > version => return Err(Fault::Older { tenant, stands, version }),
            Some(stands) if stands == version => match index.compare(tenant, version, &changes) {
                Compared::Same | Compared::Mended(_) => {}
                Compared::Elsewhere => return Err(Fault::OutOfTurn("a snapshot")),
            },
            _ => index.load(tenant, version, &changes),
        }
        if self.room.tenant - self.left >= MEASURE {
            self.unmeasured = MEASURE;
        }
        self.trust(|doubted| {
            doubted.tenants.remove(&tenant);
        });
        Ok(())
    }

    /// All has come that was known when the marketplace's clock showed `at`: so long after the connection began
    /// by that clock, and so long after it was asked for, at the earliest, by ours.
    fn alive(&mut self, at: Timestamp, now: Moment) -> Result<(), Fault> {
        let began = self.began.ok_or(Fault::OutOfTurn("a sign of life"))?;
        let after = u64::try_from(at.micros().saturating_sub(began.micros())).unwrap_or_default();
        let fastest = now.saturating_sub(self.asked).saturating_add(CLOCKS_DIFFER);
        if at < self.alive || self.snapshot.is_some() || Moment::from_micros(after) > fastest {
            return Err(Fault::Clock);
        }
        (self.alive, self.told) = (at, true);
        let known = self.asked.saturating_add(Moment::from_micros(after)).min(now);
        // A moment of 0 would say that nothing is known.
        let known = i64::try_from(known.as_micros()).unwrap_or(i64::MAX).max(1);
        self.replica.known_at.fetch_max(at.micros(), Ordering::Relaxed);
        self.replica.known.fetch_max(known, Ordering::Release);
        Ok(())
    }

    /// What stands from now on is recognised so.
    fn mark(&self, log: Option<TenantId>, mark: Option<u32>) {
        let mut marks = self.replica.marks.lock().unwrap_or_else(PoisonError::into_inner);
        match mark {
            Some(mark) => marks.insert(log, mark),
            None => marks.remove(&log),
        };
    }

    fn trust(&self, change: impl FnOnce(&mut super::Doubted)) {
        change(&mut self.replica.doubted.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn doubt(&self, fault: &Fault) {
        self.trust(|doubted| match fault {
            Fault::Gap { tenant, .. } | Fault::Older { tenant, .. } => {
                doubted.tenants.insert(*tenant);
            }
            Fault::Catalog { .. } => doubted.catalog = true,
            _ => {}
        });
        let mut last = self.replica.last_fault.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some(fault.to_string());
    }
}
