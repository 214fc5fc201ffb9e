//! Searching the storefront: how long a query takes over many listings.

use std::time::{Duration, Instant};

use app::measure::Shop;

const LISTINGS: usize = 10_000;
const QUERIES: usize = 1000;
/// What 95 of 100 queries may take (STO-01).
const LIMIT: Duration = Duration::from_millis(10);

/// Whether the limit is kept.
pub(crate) fn run() -> bool {
    let started = Instant::now();
    let shop = Shop::with(LISTINGS);
    println!("{LISTINGS} listings were indexed in {:.2?}", started.elapsed());
    let queries = Shop::queries(QUERIES);
    let mut taken = Vec::with_capacity(QUERIES);
    let mut found = 0;
    for query in &queries {
        let started = Instant::now();
        found += shop.search(query);
        taken.push(started.elapsed());
    }
    taken.sort_unstable();
    let at = |percent: usize| taken[(QUERIES * percent / 100).min(QUERIES - 1)];
    let met = at(95) <= LIMIT;
    let verdict = if met { "met" } else { "NOT met" };
    println!(
        "search over {LISTINGS} listings, {QUERIES} queries, {} hits each: p50 {:.2?}, p95 {:.2?}, p99 {:.2?}, worst {:.2?}; limit of \
         p95 {LIMIT:?}: {verdict}",
        found / QUERIES,
        at(50),
        at(95),
        at(99),
        taken[QUERIES - 1],
    );
    met
}
