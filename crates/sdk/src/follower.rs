//! The threads that follow the marketplace, and tell it what was used.

use std::io::{BufRead as _, BufReader, Read as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use entitlement::replica::{Moment, Reader, Replica, Room};
use serde_json::Value;
use ureq::Agent;

use crate::Account;

/// A connection is asked for anew after this time, so that one on which nothing comes any more is not waited on.
const CONNECTION: Duration = Duration::from_mins(1);
/// How long the rest of its last line may take.
const REST: Duration = Duration::from_secs(15);
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// Bytes of one line at most.
const LINE: u64 = 64 * 1024 * 1024;
/// Bytes of one tenant on its way: some millions of seats.
const TENANT: usize = 512 * 1024 * 1024;

/// Bytes that all that is followed may take where nobody says how many: some hundred million seats.
const MEMORY: usize = 4096_usize.saturating_mul(1024 * 1024);

/// Keeps a replica abreast of the marketplace, on threads of its own, until it is dropped.
pub struct Follower {
    shared: Arc<Shared>,
}

/// Told of the marketplace's public keys (a JWKS), each time they are others than before.
type KeysListener = Box<dyn Fn(&Value) + Send>;

pub(crate) struct Shared {
    pub(crate) account: Account,
    pub(crate) replica: Arc<Replica>,
    room: Room,
    began: Instant,
    keys: Mutex<(Option<Value>, Option<KeysListener>)>,
    fault: Mutex<Option<String>>,
    /// Why the marketplace could not be told of uses.
    pub(crate) telling_fault: Mutex<Option<String>>,
    over: AtomicBool,
    turn: (Mutex<()>, Condvar),
}

impl Follower {
    pub fn start(account: Account) -> Self {
        Self::start_within(account, MEMORY)
    }

    /// The same with bytes of memory that what is followed may take.
    pub fn start_within(account: Account, memory: usize) -> Self {
        // Nothing is known at moment 0.
        let began = Instant::now().checked_sub(Duration::from_secs(1)).unwrap_or_else(Instant::now);
        let shared = Arc::new(Shared {
            account,
            replica: Arc::default(),
            room: Room { tenant: TENANT, memory },
            began,
            keys: Mutex::default(),
            fault: Mutex::default(),
            telling_fault: Mutex::default(),
            over: AtomicBool::new(false),
            turn: Default::default(),
        });
        shared.start("seatline", Shared::run);
        shared.start("seatline-uses", Shared::report);
        Self { shared }
    }

    pub fn replica(&self) -> &Arc<Replica> {
        &self.shared.replica
    }

    /// The present, as the replica counts.
    pub fn now(&self) -> Moment {
        self.shared.now()
    }

    /// Has somebody told of the keys that verify the marketplace's tokens, before anything that is newer is told.
    pub fn listen_for_keys(&self, listener: KeysListener) {
        let mut keys = self.shared.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &keys.0 {
            listener(known);
        }
        keys.1 = Some(listener);
    }

    /// What was last wrong; none while all is well.
    pub fn last_fault(&self) -> Option<String> {
        self.shared.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells the marketplace now what was used, instead of within seconds.
    pub fn tell_uses(&self) -> Result<(), String> {
        self.shared.report_all()
    }

    /// Why the marketplace could not be told of uses; none while it can.
    pub fn telling_fault(&self) -> Option<String> {
        self.shared.telling_fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl std::fmt::Debug for Follower {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Follower").field("account", &self.shared.account).finish_non_exhaustive()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Release);
        self.shared.turn.1.notify_all();
    }
}

impl Shared {
    fn start(self: &Arc<Self>, name: &str, work: fn(&Self)) {
        let shared = Arc::clone(self);
        let started = std::thread::Builder::new().name(name.to_owned()).spawn(move || work(&shared));
        if let Err(error) = started {
            self.note(format!("no thread to follow with: {error}"));
        }
    }

    fn now(&self) -> Moment {
        self.began.elapsed()
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    fn note(&self, fault: String) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
    }

    fn run(&self) {
        let agent: Agent = Agent::config_builder()
            .timeout_connect(Some(Duration::from_secs(5)))
            .timeout_recv_response(Some(Duration::from_secs(10)))
            .timeout_recv_body(Some(CONNECTION + REST))
            .build()
            .into();
        let mut pause = FIRST_PAUSE;
        while !self.is_over() {
            match self.follow(&agent) {
                Ok(()) => pause = FIRST_PAUSE,
                Err(fault) => {
                    self.note(fault);
                    self.rest(pause);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    /// Whether the follower is over by then.
    pub(crate) fn rest(&self, pause: Duration) -> bool {
        let turn = self.turn.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.turn.1.wait_timeout_while(turn, pause, |()| !self.is_over()));
        self.is_over()
    }

    /// One connection, from its token to its end.
    fn follow(&self, agent: &Agent) -> Result<(), String> {
        let access = self.account.access(agent)?;
        self.fetch_keys(agent)?;
        let asked = self.now();
        let answer = agent
            .post(self.account.url(access.scope.rights()))
            .header("authorization", format!("Bearer {}", access.token))
            .send_json(self.replica.positions())
            .map_err(|error| format!("the marketplace tells nothing: {error}"))?;
        let mut lines = BufReader::with_capacity(64 * 1024, answer.into_body().into_reader());
        let (mut reader, mut line) = (Reader::new(&self.replica, asked, self.room), Vec::new());
        while !self.is_over() {
            line.clear();
            let read = (&mut lines).take(LINE).read_until(b'\n', &mut line);
            if read.map_err(|error| format!("the connection broke off: {error}"))? == 0 {
                break;
            }
            if line.pop() != Some(b'\n') {
                return Err("the connection broke off in a line, or the line is too long".to_owned());
            }
            reader.take(&line, self.now()).map_err(|fault| fault.to_string())?;
            if reader.is_alive() {
                *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = None;
                if self.now().saturating_sub(asked) >= CONNECTION {
                    break;
                }
            }
        }
        // One that ends at once is not asked again at once.
        if reader.is_alive() { Ok(()) } else { Err("the connection ended before all was told".to_owned()) }
    }

    fn fetch_keys(&self, agent: &Agent) -> Result<(), String> {
        let wrong = |error: ureq::Error| format!("no keys: {error}");
        let mut answer = agent.get(self.account.url("/.well-known/jwks.json")).call().map_err(wrong)?;
        let keys: Value = answer.body_mut().read_json().map_err(wrong)?;
        let mut known = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0.as_ref() != Some(&keys) {
            if let Some(listener) = &known.1 {
                listener(&keys);
            }
            known.0 = Some(keys);
        }
        Ok(())
    }
}
