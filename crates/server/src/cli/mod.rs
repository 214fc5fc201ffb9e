//! The command line: a file per noun, each command a request or two of the JSON API.
//!
//! `client` sends and reads problems, `profile` remembers server and token, `session` puts both together,
//! `output` prints. `solution` and the local half of `package` need no server.

mod api_client;
mod audit;
mod bulk;
mod certification;
mod check;
mod client;
mod customer;
mod deal;
mod environment;
mod events;
mod installation;
mod group;
mod invitation;
mod job;
mod lead;
mod lease;
mod license;
mod listing;
mod local_package;
mod mail;
mod notice;
mod offer;
mod offer_file;
mod offer_pages;
mod output;
mod package;
mod plan;
mod private_file;
mod profile;
mod relationship;
mod report;
mod request;
mod rights;
mod session;
mod settings;
mod sign_in;
mod solution;
mod storefront;
mod tenant;
mod token;
mod user;
mod webhook;

use clap::{CommandFactory as _, Subcommand};
use clap_complete::Shell;

pub(crate) use output::print;
pub(crate) use session::Connection;

use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Sign in and remember the session
    #[command(
        after_help = "Example:\n  seatline login --server http://127.0.0.1:8080 --email olga@market.example"
    )]
    Login(sign_in::Login),
    /// Make the first operator of a new marketplace, with the token that its server prints as long as it has none
    #[command(after_help = "Example:\n  \
        seatline setup --server http://127.0.0.1:8080 --token slu_… --email olga@market.example --name Olga")]
    Setup(sign_in::SetUp),
    /// End the session and forget it
    #[command(after_help = "Example:\n  seatline logout")]
    Logout,
    /// Show who you are and what you may do
    #[command(after_help = "Example:\n  seatline whoami --json")]
    Whoami,
    /// Organisations (operator)
    #[command(subcommand)]
    Tenant(tenant::TenantCommand),
    /// Users of your organisation
    #[command(subcommand)]
    User(user::UserCommand),
    /// Groups of users, and the licenses their members have
    #[command(subcommand)]
    Group(group::GroupCommand),
    /// Machine clients of your organisation
    #[command(subcommand)]
    ApiClient(api_client::ApiClientCommand),
    /// Your personal access tokens
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Your offers, from draft to live (publisher)
    #[command(subcommand)]
    Offer(Box<offer::OfferCommand>),
    /// Plans of an offer (publisher)
    #[command(subcommand)]
    Plan(plan::PlanCommand),
    /// Store packages: build and check them here, upload them
    #[command(subcommand)]
    Package(Box<package::PackageCommand>),
    /// Licenses of a solution, a zip or an unpacked folder, on this machine
    #[command(subcommand)]
    Solution(solution::SolutionCommand),
    /// The queue of submissions to certify (operator)
    #[command(subcommand)]
    Certification(certification::CertificationCommand),
    /// Registered sales (publisher), and their review (operator)
    #[command(subcommand)]
    Deal(Box<deal::DealCommand>),
    /// Customers (publisher)
    #[command(subcommand)]
    Customer(customer::CustomerCommand),
    /// Invitations to customers
    #[command(subcommand)]
    Invitation(invitation::InvitationCommand),
    /// Publishers that may provision licenses to you (customer)
    #[command(subcommand)]
    Relationship(relationship::RelationshipCommand),
    /// Licenses: grant them (publisher), assign them (customer)
    #[command(subcommand)]
    License(license::LicenseCommand),
    /// Leases: rights that apps carry, to decide without the server
    #[command(subcommand)]
    Lease(lease::LeaseCommand),
    /// Who asked to be contacted, and where that is sent (publisher)
    #[command(subcommand)]
    Lead(lead::LeadCommand),
    /// Places where apps run (customer)
    #[command(subcommand)]
    Environment(environment::EnvironmentCommand),
    /// Apps in your environments (customer)
    #[command(subcommand)]
    Installation(installation::InstallationCommand),
    /// Ask for a seat or for licenses, and decide about such requests
    #[command(subcommand)]
    Request(request::RequestCommand),
    /// Ask whether a user may use a plan or a component; exits with 3 if not
    #[command(after_help = "Examples:\n  \
        seatline check --user ada@contoso.example --service-id fabrikam.campus.gold\n  \
        seatline check --self --component fab_Campus --offer fabrikam.campus")]
    Check(check::Check),
    /// List every plan that a user has a right to, with its state and features
    #[command(after_help = "Examples:\n  \
        seatline rights --self\n  \
        seatline rights --user ada@contoso.example\n  \
        seatline rights --tenant ten_01j9 --user usr_01j9")]
    Rights(rights::Rights),
    /// Tell why a user may, or may not, use something: from the deal to the component, and who could mend it
    #[command(after_help = "Examples:\n  \
        seatline explain --user ada@contoso.example --service-id fabrikam.campus.gold\n  \
        seatline explain --self --component fab_Campus --offer fabrikam.campus")]
    Explain(rights::Explain),
    /// Read your organisation's log of events
    #[command(after_help = "Example:\n  seatline events --after 120 --limit 50")]
    Events(events::Events),
    /// The audit trail: keep it elsewhere, and verify it
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// What is provisioned (publisher), what is held (customer): by plan and over time, as tables or CSV
    #[command(subcommand)]
    Report(report::ReportCommand),
    /// Work that is done later: what waits, runs or failed (operator)
    #[command(subcommand)]
    Job(job::JobCommand),
    /// Settings of the marketplace: its name, delays and grace times (operator)
    #[command(subcommand)]
    Settings(settings::SettingsCommand),
    /// Mails that wait, are held, were sent or failed (operator)
    #[command(subcommand)]
    Mail(mail::MailCommand),
    /// What you were told, and which of it comes by mail
    #[command(subcommand)]
    Notice(notice::NoticeCommand),
    /// Have your organisation's events sent to an address of yours
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// Show or choose the language that mails to you are written in
    #[command(after_help = "Examples:\n  seatline language\n  seatline language ko")]
    Language {
        /// en or ko; absent: show it
        language: Option<String>,
    },
    /// What is on sale; needs no sign-in
    #[command(subcommand)]
    Storefront(storefront::StorefrontCommand),
    /// Print completions for a shell
    #[command(after_help = "Example:\n  seatline completions bash")]
    Completions { shell: Shell },
}

impl ClientCommand {
    pub(crate) fn run(self, connection: &Connection) -> Result<(), Failure> {
        match self {
            Self::Login(command) => command.run(connection),
            Self::Setup(command) => command.run(connection),
            Self::Logout => sign_in::logout(connection),
            Self::Whoami => sign_in::whoami(&connection.session()?),
            Self::Tenant(command) => command.run(&connection.session()?),
            Self::User(command) => command.run(&connection.session()?),
            Self::Group(command) => command.run(&connection.session()?),
            Self::ApiClient(command) => command.run(&connection.session()?),
            Self::Token(command) => command.run(&connection.session()?),
            Self::Offer(command) => command.run(&connection.session()?),
            Self::Plan(command) => command.run(&connection.session()?),
            Self::Package(command) => command.run(connection),
            Self::Solution(command) => command.run(connection.json),
            Self::Certification(command) => command.run(&connection.session()?),
            Self::Deal(command) => command.run(&connection.session()?),
            Self::Customer(command) => command.run(&connection.session()?),
            Self::Invitation(command) => command.run(&connection.session()?),
            Self::Relationship(command) => command.run(&connection.session()?),
            Self::License(command) => command.run(&connection.session()?),
            Self::Lead(command) => command.run(&connection.session()?),
            Self::Lease(command) => command.run(&connection.session()?),
            Self::Environment(command) => command.run(&connection.session()?),
            Self::Installation(command) => command.run(&connection.session()?),
            Self::Request(command) => command.run(&connection.session()?),
            Self::Check(command) => command.run(&connection.session()?),
            Self::Rights(command) => command.run(&connection.session()?),
            Self::Explain(command) => command.run(&connection.session()?),
            Self::Events(command) => command.run(&connection.session()?),
            Self::Audit(command) => command.run(connection),
            Self::Report(command) => command.run(&connection.session()?),
            Self::Job(command) => command.run(&connection.session()?),
            Self::Settings(command) => command.run(&connection.session()?),
            Self::Mail(command) => command.run(&connection.session()?),
            Self::Notice(command) => command.run(&connection.session()?),
            Self::Webhook(command) => command.run(&connection.session()?),
            Self::Language { language } => mail::language(&connection.session()?, language.as_deref()),
            Self::Storefront(command) => command.run(&connection.session()?),
            Self::Completions { shell } => {
                let mut text = Vec::new();
                let mut command = crate::arguments::Arguments::command();
                clap_complete::generate(shell, &mut command, "seatline", &mut text);
                print(&String::from_utf8_lossy(&text))
            }
        }
    }
}

/// Which page of a list.
#[derive(Debug, clap::Args)]
pub(crate) struct PageArguments {
    /// Rows at most, 1 to 100 [default: 25]
    #[arg(long)]
    limit: Option<u32>,
    /// Where the page before ended
    #[arg(long)]
    cursor: Option<String>,
}

impl PageArguments {
    fn query(self) -> Vec<(&'static str, String)> {
        let limit = self.limit.map(|limit| ("limit", limit.to_string()));
        limit.into_iter().chain(self.cursor.map(|cursor| ("cursor", cursor))).collect()
    }
}

/// What a request body is made of: arguments that were not given are left out.
fn body(arguments: &impl serde::Serialize) -> Result<serde_json::Value, Failure> {
    let mut value = serde_json::to_value(arguments).map_err(Failure::other)?;
    prune(&mut value);
    Ok(value)
}

fn prune(value: &mut serde_json::Value) {
    if let serde_json::Value::Object(members) = value {
        members.values_mut().for_each(prune);
        members.retain(|_, member| {
            !member.is_null() && member.as_object().is_none_or(|object| !object.is_empty())
        });
    }
}

/// Reads a TOML or JSON file, by the end of its name, as a JSON object.
fn read_document(path: &std::path::Path) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
    let wrong = |error: String| Failure::Usage(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))
    } else {
        toml::from_str(&text).map_err(|error| wrong(error.to_string()))
    }
}
