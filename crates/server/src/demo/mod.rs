//! `seatline demo`: the marketplace with a story in it, on an embedded database.
//!
//! The story is told through the public API, in this process: two publishers, four offers in as many states, two
//! customers with users, deals, licenses, nested groups, a pool that is full and one with a seat in grace, leads,
//! and a webhook whose deliveries fail.

mod caller;
mod sequel;
mod story;

use std::fs;
use std::io::{Write as _, stdout};
use std::net::SocketAddr;
use std::path::PathBuf;

use story::PASSWORD;

use crate::config::{Config, Overrides, StoreArguments};
use crate::failure::Failure;
use crate::{logging, machine, serve};

#[derive(Debug, clap::Args)]
pub(crate) struct DemoArguments {
    /// Address and port; port 0 picks a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Folder of the demo's database; the story is told once
    #[arg(long, value_name = "DIR", default_value = "./data/demo")]
    data: PathBuf,
}

/// Beside the database once the whole story is in it.
const TOLD: &str = "story-told";

impl DemoArguments {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let (told, folder) = (self.data.join(TOLD), self.data.display().to_string());
        let store = StoreArguments::embedded(self.data);
        let overrides = Overrides { listen: self.listen, ..Overrides::default() };
        // The demo is the same everywhere: nothing of the environment changes it.
        let config = Config::load(&store, overrides, |_| None)?;
        logging::start(&config)?;
        if config.existing_database().is_ok() && !told.exists() {
            let why = "has a marketplace that is no demo, or whose story was not told to its end: take another folder";
            return Err(Failure::Usage(format!("{folder} {why}, or remove it")));
        }
        serve::runtime()?.block_on(async {
            let listener = serve::listen(&config.listen).await?;
            let address = listener.local_addr().map_err(Failure::other)?;
            let app = serve::open(&config, address).await?;
            let router = app::router(app.clone());
            if !told.exists() {
                story::tell(&app, &router, &today()).await.map_err(|why| Failure::Other(why.to_string()))?;
                fs::write(&told, "").map_err(Failure::other)?;
            } else if !story::is_told(&router).await {
                return Err(Failure::Usage(format!(
                    "the operator's password in {folder} was changed: seatline serve"
                )));
            }
            stdout().write_all(walk_through(address).as_bytes()).map_err(Failure::other)?;
            serve::serve(app, listener, &config).await
        })
    }
}

fn today() -> String {
    machine::clock().now().to_string().chars().take(10).collect()
}

fn walk_through(address: SocketAddr) -> String {
    format!(
        "
Seatline, with a story in it. All of these sign in with the password {PASSWORD:?}.

  who                             signs in as
  the operator                    operator@marketplace.example
  Fabrikam, a publisher           admin@fabrikam.example     f365 is live with an update in certification; 2 leads
  Litware, a publisher            admin@litware.example      ledger was sent back with findings, notes is a draft
  Contoso, a customer             admin@contoso.example      5 of 5 Gold seats taken; Bronze by nested groups; sees a private plan
  Northwind, a customer           admin@northwind.example    3 Silver seats taken, 2 granted: one is in grace
  Ana and Hana, users of Contoso  ana@contoso.example (Gold), hana@contoso.example (no seat)

In a browser: http://{address}/ is the storefront; whoever signs in there finds the portals of their organisation.
The API and its viewer: http://{address}/api/docs

Try, in another terminal (the program is `seatline`, or `cargo run --release --` in its place):

  export SEATLINE_SERVER=http://{address} SEATLINE_PASSWORD='{PASSWORD}'
  seatline login --email admin@contoso.example
  seatline license list
  seatline check --user ana@contoso.example --component fab_Forecast      # allowed: Gold opens everything
  seatline check --user finn@contoso.example --component fab_Forecast     # refused: Bronze does not
  seatline license assign --service-id fabrikam.f365.gold hana@contoso.example   # CountViolation: the pool is full
  seatline license unassign --service-id fabrikam.f365.gold dana@contoso.example
  seatline license assign --service-id fabrikam.f365.gold hana@contoso.example   # now there is a seat
  seatline group list                                                     # Bronze comes by nested groups, too
  seatline license seats --service-id fabrikam.f365.bronze                # with the groups that each seat comes by
  seatline storefront show fabrikam.f365                                  # with Pilot, a plan for Contoso alone
  seatline webhook list                                                   # nobody answers there: see its deliveries
  seatline audit verify

  seatline login --email admin@northwind.example
  seatline license show --service-id fabrikam.f365.silver                 # a seat over, usable until its grace ends

  seatline login --email admin@fabrikam.example
  seatline lead list                                                      # PLT: contact me; LIC: more licenses
  seatline offer show f365                                                # live, with an update on its way

"
    )
}
