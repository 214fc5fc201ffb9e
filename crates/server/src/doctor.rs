//! `seatline doctor`: looks whether everything is as it must be, on the machine itself.

use app::doctor::{Examined, examine};
use serde_json::json;

use crate::cli::print;
use crate::config::{Config, Overrides, StoreArguments};
use crate::failure::Failure;
use crate::machine;
use crate::serve::{open_existing, runtime};

/// Looks at the configuration, the database and what must always hold in it; changes nothing but the schema.
#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    store: StoreArguments,
}

impl Doctor {
    pub(crate) fn run(self, json: bool) -> Result<(), Failure> {
        let config = Config::load(&self.store, Overrides::default(), machine::environment)?;
        let database = config.existing_database()?;
        if let db::Config::Sqlite { path, .. } = &database {
            db::examine(path)?;
        }
        let examined = runtime()?.block_on(async {
            let app = open_existing(&config).await?;
            Ok::<_, Failure>(examine(&app).await?)
        })?;
        report(&examined, json)?;
        let wrong = examined.iter().map(|examined| examined.wrong.len()).sum::<usize>();
        if wrong == 0 {
            Ok(())
        } else {
            Err(Failure::Other(format!("{wrong} things are not as they must be")))
        }
    }
}

fn report(examined: &[Examined], json: bool) -> Result<(), Failure> {
    if json {
        let items = examined
            .iter()
            .map(|Examined { what, count, wrong }| json!({ "what": what, "count": count, "wrong": wrong }));
        return print(&format!("{}\n", json!({ "items": items.collect::<Vec<_>>() })));
    }
    let mut text =
        String::from("the configuration reads, the database is whole and its schema is this version's\n");
    for Examined { what, count, wrong } in examined {
        let verdict = if wrong.is_empty() { "well".to_owned() } else { format!("{} wrong", wrong.len()) };
        text.push_str(&format!("{what:<14}{count:>8}   {verdict}\n"));
        for wrong in wrong {
            text.push_str(&format!("  {wrong}\n"));
        }
    }
    print(&text)
}
