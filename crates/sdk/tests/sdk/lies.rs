//! A marketplace that lies to whoever follows it.

use std::time::{Duration, Instant};

use seatline::{Account, Seatline, Target, Unanswered};

use crate::support::lies::{ANA, BOB, GOLD, GRACE, LIES, STRANGER, TENANT, liar};

fn allowed(seatline: &Seatline, tenant: &str, user: &str) -> Result<bool, Unanswered> {
    let (tenant, user) = (seatline::tenant(tenant).unwrap(), seatline::user(user).unwrap());
    seatline.check(tenant, user, Target::Service(GOLD)).map(|answer| answer.allowed)
}

/// What was told of a lie until the grace was over.
fn believe(lie: &'static str) -> Vec<String> {
    let server = liar(lie);
    let (client_id, client_secret) = ("cli_1".to_owned(), "secret".to_owned());
    let seatline = Seatline::start(Account { url: server.address.clone(), client_id, client_secret });
    seatline.ready(Duration::from_secs(30)).unwrap();
    let (mut told, began) = (Vec::new(), Instant::now());
    loop {
        told.extend(seatline.last_fault().filter(|fault| told.last() != Some(fault)));
        let (ana, bob) = (allowed(&seatline, TENANT, ANA), allowed(&seatline, TENANT, BOB));
        assert_ne!(bob, Ok(true), "{lie}: nobody gave Bob a seat");
        assert_ne!(allowed(&seatline, STRANGER, BOB), Ok(true), "{lie}: nor anybody elsewhere");
        match ana {
            // An answer may have been there just before the grace was over.
            Ok(ana) => {
                assert!(
                    ana && began.elapsed() < Duration::from_secs(u64::from(GRACE) + 5),
                    "{lie}: {told:?}"
                );
            }
            Err(Unanswered::TooOld(age)) => {
                assert!(age >= Duration::from_secs(GRACE.into()), "{lie}: {age:?}");
                return told;
            }
            Err(other) => panic!("{lie}: {other}"),
        }
        std::thread::yield_now();
    }
}

/// CHK-09: old steps, gaps, a foreign tenant's lines, cut and endless lines, wrong gzip, silence: each is told, nobody
/// gets in by it, and when the declared grace is over nobody gets in at all.
#[test]
fn no_lie_makes_a_wrong_yes_or_lasts_longer_than_the_grace() {
    let believing: Vec<_> =
        LIES.map(|(lie, told)| (lie, told, std::thread::spawn(move || believe(lie)))).into_iter().collect();
    for (lie, expected, believing) in believing {
        let told = believing.join().unwrap();
        let has = |expected: &str| told.iter().any(|told| told.contains(expected));
        assert!(expected.is_none_or(has), "{lie}: {told:?}");
    }
}

/// Bytes that this process had in memory at most.
#[cfg(target_os = "linux")]
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

/// A line without an end is given up, however much of it comes.
#[test]
#[cfg(target_os = "linux")]
fn an_endless_line_takes_bounded_memory() {
    let told = believe("an endless line");
    assert!(told.iter().any(|told| told.contains("too long")), "{told:?}");
    assert!(peak() < 700 * 1024 * 1024, "{} bytes", peak());
}
