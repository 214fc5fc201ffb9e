//! Reports: what publishers have provisioned to whom, what customers hold, and how both went over time.
//!
//! A reader of the logs keeps a *projection*: each pool by customer and plan, its seats beyond what is
//! granted, and a *point* for every day on which something changed: what was granted and assigned when the day
//! ended, and the seats beyond that, by state and dates. So a point says what was true at any instant until
//! the next one, also where time alone has changed it, and the last point is what is true now. Rows and the
//! reader's place in the log move in one unit of work, so every event counts once. All of it can be made anew
//! from the logs ([`rebuild`]); the doctor compares it with the counters.
//!
//! RPT-03: every answer says how fresh it is. Where no log that concerns it has entries which were not read,
//! it is as of the moment of asking, and equals the counters then; else as of the first entry not read.
//! Nothing of that has to be kept: the reader's places and the logs say it.
//!
//! A publisher's answer has the names, countries and tenant ids of its customers, and counts (REL-06). Names
//! are read when asked for. What a customer's seats were used for last is no event, so idle seats are counted
//! when asked for, and have no history.
//!
//! Months and days are UTC. CSV has exactly the columns that publishers know from elsewhere.
//!
//! Tables: `report_pools`, `report_points`, `report_seats`.

pub(crate) mod api;
mod month;
pub(crate) mod operations;
pub(crate) mod pages;
mod point;
mod projection;
mod store;

#[cfg(test)]
mod tests;

pub(crate) use month::Months;
pub(crate) use point::{Counts, LicenseState};
pub(crate) use projection::READER;
pub use projection::rebuild;
pub(crate) use store::{STATEMENTS, SoldFilter};
