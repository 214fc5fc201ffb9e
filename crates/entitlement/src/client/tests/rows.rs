//! The rows of `docs/client-state-machine.md` that the shared cases cannot show: what the type itself promises.

use serde_json::json;

use crate::client::{Answer, Client, Question};

fn question() -> Question {
    Question::service("usr_1", "fabrikam.f365.gold").of("ten_1")
}

fn answer(at: i64, fresh: i64, grace: i64) -> Answer {
    let said = json!({ "allowed": true, "at": at, "fresh_seconds": fresh, "grace_seconds": grace });
    Answer::read(said).unwrap()
}

/// Where answers are too many, those received first are forgotten, and the state stays within bounds.
#[test]
fn answers_do_not_grow_without_end() {
    let mut client = Client::new("https://market.example".to_owned(), "fabrikam".to_owned());
    let nth = |number: i64| Question { user: number.to_string(), ..question() };
    for number in 0..=30_000 {
        client.take_answer(&nth(number), &answer(number / 20_000, 60, 3600), number / 20_000);
    }
    assert!(!client.unreachable(&nth(0), 2).allowed);
    for late in 26_000..=30_000 {
        assert!(client.unreachable(&nth(late), 2).allowed, "{late}, though all of a second came at once");
    }
}

/// CHK-09: times at the end of what a number holds break nothing.
#[test]
fn extreme_times_break_nothing() {
    for now in [i64::MIN, -1, 0, i64::MAX] {
        let mut client = Client::new(String::new(), String::new());
        client.answered(&question(), &answer(i64::MAX, i64::MAX, i64::MAX), now);
        let _ = client.ask(&question(), i64::MIN);
        let _ = client.unreachable(&question(), i64::MAX);
    }
    let mut client = Client::new(String::new(), String::new());
    assert_eq!(client.ask(&question(), 0), None, "who knows nothing asks");
}
