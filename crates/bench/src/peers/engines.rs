//! Engines in process, one thread each, asked what `seats.rs` says.

use std::collections::HashMap;
use std::process::Command;

use entitlement::{Change, Index, License, Question, Seat, Target, UserStatus};
use types::{ServiceId, TenantId, Timestamp, UserId};

use super::installed;
use crate::engine::{Dice, catalog};
use crate::seats::{self, SKUS, USERS, holds};
use crate::{Outcome, compare, report};

const ROUNDS: usize = 3;
const THEIRS: [&str; 2] = ["cedar", "casbin"];
/// Which versions are measured is said where they are built.
const MANIFEST: &str = include_str!("../../peers/Cargo.toml");

/// Checks a second, nanoseconds of the middle one and of that which one of 100 exceeds, KiB of memory.
type Figures = [f64; 4];

/// Measures each in processes of its own, which take turns; whether all could be.
pub(super) fn run() -> Outcome<bool> {
    let theirs = installed("seatline-bench-peers");
    let mut rounds: HashMap<&str, Vec<Figures>> = HashMap::new();
    for _ in 0..ROUNDS {
        let own = std::env::current_exe()?;
        rounds.entry("seatline").or_default().push(figures(Command::new(own).arg("seats"))?);
        for (program, engine) in theirs.iter().flat_map(|program| THEIRS.map(|engine| (program, engine))) {
            rounds.entry(engine).or_default().push(figures(Command::new(program).arg(engine))?);
        }
    }
    report::say(&format!(
        "The same in process: {USERS} users and {SKUS} SKUs, one thread; the middle of {ROUNDS} rounds that take turns, \
         each in a process of its own, whose memory is shown. Every answer was compared before."
    ));
    let middle = |engine: &str| {
        let of = |at: usize| {
            let mut figures: Vec<f64> = rounds.get(engine)?.iter().map(|figures| figures[at]).collect();
            figures.sort_by(f64::total_cmp);
            figures.get(figures.len() / 2).copied()
        };
        Some([of(0)?, of(1)?, of(2)?, of(3)?])
    };
    let engines = ["seatline"].into_iter().chain(THEIRS);
    let measured: Vec<(String, Figures)> =
        engines.filter_map(|engine| Some((named(engine), middle(engine)?))).collect();
    let row = |(name, [rate, p50, p99, memory]): &(String, Figures)| {
        vec![
            name.clone(),
            format!("{rate:.0}"),
            format!("{p50:.0}"),
            format!("{p99:.0}"),
            format!("{:.0}", memory / 1000.0),
        ]
    };
    let rows: Vec<Vec<String>> = measured.iter().map(row).collect();
    report::table(&["", "checks/s", "p50 (ns)", "p99 (ns)", "memory (MB)"], &rows);
    if let Some(((ours, figures), others)) = measured.split_first() {
        for (name, other) in others {
            compare(&format!("{ours}, in process"), figures[0], name, other[0], None);
        }
    }
    Ok(theirs.is_some())
}

/// Ours, as a process that only does this.
pub(crate) fn ours() -> Outcome<String> {
    let (index, mut dice) = (Index::default(), Dice::new(23));
    let now = Timestamp::from_micros(1_800_000_000_000_000);
    let tenant = TenantId::new(now, dice.id());
    let users: Vec<UserId> = (0..USERS).map(|_| UserId::new(now, dice.id())).collect();
    let skus: Vec<ServiceId> = (0..SKUS)
        .map(|sku| ServiceId::parse(&format!("fabrikam.suite.sku{sku}")))
        .collect::<Result<_, _>>()
        .map_err(|violation| violation.message)?;
    index.replace_catalog(catalog(&skus));
    let mut changes = vec![Change::Users { users: users.clone(), status: UserStatus::Active }];
    for (number, service) in skus.iter().enumerate() {
        let holders = users.iter().enumerate().filter(|(user, _)| holds(*user, number)).map(|(_, id)| *id);
        changes.push(Change::License { service: service.clone(), license: Some(License::default()) });
        changes.push(Change::Seats { service: service.clone(), users: holders.collect(), seat: Seat::Taken });
    }
    index.load(tenant, 1, &changes);
    let catalog = index.catalog();
    let question = |user: usize, sku: usize| Question {
        tenant,
        user: users[user],
        target: Target::Service(skus[sku].as_str()),
        publisher: None,
        at_least: 0,
        now,
    };
    let check = |user: usize, sku: usize| match index.check(&catalog, &question(user, sku)) {
        Ok(decision) => Ok(decision.allowed),
        Err(undecided) => Err(format!("{undecided:?}")),
    };
    Ok(seats::measure(check)?)
}

fn figures(command: &mut Command) -> Outcome<Figures> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let line = String::from_utf8(output.stdout)?;
    let figures: Vec<f64> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    figures.try_into().map_err(|_| format!("not four figures: {line}").into())
}

fn named(engine: &str) -> String {
    let version =
        || MANIFEST.lines().find(|line| line.starts_with(engine))?.split("\"=").nth(1)?.split('"').next();
    version().map_or_else(|| "Seatline".to_owned(), |version| format!("{engine} {version}"))
}
