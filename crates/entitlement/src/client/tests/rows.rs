//! The rows of `docs/client-state-machine.md` that the shared cases cannot show: what the type itself promises.

use types::{TenantId, UserId};

use crate::client::{Answer, Client, Next, Question, Thing};

fn question() -> Question {
    let thing = Thing::Service { service_id: "fabrikam.f365.gold".to_owned() };
    Question { tenant: TenantId::from_bytes([1; 16]), user: UserId::from_bytes([2; 16]), thing }
}

fn answer(at: i64) -> Answer {
    let (fresh_seconds, grace_seconds) = (Some(60), Some(3600));
    Answer { allowed: true, reason: "licensed".to_owned(), at: Some(at), fresh_seconds, grace_seconds }
}

/// Where answers are too many, those received first are forgotten, and the state stays within bounds.
#[test]
fn answers_do_not_grow_without_end() {
    let mut client = Client::new("https://market.example".to_owned(), "fabrikam".to_owned());
    let nth = |number: i64| {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        Question { user: UserId::from_bytes(id), ..question() }
    };
    for number in 0..=200_000 {
        client.take_answer(&nth(number), &answer(number / 1000), number / 1000);
    }
    assert!(!client.unreachable(&nth(0), 201).allowed);
    assert!(client.unreachable(&nth(200_000), 201).allowed);
}

/// CHK-09: times at the end of what a number holds break nothing.
#[test]
fn extreme_times_break_nothing() {
    for now in [i64::MIN, -1, 0, i64::MAX] {
        let mut client = Client::new(String::new(), String::new());
        let extreme =
            Answer { fresh_seconds: Some(i64::MAX), grace_seconds: Some(i64::MAX), ..answer(i64::MAX) };
        client.answered(&question(), &extreme, now);
        let _ = client.ask(&question(), i64::MIN);
        let _ = client.unreachable(&question(), i64::MAX);
    }
    let mut client = Client::new(String::new(), String::new());
    assert_eq!(client.ask(&question(), 0), Next::Ask, "who knows nothing asks");
}
