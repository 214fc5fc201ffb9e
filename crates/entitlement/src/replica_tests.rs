use std::time::Duration;

use proptest::prelude::*;
use types::{PublisherId, ServiceId, TenantId, Timestamp, UserId};

use super::*;
use crate::feed::Line;
use crate::notes::Use;
use crate::{CatalogBuilder, Change, EnforcementMode, License, Seat, Service, Target, UserStatus};

const SERVICE: &str = "fabrikam.f365.gold";
const NOON: i64 = 1_790_000_000_000_000;
const ROOM: Room = Room { tenant: 10_000, memory: usize::MAX };

fn tenant() -> TenantId {
    TenantId::from_bytes([1; 16])
}

fn ana() -> UserId {
    UserId::from_bytes([2; 16])
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(NOON + second * 1_000_000)
}

fn hello(second: i64) -> Line {
    let (issuer, publisher, tenant) = ("https://market.example".to_owned(), None, None);
    Line::Hello(Hello { at: at(second), issuer, publisher, tenant, fresh_seconds: 60, grace_seconds: 600 })
}

fn catalog(version: i64) -> Line {
    let mut catalog = CatalogBuilder::at(version);
    catalog.service(Service {
        id: ServiceId::parse(SERVICE).unwrap(),
        display_name: "Gold".to_owned(),
        more_info_url: None,
        enforcement: EnforcementMode::Block,
        features: Default::default(),
    });
    Line::Catalog { catalog, mark: Some(7) }
}

fn seat(seat: Seat) -> Change {
    Change::Seats { service: ServiceId::parse(SERVICE).unwrap(), users: vec![ana()], seat }
}

/// The tenant at a version: Ana has a seat at even ones.
fn steps(from: i64) -> Line {
    let changes = vec![seat(if from % 2 == 0 { Seat::Freed } else { Seat::Taken })];
    Line::Steps { tenant: tenant(), from, to: from + 1, mark: None, changes }
}

fn snapshot(version: i64) -> Vec<Line> {
    let tenant = tenant();
    let service = ServiceId::parse(SERVICE).unwrap();
    let mut changes = vec![
        Change::Users { users: vec![ana()], status: UserStatus::Active },
        Change::License { service, license: Some(License::default()) },
        Change::Publisher { publisher: PublisherId::parse("fabrikam").unwrap(), related: true },
    ];
    if version % 2 == 0 {
        changes.push(seat(Seat::Taken));
    }
    let part = |change| Line::Part { tenant, changes: vec![change] };
    let begin = Line::Begin { tenant, version };
    let parts = changes.into_iter().map(part);
    [begin].into_iter().chain(parts).chain([Line::End { tenant, version, mark: Some(8) }]).collect()
}

/// Sends lines on one connection, at a second; what did not fit.
fn connect(replica: &Replica, second: u64, lines: &[Line]) -> Option<Fault> {
    let now = Duration::from_secs(second);
    let mut reader = Reader::new(replica, now, ROOM);
    lines.iter().find_map(|line| reader.take(&serde_json::to_vec(line).unwrap(), now).err())
}

fn ask(replica: &Replica, second: u64) -> Result<(bool, i64), Unanswered> {
    let target = Target::Service(SERVICE);
    let question =
        Question { tenant: tenant(), user: ana(), target, publisher: None, at_least: 0, now: at(0) };
    replica.check(&question, Duration::from_secs(second), |decision, _| (decision.allowed, decision.version))
}

fn begun() -> Replica {
    let replica = Replica::default();
    let mut lines = vec![hello(1), catalog(1)];
    lines.extend(snapshot(2));
    assert_eq!(ask(&replica, 1), Err(Unanswered::NotYet));
    assert_eq!(connect(&replica, 1, &lines), None);
    assert_eq!(ask(&replica, 1), Err(Unanswered::NotYet), "until all has been sent");
    assert_eq!(connect(&replica, 1, &[hello(1), Line::Alive { at: at(1) }]), None);
    replica
}

/// CHK-09: as of when it was known, for the declared grace and never longer; a sign of life makes it young again.
#[test]
fn it_answers_for_the_grace_and_not_longer() {
    let replica = begun();
    assert_eq!(ask(&replica, 600), Ok((true, 2)));
    assert_eq!(replica.standing(Duration::from_mins(10)).unwrap().age, Duration::from_secs(599));
    assert_eq!(ask(&replica, 601), Err(Unanswered::TooOld(Duration::from_mins(10))));
    assert_eq!(connect(&replica, 700, &[hello(700), Line::Alive { at: at(700) }]), None);
    assert_eq!(ask(&replica, 700), Ok((true, 2)));
}

/// CHK-05: what is missing or comes twice is no step; the next connection asks for the tenant whole.
#[test]
fn gaps_and_replays_are_found_and_mended() {
    for (wrong, from) in [(steps(3), 3), (steps(1), 1)] {
        let replica = begun();
        let fault = connect(&replica, 2, &[hello(2), wrong]).unwrap();
        assert_eq!(fault, Fault::Gap { tenant: tenant(), stands: Some(2), from });
        assert!(replica.positions().tenants.is_empty() && replica.last_fault().is_some());
        assert_eq!(ask(&replica, 2), Ok((true, 2)), "as it was");
        let mut lines = vec![hello(3)];
        lines.extend(snapshot(5));
        assert_eq!(connect(&replica, 3, &lines), None);
        assert_eq!((ask(&replica, 3), replica.positions().tenants.len()), (Ok((false, 5)), 1));
    }
}

/// Old snapshots, old catalogues, old clocks, another marketplace, lines that are none: nothing of it counts.
#[test]
fn what_is_old_or_foreign_is_not_believed() {
    let replica = begun();
    assert_eq!(connect(&replica, 2, &[hello(2), steps(2)]), None);
    assert_eq!(ask(&replica, 2), Ok((false, 3)));
    let mut old = vec![hello(3)];
    old.extend(snapshot(2));
    let fault = connect(&replica, 3, &old);
    assert_eq!(fault, Some(Fault::Older { tenant: tenant(), stands: 3, version: 2 }));
    let fault = connect(&replica, 3, &[hello(3), catalog(0)]);
    assert_eq!(fault, Some(Fault::Catalog { stands: 1, version: 0 }));
    assert_eq!(
        connect(&replica, 300, &[hello(2), Line::Alive { at: at(2) }]),
        Some(Fault::Clock),
        "replayed"
    );
    let Line::Hello(mut other) = hello(4) else { panic!() };
    other.issuer = "https://elsewhere.example".to_owned();
    assert_eq!(connect(&replica, 4, &[Line::Hello(other)]), Some(Fault::Elsewhere));
    assert!(matches!(connect(&replica, 4, &[steps(3)]), Some(Fault::OutOfTurn(_))));
    let mut reader = Reader::new(&replica, Duration::ZERO, ROOM);
    assert!(matches!(reader.take(b"<html>", Duration::ZERO), Err(Fault::Malformed(_))));
    assert_eq!(ask(&replica, 4), Ok((false, 3)));
}

/// REL-06: who is told of one tenant, or of one publisher's concern, believes nothing about others.
#[test]
fn lines_of_another_tenant_or_publisher_are_not_believed() {
    let stranger = TenantId::from_bytes([9; 16]);
    let of_one = |tenant, publisher: Option<&str>| {
        let Line::Hello(mut hello) = hello(1) else { panic!() };
        hello.publisher = publisher.map(|publisher| PublisherId::parse(publisher).unwrap());
        hello.tenant = tenant;
        [vec![Line::Hello(hello), catalog(1)], snapshot(2), vec![Line::Alive { at: at(1) }]].concat()
    };
    let replica = Replica::default();
    assert_eq!(connect(&replica, 1, &of_one(Some(tenant()), None)), None);
    for line in
        [Line::Begin { tenant: stranger, version: 1 }, Line::End { tenant: stranger, version: 1, mark: None }]
    {
        let lines = [of_one(Some(tenant()), None).swap_remove(0), line];
        assert_eq!(connect(&replica, 1, &lines), Some(Fault::Elsewhere));
    }
    let again = of_one(Some(stranger), None);
    assert_eq!(connect(&replica, 1, &again), Some(Fault::Elsewhere), "it was another's before");
    assert_eq!((ask(&replica, 1), replica.tenants().len()), (Ok((true, 2)), 1));
    let replica = Replica::default();
    assert_eq!(connect(&replica, 1, &of_one(None, Some("northwind"))), Some(Fault::Elsewhere));
    assert_eq!(ask(&replica, 1), Err(Unanswered::NotYet));
}

/// A tenant without an end takes no more room than there is, and nothing of it counts.
#[test]
fn a_snapshot_without_an_end_is_bounded() {
    let replica = begun();
    let part = Line::Part { tenant: tenant(), changes: vec![seat(Seat::Freed)] };
    let endless = std::iter::repeat_n(part, 1000);
    let lines: Vec<Line> =
        [hello(2), Line::Begin { tenant: tenant(), version: 9 }].into_iter().chain(endless).collect();
    assert_eq!(connect(&replica, 2, &lines), Some(Fault::TooMuch(tenant())));
    assert_eq!(ask(&replica, 2), Ok((true, 2)));
}

/// Once everything takes more room than there is nothing more is taken: it says so, and what stands grows old.
#[test]
fn all_tenants_together_find_an_end() {
    let replica = begun();
    let (room, now) = (Room { memory: replica.index.bytes() + 200_000, ..ROOM }, Duration::from_secs(2));
    let mut reader = Reader::new(&replica, now, room);
    let mut take = |line: &Line| reader.take(&serde_json::to_vec(line).unwrap(), now);
    take(&hello(2)).unwrap();
    let mut full = None;
    for number in 0u32..100_000 {
        let bytes: [u8; 4] = number.to_be_bytes();
        let tenant = TenantId::from_bytes(std::array::from_fn(|at| bytes[at % 4]));
        full = take(&Line::Begin { tenant, version: 1 })
            .and_then(|()| take(&Line::End { tenant, version: 1, mark: None }))
            .err();
        if full.is_some() {
            break;
        }
    }
    assert!(
        matches!(full, Some(Fault::Full(bytes)) if bytes > room.memory && bytes < 10 * room.memory),
        "{full:?}"
    );
    let mut again = Reader::new(&replica, now, room);
    let line = serde_json::to_vec(&hello(2)).unwrap();
    assert!(matches!(again.take(&line, now), Err(Fault::Full(_))), "it stays so");
    assert_eq!(ask(&replica, 600), Ok((true, 2)), "what stands is answered as long as it may be");
    assert!(replica.last_fault().unwrap().contains("MiB"));
}

/// ASG-10: a use is noted once a day, and what could not be told waits.
#[test]
fn uses_are_noted_once_a_day() {
    let replica = begun();
    for second in [2, 3] {
        ask(&replica, second).unwrap();
    }
    let uses = replica.notes().take_uses(10);
    let service = ServiceId::parse(SERVICE).unwrap();
    assert_eq!(uses, [(Use { tenant: tenant(), service, user: ana() }, at(0))]);
    ask(&replica, 4).unwrap();
    assert_eq!(replica.notes().waiting(), 0);
    replica.notes().put_back_uses(uses.clone());
    assert_eq!((replica.notes().take_uses(10), replica.notes().take_let_in(10)), (uses, vec![]));
}

/// CHK-09: a clock that runs ahead of ours would end what is not over.
#[test]
fn a_clock_that_runs_ahead_is_not_believed() {
    let replica = begun();
    assert_eq!(connect(&replica, 2, &[hello(2), Line::Alive { at: at(3600) }]), Some(Fault::Clock));
    assert_eq!(replica.standing(Duration::from_secs(2)).unwrap().age, Duration::from_secs(1));
}

/// REL-06: what is to be forgotten is, and may come back.
#[test]
fn a_tenant_is_forgotten_and_comes_back() {
    let replica = begun();
    assert_eq!(connect(&replica, 2, &[hello(2), Line::Forget { tenant: tenant() }]), None);
    assert_eq!(ask(&replica, 2), Err(Unanswered::UnknownTenant));
    let mut lines = vec![hello(3)];
    lines.extend(snapshot(2));
    assert_eq!(connect(&replica, 3, &lines), None);
    assert_eq!(ask(&replica, 3), Ok((true, 2)));
}

/// CHK-09: a position is gone on from as the entry that was told with it; one that moved on since has none.
#[test]
fn a_position_is_known_by_the_mark_of_its_entry() {
    let replica = begun();
    let marks = || {
        let Positions { tenants, catalog } = replica.positions();
        (tenants[&tenant()], catalog.unwrap())
    };
    let at = |at, mark| Position { at, mark };
    assert_eq!(marks(), (at(2, Some(8)), at(1, Some(7))));
    let kept = Line::CatalogKept { from: 1, to: 5, mark: Some(9) };
    assert_eq!(connect(&replica, 2, &[hello(2), steps(2), kept]), None);
    assert_eq!(marks(), (at(3, None), at(5, Some(9))), "no mark is kept for another entry");
    let Line::Steps { tenant, from, to, changes, .. } = steps(7) else { panic!() };
    let gap = Line::Steps { tenant, from, to, mark: Some(6), changes };
    assert!(connect(&replica, 2, &[hello(2), gap]).is_some());
    assert_eq!(replica.positions().tenants.len(), 0, "what is doubtful has no position");
}

proptest! {
    /// However lines are dropped, doubled and reordered on however many connections, the answer is that of a version
    /// at which it was so, and versions never go back.
    #[test]
    fn a_lying_upstream_never_makes_a_wrong_yes(
        connections in prop::collection::vec(prop::collection::vec(0i64..12, 0..12), 0..12)
    ) {
        let replica = begun();
        let mut last = 2;
        for lines in connections {
            let lines = lines.into_iter().flat_map(|of| if of < 8 { vec![steps(of)] } else { snapshot(of) });
            connect(&replica, 2, &[hello(2)].into_iter().chain(lines).collect::<Vec<_>>());
            let (allowed, version) = ask(&replica, 2).unwrap();
            prop_assert_eq!(allowed, version % 2 == 0);
            prop_assert!(version >= last);
            last = version;
        }
    }
}
