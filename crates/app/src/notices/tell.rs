//! From an event to a notice per person, and a mail to whoever wants one.

use db::{BoxFuture, Tx};
use types::{TenantId, Timestamp, UserId};

use super::kind::NoticeKind;
use super::notice::TEXTS;
use super::{licenses, offers, requests, store};
use crate::App;
use crate::events::{Actor, Event, Reader, Recorded};
use crate::identity::events::{PasswordSet, UserDeleted};
use crate::identity::people::{self, Person};
use crate::kit::{Argument, Draft, JsonColumn, Refused};
use crate::licenses::events::{LicenseChanged, LicenseEnded, LicenseEnding};
use crate::mails::{NewMail, write_mail};
use crate::publishing::events::{OfferLeftStorefront, OfferWentLive, SubmissionCertified, SubmissionFailed};
use crate::requests::events::{SeatRequestDeclined, SeatRequestGranted, SeatRequested};
use crate::webhooks::GivenUp;
use crate::webhooks::events::WebhookDisabled;

/// Days after which a notice is forgotten, read or not.
const KEPT_DAYS: i64 = 365;

/// What there is to tell, and to whom.
pub(super) struct News {
    pub kind: NoticeKind,
    /// Whom alone, while active; `None`: whoever may do what the kind needs.
    pub to: Option<UserId>,
    pub arguments: Vec<(&'static str, Argument<'static>)>,
    /// Where something can be done about it.
    pub page: Option<String>,
}

/// Follows every log; the cursor, the notices and the mails move together.
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
        PasswordSet::KIND,
        UserDeleted::KIND,
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
            if let Some(event) = entry.decode::<UserDeleted>().map_err(Refused::internal)? {
                store::delete_of_user(tx, &event.user).await?;
            } else if let Some(news) = news(tx, app, tenant, entry).await? {
                tell(tx, app, tenant, entry, &news).await?;
            }
        }
        Ok(())
    })
}

async fn news(tx: &mut Tx, app: &App, tenant: &TenantId, entry: &Recorded) -> Result<Option<News>, Refused> {
    if let Some(news) = licenses::news(tx, tenant, entry).await? {
        return Ok(Some(news));
    }
    if let Some(news) = requests::news(tx, tenant, entry).await? {
        return Ok(Some(news));
    }
    if let Some(event) = entry.decode::<WebhookDisabled>().map_err(Refused::internal)? {
        let because = GivenUp::parse(&event.because).map_or(event.because, |known| known.key().to_owned());
        let arguments =
            vec![("url", Argument::Text(event.url.into())), ("because", Argument::Text(because.into()))];
        let page = Some(format!("/admin/webhooks/{}", event.webhook));
        return Ok(Some(News { kind: NoticeKind::WebhookDisabled, to: None, arguments, page }));
    }
    if let Some(PasswordSet { user }) = entry.decode().map_err(Refused::internal)? {
        // Who set it themselves knows.
        let news = (entry.actor != Actor::User(user)).then(|| News {
            kind: NoticeKind::PasswordSet,
            to: Some(user),
            arguments: Vec::new(),
            page: Some("/account/password".to_owned()),
        });
        return Ok(news);
    }
    offers::news(tx, app, tenant, entry).await
}

async fn tell(
    tx: &mut Tx,
    app: &App,
    tenant: &TenantId,
    entry: &Recorded,
    news: &News,
) -> Result<(), Refused> {
    let now = app.clock.now();
    let people = match &news.to {
        None => people::people(tx, tenant, news.kind.needs().info().roles).await?,
        Some(user) => people::active_person(tx, tenant, user).await?.into_iter().collect(),
    };
    let arguments = news.arguments.iter().map(|(name, argument)| ((*name).to_owned(), argument.clone()));
    let arguments = JsonColumn(arguments.collect());
    for person in people {
        let told = store::NewNotice {
            user: &person.id,
            event: &entry.id,
            tenant,
            kind: news.kind,
            arguments: &arguments,
            page: news.page.as_deref(),
            told_at: now,
            forget_at: now.plus_days(KEPT_DAYS),
        };
        if store::insert_notice(tx, told).await? && store::wants_mail(tx, &person.id, news.kind).await? {
            mail(tx, app, (tenant, &entry.kind, now), news, &person).await?;
        }
    }
    Ok(())
}

async fn mail(
    tx: &mut Tx,
    app: &App,
    (tenant, kind, now): (&TenantId, &str, Timestamp),
    news: &News,
    person: &Person,
) -> Result<(), Refused> {
    let base_url = app.settings.base_url.as_str();
    let (key, arguments) = (news.kind.key(), news.arguments.as_slice());
    let link = format!("{base_url}{}", news.page.as_deref().unwrap_or_default());
    let preferences = format!("{base_url}/account/notices/preferences");
    let aside = Some(("choose-mails", preferences.as_str()));
    let draft = Draft { texts: &TEXTS, key: &key, arguments, link: Some(&link), aside, base_url };
    let letter = draft.write(person.reads())?;
    let mail = NewMail { tenant: *tenant, to: &person.email, kind, language: person.reads(), letter };
    write_mail(tx, &app.random, now, mail).await?;
    Ok(())
}
