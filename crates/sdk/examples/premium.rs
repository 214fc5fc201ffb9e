//! An app with a base and a premium function:
//! `cargo run -p seatline --example premium -- URL CLIENT_ID CLIENT_SECRET TENANT USER BASE PREMIUM`,
//! where the last two are service ids.

#![expect(clippy::print_stdout, reason = "it is an app for the command line")]

use std::time::Duration;

use seatline::{Account, Seatline, Target};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, client_id, client_secret, tenant, user, base, premium] = <[String; 7]>::try_from(arguments)
        .map_err(|_| "seven arguments are wanted: see the top of this file")?;
    let seatline = Seatline::start(Account { url, client_id, client_secret });
    seatline.ready(Duration::from_secs(10))?;
    let (tenant, user) = (seatline::tenant(&tenant)?, seatline::user(&user)?);
    for (function, service) in [("Show the report", base), ("Forecast next year", premium)] {
        let answer = seatline.check(tenant, user, Target::Service(&service))?;
        println!("{function}: {}", if answer.allowed { "here you are" } else { "not yours yet" });
        if let Some(refusal) = answer.refusal.or(answer.notice) {
            println!("  {} ({})\n  {}\n  {}", refusal.title, refusal.code, refusal.message, refusal.details);
        }
    }
    // One that goes on running need not: it is told within seconds.
    Ok(seatline.tell_uses()?)
}
