//! The whole against a model that is slow and obvious: random operations on two nodes, and after each of them the answer
//! of the index over HTTP, that of one SQL query over the tables, and that of the model, for every user and service.
//!
//! A run is a list of numbers, each of which decides one step whatever came before it. So a run that fails is made
//! shorter by leaving steps out, and what remains is told. `SEATLINE_MODEL_SECONDS` has runs go on for so long, from
//! `SEATLINE_MODEL_SEED` on, which one alone repeats.

#![expect(clippy::print_stderr, reason = "what was run must be seen")]

mod compare;
mod dice;
mod market;
mod pool;
mod selling;
mod steps;
mod store;

use std::time::{Duration, Instant};

use dice::Dice;
use steps::{Run, Trail};
use tokio::task::JoinSet;

use crate::bootstrap;
use crate::testing::{PASSWORD, World, flow};

/// Steps of a run.
const STEPS: usize = 60;
/// What is run where nobody says for how long.
const SEEDS: std::ops::Range<u64> = 1..3;
/// Shorter runs that are tried once one has failed.
const ATTEMPTS: usize = 150;

/// Runs these steps in a world of their own; what was done, if something was wrong.
async fn attempt(world: World, steps: Vec<u64>) -> Result<(), Vec<String>> {
    let trail = Trail::default();
    let told = Trail::clone(&trail);
    let mut running = JoinSet::new();
    running.spawn(async move {
        let mut run = Run::new(world, trail).await;
        for step in steps {
            run.step(step).await;
        }
        run.compare_all().await;
    });
    let done = running.join_next().await.unwrap();
    done.map_err(|_| told.lock().unwrap().clone())
}

async fn another(world: &World) -> World {
    let another = world.new_marketplace().await;
    let made =
        bootstrap::create_operator(&another.app, "operator@marketplace.example", "Olga", PASSWORD).await;
    made.map_err(|refused| refused.cause()).unwrap();
    another
}

async fn run(world: &World, seed: u64) {
    let mut dice = Dice(seed << 32);
    let mut steps: Vec<u64> = (0..STEPS).map(|_| dice.draw() >> 16).collect();
    let Err(mut trail) = attempt(another(world).await, steps.clone()).await else { return };
    eprintln!("seed {seed} failed after {} steps; shorter ones are looked for", trail.len());
    steps.truncate(trail.len());
    let (mut size, mut left) = (steps.len() / 2, ATTEMPTS);
    while size > 0 && left > 0 {
        let mut at = 0;
        while at < steps.len() && left > 0 {
            let mut fewer = steps.clone();
            fewer.drain(at..(at + size).min(steps.len()));
            left -= 1;
            match attempt(another(world).await, fewer.clone()).await {
                Err(shorter) => (steps, trail) = (fewer, shorter),
                Ok(()) => at += size,
            }
        }
        size /= 2;
    }
    panic!("seed {seed}: these {} steps are enough:\n{}", steps.len(), trail.join("\n"));
}

#[expect(clippy::disallowed_methods, reason = "tests are configured by the environment")]
fn configured(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

flow!(
    /// CHK-01, CHK-02, CHK-05, LIC-06, LIC-07, LIC-08, DEA-05, ASG-03, ASG-04, ASG-06, REL-05, RPT-03: whatever happens in
    /// whatever order on whichever node, index, tables, reports and a model that looks at everything say the same.
    index_tables_and_model_say_the_same,
    |world: World| async move {
        let (seconds, first) = (configured("SEATLINE_MODEL_SECONDS"), configured("SEATLINE_MODEL_SEED"));
        let (until, mut seed) = (Instant::now(), first.unwrap_or(SEEDS.start));
        let more = |seed: u64| match (seconds, first) {
            (Some(seconds), _) => until.elapsed() < Duration::from_secs(seconds),
            (None, Some(first)) => seed == first,
            (None, None) => SEEDS.contains(&seed),
        };
        while more(seed) {
            run(&world, seed).await;
            seed += 1;
        }
        eprintln!("{} runs of {STEPS} steps", seed - first.unwrap_or(SEEDS.start));
    }
);
