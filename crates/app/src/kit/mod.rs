//! The kit: what every feature needs and no word of the product.
//!
//! - [`Clock`], [`Random`]: time and chance, handed in so that tests can set them.
//! - [`Code`], [`Refused`]: refusals with a stable code, turned into problem documents at the edge.
//! - [`Expected`]: the revisions that a change was decided by.
//! - [`Search`], [`Beginning`]: what a list is searched for.
//! - [`Fields`]: collects what is wrong with every field before refusing once.
//! - [`text_enum!`]: an enumeration that reads and prints the same in rows, requests and answers.
//! - [`JsonColumn`]: a value kept as JSON in one column.
//! - [`Csv`], [`in_pieces`]: tables for spreadsheets, and bodies that come piece by piece.
//! - [`Texts`], [`Language`]: texts in every language, from Fluent files beside the feature.
//! - [`Words`], [`Letter`], [`Mailer`]: what a mail says, and the way to the mail server.
//! - [`page`], [`assets`]: what pages are made of: shell, components, charts, style.
//! - [`Pace`]: how many are done in one unit of work where others wait for it.
//! - [`Turns`]: how much is done at once, and how often by one.
//! - [`outbound`]: HTTP to addresses that users give, and to nothing inside.
//! - [`schema`]: checks JSON against the schemas that the API document publishes.

pub mod assets;
mod clock;
mod csv;
mod expected;
mod fields;
mod json_column;
mod language;
mod letter;
mod load;
mod mailer;
pub mod outbound;
mod pace;
mod padded;
pub mod page;
mod pieces;
mod random;
mod refused;
pub mod schema;
mod search;
mod text_enum;
mod texts;

pub use clock::Clock;
pub use csv::{Csv, MARK};
pub use expected::Expected;
pub use fields::Fields;
pub use json_column::JsonColumn;
pub use language::Language;
pub use letter::{Draft, Letter, Words};
pub(crate) use load::{Allowance, Allowances};
pub use load::{Turn, Turns};
pub use mailer::{MailError, MailSettings, MailTls, Mailer};
pub use pace::{Pace, timed};
pub use padded::padded;
pub use pieces::{Piece, in_pieces};
pub use random::{Random, secret_hash};
pub(crate) use random::{SECRET_PREFIX, is_secret};
pub(crate) use refused::{BUSY, CODES, codes};
pub use refused::{Code, Refused};
pub use search::{Beginning, Search};
pub(crate) use text_enum::text_enum;
pub use texts::{Argument, Texts, grouped, ungrouped};
