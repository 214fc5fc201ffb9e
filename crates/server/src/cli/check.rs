//! `seatline check`

use serde::Serialize;
use serde_json::Value;

use super::output::print;
use super::session::{Session, value};
use crate::failure::Failure;

#[derive(Debug, clap::Args, Serialize)]
#[command(group = clap::ArgGroup::new("subject").required(true).args(["service_id", "component"]))]
#[command(group = clap::ArgGroup::new("person").required(true).args(["user", "own"]))]
pub(crate) struct Check {
    /// Id, or e-mail address if the user is of your organisation
    #[arg(long)]
    user: Option<String>,
    /// Yourself
    #[arg(long = "self")]
    #[serde(skip)]
    own: bool,
    /// Id of the user's organisation, when a publisher asks
    #[arg(long, requires = "user")]
    tenant: Option<String>,
    /// Plan: `publisher.offer.plan`
    #[arg(long)]
    service_id: Option<String>,
    /// Unique name of an app
    #[arg(long)]
    component: Option<String>,
    /// The offer that the component belongs to: `publisher.offer`
    #[arg(long, requires = "component")]
    offer: Option<String>,
}

impl Check {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let path: &[&str] = match (self.own, &self.tenant) {
            (true, _) => &["me", "checks"],
            (false, Some(_)) => &["customer-checks"],
            (false, None) => &["checks"],
        };
        let reply = session.ask(path, &super::body(&self)?)?;
        let answer = value(&reply)?;
        let text = if session.json { reply.body } else { explain(&answer) };
        print(&text)?;
        match answer["allowed"].as_bool() {
            Some(true) => Ok(()),
            Some(false) => Err(Failure::CheckRefused),
            None => Err(Failure::Other("the answer says neither yes nor no".to_owned())),
        }
    }
}

/// What a yes without a license is worth.
pub(super) const UNRESTRICTED: &str =
    "No live offer restricts a component of this name; a misspelt one is not restricted either.";

fn explain(answer: &Value) -> String {
    let reason = answer["reason"].as_str().unwrap_or_default();
    let word = if answer["allowed"] == Value::Bool(true) { "allowed" } else { "refused" };
    let mut text = format!("{word} ({reason})\n");
    if let Some(why) = why_allowed(answer, reason) {
        text += &format!("{why}\n");
    }
    let shown = if answer["notice"].is_object() { &answer["notice"] } else { &answer["refusal"] };
    for member in ["title", "code", "message", "details"] {
        if let Some(line) = shown[member].as_str() {
            text += &format!("{line}\n");
        }
    }
    match &shown["more_info_url"] {
        Value::String(url) => text + &format!("more: {url}\n"),
        _ => text,
    }
}

/// Where nothing else says why somebody without a seat got in.
fn why_allowed(answer: &Value, reason: &str) -> Option<&'static str> {
    let allowed = answer["allowed"] == Value::Bool(true);
    match (reason, answer["enforcement"].as_str()) {
        ("unrestricted", _) => Some(UNRESTRICTED),
        ("licensed", _) => None,
        (_, Some("warn")) if allowed => Some("The plan only warns; the user is let in, and shown this:"),
        (_, Some("audit")) if allowed => Some("The plan only records who has no license; nobody is refused."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn who_gets_in_without_a_seat_is_told_why() {
        let said = |reason: &str, enforcement: &str, allowed: bool| {
            explain(&json!({ "allowed": allowed, "reason": reason, "enforcement": enforcement }))
        };
        assert!(said("unrestricted", "block", true).contains("misspelt"));
        assert!(said("no_seat", "audit", true).contains("only records"));
        assert!(said("no_seat", "warn", true).contains("only warns"));
        assert_eq!(said("licensed", "audit", true), "allowed (licensed)\n");
        assert_eq!(said("user_unknown", "audit", false), "refused (user_unknown)\n");
        assert_eq!(said("no_seat", "block", false), "refused (no_seat)\n");
    }
}
