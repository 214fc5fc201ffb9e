//! Sends letters over SMTP.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Message, SmtpTransport, Transport};
use types::{Email, Timestamp};

use super::{Letter, Refused};

/// How long one mail may take.
const TIME: Duration = Duration::from_secs(30);

super::text_enum! {
    MailTls {
        /// From the first byte on (port 465).
        Tls = "tls",
        /// Asked for before anything is said (port 587); refused without it.
        StartTls = "starttls",
        /// For a relay on the same machine.
        None = "none",
    }
}

/// The server that takes mails.
#[derive(Clone)]
pub struct MailSettings {
    pub host: String,
    pub port: u16,
    pub tls: MailTls,
    /// User and password.
    pub credentials: Option<(String, String)>,
    /// `Seatline <no-reply@market.example>`
    pub from: String,
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailSettings({}:{} from {})", self.host, self.port, self.from)
    }
}

/// The way to the server. Cheap to clone; without settings there is none.
#[derive(Clone)]
pub struct Mailer(Option<Arc<Smtp>>);

struct Smtp {
    transport: SmtpTransport,
    from: Mailbox,
}

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct MailError {
    pub text: String,
    /// The server will never take it.
    pub permanent: bool,
}

impl Mailer {
    pub fn new(settings: Option<&MailSettings>) -> Result<Self, Refused> {
        let Some(settings) = settings else { return Ok(Self(None)) };
        let from: Mailbox = settings.from.parse().map_err(Refused::internal)?;
        let tls = || TlsParameters::new(settings.host.clone()).map_err(Refused::internal);
        let mut builder = SmtpTransport::builder_dangerous(&settings.host)
            .port(settings.port)
            .timeout(Some(TIME))
            .hello_name(ClientId::Domain(from.email.domain().to_owned()))
            .tls(match settings.tls {
                MailTls::Tls => Tls::Wrapper(tls()?),
                MailTls::StartTls => Tls::Required(tls()?),
                MailTls::None => Tls::None,
            });
        if let Some((user, password)) = &settings.credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self(Some(Arc::new(Smtp { transport: builder.build(), from }))))
    }

    pub fn is_configured(&self) -> bool {
        self.0.is_some()
    }

    /// `name` is the mail's own: the same each time it is sent, so that it can be told from another.
    pub async fn send(&self, name: &str, to: &Email, at: Timestamp, letter: Letter) -> Result<(), MailError> {
        let smtp = self.0.clone().ok_or_else(|| failed("no mail server is configured", false))?;
        let message = smtp.message(name, to, at, letter).map_err(|error| failed(error, true))?;
        // A connection of its own on a thread where it may block.
        let sent = tokio::task::spawn_blocking(move || smtp.transport.send(&message)).await;
        match sent.map_err(|error| failed(error, false))? {
            Ok(_) => Ok(()),
            Err(error) => Err(failed(chain(&error), error.is_permanent())),
        }
    }
}

impl Smtp {
    fn message(
        &self,
        name: &str,
        to: &Email,
        at: Timestamp,
        letter: Letter,
    ) -> Result<Message, Box<dyn std::error::Error>> {
        let at =
            SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(at.micros()).unwrap_or_default());
        let Letter { subject, text, html } = letter;
        Ok(Message::builder()
            .from(self.from.clone())
            .to(to.as_str().parse()?)
            .subject(subject)
            .date(at)
            .message_id(Some(format!("<{name}@{}>", self.from.email.domain())))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(text, html))?)
    }
}

fn failed(text: impl fmt::Display, permanent: bool) -> MailError {
    MailError { text: text.to_string(), permanent }
}

fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Nobody wrote it, so no out-of-office answers it (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
