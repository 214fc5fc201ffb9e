//! `seatline-bench-peers cedar | casbin`: the questions of `seats.rs`, asked of an engine that was made for policies.

#[path = "../../src/seats.rs"]
mod seats;

use std::collections::HashSet;
use std::error::Error;

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use cedar_policy::{Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request};

use seats::{SKUS, USERS, holds};

fn main() -> Result<(), Box<dyn Error>> {
    let figures = match std::env::args().nth(1).as_deref() {
        Some("cedar") => cedar()?,
        Some("casbin") => casbin()?,
        _ => return Err("cedar or casbin?".into()),
    };
    println!("{figures}");
    Ok(())
}

/// A seat is a parent of its user.
fn cedar() -> Result<String, Box<dyn Error>> {
    let policies: PolicySet = include_str!("../seats.cedar").parse()?;
    let uid = |kind: &str, number: usize| format!(r#"{kind}::"{number}""#).parse::<EntityUid>();
    let users: Vec<EntityUid> = (0..USERS).map(|user| uid("User", user)).collect::<Result<_, _>>()?;
    let skus: Vec<EntityUid> = (0..SKUS).map(|sku| uid("Sku", sku)).collect::<Result<_, _>>()?;
    let entities = users.iter().enumerate().map(|(user, uid)| {
        let seats: HashSet<_> =
            (0..SKUS).filter(|sku| holds(user, *sku)).map(|sku| skus[sku].clone()).collect();
        Entity::new_no_attrs(uid.clone(), seats)
    });
    let skus_alone = skus.iter().map(|sku| Entity::new_no_attrs(sku.clone(), HashSet::new()));
    let entities = Entities::from_entities(entities.chain(skus_alone), None)?;
    let action: EntityUid = r#"Action::"use""#.parse()?;
    let authorizer = Authorizer::new();
    seats::measure(|user, sku| {
        let request =
            Request::new(users[user].clone(), action.clone(), skus[sku].clone(), Context::empty(), None)
                .map_err(|error| error.to_string())?;
        Ok(authorizer.is_authorized(&request, &policies, &entities).decision() == Decision::Allow)
    })
    .map_err(Into::into)
}

/// A seat is a role that its user has.
fn casbin() -> Result<String, Box<dyn Error>> {
    let users: Vec<String> = (0..USERS).map(|user| format!("user-{user}")).collect();
    let skus: Vec<String> = (0..SKUS).map(|sku| format!("sku-{sku}")).collect();
    let enforcer = tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
        let model = DefaultModel::from_str(include_str!("../seats.conf")).await?;
        let mut enforcer = Enforcer::new(model, MemoryAdapter::default()).await?;
        enforcer.add_policies(skus.iter().map(|sku| vec![sku.clone()]).collect()).await?;
        let seats = users.iter().enumerate().flat_map(|(user, name)| {
            let held = skus.iter().enumerate().filter(move |(sku, _)| holds(user, *sku));
            held.map(move |(_, sku)| vec![name.clone(), sku.clone()])
        });
        enforcer.add_grouping_policies(seats.collect()).await?;
        Ok::<_, casbin::Error>(enforcer)
    })?;
    seats::measure(|user, sku| {
        enforcer.enforce((users[user].as_str(), skus[sku].as_str())).map_err(|error| error.to_string())
    })
    .map_err(Into::into)
}
