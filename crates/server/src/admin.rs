//! `seatline admin …`: what is done on the machine itself, next to the database.

use std::net::{Ipv4Addr, SocketAddr};

use app::bootstrap;
use clap::Subcommand;

use crate::cli::print;
use crate::config::{self, Config, Overrides, StoreArguments};
use crate::failure::Failure;
use crate::machine;
use crate::password::PasswordArguments;
use crate::serve::{open, open_existing, runtime};

#[derive(Debug, Subcommand)]
pub(crate) enum AdminCommand {
    /// Make a user who runs the marketplace
    #[command(after_help = "Example:\n  \
        seatline admin create-operator --email olga@market.example --name Olga --password-file olga.txt")]
    CreateOperator {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        #[command(flatten)]
        password: PasswordArguments,
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Bring the database's schema to this version; `serve` does so too
    #[command(
        after_help = "Example:\n  seatline admin migrate --database postgres://seatline@localhost/seatline"
    )]
    Migrate {
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Make the reports anew from the logs, should `seatline doctor` find that they say something else
    #[command(after_help = "Example:\n  seatline admin rebuild-reports --data ./data")]
    RebuildReports {
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Change the keys that sign access tokens and leases: new ones are published now and sign after an hour, the
    /// old ones verify what they signed until it is over. Running servers take them up by themselves
    #[command(after_help = "Example:\n  seatline admin rotate-keys --data ./data")]
    RotateKeys {
        #[command(flatten)]
        store: StoreArguments,
    },
    /// Print every key of the configuration with its default
    #[command(after_help = "Example:\n  seatline admin config")]
    Config,
}

impl AdminCommand {
    pub(crate) fn run(self) -> Result<(), Failure> {
        match self {
            Self::CreateOperator { email, name, password, store } => {
                let config = load(&store)?;
                let password = password.read()?;
                runtime()?.block_on(async {
                    let app = open(&config, nowhere()).await?;
                    Ok(bootstrap::create_operator(&app, &email, &name, &password).await?)
                })
            }
            Self::Migrate { store } => {
                let database = load(&store)?.database()?;
                runtime()?.block_on(async { Ok(db::Db::open(database).await.map(drop)?) })
            }
            Self::RebuildReports { store } => {
                let config = load(&store)?;
                runtime()?.block_on(async { Ok(app::rebuild_reports(&open_existing(&config).await?).await?) })
            }
            Self::RotateKeys { store } => {
                let config = load(&store)?;
                let from = runtime()?.block_on(async {
                    Ok::<_, Failure>(bootstrap::rotate_keys(&open_existing(&config).await?).await?)
                })?;
                print(&format!("the new keys are published and sign from {from}"))
            }
            Self::Config => print(config::documented_defaults()),
        }
    }
}

fn load(store: &StoreArguments) -> Result<Config, Failure> {
    Config::load(store, Overrides::default(), machine::environment)
}

/// Nothing listens while a command of this kind runs.
pub(crate) fn nowhere() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}
