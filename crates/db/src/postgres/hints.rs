//! Hints between nodes: who committed how far.
//!
//! Sent after commits on a connection of their own, those of a few milliseconds together: `NOTIFY` inside
//! a transaction makes commits wait for each other, and each is a transaction itself. A hint may be lost;
//! whoever depends on them reconciles.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::task::JoinHandle;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls};

use super::connect;
use crate::{DbError, Heads, LogId, Mark};

const CHANNEL: &str = "seatline_heads";
/// Marks in one message: its text must stay below 8000 bytes.
const MARKS: usize = 100;
/// How long hints are gathered before they are sent: what a change takes longer to be seen elsewhere.
const GATHER: Duration = Duration::from_millis(10);
/// How long to wait before connecting again, doubled each time up to the second.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// The tasks that tell and listen; they end when this is dropped.
pub(super) struct Hints([JoinHandle<()>; 2]);

impl Drop for Hints {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "they live as long as the database")]
pub(super) fn start(config: &Config, heads: &Arc<Heads>) -> Hints {
    let (sender, receiver) = mpsc::unbounded_channel();
    heads.tell(sender);
    let telling = tokio::spawn(tell(config.clone(), receiver));
    let listening = tokio::spawn(listen(config.clone(), Arc::downgrade(heads)));
    Hints([telling, listening])
}

async fn tell(mut config: Config, mut marks: UnboundedReceiver<Mark>) {
    // A hint that is lost with the server is no loss: nobody waits for the disk.
    config.options(format!("{} -c synchronous_commit=off", config.get_options().unwrap_or_default()));
    let mut client: Option<Client> = None;
    let mut batch = Vec::new();
    while marks.recv_many(&mut batch, usize::MAX).await > 0 {
        tokio::time::sleep(GATHER).await;
        while let Ok(mark) = marks.try_recv() {
            batch.push(mark);
        }
        if client.as_ref().is_none_or(Client::is_closed) {
            client = connect(&config).await.ok().map(|(client, _)| client);
        }
        for text in messages(&mut batch) {
            if let Some(client) = &client
                && let Err(error) = client.execute("SELECT pg_notify($1, $2)", &[&CHANNEL, &text]).await
            {
                tracing::debug!(db.error = %error, "a hint was lost");
            }
        }
    }
}

/// Each log once, at its latest position.
fn messages(batch: &mut Vec<Mark>) -> Vec<String> {
    let mut latest: BTreeMap<LogId, i64> = BTreeMap::new();
    for mark in batch.drain(..) {
        let position = latest.entry(mark.log).or_default();
        *position = mark.position.max(*position);
    }
    let texts: Vec<String> =
        latest.into_iter().map(|(log, position)| encode(Mark { log, position })).collect();
    texts.chunks(MARKS).map(|texts| texts.join(",")).collect()
}

async fn listen(config: Config, heads: Weak<Heads>) {
    let mut pause = PAUSES.0;
    loop {
        let mut listening = false;
        if let Err(error) = listen_once(&config, &heads, &mut listening).await {
            tracing::warn!(db.error = %error, "listening for hints failed; trying again");
        }
        pause = if listening { PAUSES.0 } else { (pause * 2).min(PAUSES.1) };
        tokio::time::sleep(pause).await;
    }
}

/// Listens until the connection ends; `listening` says whether it came to that.
async fn listen_once(config: &Config, heads: &Weak<Heads>, listening: &mut bool) -> Result<(), DbError> {
    let (client, mut connection) = config.connect(NoTls).await?;
    let command = format!("LISTEN {CHANNEL}");
    let mut asked = pin!(client.batch_execute(&command));
    loop {
        let message = tokio::select! {
            biased;
            message = poll_fn(|context| connection.poll_message(context)) => message,
            answer = &mut asked, if !*listening => {
                answer?;
                *listening = true;
                continue;
            }
        };
        match message.transpose()? {
            None => return Ok(()),
            Some(AsyncMessage::Notification(notification)) => {
                let marks: Vec<Mark> = notification.payload().split(',').filter_map(decode).collect();
                if let Some(heads) = heads.upgrade() {
                    heads.observe(&marks);
                }
            }
            Some(_) => {}
        }
    }
}

fn encode(mark: Mark) -> String {
    let log: String = mark.log.0.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{log}:{}", mark.position)
}

fn decode(text: &str) -> Option<Mark> {
    let (log, position) = text.split_once(':')?;
    let log = u128::from_str_radix(log, 16).ok()?.to_be_bytes();
    Some(Mark { log: LogId(log), position: position.parse().ok()? })
}
