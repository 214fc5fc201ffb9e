//! Whoever guesses at secrets has to wait: passwords, secrets of clients, the token of the set-up.
//!
//! A guess is counted before it is looked at and forgiven if it was right, so that guesses sent at once
//! are counted too. It draws on three allowances ([`Allowance`]):
//!
//! - *One place, one secret*, the tightest: who guesses at somebody's password shuts out himself and not
//!   its owner, who comes from elsewhere; nor does one client with a wrong secret shut out others that
//!   share its address.
//! - *One place, any secret*: trying one password on everybody.
//! - *Any place, one secret*: many places that guess together. A place from which this secret was right
//!   of late is exempt, so that they do not shut its owner out.
//!
//! Counted in memory and not in the database: refusing must cost less than guessing, and what has to be
//! kept free, the thread that hashes, is a node's own. So each node counts for itself and forgets when it
//! ends. An allowance that has filled up again is no entry, and there are at most [`ENTRIES`].

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ring::digest;
use types::Timestamp;

use super::THROTTLED;
use crate::events::Origin;
use crate::kit::Refused;

/// So many guesses at once, and then one more every so many seconds.
struct Allowance {
    name: &'static str,
    at_once: i64,
    every: i64,
}

const PLACE_AND_SECRET: Allowance = Allowance { name: "place and secret", at_once: 5, every: 60 };
const PLACE: Allowance = Allowance { name: "place", at_once: 50, every: 5 };
const SECRET: Allowance = Allowance { name: "secret", at_once: 50, every: 10 };
/// Seconds for which a place is remembered from which a secret was right.
const FAMILIAR: i64 = 7 * 86_400;
/// About two megabytes.
const ENTRIES: usize = 1 << 16;

/// A digest: the memory holds nobody's address.
type Key = [u8; 16];

/// What was guessed of late. An entry says until when it means something: when the allowance is whole
/// again, or a familiar place forgotten.
#[derive(Debug, Clone, Default)]
pub struct Throttle(Arc<Mutex<HashMap<Key, Timestamp>>>);

/// A guess that is counted as wrong unless something else is said of it.
#[must_use]
pub(crate) struct Guess {
    throttle: Throttle,
    counted: Vec<(Key, Allowance)>,
    familiar: Key,
    at: Timestamp,
}

impl Throttle {
    /// Counts a guess at what `secret` names, from a peer's address; calls in this process have none.
    pub(crate) fn count(&self, secret: &str, peer: &Origin, now: Timestamp) -> Result<Guess, Refused> {
        let place = peer.as_deref().map(place);
        let familiar = key("familiar", place.as_deref(), Some(secret));
        let mut entries = self.entries();
        let mut counted = Vec::with_capacity(3);
        if place.is_some() {
            counted.push((key(PLACE_AND_SECRET.name, place.as_deref(), Some(secret)), PLACE_AND_SECRET));
            counted.push((key(PLACE.name, place.as_deref(), None), PLACE));
        }
        if entries.get(&familiar).is_none_or(|until| *until <= now) {
            counted.push((key(SECRET.name, None, Some(secret)), SECRET));
        }
        let wait = counted.iter().map(|(key, allowance)| allowance.wait(entries.get(key), now)).max();
        if let Some(seconds) = wait.filter(|seconds| *seconds > 0) {
            let detail = format!("Too many of the last attempts failed. Try again in {seconds} seconds.");
            return Err(THROTTLED.because(detail).retry_after(seconds));
        }
        make_room(&mut entries, now);
        for (key, allowance) in &counted {
            let whole = entries.entry(*key).or_insert(now);
            *whole = (*whole).max(now).plus_seconds(allowance.every);
        }
        drop(entries);
        Ok(Guess { throttle: self.clone(), counted, familiar, at: now })
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Key, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guess {
    /// It was right: nothing is counted, and the place is familiar from now on.
    pub(crate) fn right(self) {
        self.throttle.entries().insert(self.familiar, self.at.plus_seconds(FAMILIAR));
        self.forgive();
    }

    /// Something else failed, so nobody knows: nothing is counted.
    pub(crate) fn forgive(self) {
        let mut entries = self.throttle.entries();
        for (key, allowance) in &self.counted {
            if let Some(whole) = entries.get_mut(key) {
                *whole = whole.plus_seconds(-allowance.every);
            }
        }
    }
}

impl Allowance {
    /// Seconds until one more guess fits; `whole` is when all of them do.
    fn wait(&self, whole: Option<&Timestamp>, now: Timestamp) -> i64 {
        let owed = whole.map_or(0, |whole| whole.micros() - now.micros()).max(0);
        let over = owed - (self.at_once - 1) * self.every * 1_000_000;
        over.max(0).div_euclid(1_000_000) + i64::from(over.max(0).rem_euclid(1_000_000) > 0)
    }
}

/// Drops what means nothing any more; if a flood leaves too much, the half that ends first.
fn make_room(entries: &mut HashMap<Key, Timestamp>, now: Timestamp) {
    if entries.len() + 3 <= ENTRIES {
        return;
    }
    entries.retain(|_, until| *until > now);
    if entries.len() > ENTRIES / 2 {
        let mut ends: Vec<Timestamp> = entries.values().copied().collect();
        let half = ends.len() / 2;
        let (_, median, _) = ends.select_nth_unstable(half);
        let median = *median;
        entries.retain(|_, until| *until > median);
    }
}

/// Who has one address of IPv6 has the other 2⁶⁴ of its network.
fn place(peer: &str) -> String {
    match peer.parse().map(|address: IpAddr| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => peer.to_owned(),
    }
}

fn key(name: &str, place: Option<&str>, secret: Option<&str>) -> Key {
    let text = serde_json::json!([name, place, secret]).to_string();
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    std::array::from_fn(|at| digest.as_ref()[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now(seconds: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(seconds)
    }

    /// Wrong guesses that are let through before one is refused, and the seconds to wait then.
    fn wrong_guesses(throttle: &Throttle, secret: &str, peer: &str, at: i64) -> (usize, u64) {
        let peer = Some(peer.to_owned());
        for count in 0.. {
            if let Err(refused) = throttle.count(secret, &peer, now(at)).map(drop) {
                let context = refused.into_problem().context.unwrap();
                return (count, context["retry_after_seconds"].as_u64().unwrap());
            }
        }
        unreachable!()
    }

    #[test]
    fn one_place_has_five_guesses_and_then_one_a_minute() {
        let throttle = Throttle::default();
        assert_eq!(wrong_guesses(&throttle, "ana", "203.0.113.9", 0), (5, 60));
        assert_eq!(wrong_guesses(&throttle, "ana", "203.0.113.9", 59), (0, 1));
        assert_eq!(wrong_guesses(&throttle, "ana", "203.0.113.9", 60), (1, 60));
        assert_eq!(wrong_guesses(&throttle, "ana", "203.0.113.10", 60), (5, 60));
        assert_eq!(wrong_guesses(&throttle, "bob", "203.0.113.9", 60), (5, 60));
        assert_eq!(wrong_guesses(&throttle, "ana", "203.0.113.9", 1000), (5, 60));
    }

    #[test]
    fn a_network_of_ipv6_is_one_place() {
        let throttle = Throttle::default();
        assert_eq!(wrong_guesses(&throttle, "ana", "2001:db8::1", 0), (5, 60));
        assert_eq!(wrong_guesses(&throttle, "ana", "2001:db8::2:1", 0), (0, 60));
        assert_eq!(wrong_guesses(&throttle, "ana", "2001:db8:0:1::1", 0), (5, 60));
        assert_eq!(wrong_guesses(&throttle, "ana", "::ffff:192.0.2.1", 0), (5, 60));
        assert_eq!(wrong_guesses(&throttle, "ana", "192.0.2.1", 0), (0, 60));
    }

    #[test]
    fn one_place_has_fifty_guesses_at_everybody() {
        let throttle = Throttle::default();
        let guesses: usize =
            (0..20).map(|n| wrong_guesses(&throttle, &n.to_string(), "203.0.113.9", 0).0).sum();
        assert_eq!(guesses, 50);
    }

    #[test]
    fn many_places_do_not_shut_out_a_familiar_one() {
        let throttle = Throttle::default();
        let home = Some("198.51.100.7".to_owned());
        throttle.count("ana", &home, now(0)).unwrap().right();
        let guesses: usize =
            (0..20).map(|n| wrong_guesses(&throttle, "ana", &format!("203.0.113.{n}"), 0).0).sum();
        assert_eq!(guesses, 50);
        assert!(throttle.count("ana", &Some("192.0.2.1".to_owned()), now(9)).is_err());
        throttle.count("ana", &home, now(9)).unwrap().right();
        assert!(throttle.count("ana", &Some("192.0.2.1".to_owned()), now(10)).is_ok());
    }

    #[test]
    fn what_is_right_or_unknown_is_not_counted() {
        let throttle = Throttle::default();
        let home = Some("198.51.100.7".to_owned());
        for _ in 0..100 {
            throttle.count("ana", &home, now(0)).unwrap().right();
            throttle.count("ana", &home, now(0)).unwrap().forgive();
        }
        assert_eq!(wrong_guesses(&throttle, "ana", "198.51.100.7", 0), (5, 60));
    }

    #[test]
    fn a_flood_takes_no_more_than_its_room() {
        let throttle = Throttle::default();
        for n in 0..ENTRIES {
            let peer = Some(format!("10.{}.{}.{}", n >> 16, (n >> 8) & 255, n & 255));
            drop(throttle.count(&n.to_string(), &peer, now(0)));
        }
        assert!(throttle.entries().len() <= ENTRIES);
        assert!(throttle.entries().len() > ENTRIES / 4);
    }
}
