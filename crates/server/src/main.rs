//! The program `seatline`: the marketplace's server, what is done beside it on the machine, and the command line
//! that talks to it.
//!
//! ```text
//! arguments   what can be typed; config  what can be configured; machine  clock, chance, environment
//! serve       the server, with requests around each request;  admin  next to the database
//! edge        checks near the apps, fed by a server elsewhere
//! moving      backup, restore, and the way to PostgreSQL;  demo  the marketplace with a story in it
//! cli         a file per noun, over a small client of the JSON API
//! ```

mod admin;
mod arguments;
mod cli;
mod config;
mod demo;
mod doctor;
mod edge;
mod failure;
mod logging;
mod machine;
mod moving;
mod password;
mod requests;
mod serve;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse_from(arguments::spelled_out(std::env::args_os()));
    match arguments.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report();
            failure.exit_code()
        }
    }
}
