//! The engine alone: what a check costs in memory, what a seat takes, how fast rights are built and changed.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "figures to be read, not to be counted with"
)]

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use entitlement::{
    Catalog, CatalogBuilder, Change, EnforcementMode, Index, License, Question, Seat, Service, Target,
    UserStatus,
};
use types::{PublisherId, ServiceId, TenantId, Timestamp, UserId};

use crate::{Outcome, at_most, compare, report};

const TENANTS: usize = 10_000;
const SERVICES: usize = 50;
const SMALL: usize = 10_000;
const PROBES: usize = 400_000;
/// Seats of a bulk assignment, and how many of them an event has.
const BULK: usize = 100_000;
const EVENT: usize = 250;

/// A market in memory: tenants of very different sizes, each with some of the services, their users with some of those.
pub(crate) struct Market<'i> {
    index: &'i Index,
    services: Vec<ServiceId>,
    /// With the services that each has, and its users.
    tenants: Vec<(TenantId, Vec<usize>, Vec<UserId>)>,
    seats: usize,
    build: Duration,
}

/// Numbers that look random and are the same each time.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or_default()
    }

    pub(crate) fn id(&mut self) -> [u8; 10] {
        let (one, two) = (self.next().to_le_bytes(), self.next().to_le_bytes());
        std::array::from_fn(|at| if at < 8 { one[at] } else { two[at - 8] })
    }
}

impl<'i> Market<'i> {
    /// Fills an index with so many seats, or a few more.
    pub(crate) fn fill(index: &'i Index, seats: usize) -> Outcome<Self> {
        let mut dice = Dice::new(seats as u64);
        let services: Vec<ServiceId> = (0..SERVICES)
            .map(|number| ServiceId::parse(&format!("fabrikam.suite{}.plan{number}", number / 5)))
            .collect::<Result<_, _>>()
            .map_err(|violation| violation.message)?;
        index.replace_catalog(catalog(&services));
        let shares: Vec<f64> = (1..=TENANTS).map(|rank| (rank as f64).powf(-0.7)).collect();
        let total: f64 = shares.iter().sum();
        let mut market = Self { index, services, tenants: Vec::new(), seats: 0, build: Duration::ZERO };
        let users = seats as f64 / 2.8;
        index.make_room(TENANTS, seats * 100 / 280);
        for share in shares {
            let count = ((users * share / total).round() as usize).max(1);
            market.add_tenant(count, &mut dice);
        }
        Ok(market)
    }

    fn add_tenant(&mut self, count: usize, dice: &mut Dice) {
        let now = Timestamp::from_micros(1_700_000_000_000_000);
        let tenant = TenantId::new(now, dice.id());
        let users: Vec<UserId> = (0..count)
            .map(|_| {
                UserId::new(
                    now.plus_seconds(i64::try_from(dice.below(90_000_000)).unwrap_or_default()),
                    dice.id(),
                )
            })
            .collect();
        let mut changes = vec![Change::Users { users: users.clone(), status: UserStatus::Active }];
        let publisher = self.services[0].as_str().split('.').next().map(PublisherId::parse);
        changes.extend(
            publisher.and_then(Result::ok).map(|publisher| Change::Publisher { publisher, related: true }),
        );
        let first = dice.below(SERVICES);
        let held: Vec<usize> = (0..2 + dice.below(11)).map(|at| (first + at * 3) % SERVICES).collect();
        let mut seated: Vec<Vec<UserId>> = vec![Vec::new(); held.len()];
        for user in &users {
            // One to five, as far as there are so many; 2.86 as a mean.
            let (first, count) = (dice.below(held.len()), (1 + dice.below(5)).min(held.len()));
            for service in first..first + count {
                seated[service % held.len()].push(*user);
                self.seats += 1;
            }
        }
        for (service, users) in held.iter().zip(seated) {
            let service = self.services[*service].clone();
            changes.push(Change::License { service: service.clone(), license: Some(License::default()) });
            changes.push(Change::Seats { service, users, seat: Seat::Taken });
        }
        let began = Instant::now();
        self.index.load(tenant, 1, &changes);
        self.build += began.elapsed();
        self.tenants.push((tenant, held, users));
    }

    /// Questions about users that are equally likely; seven of ten about a service that the tenant has.
    pub(crate) fn questions(&self, count: usize) -> Vec<Question<'_>> {
        let mut dice = Dice::new(7);
        let ends: Vec<usize> = self
            .tenants
            .iter()
            .scan(0, |sum, (.., users)| {
                *sum += users.len();
                Some(*sum)
            })
            .collect();
        let all = ends.last().copied().unwrap_or_default();
        (0..count)
            .map(|_| {
                let pick = dice.below(all);
                let at = ends.partition_point(|end| *end <= pick);
                let (tenant, held, users) = &self.tenants[at];
                let any = dice.below(SERVICES);
                let service = if dice.below(10) < 7 { held[any % held.len()] } else { any };
                self.question(*tenant, users[ends[at] - 1 - pick], service)
            })
            .collect()
    }

    fn question(&self, tenant: TenantId, user: UserId, service: usize) -> Question<'_> {
        let target = Target::Service(self.services[service].as_str());
        let now = Timestamp::from_micros(1_800_000_000_000_000);
        Question { tenant, user, target, publisher: None, at_least: 0, now }
    }
}

pub(crate) fn catalog(services: &[ServiceId]) -> Catalog {
    // Later than any that is read from a database.
    let mut builder = CatalogBuilder::at(i64::MAX);
    for id in services {
        builder.service(Service {
            id: id.clone(),
            display_name: "Plan".to_owned(),
            more_info_url: None,
            enforcement: EnforcementMode::Block,
            features: Default::default(),
        });
    }
    builder.build()
}

/// Measures with so many seats at most; whether everything is as it must be.
pub(crate) fn run(most: usize) -> Outcome<bool> {
    let index = Index::default();
    let small_check = check_cost(&Market::fill(&index, SMALL)?);
    let index = Index::default();
    let large = Market::fill(&index, most)?;
    let seats = large.seats as f64;
    let bytes = large.index.bytes() as f64 / seats;
    let build = seats / large.build.as_secs_f64();
    let (large_check, in_a_row) = (check_cost(&large), check_cost_in_a_row(&large));
    report::say(&format!("In memory: {} seats of {TENANTS} tenants, {SERVICES} services.", large.seats));
    let memory = random_read();
    report::say(&format!("One read of memory at random, of 64 MiB, takes {memory:.0} ns."));
    let mut met = at_most("a check, p50 (ns)", large_check, "required", 150.0, Some(1.0));
    at_most("a check, p50 (ns)", large_check, "one read of memory at random", memory, None);
    at_most(
        "a check, one after the other (ns)",
        in_a_row,
        "required of one that is timed alone",
        150.0,
        None,
    );
    met &= at_most("a check, p50 (ns)", large_check, "the same at 10,000 seats", small_check, Some(2.5));
    met &= at_most("bytes of a seat", bytes, "required", 20.0, Some(1.0));
    met &= compare("snapshot build, seats", build, "required", 5e6, Some(1.0));
    met &= compare("events applied", events_applied(&large), "required", 1e6, Some(1.0));
    let (idle, busy) = beside_a_bulk_assignment(&large)?;
    met &= at_most("a check beside a bulk assignment, p99.9 (ns)", busy, "idle", idle, Some(3.0));
    Ok(met)
}

/// Nanoseconds of half of all checks or less, each timed alone; the clock's own cost is taken off.
fn check_cost(market: &Market<'_>) -> f64 {
    let questions = market.questions(PROBES);
    let catalog = market.index.catalog();
    let clock = {
        let mut times: Vec<u64> = (0..10_000).map(|_| timed(|| ())).collect();
        median(&mut times)
    };
    let mut times: Vec<u64> = questions
        .iter()
        .map(|question| timed(|| drop(black_box(market.index.check(&catalog, question)))))
        .collect();
    median(&mut times) - clock
}

/// Nanoseconds of each of many checks that are timed together, so that one might wait for memory beside the next.
fn check_cost_in_a_row(market: &Market<'_>) -> f64 {
    let questions = market.questions(PROBES);
    let catalog = market.index.catalog();
    let whole = timed(|| {
        for question in &questions {
            drop(black_box(market.index.check(&catalog, question)));
        }
    });
    whole as f64 / PROBES as f64
}

fn timed(what: impl FnOnce()) -> u64 {
    let began = Instant::now();
    what();
    u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

fn median(times: &mut [u64]) -> f64 {
    quantile(times, 0.5)
}

fn quantile(times: &mut [u64], part: f64) -> f64 {
    times.sort_unstable();
    let at = (times.len() as f64 * part) as usize;
    times.get(at.min(times.len().saturating_sub(1))).copied().unwrap_or_default() as f64
}

/// Events of one seat each, to tenants at random, taken as they come.
fn events_applied(market: &Market<'_>) -> f64 {
    const EVENTS: usize = 300_000;
    let mut dice = Dice::new(11);
    let events: Vec<(TenantId, Change)> = (0..EVENTS)
        .map(|_| {
            let (tenant, held, users) = &market.tenants[dice.below(TENANTS)];
            let seat = if dice.below(2) == 0 { Seat::Taken } else { Seat::Freed };
            let service = market.services[held[dice.below(held.len())]].clone();
            (*tenant, Change::Seats { service, users: vec![users[dice.below(users.len())]], seat })
        })
        .collect();
    let mut versions: std::collections::HashMap<TenantId, i64> = market
        .tenants
        .iter()
        .map(|(tenant, ..)| (*tenant, market.index.version(tenant).unwrap_or_default()))
        .collect();
    let began = Instant::now();
    for (tenant, change) in &events {
        let version = versions.entry(*tenant).or_default();
        market.index.apply(tenant, *version, *version + 1, std::slice::from_ref(change));
        *version += 1;
    }
    EVENTS as f64 / began.elapsed().as_secs_f64()
}

/// Nanoseconds of a check that 1 of 1,000 exceed: with nothing else, and while seats are given by the hundred thousand.
fn beside_a_bulk_assignment(market: &Market<'_>) -> Outcome<(f64, f64)> {
    let mut dice = Dice::new(13);
    let (tenant, held, users) = &market.tenants[0];
    let users: Vec<UserId> = users.iter().copied().cycle().take(BULK.min(users.len())).collect();
    let questions: Vec<_> = (0..PROBES)
        .map(|_| market.question(*tenant, users[dice.below(users.len())], held[dice.below(held.len())]))
        .collect();
    let catalog = market.index.catalog();
    let ask = |stop: &AtomicBool| {
        let mut times = Vec::new();
        for question in questions.iter().cycle() {
            times.push(timed(|| drop(black_box(market.index.check(&catalog, question)))));
            if times.len() >= PROBES && stop.load(Ordering::Relaxed) {
                break;
            }
        }
        quantile(&mut times, 0.999)
    };
    let idle = ask(&AtomicBool::new(true));
    let stop = AtomicBool::new(false);
    let busy = std::thread::scope(|scope| {
        let asking = scope.spawn(|| ask(&stop));
        let mut version = market.index.version(tenant).unwrap_or_default();
        for seat in [Seat::Taken, Seat::Freed, Seat::Taken] {
            for users in users.chunks(EVENT) {
                let service = market.services[held[dice.below(held.len())]].clone();
                let change = Change::Seats { service, users: users.to_vec(), seat };
                market.index.apply(tenant, version, version + 1, &[change]);
                version += 1;
            }
        }
        stop.store(true, Ordering::Relaxed);
        asking.join()
    });
    Ok((idle, busy.map_err(|_| "the asking thread panicked")?))
}

/// Nanoseconds of a read that depends on the one before and is nowhere near it: what this machine asks for a look into
/// memory at this moment.
fn random_read() -> f64 {
    const LINES: usize = 1 << 20;
    const READS: usize = 1 << 20;
    let mut dice = Dice::new(17);
    let mut next: Vec<[usize; 8]> = (0..LINES).map(|line| [line; 8]).collect();
    // One cycle through all lines (Sattolo).
    for line in (1..LINES).rev() {
        let other = dice.below(line);
        let (one, two) = (next[line][0], next[other][0]);
        (next[line][0], next[other][0]) = (two, one);
    }
    let (mut at, began) = (0, Instant::now());
    for _ in 0..READS {
        at = next[at][0];
    }
    black_box(at);
    began.elapsed().as_nanos() as f64 / READS as f64
}
