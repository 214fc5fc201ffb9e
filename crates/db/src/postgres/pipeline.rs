//! Requests that are all sent before the first is answered.

use std::future::poll_fn;
use std::task::Poll;

use tokio_postgres::Error;

use crate::BoxFuture;

/// Sends every request, in order, and waits for all answers; the first error in that order is the result.
///
/// A request must be sent by its first poll, so its statement must have been prepared before. One that
/// fails without having been sent keeps those behind it from being sent: no commit goes out behind an
/// insert that did not.
pub(super) async fn pipelined<T>(
    mut requests: Vec<BoxFuture<'_, Result<T, Error>>>,
) -> Result<Vec<T>, Error> {
    let mut answers: Vec<Option<Result<T, Error>>> = requests.iter().map(|_| None).collect();
    let (mut sent, mut first) = (false, 0);
    poll_fn(|context| {
        if !sent {
            for (request, answer) in requests.iter_mut().zip(&mut answers) {
                match request.as_mut().poll(context) {
                    Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                    Poll::Ready(given) => *answer = Some(given),
                    Poll::Pending => {}
                }
            }
            sent = true;
        }
        // They are answered in their order: the first that is not yet is the one to wait for.
        while let Some(answer) = answers.get_mut(first) {
            if answer.is_none() {
                match requests[first].as_mut().poll(context) {
                    Poll::Ready(given) => *answer = Some(given),
                    Poll::Pending => return Poll::Pending,
                }
            }
            first += 1;
        }
        Poll::Ready(Ok(()))
    })
    .await?;
    answers.into_iter().flatten().collect()
}

/// Sends a request and does not wait for its answer; what is sent after it is run after it.
pub(super) async fn sent<T>(mut request: BoxFuture<'_, Result<T, Error>>) -> Result<(), Error> {
    poll_fn(|context| match request.as_mut().poll(context) {
        Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        Poll::Ready(Ok(_)) | Poll::Pending => Poll::Ready(Ok(())),
    })
    .await
}
