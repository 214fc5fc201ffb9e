//! What every request can reach.

use std::ops::Deref;
use std::sync::Arc;

use db::Db;
use entitlement::GraceTimes;
use tokio::sync::watch;

use crate::edge::Questions;
use crate::edge::browser::Portals;
use crate::entitlements::Entitlements;
use crate::events::Places;
use crate::identity::{Keys, PasswordCost, PasswordHasher, Throttle, Verified};
use crate::kit::outbound::{Outbound, OutboundSettings};
use crate::kit::{Clock, MailSettings, Mailer, Random, Refused, Turns};
use crate::settings::InForce;
use crate::storefront::Storefront;
use crate::{leads, portals, publishing};

/// The running marketplace: handed to every handler, cheap to clone, never global.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What [`App`] derefs to.
pub struct Parts {
    pub db: Db,
    pub clock: Clock,
    pub random: Random,
    pub passwords: PasswordHasher,
    pub throttle: Throttle,
    pub keys: Keys,
    pub verified: Verified,
    pub entitlements: Entitlements,
    pub storefront: Storefront,
    /// The way to the mail server, if there is one.
    pub mailer: Mailer,
    /// HTTP to addresses that users give.
    pub outbound: Outbound,
    /// The same for events alone: webhooks that hang hold up nothing else.
    pub(crate) deliveries: Outbound,
    /// Where this process's readers of the log look from.
    pub places: Places,
    /// True from when the process is told to stop: who waits for something then waits no longer.
    pub stop: watch::Sender<bool>,
    /// What this process is called where its work is shown.
    pub node: String,
    /// What is configured.
    pub settings: Settings,
    /// What the operator may change of it, as it holds now.
    pub in_force: InForce,
    /// What browsers find here.
    pub(crate) portals: &'static Portals,
    /// Requests at work, besides those that check.
    pub requests: Turns,
    /// Requests that check.
    pub(crate) questions: Questions,
    /// What is held against a publisher whenever it publishes, beside its package.
    pub(crate) checks: &'static [publishing::Check],
}

/// What the operator of the machine configures. What is also a setting of the marketplace ([`crate::settings`]) is read
/// from [`Parts::in_force`], or it would not hold.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How the marketplace is reached from outside, without a slash at the end: part of invitation links
    /// and the issuer of access tokens.
    pub base_url: String,
    /// What the marketplace is called on its pages.
    pub marketplace_name: String,
    /// Seconds between sign-off and live (PUB-04), and between being told to stop and leaving.
    pub go_live_delay_seconds: i64,
    /// Bytes a package may have (PKG-09).
    pub package_bytes_max: usize,
    /// The server that takes mails; without one they are kept.
    pub mail: Option<MailSettings>,
    /// Seconds that fetching a package from an address may take (PKG-09).
    pub package_fetch_seconds: u64,
    /// What addresses that users give may lead to.
    pub outbound: OutboundSettings,
    /// How long seats last whose license does not (LIC-07, LIC-08).
    pub grace: GraceTimes,
    /// How long an app may use the answer to a check without asking again, and without being able to (CHK-09).
    pub answers: AnswerTimes,
    /// Seconds a lease may be good for (CHK-08).
    pub lease_seconds_max: i64,
    /// Seconds for which a new key is published before it signs.
    pub key_publish_seconds: i64,
    /// Requests at work at once; as many again that check.
    pub requests_at_once: usize,
    /// Questions of checks that one user or client may ask a second; 0: as many as it likes.
    pub checks_per_second: u32,
    /// What guessing at a password costs. Nothing that is configured: tests alone choose less.
    pub password_cost: PasswordCost,
}

/// How long the answer to a check may be used, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerTimes {
    /// Without asking again.
    pub fresh: u32,
    /// While the server cannot be reached.
    pub grace: u32,
}

impl Default for AnswerTimes {
    fn default() -> Self {
        Self { fresh: 60, grace: 24 * 60 * 60 }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_url: "http://127.0.0.1:8080".to_owned(),
            marketplace_name: "Seatline".to_owned(),
            go_live_delay_seconds: 0,
            package_bytes_max: 250 * 1024 * 1024,
            mail: None,
            package_fetch_seconds: 240,
            outbound: OutboundSettings::default(),
            grace: GraceTimes::default(),
            answers: AnswerTimes::default(),
            lease_seconds_max: 30 * 86_400,
            key_publish_seconds: 3600,
            requests_at_once: 1024,
            checks_per_second: 0,
            password_cost: PasswordCost::default(),
        }
    }
}

impl App {
    /// Over a database that is open and migrated.
    pub async fn open(db: Db, clock: Clock, random: Random, settings: Settings) -> Result<Self, Refused> {
        let keys = Keys::open(&db, clock.now()).await?;
        let entitlements = Entitlements::new(&db);
        let passwords = PasswordHasher::new(random.clone(), settings.password_cost)?;
        let in_force = InForce::open(&db, &settings).await?;
        let node = format!("{:016x}", u64::from_be_bytes(random.bytes()));
        Ok(Self(Arc::new(Parts {
            db,
            clock,
            random,
            passwords,
            throttle: Throttle::default(),
            keys,
            verified: Verified::default(),
            entitlements,
            storefront: Storefront::default(),
            mailer: Mailer::new(settings.mail.as_ref())?,
            outbound: Outbound::new(settings.outbound.clone()),
            deliveries: Outbound::new(settings.outbound.clone()),
            places: Places::default(),
            stop: watch::Sender::new(false),
            node,
            requests: Turns::new(settings.requests_at_once),
            questions: Questions::new(settings.requests_at_once, settings.checks_per_second),
            settings,
            in_force,
            portals: &portals::PORTALS,
            checks: &[leads::validation::check],
        })))
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
