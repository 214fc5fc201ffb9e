//! Random lists against a slow and obvious model: rows one by one over a set of users.

use std::collections::{BTreeMap, BTreeSet};

use super::{BATCHES, applied, conflicts, csv, rows, send, undone};
use crate::assignments::tests::requests::{story, user};
use crate::testing::{World, flow};

const USERS: usize = 8;
const SEATS: usize = 4;

/// A small generator: the same lists in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// What is wrong with each row that changes nothing.
fn model(holders: &mut BTreeSet<usize>, list: &[(usize, bool)]) -> BTreeMap<i64, String> {
    let (mut seen, mut wrong) = (BTreeMap::new(), BTreeMap::new());
    for (row, (user, assigns)) in (2..).zip(list) {
        let error = if *user >= USERS {
            "UserUnknown"
        } else if let Some(before) = seen.insert(*user, *assigns) {
            seen.insert(*user, before);
            if before == *assigns { "DuplicateRow" } else { "ContradictoryRow" }
        } else if *assigns && holders.contains(user) {
            "AlreadyAssigned"
        } else if !*assigns && !holders.contains(user) {
            "NotAssigned"
        } else if *assigns && holders.len() == SEATS {
            "CountViolation"
        } else if *assigns {
            holders.insert(*user);
            continue;
        } else {
            holders.remove(user);
            continue;
        };
        wrong.insert(row, error.to_owned());
    }
    wrong
}

flow!(
    /// ASG-07: random lists say in the dry run, and do, what the model does; undone, all is as before.
    lists_do_what_the_model_does,
    |world: World| async move {
        let (_, contoso) = story(&world, i64::try_from(SEATS).unwrap(), USERS).await;
        let (mut numbers, mut holders) = (Numbers(7), BTreeSet::new());
        for turn in 0..12 {
            let list: Vec<(usize, bool)> =
                (0..10).map(|_| (numbers.below(USERS + 1), numbers.below(3) > 0)).collect();
            let named: Vec<(String, &str)> = list
                .iter()
                .map(|(n, assigns)| (user(*n), if *assigns { "assign" } else { "unassign" }))
                .collect();
            let text = csv(&named.iter().map(|(user, action)| (user.as_str(), *action)).collect::<Vec<_>>());
            let before = holders.clone();
            let expected: Vec<(i64, String)> = model(&mut holders, &list).into_iter().collect();
            let preview = send(&contoso, &format!("{BATCHES}/preview"), text.clone()).await.ok();
            assert_eq!(conflicts(&preview), expected, "turn {turn}");
            world.pass_seconds(1);
            let path = applied(&world, &contoso, text).await;
            assert_eq!(rows(&contoso, &path, "error").await, expected, "turn {turn}");
            if numbers.below(2) == 0 {
                world.pass_seconds(1);
                let after = undone(&world, &contoso, &path).await;
                assert_eq!(after["kept"], 0, "turn {turn}");
                holders = before;
            }
            let seats = contoso.get("/licenses/fabrikam.f365.gold/seats").await.ok();
            let found: BTreeSet<String> = seats["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|seat| seat["user"]["email"].as_str().unwrap().to_owned())
                .collect();
            assert_eq!(found, holders.iter().map(|n| user(*n)).collect(), "turn {turn}");
        }
    }
);
