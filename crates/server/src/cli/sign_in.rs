//! `setup`, `login`, `logout`, `whoami`.

use serde_json::json;

use super::output::print;
use super::profile::{self, Profile};
use super::session::{Connection, Session, value};
use crate::failure::Failure;
use crate::password::PasswordArguments;

#[derive(Debug, clap::Args)]
pub(crate) struct Login {
    #[arg(long)]
    email: String,
    /// Short name of your organisation, where several know this address
    #[arg(long)]
    tenant: Option<String>,
    #[command(flatten)]
    password: PasswordArguments,
}

#[derive(Debug, clap::Args)]
pub(crate) struct SetUp {
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
    #[command(flatten)]
    password: PasswordArguments,
}

impl SetUp {
    pub(super) fn run(self, connection: &Connection) -> Result<(), Failure> {
        let server = connection.address("setup")?;
        let token = connection.token.as_deref().ok_or_else(|| {
            Failure::Usage("--token is missing: the server prints it when it starts".to_owned())
        })?;
        let body = json!({
            "token": token, "email": self.email, "name": self.name, "password": self.password.read()?,
        });
        let reply = connection.anonymous(&server).post(&["setup"], &body)?;
        if connection.json {
            return print(&reply.body);
        }
        let login = format!("seatline login --server {server} --email {}", self.email);
        print(&format!("{} runs the marketplace now. Next: {login}", self.name))
    }
}

impl Login {
    pub(super) fn run(self, connection: &Connection) -> Result<(), Failure> {
        let server = connection.address("login")?;
        let body = super::body(&json!({
            "email": self.email, "tenant": self.tenant, "password": self.password.read()?,
        }))?;
        let reply = connection.anonymous(&server).post(&["sessions"], &body)?;
        let session = value(&reply)?;
        let token = session["token"].as_str().map(str::to_owned);
        profile::change(&connection.profile, |profile| {
            *profile = Profile { server: server.clone(), token, freshness: None };
        })?;
        if connection.json {
            return print(&reply.body);
        }
        let until = session["expires_at"].as_str().unwrap_or_default();
        print(&format!("Signed in to {server} as {} until {until}.", self.email))
    }
}

pub(super) fn logout(connection: &Connection) -> Result<(), Failure> {
    let session = connection.session()?;
    session.delete(&["sessions", "current"])?;
    if !session.is_remembered() {
        return Ok(());
    }
    profile::change(&connection.profile, |profile| {
        profile.token = None;
        profile.freshness = None;
    })
}

pub(super) fn whoami(session: &Session) -> Result<(), Failure> {
    session.show(session.get(&["me"], &[])?)
}
