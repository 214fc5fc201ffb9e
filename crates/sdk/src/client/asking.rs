//! The same question is asked once, however many threads ask it meanwhile.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use entitlement::client::Question;

use super::{Decision, Error, Inner};

/// One call that others may wait for.
#[derive(Debug, Default)]
pub(super) struct Asking {
    answer: Mutex<Option<Result<Decision, Error>>>,
    done: Condvar,
}

impl Asking {
    fn finish(&self, answer: Result<Decision, Error>) {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(answer);
        self.done.notify_all();
    }

    fn wait(&self) -> Result<Decision, Error> {
        let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(answer) = answer.as_ref() {
                return answer.clone();
            }
            answer = self.done.wait(answer).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Whoever asks for all. Ends the waiting also where it does not come to an answer.
struct Mine<'i> {
    inner: &'i Inner,
    question: &'i Question,
    asking: Arc<Asking>,
}

impl Drop for Mine<'_> {
    fn drop(&mut self) {
        self.inner.asking.lock().unwrap_or_else(PoisonError::into_inner).remove(self.question);
        self.asking.finish(Err(Error::unreachable("whoever asked it did not come back")));
    }
}

impl Inner {
    pub(super) fn shared(&self, question: &Question) -> Result<Decision, Error> {
        let mut all = self.asking.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(asking) = all.get(question).map(Arc::clone) {
            drop(all);
            return asking.wait();
        }
        let asking = Arc::<Asking>::default();
        all.insert(question.clone(), Arc::clone(&asking));
        drop(all);
        let mine = Mine { inner: self, question, asking };
        mine.asking.finish(self.answered_or_not(question));
        mine.asking.wait()
    }
}
