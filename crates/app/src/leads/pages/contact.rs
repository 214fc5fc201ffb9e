//! Asking an offer's publisher to get in touch.

use askama::Template;
use axum::response::Response;
use types::{Country, Email, Name};

use super::TEXTS;
use crate::access::SelfContact;
use crate::edge::Path;
use crate::edge::browser::{Form, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};
use crate::leads::lead::split;
use crate::leads::operations::create::{self, GivenContact};
use crate::storefront::sight::{self, Sight};

#[derive(Template)]
#[template(path = "leads/pages/contact.html")]
struct Contact<'a> {
    t: Wording,
    form: Entered,
    action: String,
    offer: &'a str,
    publisher: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    email: &'a str,
    company: &'a str,
}

pub(super) async fn look(
    Path(address): Path<String>,
    visit: Visit<SelfContact>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, address, form).await
}

async fn show(visit: &Visit<SelfContact>, address: String, form: Entered) -> Result<Response, Refused> {
    let seen = visit.read(move |tx, right| {
        Box::pin(async move { sight::look(tx, Some(right.principal()), &address).await })
    });
    let Sight { live, publisher_name, .. } = seen.await?;
    let listing = live.snapshot.0.draft.listing.as_ref();
    let offer = listing.and_then(|listing| listing.texts.name.as_deref()).unwrap_or(&live.address);
    let visitor = visit.reader.visitor.as_ref();
    let name = visitor.map_or("", |visitor| visitor.name.as_str());
    let (first_name, last_name) = split(name);
    let email = visitor.map(|visitor| visitor.email.to_string()).unwrap_or_default();
    let t = visit.wording(&TEXTS);
    let body = Contact {
        t,
        form: form.clone(),
        action: format!("/product/{}/contact", live.address),
        offer,
        publisher: &publisher_name,
        first_name: &first_name,
        last_name: &last_name,
        email: &email,
        company: visitor.map_or("", |visitor| visitor.tenant_name.as_str()),
    };
    let sheet = Sheet::new(t.named("title", &publisher_name), &body)?;
    let product = format!("/product/{}", live.address);
    visit.show(sheet.below(t.of("storefront"), "/").below(offer, product).answering(&form))
}

impl Form for GivenContact {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        if input.text("consent") != "yes" {
            let message = "contact data is shared with the publisher only if you agree";
            fields.wrong("consent", "lead.consent_needed", message);
        }
        // The page shows what is known of the user; what was emptied is not to be sent all the same.
        for field in ["first_name", "email", "company"] {
            if input.filled(field).is_none() {
                fields.wrong(field, "text.empty", "must not be empty");
            }
        }
        Some(Self {
            first_name: fields.optional("first_name", input.filled("first_name"), Name::parse)?,
            last_name: fields.optional("last_name", input.filled("last_name"), Name::parse)?,
            email: fields.optional("email", input.filled("email"), Email::parse)?,
            phone: fields.optional("phone", input.filled("phone"), Name::parse)?,
            country: fields.optional("country", input.filled("country"), Country::parse)?,
            company: fields.optional("company", input.filled("company"), Name::parse)?,
            title: fields.optional("title", input.filled("title"), Name::parse)?,
        })
    }
}

pub(super) async fn send(
    Path(address): Path<String>,
    submit: Submit<SelfContact, GivenContact>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let (at, base_url) = (address.clone(), visit.app.settings.base_url.clone());
    let sent = visit.write(form, move |tx, right, given: GivenContact| {
        Box::pin(async move { create::contact(tx, right, &base_url, &at, given).await })
    });
    match sent.await {
        Ok(pressed) => {
            let said = visit.wording(&TEXTS).of(if pressed.again { "sent-before" } else { "sent" });
            Ok(visit.leave(&format!("/product/{address}"), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, address, entered).await
        }
    }
}
