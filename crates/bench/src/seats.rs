//! Ten thousand users, five SKUs, one thread: what engines are asked in process, and how their answers are timed. Of
//! this program and of `peers/`, so that ours and others' are asked and timed alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

pub(crate) const USERS: usize = 10_000;
pub(crate) const SKUS: usize = 5;
/// Coprime to the number of questions: its multiples visit each once, in an order without a pattern.
const STEP: usize = 48_271;
/// How long the rate is measured.
const TIME: Duration = Duration::from_secs(1);

/// Who has a seat: three of five.
pub(crate) fn holds(user: usize, sku: usize) -> bool {
    (user * 7 + sku * 3) % 5 < 3
}

/// Asks for every user and SKU, and says on one line: checks a second, nanoseconds of the middle one and of that which
/// one of 100 exceeds, and KiB of memory that the process holds. A wrong answer is an error.
pub(crate) fn measure(mut check: impl FnMut(usize, usize) -> Result<bool, String>) -> Result<String, String> {
    let all = USERS * SKUS;
    let questions: Vec<(usize, usize)> =
        (0..all).map(|at| at * STEP % all).map(|at| (at / SKUS, at % SKUS)).collect();
    for (user, sku) in &questions {
        if check(*user, *sku)? != holds(*user, *sku) {
            return Err(format!("a wrong answer about user {user} and SKU {sku}"));
        }
    }
    // What taking the time takes is taken off.
    let clock = quantiles((0..all).map(|_| Instant::now().elapsed()).collect()).0;
    let mut times = Vec::with_capacity(all);
    for (user, sku) in &questions {
        let began = Instant::now();
        black_box(check(*user, *sku)?);
        times.push(began.elapsed());
    }
    let (middle, high) = quantiles(times);
    let (began, mut count) = (Instant::now(), 0_u32);
    for (user, sku) in questions.iter().cycle() {
        black_box(check(*user, *sku)?);
        count += 1;
        if count.is_multiple_of(1024) && began.elapsed() >= TIME {
            break;
        }
    }
    let rate = f64::from(count) / began.elapsed().as_secs_f64();
    let nanos = |time: Duration| time.saturating_sub(clock).as_nanos();
    Ok(format!("{rate:.0} {} {} {}", nanos(middle), nanos(high), resident()?))
}

fn quantiles(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

fn resident() -> Result<u64, String> {
    let status = std::fs::read_to_string("/proc/self/status").map_err(|error| error.to_string())?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    line.trim().trim_end_matches(" kB").parse().map_err(|_| line.to_owned())
}
