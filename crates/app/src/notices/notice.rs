//! From an event to a mail per person.

use db::{BoxFuture, Tx};
use types::{TenantId, UserId};

use super::{licenses, offers, requests};
use crate::App;
use crate::access::Role;
use crate::events::{Event, Reader, Recorded};
use crate::identity::people;
use crate::kit::{Argument, Draft, Refused, Texts};
use crate::licenses::events::{LicenseChanged, LicenseEnded, LicenseEnding};
use crate::mails::{NewMail, write_mail};
use crate::publishing::events::{OfferLeftStorefront, OfferWentLive, SubmissionCertified, SubmissionFailed};
use crate::requests::events::{SeatRequestDeclined, SeatRequestGranted, SeatRequested};
use crate::webhooks::events::WebhookDisabled;

static TEXTS: Texts = Texts::new(include_str!("mail/en.ftl"), include_str!("mail/ko.ftl"));

/// What there is to tell, and to whom.
pub(super) struct Notice {
    /// Of its texts.
    pub key: &'static str,
    pub to: To,
    pub arguments: Vec<(&'static str, Argument<'static>)>,
}

pub(super) enum To {
    /// Whoever holds one of these, up to four.
    Roles(&'static [Role]),
    /// One person, while active.
    User(UserId),
}

/// Follows every log; the cursor and the mails move together.
pub(crate) static READER: Reader = Reader {
    name: "notices",
    kinds: &[
        SubmissionFailed::KIND,
        SubmissionCertified::KIND,
        OfferWentLive::KIND,
        OfferLeftStorefront::KIND,
        LicenseChanged::KIND,
        LicenseEnding::KIND,
        LicenseEnded::KIND,
        SeatRequested::KIND,
        SeatRequestGranted::KIND,
        SeatRequestDeclined::KIND,
        WebhookDisabled::KIND,
    ],
    handle,
};

fn handle<'t>(
    tx: &'t mut Tx,
    app: &'t App,
    tenant: &'t TenantId,
    entries: &'t [Recorded],
) -> BoxFuture<'t, Result<(), Refused>> {
    Box::pin(async move {
        for entry in entries {
            if let Some(notice) = notice(tx, app, tenant, entry).await? {
                tell(tx, app, tenant, &entry.kind, &notice).await?;
            }
        }
        Ok(())
    })
}

async fn notice(
    tx: &mut Tx,
    app: &App,
    tenant: &TenantId,
    entry: &Recorded,
) -> Result<Option<Notice>, Refused> {
    if let Some(notice) = licenses::notice(tx, tenant, entry).await? {
        return Ok(Some(notice));
    }
    if let Some(notice) = requests::notice(tx, tenant, entry).await? {
        return Ok(Some(notice));
    }
    if let Some(event) = entry.decode::<WebhookDisabled>().map_err(Refused::internal)? {
        let arguments = vec![
            ("url", Argument::Text(event.url.into())),
            ("because", Argument::Text(event.because.into())),
        ];
        let to = To::Roles(&[Role::GlobalAdmin, Role::Operator]);
        return Ok(Some(Notice { key: "webhook-disabled", to, arguments }));
    }
    offers::notice(tx, app, tenant, entry).await
}

async fn tell(tx: &mut Tx, app: &App, tenant: &TenantId, kind: &str, notice: &Notice) -> Result<(), Refused> {
    let (now, base_url) = (app.clock.now(), app.settings.base_url.as_str());
    let people = match &notice.to {
        To::Roles(roles) => people::people(tx, tenant, roles).await?,
        To::User(user) => people::active_person(tx, tenant, user).await?.into_iter().collect(),
    };
    for person in people {
        let (key, arguments) = (notice.key, notice.arguments.as_slice());
        let draft = Draft { texts: &TEXTS, key, arguments, link: Some(base_url), base_url };
        let letter = draft.write(person.reads())?;
        let mail = NewMail { tenant: *tenant, to: &person.email, kind, language: person.reads(), letter };
        write_mail(tx, &app.random, now, mail).await?;
    }
    Ok(())
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
