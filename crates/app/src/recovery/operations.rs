//! Mailing links.

use std::sync::Arc;

use db::Tx;
use types::Email;

use crate::App;
use crate::events::Origin;
use crate::identity::Tenant;
use crate::identity::operations::reset_password::{self, MINUTES};
use crate::identity::people::Person;
use crate::kit::{Draft, Refused, Texts};
use crate::mails::{NewMail, write_mail};

static TEXTS: Texts = Texts::new(include_str!("mail/en.ftl"), include_str!("mail/ko.ftl"));

/// Mails a link to whoever may have one, if there is anybody.
pub(super) async fn send_link(app: &App, email: Email, origin: Origin) -> Result<(), Refused> {
    // Never forgiven: who asks is bounded, whether there is such a person or not.
    let _asked = app.throttle.count(&format!("forgotten {email}"), &origin, app.clock.now())?;
    let (db, asked) = (app.db.clone(), Arc::new((app.clone(), email, origin)));
    let sent = db.write(move |tx| {
        let asked = Arc::clone(&asked);
        Box::pin(async move {
            let (app, email, origin) = asked.as_ref();
            for (tenant, person) in reset_password::candidates(tx, email).await? {
                let token = reset_password::begin(tx, app, origin, (tenant.id, person.id)).await?;
                mail(tx, app, &tenant, &person, &token).await?;
            }
            Ok::<_, Refused>(())
        })
    });
    sent.await.map(drop)
}

async fn mail(tx: &mut Tx, app: &App, tenant: &Tenant, person: &Person, token: &str) -> Result<(), Refused> {
    let (base_url, language) = (app.settings.base_url.as_str(), person.reads());
    let link = format!("{base_url}/sign-in/reset?token={token}");
    let arguments = [
        ("name", person.name.as_str().into()),
        ("organisation", tenant.name.as_str().into()),
        ("minutes", MINUTES.into()),
    ];
    let link = Some(link.as_str());
    let draft = Draft { texts: &TEXTS, key: "reset", arguments: &arguments, link, aside: None, base_url };
    let letter = draft.write(language)?;
    let mail = NewMail { tenant: tenant.id, to: &person.email, kind: "password.reset", language, letter };
    write_mail(tx, &app.random, app.clock.now(), mail).await?;
    Ok(())
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
