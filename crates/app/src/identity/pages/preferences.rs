//! The language and the looks of pages, and their key: remembered in the browser, the language also for mails to whoever is
//! signed in.

use axum::response::Response;

use crate::access::SelfView;
use crate::edge::browser::{GuestSubmit, KEYS, LANGUAGE, OFF, THEME, Theme, own_path};
use crate::identity::people;
use crate::kit::{Language, Refused};

pub(super) async fn choose(submit: GuestSubmit) -> Result<Response, Refused> {
    let GuestSubmit { guest, form, .. } = submit;
    let (form, reader) = (form?, &guest.reader);
    let mut response = reader.go(own_path(form.raw("back")));
    if let Ok(language) = Language::parse(form.text("language")) {
        if reader.visitor.is_some() {
            let right = reader.right::<SelfView>()?;
            let chosen = guest.app.db.write(move |tx| {
                Box::pin(async move { people::choose_language(tx, &right, Some(language)).await })
            });
            chosen.await?;
        }
        reader.remember(&mut response, LANGUAGE, Some(language.as_str()));
    }
    if let Some(theme) = form.filled("theme") {
        reader.remember(&mut response, THEME, Theme::parse(theme).ok().map(Theme::as_str));
    }
    if let Some(keys) = form.filled("keys") {
        reader.remember(&mut response, KEYS, (keys == OFF).then_some(OFF));
    }
    Ok(response)
}
