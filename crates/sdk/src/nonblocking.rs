//! The client for asynchronous code, on any runtime or none.
//!
//! What is known without asking is answered at once. What has to be asked is asked by a few threads of this
//! client's own; the future is woken when the answer is there. See `docs/decisions` for why.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use entitlement::client::Question;
use entitlement::lease::{Lease, RevocationList};

use crate::client::{Client, Decision, Error, HeldRight, LeaseFor};

/// Calls at once; more wait for their turn.
const THREADS: usize = 16;

type Work = Box<dyn FnOnce(&Client) + Send>;

/// A [`Client`] whose calls are awaited. Cheap to clone; a future that is dropped leaves its call to its end.
#[derive(Clone)]
pub struct AsyncClient {
    client: Client,
    threads: Arc<Threads>,
}

/// Begun when they are first needed, ended with the client.
struct Threads {
    work: Sender<Work>,
    waiting: Arc<Mutex<Receiver<Work>>>,
    begun: Mutex<Begun>,
}

#[derive(Default)]
struct Begun {
    threads: usize,
    /// Calls that are not over.
    calls: Arc<Mutex<usize>>,
}

impl fmt::Debug for AsyncClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncClient").field("client", &self.client).finish_non_exhaustive()
    }
}

impl AsyncClient {
    pub fn new(client: Client) -> Self {
        let (work, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        Self { client, threads: Arc::new(Threads { work, waiting, begun: Mutex::default() }) }
    }

    /// The same client, for what need not be awaited: what comes by file.
    pub fn blocking(&self) -> &Client {
        &self.client
    }

    /// See [`Client::check`].
    pub async fn check(&self, question: &Question) -> Result<Decision, Error> {
        if let Some(decision) = self.client.known(question)? {
            return Ok(decision);
        }
        let question = question.clone();
        self.call(move |client| client.check(&question)).await
    }

    /// See [`Client::check_at`].
    pub async fn check_at(&self, question: &Question, freshness: &str) -> Result<Decision, Error> {
        let (question, freshness) = (question.clone(), freshness.to_owned());
        self.call(move |client| client.check_at(&question, &freshness)).await
    }

    /// See [`Client::check_many`].
    pub async fn check_many(&self, questions: &[Question]) -> Result<Vec<Decision>, Error> {
        let questions = questions.to_vec();
        self.call(move |client| client.check_many(&questions)).await
    }

    /// See [`Client::rights`].
    pub async fn rights(&self, user: &str, tenant: Option<&str>) -> Result<Vec<HeldRight>, Error> {
        let (user, tenant) = (user.to_owned(), tenant.map(str::to_owned));
        self.call(move |client| client.rights(&user, tenant.as_deref())).await
    }

    /// See [`crate::Leases::acquire`].
    pub async fn acquire(&self, wanted: &LeaseFor) -> Result<Lease, Error> {
        let wanted = wanted.clone();
        self.call(move |client| client.leases().acquire(&wanted)).await
    }

    /// See [`crate::Leases::give_back`].
    pub async fn give_back(
        &self,
        lease: &Lease,
        user: Option<&str>,
        tenant: Option<&str>,
    ) -> Result<(), Error> {
        let (lease, user, tenant) = (lease.clone(), user.map(str::to_owned), tenant.map(str::to_owned));
        self.call(move |client| client.leases().give_back(&lease, user.as_deref(), tenant.as_deref())).await
    }

    /// See [`crate::Revocations::fetch`].
    pub async fn fetch_revocations(
        &self,
        user: Option<&str>,
        tenant: Option<&str>,
    ) -> Result<Option<RevocationList>, Error> {
        let (user, tenant) = (user.map(str::to_owned), tenant.map(str::to_owned));
        self.call(move |client| client.revocations().fetch(user.as_deref(), tenant.as_deref())).await
    }

    async fn call<T: Send + 'static>(
        &self,
        what: impl FnOnce(&Client) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (giving, coming) = promise();
        self.threads.run(&self.client, Box::new(move |client| giving.give(what(client))));
        coming
            .await
            .unwrap_or_else(|| Err(Error::Unreachable("whoever asked it did not come back".to_owned())))
    }
}

impl Threads {
    /// Hands the work over; begins another thread if all may be busy.
    fn run(&self, client: &Client, work: Work) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = Arc::clone(&begun.calls);
        let going = {
            let mut calls = calls.lock().unwrap_or_else(PoisonError::into_inner);
            *calls += 1;
            *calls
        };
        if begun.threads < going.min(THREADS) {
            let (client, waiting) = (client.clone(), Arc::clone(&self.waiting));
            let named = std::thread::Builder::new().name("seatline-call".to_owned());
            let started = named.spawn(move || {
                while let Some(work) = next(&waiting) {
                    work(&client);
                }
            });
            begun.threads += usize::from(started.is_ok());
        }
        drop(begun);
        let counted: Work = Box::new(move |client| {
            let _over = Over(calls);
            work(client);
        });
        // Nobody to take it drops it, and its future says so.
        let _ = self.work.send(counted);
    }
}

/// Ended when the sender is gone.
fn next(waiting: &Mutex<Receiver<Work>>) -> Option<Work> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// A call is over, however it ended.
struct Over(Arc<Mutex<usize>>);

impl Drop for Over {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
    }
}

struct Promise<T> {
    value: Option<T>,
    /// Whoever was to give it is gone.
    over: bool,
    waker: Option<Waker>,
}

struct Giving<T>(Arc<Mutex<Promise<T>>>);

struct Coming<T>(Arc<Mutex<Promise<T>>>);

fn promise<T>() -> (Giving<T>, Coming<T>) {
    let promise = Arc::new(Mutex::new(Promise { value: None, over: false, waker: None }));
    (Giving(Arc::clone(&promise)), Coming(promise))
}

impl<T> Giving<T> {
    fn give(self, value: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).value = Some(value);
    }
}

impl<T> Drop for Giving<T> {
    fn drop(&mut self) {
        let mut promise = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        promise.over = true;
        let waker = promise.waker.take();
        drop(promise);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<T> Future for Coming<T> {
    /// None if it was not given.
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let mut promise = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if promise.over {
            return Poll::Ready(promise.value.take());
        }
        promise.waker = Some(context.waker().clone());
        Poll::Pending
    }
}
