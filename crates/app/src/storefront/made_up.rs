//! Listings that are made up, for measuring: words of syllables, few of them frequent, most of them rare.

use types::{PublisherId, Timestamp};

use super::search::{Entry, LicensingOption, SearchIndex};
use crate::catalog::listing::{Listing, Texts};

const SYLLABLES: [&str; 24] = [
    "ba", "co", "di", "fu", "ga", "hel", "in", "jor", "ka", "lo", "men", "no", "ort", "pa", "qui", "ra",
    "ser", "ta", "un", "ven", "wor", "xi", "yo", "zen",
];
/// Different words at most.
const WORDS: u64 = 30_000;

/// Well mixed, the same for the same number (SplitMix64).
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The word of a rank: three or four syllables.
fn word(rank: u64) -> String {
    let mut rest = mixed(rank);
    let syllables = 3 + rest % 2;
    let mut text = String::new();
    for _ in 0..syllables {
        rest /= 2;
        text.push_str(SYLLABLES[usize::try_from(rest % 24).unwrap_or_default()]);
        rest /= 24;
    }
    text
}

/// A word drawn so that low ranks come often.
fn drawn(seed: u64) -> String {
    let random = mixed(seed);
    word((random % WORDS) * (mixed(random) % WORDS) / WORDS)
}

fn text(seed: u64, words: u64) -> String {
    (0..words).map(|at| drawn(seed * 1000 + at)).collect::<Vec<_>>().join(" ")
}

fn entry(number: usize) -> Option<Entry> {
    let seed = u64::try_from(number).ok()? * 7 + 1;
    let publisher = format!("p{}", seed % 500);
    let texts = Texts {
        name: Some(text(seed, 3)),
        summary: Some(text(seed + 1, 10)),
        description: Some(text(seed + 2, 200)),
        keywords: vec![drawn(seed + 3), drawn(seed + 4), drawn(seed + 5)],
    };
    let markets = ["US", "DE", "FR", "GB", "KR", "JP", "CA", "AU", "BR", "IN", "ES", "IT"];
    Some(Entry {
        address: format!("{publisher}.o{number}"),
        publisher_id: PublisherId::parse(&publisher).ok()?,
        publisher_name: text(seed % 500, 2),
        listing: Listing { texts, products: vec![word(seed % 12)], ..Listing::default() },
        categories: vec![word(100 + seed % 20)],
        industries: vec![word(200 + seed % 30)],
        markets: markets.iter().filter_map(|code| (*code).to_owned().try_into().ok()).collect(),
        licensing_option: LicensingOption::ALL[number % LicensingOption::ALL.len()],
        live_since: Timestamp::from_micros(i64::try_from(mixed(seed) >> 16).ok()?),
        public: true,
        private_plans: Vec::new(),
    })
}

pub(crate) fn index(listings: usize) -> SearchIndex {
    let mut index = SearchIndex::default();
    for entry in (0..listings).filter_map(entry) {
        index.put(entry);
    }
    index
}

pub(crate) fn query(number: usize) -> String {
    let seed = u64::try_from(number).unwrap_or_default();
    let (first, second) = (drawn(seed * 31 + 5), drawn(seed * 37 + 11));
    match number % 5 {
        0 => first,
        1 => first[..3].to_owned(),
        2 => format!("{first} {second}"),
        // Two neighbours swapped.
        3 => {
            let mut letters: Vec<char> = first.chars().collect();
            letters.swap(2, 3);
            letters.into_iter().collect()
        }
        _ => format!("{} {second}", text(seed % 500, 1)),
    }
}
