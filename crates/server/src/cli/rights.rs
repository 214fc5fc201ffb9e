//! `seatline rights` and `seatline explain`

use serde_json::Value;

use super::output::print;
use super::session::{Session, value};
use crate::failure::Failure;

/// Whose rights.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("whose").required(true).args(["user", "own"]))]
pub(crate) struct Whose {
    /// Id or e-mail address; of a customer's user the id
    #[arg(long)]
    user: Option<String>,
    /// Yourself
    #[arg(long = "self")]
    own: bool,
    /// The user's organisation, when a publisher asks
    #[arg(long, requires = "user")]
    tenant: Option<String>,
}

impl Whose {
    fn path<'a>(&'a self, end: &'a [&'a str]) -> Vec<&'a str> {
        let user = self.user.as_deref().unwrap_or_default();
        let mut path = match (&self.tenant, self.own) {
            (_, true) => vec!["me", "rights"],
            (Some(tenant), false) => vec!["customers", tenant, "users", user, "rights"],
            (None, false) => vec!["users", user, "rights"],
        };
        path.extend(end);
        path
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Rights {
    #[command(flatten)]
    whose: Whose,
}

impl Rights {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let columns = ["service_id", "plan", "state", "usable", "since", "usable_until", "features"];
        session.table(session.get(&self.whose.path(&[]), &[])?, &columns)
    }
}

#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("target").required(true).args(["service_id", "component"]))]
pub(crate) struct Explain {
    #[command(flatten)]
    whose: Whose,
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

impl Explain {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let Self { whose, service_id, component, offer } = self;
        let query: Vec<(&str, String)> =
            [("service_id", service_id), ("component", component), ("offer", offer)]
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)))
                .collect();
        let reply = session.get(&whose.path(&["explain"]), &query)?;
        let text = if session.json { reply.body } else { tree(&value(&reply)?) };
        print(&text)
    }
}

/// The chain as a tree, two columns a level.
fn tree(told: &Value) -> String {
    let word = if told["allowed"] == Value::Bool(true) { "allowed" } else { "refused" };
    let waived = if told["waived"] == Value::Bool(true) { ", not enforced" } else { "" };
    let mut lines = Lines::default();
    lines.add(0, format!("{word} ({}{waived})", text(&told["reason"])));
    if told["reason"] == "unrestricted" {
        lines.add(0, super::check::UNRESTRICTED.to_owned());
    }
    let user = &told["user"];
    let gone = if user["active"] == Value::Bool(true) { "" } else { ", not active" };
    lines.add(0, format!("user {}{gone}", named(user)));
    if let Value::Object(_) = &told["component"] {
        let component = &told["component"];
        lines.add(
            0,
            format!("component {} of {}", text(&component["unique_name"]), text(&component["offer"])),
        );
    }
    for plan in items(&told["plans"]) {
        plan_tree(plan, &mut lines);
    }
    features(&items(&told["features"]), &mut lines);
    for missing in items(&told["missing"]) {
        lines.add(0, format!("missing {}: {}", text(&missing["link"]), text(&missing["what"])));
        for mend in items(&missing["mend"]) {
            let roles: Vec<String> = items(&mend["roles"]).iter().map(|role| text(role)).collect();
            lines.add(1, format!("{} ({}): {}", text(&mend["side"]), roles.join(", "), text(&mend["how"])));
        }
    }
    if told["memory"]["differs"] == Value::Bool(true) {
        lines.add(0, format!("in memory it is otherwise: {}", text(&told["memory"]["reason"])));
    }
    lines.0
}

fn plan_tree(plan: &Value, lines: &mut Lines) {
    lines.add(
        1,
        format!(
            "plan {} ({}, {})",
            text(&plan["plan"]),
            text(&plan["service_id"]),
            text(&plan["enforcement"])
        ),
    );
    for license in items(&plan["licenses"]) {
        let deal = &license["deal"];
        let quantity = optional(&license["quantity"], " of ", " seats");
        let ended = if license["granted"] == Value::Bool(true) { "" } else { ", ended" };
        let ends = optional(&license["ends_at"], ", ends ", "");
        lines.add(
            2,
            format!(
                "deal {} from {}{}",
                text(&deal["id"]),
                text(&deal["starts_on"]),
                optional(&deal["ends_on"], " to ", "")
            ),
        );
        lines.add(3, format!("license {}{quantity}{ended}{ends}", text(&license["id"])));
    }
    if let Value::Object(pool) = &plan["pool"] {
        let counts: Vec<String> =
            pool.iter().map(|(name, count)| format!("{} {count}", name.replace('_', " "))).collect();
        lines.add(2, format!("pool: {}", counts.join(", ")));
    }
    for assignment in items(&plan["assignments"]) {
        assignment_tree("assigned", assignment, lines);
    }
    if let Value::Object(_) = &plan["ended"] {
        assignment_tree("was assigned", &plan["ended"], lines);
    }
    if let Value::Object(_) = &plan["seat"] {
        let seat = &plan["seat"];
        let dates = optional(&seat["usable_until"], ", usable until ", "")
            + &optional(&seat["kept_until"], ", kept until ", "");
        let place = optional(&seat["position"], ", place ", "");
        lines.add(2, format!("seat {} since {}{place}{dates}", text(&seat["state"]), text(&seat["since"])));
    } else {
        lines.add(2, "no seat".to_owned());
    }
}

fn assignment_tree(word: &str, assignment: &Value, lines: &mut Lines) {
    let by = |doer: &Value| if doer.is_object() { format!(" by {}", named(doer)) } else { String::new() };
    let from = format!("{}{}", text(&assignment["assigned_at"]), by(&assignment["assigned_by"]));
    let until = optional(&assignment["ended_at"], ", until ", "") + &by(&assignment["ended_by"]);
    let group = if assignment["group"].is_object() {
        format!(" {}", named(&assignment["group"]))
    } else {
        String::new()
    };
    lines.add(2, format!("{word} {}{group} at {from}{until}", text(&assignment["kind"])));
    for step in items(&assignment["way"]) {
        lines.add(3, format!("in {} since {}", named(step), text(&step["since"])));
    }
}

fn features(features: &[&Value], lines: &mut Lines) {
    for feature in features {
        let given = items(&feature["given"]);
        lines.add(
            0,
            format!(
                "feature {} = {} from {}",
                text(&feature["key"]),
                text(&feature["value"]),
                text(&feature["from"])
            ),
        );
        for given in given.iter().filter(|_| given.len() > 1) {
            lines.add(1, format!("{} gives {}", text(&given["service_id"]), text(&given["value"])));
        }
    }
}

#[derive(Debug, Default)]
struct Lines(String);

impl Lines {
    fn add(&mut self, depth: usize, line: String) {
        self.0 += &format!("{}{line}\n", "  ".repeat(depth));
    }
}

fn items(value: &Value) -> Vec<&Value> {
    value.as_array().map(|items| items.iter().collect()).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The name and the id, or what there is.
fn named(thing: &Value) -> String {
    match thing["name"].as_str() {
        Some(name) => format!("{name} ({})", text(&thing["id"])),
        None => text(&thing["id"]),
    }
}

fn optional(value: &Value, before: &str, after: &str) -> String {
    if value.is_null() { String::new() } else { format!("{before}{}{after}", text(value)) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_chain_reads_as_a_tree() {
        let told = json!({
            "allowed": false, "waived": false, "reason": "waiting", "component": null, "features": [],
            "user": { "id": "usr_1", "name": "Ana", "active": true },
            "plans": [{
                "service_id": "f.o.gold", "plan": "Gold", "enforcement": "block", "ended": null, "pool": null,
                "licenses": [{ "id": "lic_1", "deal": { "id": "dea_1", "starts_on": "2026-01-01", "ends_on": null },
                    "quantity": 3, "granted": true, "ends_at": null }],
                "assignments": [{ "kind": "group", "group": { "id": "grp_2", "name": "All" }, "assigned_at": "T1",
                    "assigned_by": { "id": "usr_2", "name": null }, "ended_at": null, "ended_by": null,
                    "way": [{ "id": "grp_1", "name": "Sales", "since": "T0" }] }],
                "seat": { "state": "waiting", "since": "T1", "position": 2, "usable_until": null, "kept_until": null },
            }],
            "missing": [{ "link": "seat", "what": "Waits.", "mend": [
                { "side": "customer", "roles": ["license_admin"], "how": "Unassign somebody." }] }],
            "memory": { "differs": false },
        });
        let expected = "refused (waiting)\nuser Ana (usr_1)\n  plan Gold (f.o.gold, block)\n    deal dea_1 from 2026-01-01\n      \
            license lic_1 of 3 seats\n    assigned group All (grp_2) at T1 by usr_2\n      in Sales (grp_1) since T0\n    \
            seat waiting since T1, place 2\nmissing seat: Waits.\n  customer (license_admin): Unassign somebody.\n";
        assert_eq!(tree(&told), expected);
    }
}
