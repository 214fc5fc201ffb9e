//! Statements: text that is known before the program runs, the same for both databases.

use crate::Dialect;

/// Where a statement has its list: after `IN`, or where PostgreSQL makes rows of it.
const MANY: &str = "$many";
const IN_MANY: &str = "IN ($many)";
const ARRAY_OF_MANY: &str = "ARRAY[$many]";
/// Values of a list that travel in one statement: each a parameter of `SQLite`, few texts, so few prepared
/// statements; all of them one array for PostgreSQL.
pub(crate) const LIST: usize = 50;
pub(crate) const ARRAY: usize = 1000;

/// A statement. Only [`statements!`](crate::statements) makes one, so no text is put together at run time.
#[derive(Debug, Clone, Copy)]
pub struct Sql {
    pub name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    /// What follows the rows of a statement that inserts many.
    suffix: Option<&'static str>,
}

impl Sql {
    #[doc(hidden)]
    pub const fn of(name: &'static str, sqlite: &'static str, postgres: &'static str) -> Self {
        Self { name, sqlite, postgres, suffix: None }
    }

    #[doc(hidden)]
    pub const fn many(name: &'static str, prefix: &'static str, suffix: &'static str) -> Self {
        Self { name, sqlite: prefix, postgres: prefix, suffix: Some(suffix) }
    }

    pub fn text(self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        }
    }

    /// Whether how its list is looked for is left to the planner of PostgreSQL.
    pub(crate) fn leaves_the_way_open(self) -> bool {
        self.postgres.contains(IN_MANY)
    }

    /// The text with a list in the place of `$many`: of [`LIST`] parameters, or of one array.
    pub(crate) fn with_list(self, dialect: Dialect) -> String {
        let text = self.text(dialect);
        let numbers = text.split('$').skip(1).filter_map(|rest| {
            rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse::<usize>().ok())
        });
        let first = numbers.max().unwrap_or_default() + 1;
        if dialect == Dialect::Postgres {
            let text = text.replace(IN_MANY, &format!("= ANY(${first})"));
            return text.replace(ARRAY_OF_MANY, &format!("${first}"));
        }
        let places: Vec<String> = (first..first + LIST).map(|place| format!("${place}")).collect();
        text.replace(MANY, &places.join(", "))
    }

    /// The text for `rows` rows of a statement that inserts many.
    pub(crate) fn with_rows(self, rows: usize) -> String {
        let columns = self.columns();
        let mut text = String::with_capacity(self.sqlite.len() + rows * columns * 7);
        text.push_str(self.sqlite);
        for row in 0..rows {
            text.push_str(if row == 0 { " (" } else { ", (" });
            for column in 1..=columns {
                if column > 1 {
                    text.push_str(", ");
                }
                text.push('$');
                text.push_str(&(row * columns + column).to_string());
            }
            text.push(')');
        }
        text.push(' ');
        text.push_str(self.suffix.unwrap_or_default());
        text
    }

    /// The columns of a statement that inserts many: those between the first parentheses.
    pub(crate) fn columns(self) -> usize {
        let list = self.sqlite.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
        list.map_or(0, |(columns, _)| columns.split(',').count())
    }

    /// The complete text, with one row for a statement that inserts many.
    #[cfg(feature = "testing")]
    pub(crate) fn sample(self, dialect: Dialect) -> String {
        if self.suffix.is_some() { self.with_rows(1) } else { self.with_list(dialect) }
    }
}

/// Declares the statements of a store and lists them, so that a test prepares every one on both databases.
///
/// ```ignore
/// statements! {
///     FIND_OFFER = "SELECT … WHERE id = $1";
///     LOCK_OFFER = { sqlite: "…", postgres: "… FOR UPDATE" };      // where the dialects differ
///     SEATED_AMONG = "SELECT … WHERE pool_id = $1 AND user_id IN ($many)";     // for list_among, execute_among
///     INSERT_SEATS = ["INSERT INTO seats (id, user_id) VALUES", "ON CONFLICT DO NOTHING"];  // for insert_many
/// }
/// ```
#[macro_export]
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $body:tt;)*) => {
        $($(#[$meta])* const $name: $crate::Sql = $crate::statement!(
            concat!(module_path!(), "::", stringify!($name)),
            $body
        );)*
        /// Every statement of this store.
        pub(crate) const STATEMENTS: &[$crate::Sql] = &[$($name),*];
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! statement {
    ($name:expr, { sqlite: $sqlite:literal, postgres: $postgres:literal $(,)? }) => {
        $crate::Sql::of($name, $sqlite, $postgres)
    };
    ($name:expr, [$prefix:literal, $suffix:literal]) => {
        $crate::Sql::many($name, $prefix, $suffix)
    };
    ($name:expr, $text:literal) => {
        $crate::Sql::of($name, $text, $text)
    };
}

/// The statements of a store that is written in several files.
#[macro_export]
macro_rules! join_statements {
    ($($list:expr),+ $(,)?) => {
        &$crate::joined::<{ 0 $(+ $list.len())+ }>(&[$($list),+])
    };
}

/// All of the lists in a row; `LENGTH` is the length of them together.
#[doc(hidden)]
pub const fn joined<const LENGTH: usize>(lists: &[&[Sql]]) -> [Sql; LENGTH] {
    let mut all = [Sql::of("", "", ""); LENGTH];
    let (mut list, mut at, mut done) = (0, 0, 0);
    while done < LENGTH {
        if at == lists[list].len() {
            (list, at) = (list + 1, 0);
        } else {
            all[done] = lists[list][at];
            (at, done) = (at + 1, done + 1);
        }
    }
    all
}
