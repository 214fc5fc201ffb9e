//! `seatline report …`

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value;

use super::PageArguments;
use super::client::Reply;
use super::output::print;
use super::session::{Session, value};
use crate::failure::Failure;

type Query = Vec<(&'static str, String)>;

#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// What your customers have of your offers (publisher)
    #[command(after_help = "Examples:\n  \
        seatline report licenses --from 2026-07 --until 2026-09 --offer campus --country KR\n  \
        seatline report licenses --csv --output licenses.csv\n\n\
        Rows say what was when the last month ended or, if it has not, what is. The CSV has every row, in the columns\n\
        of Partner Center's license dashboard.")]
    Licenses {
        #[command(flatten)]
        filter: LicenseFilter,
        #[command(flatten)]
        page: PageArguments,
        #[command(flatten)]
        form: Form,
    },
    /// What those add up to: by month, plan, state and country (publisher)
    #[command(after_help = "Example:\n  seatline report summary --from 2026-01 --until 2026-12 --json")]
    Summary {
        #[command(flatten)]
        filter: LicenseFilter,
    },
    /// What your organisation holds now, by plan: granted, assigned, available, waiting, idle (customer)
    #[command(after_help = "Examples:\n  \
        seatline report seats --idle-days 60\n  \
        seatline report seats --csv --output seats.csv")]
    Seats {
        /// Seats are idle that were not used for so many days [default: 30]
        #[arg(long, value_name = "DAYS")]
        idle_days: Option<u32>,
        #[command(flatten)]
        form: Form,
    },
    /// What your organisation held over time (customer)
    #[command(after_help = "Examples:\n  \
        seatline report history --service-id fabrikam.campus.gold\n  \
        seatline report history --from 2026-01 --until 2026-12 --interval month --csv --output 2026.csv")]
    History {
        #[command(flatten)]
        months: MonthRange,
        #[arg(long)]
        interval: Option<Interval>,
        /// publisherid.offerid.planid; absent: all plans together
        #[arg(long)]
        service_id: Option<String>,
        #[command(flatten)]
        form: Form,
    },
    /// Who would be refused tomorrow, by plan: who got in without a license because the plan only records it, and
    /// whose right ends (customer); how many of which customer (publisher)
    #[command(after_help = "Examples:\n  \
        seatline report enforcement --days 14\n  \
        seatline report enforcement --customers\n  \
        seatline report enforcement --csv --output refused.csv")]
    Enforcement {
        /// Whose right ends within so many days [default: 30]
        #[arg(long, value_name = "DAYS")]
        days: Option<u32>,
        /// Who got in without a license within so many days [default: 30]
        #[arg(long, value_name = "DAYS")]
        since_days: Option<u32>,
        /// Of your customers, in counts (publisher)
        #[arg(long)]
        customers: bool,
        #[command(flatten)]
        page: PageArguments,
        #[command(flatten)]
        form: Form,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Interval {
    Day,
    Month,
}

#[derive(Debug, Args)]
pub(crate) struct MonthRange {
    /// First month, such as 2026-01 [default: five before the last]
    #[arg(long, value_name = "MONTH")]
    from: Option<String>,
    /// Last month; twelve months at most [default: this one]
    #[arg(long, value_name = "MONTH")]
    until: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct LicenseFilter {
    #[command(flatten)]
    months: MonthRange,
    /// The offer's part of service ids
    #[arg(long)]
    offer: Option<String>,
    /// The plan's part of service ids
    #[arg(long)]
    plan: Option<String>,
    /// Tenant id of a customer
    #[arg(long)]
    customer: Option<String>,
    /// ISO 3166-1 alpha-2, such as KR
    #[arg(long)]
    country: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Form {
    /// Print CSV, every row of it
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Write the CSV to this file
    #[arg(long, value_name = "FILE", requires = "csv")]
    output: Option<PathBuf>,
}

impl MonthRange {
    fn query(self) -> Query {
        given([("from", self.from), ("until", self.until)])
    }
}

impl LicenseFilter {
    fn query(self) -> Query {
        let Self { months, offer, plan, customer, country } = self;
        let filters = [("offer", offer), ("plan", plan), ("customer", customer), ("country", country)];
        [months.query(), given(filters)].concat()
    }
}

fn given<const N: usize>(arguments: [(&'static str, Option<String>); N]) -> Query {
    arguments.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

impl Form {
    /// The CSV if it is wanted; false: it is not.
    fn export(&self, session: &Session, path: &[&str], query: &Query) -> Result<bool, Failure> {
        match (&self.output, self.csv) {
            (_, false) => return Ok(false),
            (Some(output), true) => session.download_some(path, query, output)?,
            (None, true) => print(&session.get(path, query)?.body)?,
        }
        Ok(true)
    }
}

/// A table, and how fresh it is.
fn show(session: &Session, reply: Reply, columns: &[&str]) -> Result<(), Failure> {
    let answer = value(&reply)?;
    session.table(reply, columns)?;
    let refresh = &answer["refresh"];
    if session.json {
        return Ok(());
    }
    let at = refresh["refreshed_at"].as_str().unwrap_or_default();
    let rest =
        if refresh["complete"] == Value::Bool(true) { "" } else { "; later changes are still to come" };
    print(&format!("As of {at}{rest}.\n"))
}

impl ReportCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        match self {
            Self::Licenses { filter, page, form } => {
                let mut query = filter.query();
                if form.export(session, &["reports", "licenses.csv"], &query)? {
                    return Ok(());
                }
                query.extend(page.query());
                let columns = [
                    "customer_name",
                    "country",
                    "service_id",
                    "state",
                    "provisioned",
                    "assigned",
                    "activated_at",
                ];
                show(session, session.get(&["reports", "licenses"], &query)?, &columns)
            }
            Self::Summary { filter } => {
                session.show(session.get(&["reports", "licenses", "summary"], &filter.query())?)
            }
            Self::Seats { idle_days, form } => {
                let query = given([("idle_days", idle_days.map(|days| days.to_string()))]);
                if form.export(session, &["reports", "seats.csv"], &query)? {
                    return Ok(());
                }
                let columns = ["service_id", "granted", "assigned", "available", "waiting", "idle"];
                show(session, session.get(&["reports", "seats"], &query)?, &columns)
            }
            Self::Enforcement { days, since_days, customers, page, form } => {
                let text = |days: u32| days.to_string();
                let query = given([("days", days.map(text)), ("since_days", since_days.map(text))]);
                enforcement(session, query, customers.then_some(page), &form)
            }
            Self::History { months, interval, service_id, form } => {
                let interval = interval.map(|interval| match interval {
                    Interval::Day => "day".to_owned(),
                    Interval::Month => "month".to_owned(),
                });
                let query =
                    [months.query(), given([("interval", interval), ("service_id", service_id)])].concat();
                if form.export(session, &["reports", "seats", "history.csv"], &query)? {
                    return Ok(());
                }
                let columns = ["of", "granted", "assigned", "available", "warning", "suspended", "waiting"];
                show(session, session.get(&["reports", "seats", "history"], &query)?, &columns)
            }
        }
    }
}

/// Who would be refused: of one's own organisation, or a page of the customers.
fn enforcement(
    session: &Session,
    mut query: Query,
    page: Option<PageArguments>,
    form: &Form,
) -> Result<(), Failure> {
    let customers = page.is_some();
    let (csv, path): (&[&str], &[&str]) = if customers {
        (&["reports", "enforcement", "customers.csv"], &["reports", "enforcement", "customers"])
    } else {
        (&["reports", "enforcement.csv"], &["reports", "enforcement"])
    };
    if form.export(session, csv, &query)? {
        return Ok(());
    }
    query.extend(page.into_iter().flat_map(PageArguments::query));
    let counts = ["waived", "last_waived_at", "ending", "first_ends_at"];
    let of = if customers { ["customer_name", "service_id"] } else { ["service_id", "plan"] };
    let reply = session.get(path, &query)?;
    let nobody = !customers && value(&reply)?["items"].as_array().is_some_and(Vec::is_empty);
    show(session, reply, &[of.as_slice(), &counts].concat())?;
    if nobody && !session.json {
        print("Nobody of your own organisation. A publisher sees its customers with --customers.")?;
    }
    Ok(())
}
