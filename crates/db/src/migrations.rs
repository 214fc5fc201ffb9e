//! The history of the schema: each file of `migrations/<database>` once, in the order of its name.
//!
//! What was applied is kept with its text. It must be how the files begin, to the letter: so neither an
//! edited migration nor one that slipped in before others goes unnoticed, and a program that is older
//! than its database does not start.

use crate::DbError;

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Migration {
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
}

pub(crate) const CREATE_HISTORY: &str =
    "CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL)";
pub(crate) const LIST_HISTORY: &str = "SELECT name, text FROM schema_migrations ORDER BY name";
pub(crate) const INSERT_HISTORY: &str = "INSERT INTO schema_migrations (name, text) VALUES ($1, $2)";

/// What is still to be applied; `applied` is names and texts in the order of the names.
pub(crate) fn pending(
    known: &'static [Migration],
    applied: &[(String, String)],
) -> Result<&'static [Migration], DbError> {
    let applied_here = known.iter().zip(applied);
    let same = applied_here.take_while(|(known, (name, text))| known.name == name && known.text == text);
    let same = same.count();
    match applied.get(same) {
        None => Ok(&known[same..]),
        Some((name, _)) => Err(DbError::foreign_history(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Migration] = &[
        Migration { name: "V1__a", text: "one" },
        Migration { name: "V2__b", text: "two" },
        Migration { name: "V3__c", text: "three" },
    ];

    fn names(applied: &[(&str, &str)]) -> Result<Vec<&'static str>, String> {
        let applied: Vec<_> =
            applied.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let pending = pending(KNOWN, &applied).map_err(|error| error.to_string())?;
        Ok(pending.iter().map(|migration| migration.name).collect())
    }

    #[test]
    fn what_is_missing_is_applied_in_order() {
        assert_eq!(names(&[]).unwrap(), ["V1__a", "V2__b", "V3__c"]);
        assert_eq!(names(&[("V1__a", "one"), ("V2__b", "two")]).unwrap(), ["V3__c"]);
        assert!(names(&[("V1__a", "one"), ("V2__b", "two"), ("V3__c", "three")]).unwrap().is_empty());
    }

    #[test]
    fn another_history_is_refused_and_named() {
        let edited = names(&[("V1__a", "one, edited")]).unwrap_err();
        assert!(edited.contains("V1__a"), "{edited}");
        let slipped_in = names(&[("V1__a", "one"), ("V3__c", "three")]).unwrap_err();
        assert!(slipped_in.contains("V3__c"), "{slipped_in}");
        let newer = [("V1__a", "one"), ("V2__b", "two"), ("V3__c", "three"), ("V4__d", "four")];
        assert!(names(&newer).unwrap_err().contains("V4__d"));
    }
}
