//! What keeps an index right.

use types::ServiceId;

use super::tests::*;
use super::*;
use crate::{CatalogBuilder, Change, Compared, License, Seat, Service, UserStatus};

/// ASG-09: somebody who left and came back holds nothing of what was before, in whichever state it was.
#[test]
fn who_is_gone_leaves_nothing_behind() {
    let gold = service("fabrikam.f365.gold");
    for held in [Seat::Taken, Seat::Waiting] {
        let world = World::new(holds("gold"));
        let status = |status| Change::Users { users: vec![world.ana], status };
        let silver = service("fabrikam.f365.silver");
        let steps = [
            seat(world.ana, &gold, held),
            status(UserStatus::Gone),
            status(UserStatus::Active),
            seat(world.ana, &silver, Seat::Waiting),
        ];
        assert!(world.index.apply(&world.tenant, 7, 8, &steps[..2]));
        assert_eq!(world.ask(world.ana, Target::Service(gold.as_str())).reason, Reason::UserUnknown);
        assert!(world.index.apply(&world.tenant, 8, 9, &steps[2..]));
        assert_eq!(world.ask(world.ana, Target::Service(gold.as_str())).state, None);
    }
}

/// CHK-03: what is known to be committed is not answered without; a step that arrives settles it.
#[test]
fn what_is_owed_is_waited_for() {
    let world = World::new(holds("gold"));
    world.index.owe(&world.tenant, 8);
    let question = world.question(world.ana, component("gold_app"));
    assert_eq!(world.decide(&question).unwrap_err(), Undecided::Stale(Some(7)));
    world.index.load(world.tenant, 7, &[]);
    assert!(world.decide(&question).is_err(), "a snapshot that is not later settles nothing");
    assert!(world.index.apply(&world.tenant, 7, 8, &[]));
    assert!(world.decide(&question).is_ok());
}

/// A tenant may have more services than a word has bits.
#[test]
fn a_tenant_may_have_any_number_of_services() {
    let world = World::new(|_| vec![]);
    let ids: Vec<ServiceId> = (0..200).map(|number| service(&format!("fabrikam.f365.p{number}"))).collect();
    let mut builder = CatalogBuilder::at(2);
    for id in &ids {
        builder.service(Service {
            id: id.clone(),
            display_name: String::new(),
            more_info_url: None,
            enforcement: EnforcementMode::Block,
            features: Default::default(),
        });
    }
    world.index.replace_catalog(builder.build());
    let catalog = world.index.catalog.load_full();
    let license = |id: &ServiceId| Change::License { service: id.clone(), license: Some(License::default()) };
    let changes: Vec<Change> =
        ids.iter().flat_map(|id| [license(id), seat(world.ana, id, Seat::Taken)]).collect();
    assert!(world.index.apply(&world.tenant, 7, 8, &changes));
    let freed = ids.iter().step_by(2).map(|id| seat(world.ana, id, Seat::Freed)).collect::<Vec<_>>();
    assert!(world.index.apply(&world.tenant, 8, 9, &freed));
    for (at, id) in ids.iter().enumerate() {
        let question = world.question(world.ana, Target::Service(id.as_str()));
        assert_eq!(world.index.check(&catalog, &question).unwrap().allowed, at % 2 == 1, "{id}");
    }
}

/// The comparison with the tables names what differs, and mends it.
#[test]
fn a_difference_from_the_tables_is_found_and_mended() {
    let gold = service("fabrikam.f365.gold");
    let world = World::new(holds("gold"));
    let people = Change::Users { users: vec![world.ana, world.bob], status: UserStatus::Active };
    let fabrikam = Change::Publisher { publisher: publisher("fabrikam"), related: true };
    let tables = |seats: Vec<Change>| {
        [people.clone(), fabrikam.clone()]
            .into_iter()
            .chain(holds("gold")(world.ana))
            .chain(seats)
            .collect::<Vec<_>>()
    };
    assert_eq!(world.index.compare(world.tenant, 8, &tables(vec![])), Compared::Elsewhere);
    assert_eq!(world.index.compare(world.tenant, 7, &tables(vec![])), Compared::Same);
    let waiting = vec![seat(world.bob, &gold, Seat::Waiting)];
    assert_eq!(world.index.compare(world.tenant, 7, &tables(waiting.clone())), Compared::Mended(waiting));
    assert_eq!(world.ask(world.bob, Target::Service(gold.as_str())).state, Some(State::Waiting));
    let without_bob = [Change::Users { users: vec![world.ana], status: UserStatus::Active }];
    world.index.load(world.tenant, 8, &without_bob);
    assert_eq!(world.ask(world.bob, Target::Service(gold.as_str())).reason, Reason::UserUnknown);
    assert_eq!(world.ask(world.ana, Target::Service(gold.as_str())).reason, Reason::NoLicense);
    assert_eq!(world.index.compare(world.tenant, 8, &without_bob), Compared::Same);
}

/// ASG-10: the first use of a day is told from those that follow, by service, and the next day begins anew.
#[test]
fn the_first_use_of_a_day_is_noted() {
    let world = World::new(|ana| [holds("gold")(ana), holds("bronze")(ana)].concat());
    let used = |plan: &str, day| {
        let id = format!("fabrikam.f365.{plan}");
        let question = world.question(world.ana, Target::Service(&id));
        let decision = world.index.check(&world.catalog, &question).unwrap();
        world.index.first_use(&question, &decision, day)
    };
    for day in [20_000, 20_001] {
        assert_eq!(used("gold", day), Some(true));
        assert_eq!(used("bronze", day), Some(true));
        assert_eq!(used("gold", day), Some(false));
        assert_eq!(used("bronze", day), Some(false));
    }
    assert_eq!(used("silver", 20_001), None, "nothing was used");
}
