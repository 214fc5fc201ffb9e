//! Mailing links.

use types::Email;

use crate::App;
use crate::events::Origin;
use crate::identity::operations::reset_password::{self, MINUTES};
use crate::kit::{Draft, Refused, Texts};
use crate::mails::{NewMail, write_mail};

static TEXTS: Texts = Texts::new(include_str!("mail/en.ftl"), include_str!("mail/ko.ftl"));

/// Mails a link to whoever may have one, if there is anybody.
pub(super) async fn send_link(app: &App, email: Email, origin: Origin) -> Result<(), Refused> {
    // Never forgiven: who asks is bounded, whether there is such a person or not.
    let _asked = app.throttle.count(&format!("forgotten {email}"), &origin, app.clock.now())?;
    let of_the_unit = app.clone();
    let sent = app.db.write(move |tx| {
        let app = of_the_unit.clone();
        let (email, origin) = (email.clone(), origin.clone());
        Box::pin(async move {
            for (tenant, person) in reset_password::candidates(tx, &email).await? {
                let token = reset_password::begin(tx, &app, &origin, (tenant.id, person.id)).await?;
                let base_url = app.settings.base_url.as_str();
                let link = format!("{base_url}/sign-in/reset?token={token}");
                let arguments = [
                    ("name", person.name.as_str().into()),
                    ("organisation", tenant.name.as_str().into()),
                    ("minutes", MINUTES.into()),
                ];
                let draft =
                    Draft { texts: &TEXTS, key: "reset", arguments: &arguments, link: Some(&link), base_url };
                let language = person.reads();
                let letter = draft.write(language)?;
                let mail = NewMail {
                    tenant: tenant.id,
                    to: &person.email,
                    kind: "password.reset",
                    language,
                    letter,
                };
                write_mail(tx, &app.random, app.clock.now(), mail).await?;
            }
            Ok::<_, Refused>(())
        })
    });
    sent.await.map(drop)
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
