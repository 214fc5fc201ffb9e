//! A server, a caller, and how answers are shown: what every command works with.

use std::path::Path;

use serde_json::Value;
use ureq::http::Method;

use super::client::{Client, Payload, Refusal, Reply, address};
use super::output::{self, print};
use super::profile::{self, Profile};
use crate::failure::Failure;

/// Which server, as whom, and in which form answers come.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// Name under which server and token are remembered
    #[arg(long, global = true, env = "SEATLINE_PROFILE", default_value = "default", value_name = "NAME")]
    pub(super) profile: String,
    /// Address of the server, instead of the profile's
    #[arg(long, global = true, env = "SEATLINE_SERVER", value_name = "URL")]
    pub(super) server: Option<String>,
    /// Token of a session, a person or a client, instead of the profile's; for setup, of the set-up
    #[arg(long, global = true, env = "SEATLINE_TOKEN", hide_env_values = true)]
    pub(super) token: Option<String>,
    /// Print exactly the JSON that the server answers
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

impl Connection {
    /// As the profile says, with what was given instead.
    pub(super) fn session(&self) -> Result<Session, Failure> {
        let known = profile::find(&self.profile)?;
        let server = self.server.clone().or_else(|| known.as_ref().map(|profile| profile.server.clone()));
        let server = server.ok_or_else(|| {
            Failure::Usage(format!(
                "no server is known as {:?}: use seatline login, or --server",
                self.profile
            ))
        })?;
        // A token is only ever shown to the server that gave it.
        let profile = known.filter(|profile| profile.server == server && self.token.is_none());
        let token = self.token.clone().or_else(|| profile.as_ref().and_then(|profile| profile.token.clone()));
        let client = Client::new(&server, token);
        Ok(Session {
            client,
            json: self.json,
            profile: profile.map(|profile| (self.profile.clone(), profile)),
        })
    }

    /// Which server, for commands that need nobody signed in there.
    pub(super) fn address(&self, command: &str) -> Result<String, Failure> {
        let known = profile::find(&self.profile)?.map(|profile| profile.server);
        self.server.clone().or(known).ok_or_else(|| {
            Failure::Usage(format!("say where: seatline {command} --server http://127.0.0.1:8080 …"))
        })
    }

    /// With nobody signed in.
    pub(super) fn anonymous(&self, server: &str) -> Session {
        Session { client: Client::new(server, None), json: self.json, profile: None }
    }
}

/// One command's conversation with the server.
#[derive(Debug)]
pub(super) struct Session {
    client: Client,
    pub(super) json: bool,
    profile: Option<(String, Profile)>,
}

impl Session {
    pub(super) fn get(&self, path: &[&str], query: &[(&str, String)]) -> Result<Reply, Failure> {
        self.send(&Method::GET, &address(path, query), None, Payload::Nothing)
    }

    pub(super) fn post(&self, path: &[&str], body: &Value) -> Result<Reply, Failure> {
        self.send(&Method::POST, &address(path, &[]), None, Payload::Json(body))
    }

    /// Sends a list that is in memory.
    pub(super) fn post_csv(&self, path: &[&str], bytes: &[u8]) -> Result<Reply, Failure> {
        self.send(&Method::POST, &address(path, &[]), None, Payload::Bytes(bytes, "text/csv"))
    }

    /// A question about rights: decided no earlier than after this profile's last write.
    pub(super) fn ask(&self, path: &[&str], body: &Value) -> Result<Reply, Failure> {
        let freshness = self.profile.as_ref().and_then(|(_, profile)| profile.freshness.as_deref());
        self.send(&Method::POST, &address(path, &[]), freshness, Payload::Json(body))
    }

    pub(super) fn put(&self, path: &[&str], body: &Value) -> Result<Reply, Failure> {
        self.send(&Method::PUT, &address(path, &[]), None, Payload::Json(body))
    }

    pub(super) fn patch(&self, path: &[&str], body: &Value) -> Result<Reply, Failure> {
        self.send(&Method::PATCH, &address(path, &[]), None, Payload::Json(body))
    }

    pub(super) fn delete(&self, path: &[&str]) -> Result<Reply, Failure> {
        self.send(&Method::DELETE, &address(path, &[]), None, Payload::Nothing)
    }

    /// Sends a file in the place of what is there.
    pub(super) fn upload(&self, path: &[&str], file: &Path, kind: &'static str) -> Result<Reply, Failure> {
        self.send(&Method::PUT, &address(path, &[]), None, Payload::File(file, kind))
    }

    /// Sends a file beside what is there.
    pub(super) fn add_file(&self, path: &[&str], file: &Path) -> Result<Reply, Failure> {
        let kind = "application/octet-stream";
        self.send(&Method::POST, &address(path, &[]), None, Payload::File(file, kind))
    }

    pub(super) fn download(&self, path: &[&str], output: &Path) -> Result<(), Failure> {
        self.download_some(path, &[], output)
    }

    /// What the query says of it.
    pub(super) fn download_some(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        output: &Path,
    ) -> Result<(), Failure> {
        self.client.download(&address(path, query), output).map_err(|refusal| self.refused(refusal))
    }

    /// Whether the profile's token is the one in use.
    pub(super) fn is_remembered(&self) -> bool {
        self.profile.is_some()
    }

    fn send(
        &self,
        method: &Method,
        target: &str,
        freshness: Option<&str>,
        payload: Payload<'_>,
    ) -> Result<Reply, Failure> {
        let sent = self.client.send(method, target, freshness, payload);
        let reply = sent.map_err(|refusal| self.refused(refusal))?;
        if let (Some(freshness), Some((name, used))) = (&reply.freshness, &self.profile) {
            // Somebody else may have signed in meanwhile.
            profile::change(name, |profile| {
                if profile.token == used.token {
                    profile.freshness = Some(freshness.clone());
                }
            })?;
        }
        Ok(reply)
    }

    fn refused(&self, refusal: Refusal) -> Failure {
        match refusal {
            Refusal::Failure(failure) => failure,
            Refusal::Problem { problem, .. } if problem.code == "request.no_token" && !self.json => {
                Failure::Other("nobody is signed in there: seatline login, or --token".to_owned())
            }
            Refusal::Problem { body, problem } => {
                if self.json {
                    // The refusal itself is what has to be told if this fails.
                    let _ = print(&body);
                }
                Failure::Refused(problem)
            }
        }
    }

    /// Shows one thing.
    pub(super) fn show(&self, reply: Reply) -> Result<(), Failure> {
        if self.json || reply.body.is_empty() {
            print(&reply.body)
        } else {
            print(&output::record(&value(&reply)?))
        }
    }

    /// Shows a list, with these columns: members by name, of members by a dot.
    pub(super) fn table(&self, reply: Reply, columns: &[&str]) -> Result<(), Failure> {
        if self.json { print(&reply.body) } else { print(&output::list(&value(&reply)?, columns)) }
    }
}

pub(super) fn value(reply: &Reply) -> Result<Value, Failure> {
    serde_json::from_str(&reply.body)
        .map_err(|error| Failure::Other(format!("the answer does not read: {error}")))
}
