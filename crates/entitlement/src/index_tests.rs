use types::{PublisherId, ServiceId, Timestamp};

use super::*;
use crate::{
    CatalogBuilder, Component, End, FeatureValue, GraceTimes, Language, License, Refusal, Seat, Service,
    UserStatus,
};

pub(super) fn service(id: &str) -> ServiceId {
    ServiceId::parse(id).unwrap()
}

fn catalog() -> Catalog {
    let mut builder = CatalogBuilder::at(1);
    for (plan, name) in [("bronze", "Bronze"), ("silver", "Silver"), ("gold", "Gold")] {
        builder.service(Service {
            id: service(&format!("fabrikam.f365.{plan}")),
            display_name: name.to_owned(),
            more_info_url: Some("https://fabrikam.example/plans".to_owned()),
            enforcement: Default::default(),
            features: Default::default(),
        });
    }
    let component = |name: &str, publisher: &str, plans: &[&str]| Component {
        offer: format!("{publisher}.f365"),
        publisher: PublisherId::parse(publisher).unwrap(),
        unique_name: name.to_owned(),
        id: "508b58fe".to_owned(),
        services: plans.iter().map(|plan| service(&format!("fabrikam.f365.{plan}"))).collect(),
    };
    builder.component(component("bronze_app", "fabrikam", &["bronze", "silver", "gold"]));
    builder.component(component("gold_app", "fabrikam", &["gold"]));
    builder.component(component("free_app", "fabrikam", &[]));
    builder.component(component("twin", "fabrikam", &["gold"]));
    builder.component(component("twin", "litware", &[]));
    builder.build()
}

pub(super) struct World {
    pub(super) index: Index,
    pub(super) catalog: Arc<Catalog>,
    pub(super) tenant: TenantId,
    pub(super) ana: UserId,
    pub(super) bob: UserId,
}

impl World {
    pub(super) fn new(changes: impl FnOnce(UserId) -> Vec<Change>) -> Self {
        let id = |n: u8| [n; 10];
        let tenant = TenantId::new(Timestamp::from_micros(0), id(1));
        let (ana, bob) =
            (UserId::new(Timestamp::from_micros(0), id(2)), UserId::new(Timestamp::from_micros(0), id(3)));
        let index = Index::default();
        index.replace_catalog(catalog());
        let people = Change::Users { users: vec![ana, bob], status: UserStatus::Active };
        let fabrikam = Change::Publisher { publisher: publisher("fabrikam"), related: true };
        let changes = [people, fabrikam].into_iter().chain(changes(ana));
        index.load(tenant, 7, &changes.collect::<Vec<_>>());
        let catalog = index.catalog.load_full();
        Self { index, catalog, tenant, ana, bob }
    }

    pub(super) fn ask(&self, user: UserId, target: Target<'_>) -> Decision<'_> {
        self.decide(&self.question(user, target)).unwrap()
    }

    pub(super) fn decide(&self, question: &Question<'_>) -> Result<Decision<'_>, Undecided> {
        self.index.check(&self.catalog, question)
    }

    pub(super) fn question<'q>(&self, user: UserId, target: Target<'q>) -> Question<'q> {
        Question {
            tenant: self.tenant,
            user,
            target,
            publisher: None,
            at_least: 0,
            now: Timestamp::default(),
        }
    }
}

pub(super) fn publisher(id: &str) -> PublisherId {
    PublisherId::parse(id).unwrap()
}

pub(super) fn component(name: &str) -> Target<'_> {
    Target::Component { unique_name: name, offer: None }
}

pub(super) fn seat(user: UserId, service: &ServiceId, seat: Seat) -> Change {
    Change::Seats { service: service.clone(), users: vec![user], seat }
}

pub(super) fn holds(plan: &str) -> impl FnOnce(UserId) -> Vec<Change> {
    let service = service(&format!("fabrikam.f365.{plan}"));
    move |user| {
        vec![
            Change::License { service: service.clone(), license: Some(License::default()) },
            seat(user, &service, Seat::Taken),
        ]
    }
}

fn days(days: i64) -> Timestamp {
    Timestamp::default().plus_days(days)
}

/// CHK-01: one of the plans mapped to a component opens it; losing one of two keeps it open.
#[test]
fn any_mapped_plan_opens_the_component() {
    let world = World::new(|ana| [holds("gold")(ana), holds("bronze")(ana)].concat());
    assert!(world.ask(world.ana, component("bronze_app")).allowed);
    assert!(world.ask(world.ana, component("gold_app")).allowed);
    let freed = [seat(world.ana, &service("fabrikam.f365.gold"), Seat::Freed)];
    assert!(world.index.apply(&world.tenant, 7, 8, &freed));
    assert!(world.ask(world.ana, component("bronze_app")).allowed, "bronze is left");
    assert!(!world.ask(world.ana, component("gold_app")).allowed);
}

/// CHK-01: a component that is mapped to no plan is open to everybody in the tenant.
#[test]
fn an_unmapped_component_is_unrestricted() {
    let world = World::new(|_| vec![]);
    for name in ["free_app", "never_heard_of"] {
        let decision = world.ask(world.bob, component(name));
        assert_eq!((decision.allowed, decision.reason), (true, Reason::Unrestricted), "{name}");
    }
}

/// CHK-02: a service is open in the states active and warning, and in no other.
#[test]
fn a_service_is_open_in_active_and_warning_only() {
    let gold = service("fabrikam.f365.gold");
    let times = GraceTimes::default();
    let over = |grace| {
        move |user| {
            let service = service("fabrikam.f365.gold");
            [holds("gold")(user), vec![seat(user, &service, Seat::Over(grace))]].concat()
        }
    };
    let waiting = |user| [holds("gold")(user), vec![seat(user, &gold, Seat::Waiting)]].concat();
    let cases = [
        (World::new(holds("gold")), true, Some(State::Active), Reason::Licensed),
        (World::new(over(times.reduced(days(-1)))), true, Some(State::Warning), Reason::Licensed),
        (World::new(over(times.reduced(days(-90)))), false, Some(State::Waiting), Reason::Waiting),
        (World::new(over(times.ended(days(-29)))), true, Some(State::Warning), Reason::Licensed),
        (World::new(over(times.ended(days(-30)))), false, Some(State::Suspended), Reason::Suspended),
        (World::new(over(times.ended(days(-120)))), false, None, Reason::NoSeat),
        (World::new(waiting), false, Some(State::Waiting), Reason::Waiting),
    ];
    for (at, (world, allowed, state, reason)) in cases.into_iter().enumerate() {
        let decision = world.ask(world.ana, Target::Service(gold.as_str()));
        assert_eq!((decision.allowed, decision.state, decision.reason), (allowed, state, reason), "{at}");
        assert!(!world.ask(world.ana, Target::Service("fabrikam.f365.silver")).allowed);
    }
}

/// LIC-08, DEA-05: a license that ends takes its seats along at that moment, whoever has taken note of it.
#[test]
fn time_ends_a_license_by_itself() {
    let gold = service("fabrikam.f365.gold");
    let end = End { at: days(0), grace: GraceTimes::default().ended(days(0)) };
    let world = World::new(|ana| {
        let license = Some(License { end: Some(end) });
        vec![Change::License { service: gold.clone(), license }, seat(ana, &gold, Seat::Taken)]
    });
    let at = |user, day| {
        let question = Question { now: days(day), ..world.question(user, Target::Service(gold.as_str())) };
        let decision = world.decide(&question).unwrap();
        (decision.allowed, decision.state, decision.reason)
    };
    assert_eq!(at(world.ana, -1), (true, Some(State::Active), Reason::Licensed));
    assert_eq!(at(world.bob, -1), (false, None, Reason::NoSeat));
    assert_eq!(at(world.ana, 0), (true, Some(State::Warning), Reason::Licensed));
    assert_eq!(at(world.bob, 0), (false, None, Reason::NoLicense));
    assert_eq!(at(world.ana, 30), (false, Some(State::Suspended), Reason::Suspended));
    assert_eq!(at(world.ana, 120), (false, None, Reason::NoLicense));
}

/// LIC-07: a seat that was over or waiting is as good as new when it is restored, and gone when it is freed.
#[test]
fn a_restored_seat_is_active_again() {
    let gold = service("fabrikam.f365.gold");
    let world = World::new(holds("gold"));
    let over = Seat::Over(GraceTimes::default().reduced(days(0)));
    let steps = [
        (Seat::Waiting, Some(State::Waiting)),
        (Seat::Taken, Some(State::Active)),
        (over, Some(State::Warning)),
        (Seat::Taken, Some(State::Active)),
        (Seat::Waiting, Some(State::Waiting)),
        (Seat::Freed, None),
    ];
    for (version, (step, state)) in (7..).zip(steps) {
        assert!(world.index.apply(&world.tenant, version, version + 1, &[seat(world.ana, &gold, step)]));
        assert_eq!(world.ask(world.ana, Target::Service(gold.as_str())).state, state, "{version}");
    }
}

/// CHK-03: a refusal says why, which services would do, and the version it was decided at.
#[test]
fn an_answer_carries_reason_services_and_version() {
    let world = World::new(holds("gold"));
    let seatless = world.ask(world.bob, component("bronze_app"));
    assert_eq!((seatless.allowed, seatless.reason, seatless.version), (false, Reason::NoSeat, 7));
    let names: Vec<&str> = seatless.services().map(|service| service.id.as_str()).collect();
    assert_eq!(names, ["fabrikam.f365.bronze", "fabrikam.f365.silver", "fabrikam.f365.gold"]);
    let unlicensed = world.ask(world.bob, Target::Service("fabrikam.f365.silver"));
    assert_eq!(unlicensed.reason, Reason::NoLicense);
    let unknown = world.ask(world.bob, Target::Service("fabrikam.f365.platinum"));
    assert_eq!(unknown.reason, Reason::ServiceUnknown);
    let stranger = UserId::new(Timestamp::from_micros(0), [9; 10]);
    assert_eq!(world.ask(stranger, component("free_app")).reason, Reason::UserUnknown);
}

/// CHK-03: a question that demands a later version is not answered from an older one.
#[test]
fn the_index_refuses_to_answer_below_the_version_asked_for() {
    let world = World::new(|_| vec![]);
    let mut question = world.question(world.ana, component("free_app"));
    question.at_least = 8;
    assert_eq!(world.decide(&question).unwrap_err(), Undecided::Stale(Some(7)));
    assert!(!world.index.apply(&world.tenant, 6, 8, &[]), "a step from elsewhere is not taken");
    assert!(world.index.apply(&world.tenant, 7, 8, &[]));
    assert!(world.decide(&question).is_ok());
    question.tenant = TenantId::new(Timestamp::from_micros(0), [8; 10]);
    assert_eq!(world.decide(&question).unwrap_err(), Undecided::Stale(None));
}

#[test]
fn a_component_name_of_two_publishers_must_be_qualified() {
    let world = World::new(|_| vec![]);
    let unclear = world.decide(&world.question(world.ana, component("twin"))).unwrap_err();
    assert_eq!(unclear, Undecided::Unclear(vec!["fabrikam.f365".to_owned(), "litware.f365".to_owned()]));
    let named = |offer| Target::Component { unique_name: "twin", offer: Some(offer) };
    assert!(!world.ask(world.ana, named("fabrikam.f365")).allowed);
    assert!(world.ask(world.ana, named("litware.f365")).allowed);
    let mistaken = world.decide(&world.question(world.ana, named("fabrikam.f356"))).unwrap_err();
    assert_eq!(mistaken, unclear, "an offer that has no such component, where others have");
    let mut question = world.question(world.ana, component("twin"));
    question.publisher = Some("litware");
    assert_eq!(world.decide(&question).unwrap_err(), Undecided::NoCustomer, "REL-06");
    let related = [Change::Publisher { publisher: publisher("litware"), related: true }];
    assert!(world.index.apply(&world.tenant, 7, 8, &related));
    assert!(world.decide(&question).unwrap().allowed, "a publisher means its own");
}

/// CHK-04: title, code, component with id and publisher, every plan that would do, and the URL.
#[test]
fn a_refusal_names_the_component_the_plans_and_the_url() {
    let world = World::new(|_| vec![]);
    let decision = world.ask(world.bob, component("bronze_app"));
    let refusal = Refusal::of(&decision, Language::En);
    assert_eq!((refusal.title.as_str(), refusal.code.as_str()), ("Invalid License", "0x80050301"));
    for part in [
        "bronze_app",
        "508b58fe",
        "fabrikam",
        "Bronze: fabrikam.f365.bronze",
        "Silver: fabrikam.f365.silver",
        "Gold: fabrikam.f365.gold",
        "https://fabrikam.example/plans",
    ] {
        assert!(refusal.details.contains(part), "{part} in {}", refusal.details);
    }
    let korean = Refusal::of(&decision, Language::Ko);
    assert_eq!(korean.title, "잘못된 라이선스");
    assert!(korean.details.contains("Gold: fabrikam.f365.gold"));
    let misspelt =
        Refusal::of(&world.ask(world.bob, Target::Service("fabrikam.f365.platinum")), Language::En);
    assert_eq!(misspelt.details, "No offer has what was asked for: its name may be misspelt.");
}

/// CHK-01: an index without a catalogue knows that it has none; it must not pass for one that restricts
/// nothing.
#[test]
fn an_index_begins_below_every_version() {
    assert!(Index::default().catalog().version() < 0);
    assert_eq!(CatalogBuilder::at(0).build().version(), 0);
}

/// What the services are like where this matters.
type Plans<'a> = [(&'a str, EnforcementMode, &'a [(&'a str, FeatureValue)])];

fn world_of(services: &Plans<'_>, held: &[&str]) -> World {
    let mut world = World::new(|ana| held.iter().flat_map(|plan| holds(plan)(ana)).collect());
    let mut builder = CatalogBuilder::at(2);
    let id = |plan: &str| service(&format!("fabrikam.f365.{plan}"));
    for (plan, enforcement, features) in services {
        builder.service(Service {
            id: id(plan),
            display_name: (*plan).to_owned(),
            more_info_url: None,
            enforcement: *enforcement,
            features: features.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
        });
    }
    builder.component(Component {
        offer: "fabrikam.f365".to_owned(),
        publisher: PublisherId::parse("fabrikam").unwrap(),
        unique_name: "app".to_owned(),
        id: String::new(),
        services: services.iter().map(|(plan, ..)| id(plan)).collect(),
    });
    world.index.replace_catalog(builder.build());
    world.catalog = world.index.catalog.load_full();
    world
}

/// PLN-07: audit and warn allow and say so, block refuses; of several plans the strictest counts, of one
/// that is held its own; whom the tenant does not know nothing lets in.
#[test]
fn the_mode_decides_what_a_refusal_means() {
    use EnforcementMode::{Audit, Block, Warn};
    for (modes, allowed, mode) in
        [([Audit, Audit], true, Audit), ([Warn, Audit], true, Warn), ([Audit, Block], false, Block)]
    {
        let world = world_of(&[("bronze", modes[0], &[]), ("gold", modes[1], &[])], &[]);
        let decision = world.ask(world.ana, component("app"));
        assert_eq!((decision.allowed, decision.waived, decision.enforcement), (allowed, allowed, mode));
        assert_eq!(decision.reason, Reason::NoLicense, "the reason is told all the same");
        let stranger = UserId::new(Timestamp::from_micros(0), [9; 10]);
        assert!(!world.ask(stranger, component("app")).allowed);
    }
    let world = world_of(&[("bronze", Block, &[]), ("gold", Warn, &[])], &["gold"]);
    let held = world.ask(world.ana, component("app"));
    assert_eq!((held.allowed, held.waived, held.enforcement), (true, false, Warn));
}

/// PLN-07: checks return the features of what is held, of several values the better.
#[test]
fn features_of_what_is_held_are_returned() {
    use FeatureValue::{Flag, Limit, Text};
    let bronze = [("export", Flag(false)), ("projects", Limit(10)), ("tone", Text("plain".into()))];
    let gold = [("export", Flag(true)), ("projects", Limit(7))];
    let services =
        [("bronze", EnforcementMode::Block, &bronze[..]), ("gold", EnforcementMode::Block, &gold[..])];
    let both = world_of(&services, &["gold", "bronze"]);
    let features = both.ask(both.ana, component("app")).features();
    let tone = Text("plain".into());
    assert_eq!(features, [("export", &Flag(true)), ("projects", &Limit(10)), ("tone", &tone)].into());
    let one = world_of(&services, &["gold"]);
    assert_eq!(one.ask(one.ana, component("app")).features().len(), 2);
    assert!(one.ask(one.bob, component("app")).features().is_empty());
}
