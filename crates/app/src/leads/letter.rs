//! A lead as a mail.

use super::{Lead, LeadContact};
use crate::kit::{Draft, Language, Letter, Refused, Texts};

static TEXTS: Texts = Texts::new(include_str!("mail/en.ftl"), include_str!("mail/ko.ftl"));

pub(super) fn letter(lead: &Lead, language: Language, base_url: &str) -> Result<Letter, Refused> {
    let LeadContact { first_name, last_name, email, phone, country, company, title } = &lead.contact.0;
    let wanted = lead.request.as_ref().map(|request| &request.0);
    let deal = wanted.map(|wanted| wanted.deal.to_string()).unwrap_or_default();
    let name = format!("{first_name} {last_name}");
    let arguments = [
        ("offer", lead.offer_title.as_str().into()),
        ("address", lead.address.as_str().into()),
        ("action", lead.action.as_str().into()),
        ("name", name.trim().into()),
        ("email", email.as_str().into()),
        ("phone", phone.as_deref().unwrap_or("–").into()),
        ("country", country.as_str().into()),
        ("company", company.as_str().into()),
        ("title", title.as_deref().unwrap_or("–").into()),
        ("deal", deal.as_str().into()),
        ("service", wanted.map_or("", |wanted| wanted.service_id.as_str()).into()),
        ("seats", wanted.map_or(0, |wanted| wanted.seats).into()),
        ("note", wanted.and_then(|wanted| wanted.note.as_deref()).unwrap_or("–").into()),
    ];
    let key = if wanted.is_some() { "lead-on-deal" } else { "lead" };
    Draft { texts: &TEXTS, key, arguments: &arguments, link: None, aside: None, base_url }.write(language)
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
