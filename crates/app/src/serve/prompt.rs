//! A task that goes on at once where it woke itself.
//!
//! Who takes the body of a request wakes the connection that gave it, which is the task that runs. The runtime
//! would line it up once more, and wake another thread to look for work that is none: with a small request that
//! costs more than its answer.

use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// Turns that are taken without lining up, so that others have theirs.
const TURNS: usize = 4;

/// Nobody rang since the task last ran; who rings calls the runtime.
const RESTS: u8 = 0;
/// It runs; who rings has it go on.
const RUNS: u8 = 1;
/// Somebody rang: the runtime is called, or the task goes on.
const RUNG: u8 = 2;

pub(super) struct Prompt<F> {
    task: Pin<Box<F>>,
    bell: Arc<Bell>,
    waker: Waker,
}

#[derive(Default)]
struct Bell {
    state: AtomicU8,
    runtime: Mutex<Option<Waker>>,
}

impl<F: Future> Prompt<F> {
    pub(super) fn new(task: F) -> Self {
        let bell = Arc::<Bell>::default();
        Self { task: Box::pin(task), waker: Waker::from(Arc::clone(&bell)), bell }
    }
}

impl<F: Future> Future for Prompt<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Self { task, bell, waker } = &mut *self;
        bell.belongs_to(context.waker());
        for _ in 0..TURNS {
            // Whatever was rung for until here is seen by this turn.
            bell.state.swap(RUNS, Ordering::AcqRel);
            if let Poll::Ready(output) = task.as_mut().poll(&mut Context::from_waker(waker)) {
                return Poll::Ready(output);
            }
            if bell.state.compare_exchange(RUNS, RESTS, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                return Poll::Pending;
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Bell {
    fn belongs_to(&self, runtime: &Waker) {
        let mut kept = self.runtime.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.as_ref().is_some_and(|kept| kept.will_wake(runtime)) {
            *kept = Some(runtime.clone());
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.state.swap(RUNG, Ordering::AcqRel) == RESTS {
            let runtime = self.runtime.lock().unwrap_or_else(PoisonError::into_inner);
            runtime.iter().for_each(Waker::wake_by_ref);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;
    use std::sync::atomic::AtomicUsize;
    use std::thread;

    use tokio::sync::Notify;

    use super::*;

    #[derive(Default)]
    struct Rings(AtomicUsize);

    impl Wake for Rings {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Wakes itself so often, then is ready.
    fn restless(times: usize) -> impl Future<Output = ()> {
        let mut left = times;
        poll_fn(move |context| {
            if left == 0 {
                return Poll::Ready(());
            }
            left -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        })
    }

    /// How often the runtime is called, and whether the task is ready after each of so many polls.
    fn polled(task: impl Future<Output = ()>, polls: usize) -> (usize, Vec<bool>) {
        let rings = Arc::new(Rings::default());
        let waker = Waker::from(Arc::clone(&rings));
        let mut task = pin!(Prompt::new(task));
        let ready = |_| task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready();
        let ready = (0..polls).map(ready).collect();
        (rings.0.load(Ordering::SeqCst), ready)
    }

    #[test]
    fn who_wakes_itself_goes_on_without_the_runtime() {
        assert_eq!(polled(restless(TURNS - 1), 1), (0, vec![true]));
    }

    #[test]
    fn who_never_rests_lines_up_after_some_turns() {
        assert_eq!(polled(restless(TURNS), 2), (1, vec![false, true]));
        assert_eq!(polled(restless(usize::MAX), 3), (3, vec![false; 3]));
    }

    #[test]
    fn who_is_woken_from_outside_calls_the_runtime() {
        let notify = Notify::new();
        let rings = Arc::new(Rings::default());
        let waker = Waker::from(Arc::clone(&rings));
        let mut task = pin!(Prompt::new(notify.notified()));
        assert!(task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        assert_eq!(rings.0.load(Ordering::SeqCst), 0);
        notify.notify_one();
        assert_eq!(rings.0.load(Ordering::SeqCst), 1);
        assert!(task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready());
    }

    /// Two that wake each other from two threads, as often as they can, both come to the end.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_wake_is_lost_between_threads() {
        const ROUNDS: usize = 100_000;
        let (there, back) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let mut tasks = tokio::task::JoinSet::new();
        for (from, to) in [(&there, &back), (&back, &there)] {
            let (from, to) = (Arc::clone(from), Arc::clone(to));
            tasks.spawn(Prompt::new(async move {
                for _ in 0..ROUNDS {
                    from.notified().await;
                    to.notify_one();
                }
            }));
        }
        let first = Arc::clone(&there);
        thread::spawn(move || first.notify_one()).join().unwrap();
        while let Some(ended) = tasks.join_next().await {
            ended.unwrap();
        }
    }
}
