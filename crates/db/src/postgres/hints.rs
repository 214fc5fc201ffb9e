//! Hints between nodes: who committed how far.
//!
//! Sent after commits on a connection of their own, many at once: `NOTIFY` inside a transaction makes
//! commits wait for each other. A hint may be lost; whoever depends on them reconciles.

use std::future::poll_fn;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::task::JoinHandle;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls};

use crate::{DbError, Heads, LogId, Mark};

const CHANNEL: &str = "seatline_heads";
/// Marks in one message: its text must stay below 8000 bytes.
const MARKS: usize = 100;

/// Connects; the task drives the connection until the client is dropped.
#[expect(clippy::disallowed_methods, reason = "the driver of a connection is a task by design")]
pub(super) async fn connect(config: &Config) -> Result<(Client, JoinHandle<()>), DbError> {
    let (client, connection) = config.connect(NoTls).await?;
    let driver = tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(db.error = %error, "a connection to PostgreSQL ended");
        }
    });
    Ok((client, driver))
}

/// Starts telling and listening. Both end when the database closes.
#[expect(clippy::disallowed_methods, reason = "they live as long as the database")]
pub(super) fn start(config: &Config, heads: &Arc<Heads>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    heads.tell(sender);
    tokio::spawn(tell(config.clone(), receiver));
    tokio::spawn(listen(config.clone(), Arc::downgrade(heads)));
}

async fn tell(config: Config, mut marks: UnboundedReceiver<Mark>) {
    let mut client: Option<Client> = None;
    let mut batch = Vec::with_capacity(MARKS);
    while marks.recv_many(&mut batch, MARKS).await > 0 {
        if client.as_ref().is_none_or(Client::is_closed) {
            client = connect(&config).await.ok().map(|(client, _)| client);
        }
        let text: Vec<String> = batch.drain(..).map(encode).collect();
        if let Some(client) = &client
            && let Err(error) = client.execute("SELECT pg_notify($1, $2)", &[&CHANNEL, &text.join(",")]).await
        {
            tracing::debug!(db.error = %error, "a hint was lost");
        }
    }
}

async fn listen(config: Config, heads: Weak<Heads>) {
    let mut pause = Duration::from_millis(100);
    while heads.strong_count() > 0 {
        if let Err(error) = listen_once(&config, &heads).await {
            tracing::warn!(db.error = %error, "listening for hints failed; trying again");
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(5));
    }
}

#[expect(clippy::disallowed_methods, reason = "the driver of a connection is a task by design")]
async fn listen_once(config: &Config, heads: &Weak<Heads>) -> Result<(), DbError> {
    let (client, mut connection) = config.connect(NoTls).await?;
    let listening = tokio::spawn(async move {
        let listened = client.batch_execute(&format!("LISTEN {CHANNEL}")).await;
        // The client is kept: dropping it ends the connection.
        listened.map(|()| client)
    });
    while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
        let Some(heads) = heads.upgrade() else { break };
        if let AsyncMessage::Notification(notification) = message? {
            let marks: Vec<Mark> = notification.payload().split(',').filter_map(decode).collect();
            heads.observe(&marks);
        }
    }
    listening.abort();
    Ok(())
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
