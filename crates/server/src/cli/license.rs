//! `seatline license …`

use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::{Value, json};

use super::PageArguments;
use super::bulk::BulkCommand;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum LicenseCommand {
    /// Set how many seats a deal grants to its customer, all rows at once (publisher)
    #[command(after_help = "Example:\n  seatline license update --deal dea_01j9 --customer ten_01j9 \
        --plan gold=50 --plan silver=10 --remove bronze\n  \
        seatline license update --deal dea_01j9 --customer ten_01j9 --plan gold=5 --dry-run\n\n\
        Fewer seats than are in use are accepted: --dry-run says how many go over and how long these stay usable.")]
    Update {
        #[arg(long)]
        deal: String,
        /// The customer's tenant, `ten_…`
        #[arg(long)]
        customer: String,
        /// Seats of a plan, absolute: plans that are not named stay as they are; may be repeated
        #[arg(long = "plan", value_name = "PLAN=SEATS", value_parser = quantity)]
        plans: Vec<(String, u64)>,
        /// Plan that the deal no longer grants; may be repeated
        #[arg(long, value_name = "PLAN")]
        remove: Vec<String>,
        /// Change nothing, show what would become of the seats
        #[arg(long)]
        dry_run: bool,
    },
    /// List your licenses (customer), or what a deal grants (publisher)
    #[command(after_help = "Examples:\n  seatline license list\n  seatline license list --deal dea_01j9")]
    List {
        #[arg(long)]
        deal: Option<String>,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show the license of a plan: granted, assigned, available, and seats beyond what is granted (customer)
    #[command(after_help = "Example:\n  seatline license show --service-id fabrikam.campus.gold")]
    Show {
        #[arg(long)]
        service_id: String,
    },
    /// Choose which seats go first when there are fewer than are in use (customer)
    #[command(after_help = "Example:\n  \
        seatline license policy --service-id fabrikam.campus.gold oldest_first")]
    Policy {
        #[arg(long)]
        service_id: String,
        /// `newest_first`, `oldest_first` or `least_recently_used`
        policy: String,
    },
    /// Give users a seat, all or nobody (customer)
    #[command(after_help = "Examples:\n  \
        seatline license assign --service-id fabrikam.campus.gold ada@contoso.example lin@contoso.example\n  \
        seatline license assign --service-id fabrikam.campus.gold --file users.txt --partial")]
    Assign {
        #[command(flatten)]
        holders: Holders,
        /// As many as there are seats for
        #[arg(long)]
        partial: bool,
    },
    /// Take users' seats away (customer)
    #[command(after_help = "Example:\n  \
        seatline license unassign --service-id fabrikam.campus.gold ada@contoso.example")]
    Unassign {
        #[command(flatten)]
        holders: Holders,
    },
    /// Give and take many seats by a list, and take that back (customer)
    #[command(subcommand)]
    Bulk(BulkCommand),
    /// List who has a seat, and who waits for one at which place (customer)
    #[command(after_help = "Example:\n  seatline license seats --service-id fabrikam.campus.gold")]
    Seats {
        #[arg(long)]
        service_id: String,
        #[command(flatten)]
        page: PageArguments,
    },
    /// List seats that were not used for so many days (customer)
    #[command(
        after_help = "Example:\n  seatline license idle --service-id fabrikam.campus.gold --days 60\n\n\
        Nothing is taken away by it: unassign whom you choose."
    )]
    Idle {
        #[arg(long)]
        service_id: String,
        /// 1 to 3650 [default: 30]
        #[arg(long)]
        days: Option<u32>,
        #[command(flatten)]
        page: PageArguments,
    },
    /// Show when a user had a seat, and who gave and took it (customer)
    #[command(after_help = "Example:\n  \
        seatline license history --service-id fabrikam.campus.gold ada@contoso.example")]
    History {
        #[arg(long)]
        service_id: String,
        /// Id or e-mail address
        user: String,
    },
    /// List who got in without a license, because the plan only records it (customer)
    #[command(after_help = "Example:\n  seatline license waived")]
    Waived {
        #[command(flatten)]
        page: PageArguments,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Holders {
    #[arg(long)]
    service_id: String,
    /// Ids or e-mail addresses
    #[arg(required_unless_present = "file")]
    users: Vec<String>,
    /// Further users, one to a line
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

impl Holders {
    /// The plan, and everybody named.
    fn read(self) -> Result<(String, Vec<String>), Failure> {
        let mut users = self.users;
        if let Some(path) = &self.file {
            users.extend(lines(path)?);
        }
        Ok((self.service_id, users))
    }
}

fn lines(path: &Path) -> Result<Vec<String>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    Ok(lines.filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

fn quantity(text: &str) -> Result<(String, u64), String> {
    let (plan, seats) = text.split_once('=').ok_or("write the plan, = and the number of seats")?;
    let seats = seats.parse().map_err(|_| format!("{seats:?} is no number of seats"))?;
    Ok((plan.to_owned(), seats))
}

impl LicenseCommand {
    pub(super) fn run(self, session: &Session) -> Result<(), Failure> {
        let reply = match self {
            Self::Update { deal, customer, plans, remove, dry_run } => {
                let plans: Vec<Value> = plans
                    .into_iter()
                    .map(|(plan, quantity)| json!({ "plan": plan, "quantity": quantity }))
                    .collect();
                let body = json!({ "customer": customer, "plans": plans, "remove": remove });
                if dry_run {
                    let columns = [
                        "service_id",
                        "granted_before",
                        "granted_after",
                        "in_use",
                        "goes_over",
                        "usable_until",
                        "kept_until",
                    ];
                    let effects = session.post(&["deals", &deal, "licenses", "preview"], &body)?;
                    return session.table(effects, &columns);
                }
                session.put(&["deals", &deal, "licenses"], &body)?
            }
            Self::Policy { service_id, policy } => {
                session.put(&["licenses", &service_id, "policy"], &json!({ "policy": policy }))?
            }
            Self::List { deal: Some(deal), page } => {
                session.get(&["deals", &deal, "licenses"], &page.query())?
            }
            Self::List { deal: None, page } => {
                let columns = [
                    "service_id",
                    "offer",
                    "granted",
                    "assigned",
                    "available",
                    "warning",
                    "held",
                    "suspended",
                    "waiting",
                ];
                return session.table(session.get(&["licenses"], &page.query())?, &columns);
            }
            Self::Waived { page } => {
                let columns = ["user_id", "service_id", "component", "reason", "first_at", "last_at"];
                return session.table(session.get(&["waived-checks"], &page.query())?, &columns);
            }
            Self::Show { service_id } => session.get(&["licenses", &service_id], &[])?,
            Self::Assign { holders, partial } => {
                let (service_id, users) = holders.read()?;
                let body = json!({ "users": users, "partial": partial });
                session.post(&["licenses", &service_id, "assignments"], &body)?
            }
            Self::Unassign { holders } => {
                let (service_id, users) = holders.read()?;
                session.post(&["licenses", &service_id, "unassignments"], &json!({ "users": users }))?
            }
            Self::Bulk(command) => return command.run(session),
            Self::Seats { service_id, page } => {
                session.get(&["licenses", &service_id, "seats"], &page.query())?
            }
            Self::Idle { service_id, days, page } => {
                let mut query = page.query();
                query.extend(days.map(|days| ("days", days.to_string())));
                let columns = ["email", "name", "assigned_at", "last_used_on"];
                return session.table(session.get(&["licenses", &service_id, "idle"], &query)?, &columns);
            }
            Self::History { service_id, user } => {
                session.get(&["licenses", &service_id, "seats", &user, "history"], &[])?
            }
        };
        session.show(reply)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seats_of_a_plan_are_a_plan_and_a_number() {
        assert_eq!(quantity("gold=50"), Ok(("gold".to_owned(), 50)));
        for wrong in ["gold", "gold=", "gold=-1", "gold=1.5"] {
            assert!(quantity(wrong).is_err(), "{wrong}");
        }
    }
}
