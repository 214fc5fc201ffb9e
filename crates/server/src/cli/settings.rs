//! `seatline settings …`

use clap::Subcommand;
use serde_json::{Map, Value};

use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum SettingsCommand {
    /// Show what holds, what is configured, and what was set instead
    #[command(after_help = "Example:\n  seatline settings show")]
    Show,
    /// Set values; they hold at once, and those that are not named stay as they are
    #[command(after_help = "Example:\n  seatline settings set grace_reduced_days=60 marketplace_name=Campus")]
    Set {
        #[arg(required = true, value_name = "KEY=VALUE", value_parser = assignment)]
        values: Vec<(String, Value)>,
    },
    /// Set settings back to what is configured
    #[command(after_help = "Example:\n  seatline settings reset grace_reduced_days")]
    Reset {
        #[arg(required = true, value_name = "KEY")]
        keys: Vec<String>,
    },
}

/// A name is a text even if it looks like a number.
fn assignment(text: &str) -> Result<(String, Value), String> {
    let (key, value) = text.split_once('=').ok_or("write it as key=value")?;
    let number = value.parse().ok().filter(|_: &i64| key != "marketplace_name");
    Ok((key.to_owned(), number.map_or_else(|| value.into(), Value::from)))
}

/// Of two values for one key nobody knows which is meant.
fn each_once(values: Vec<(String, Value)>) -> Result<Map<String, Value>, Failure> {
    let mut edit = Map::new();
    for (key, value) in values {
        if edit.contains_key(&key) {
            return Err(Failure::Usage(format!("{key} is given twice: give it one value")));
        }
        edit.insert(key, value);
    }
    Ok(edit)
}

impl SettingsCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let edit = match self {
            Self::Show => None,
            Self::Set { values } => Some(each_once(values)?),
            Self::Reset { keys } => Some(keys.into_iter().map(|key| (key, Value::Null)).collect()),
        };
        let reply = match edit {
            Some(edit) => session.patch(&["settings"], &Value::Object(edit))?,
            None => session.get(&["settings"], &[])?,
        };
        session.table(reply, &["key", "value", "configured", "is_set", "changed_at", "changed_by"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_number_where_it_can_be() {
        assert_eq!(assignment("lease_days_max=7").unwrap(), ("lease_days_max".to_owned(), 7.into()));
        assert_eq!(
            assignment("marketplace_name=7=7").unwrap(),
            ("marketplace_name".to_owned(), "7=7".into())
        );
        assert_eq!(assignment("marketplace_name=7").unwrap().1, Value::from("7"));
        assert!(assignment("lease_days_max").is_err());
        let given = |key: &str| (key.to_owned(), Value::from(1));
        assert_eq!(each_once(vec![given("a"), given("b")]).unwrap().len(), 2);
        assert!(each_once(vec![given("a"), given("b"), given("a")]).is_err());
    }
}
