//! A new webhook, whose secret is shown once, and the change of one.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::response::Response;
use types::Text;

use super::{TEXTS, WEBHOOKS, page_of, webhook_id};
use crate::App;
use crate::access::WebhookManage;
use crate::edge::Path;
use crate::edge::browser::{Form, Submit, Visit};
#[cfg(test)]
use crate::kit::Language;
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Expected, Fields, Refused};
use crate::registry::FEATURES;
use crate::webhooks::endpoint::{self, Endpoint};
use crate::webhooks::operations::edit::{self, EditWebhook};
use crate::webhooks::operations::find;

#[derive(Template)]
#[template(path = "webhooks/pages/form.html")]
struct FormPage {
    t: Wording,
    form: Entered,
    action: String,
    back: String,
    revision: Option<i64>,
    groups: Vec<Group>,
}

/// Kinds of events that begin with the same word.
struct Group {
    label: String,
    /// `license.*` before what it stands for.
    kinds: Vec<String>,
}

#[derive(Template)]
#[template(path = "webhooks/pages/secret.html")]
struct SecretPage {
    t: Wording,
    endpoint: Endpoint,
}

/// Every kind of event.
fn groups(t: Wording) -> Vec<Group> {
    let mut groups: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for kind in FEATURES.iter().flat_map(|feature| feature.events) {
        let word = kind.split('.').next().unwrap_or_default();
        // A star sorts before every letter.
        groups
            .entry(word)
            .or_insert_with(|| BTreeSet::from([format!("{word}.*")]))
            .insert((*kind).to_owned());
    }
    let group = |(word, kinds): (&str, BTreeSet<String>)| Group {
        label: t.of(&format!("group-{word}")),
        kinds: kinds.into_iter().collect(),
    };
    groups.into_iter().map(group).collect()
}

#[cfg(test)]
#[test]
fn every_group_of_kinds_has_its_words() {
    for kind in FEATURES.iter().flat_map(|feature| feature.events) {
        let key = format!("group-{}", kind.split('.').next().unwrap());
        for language in [Language::English, Language::Korean] {
            assert!(TEXTS.find(language, &key, &[]).is_some(), "{key}");
        }
    }
}

#[derive(Clone)]
pub(super) struct Webhook {
    /// Not yet vetted.
    url: String,
    description: Option<Text<500>>,
    kinds: Vec<String>,
    expected: Expected,
}

impl Form for Webhook {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let description = fields.optional("description", input.filled("description"), Text::parse);
        let kinds: Vec<_> =
            input.all("kinds").map(|kind| fields.parse("kinds", kind, endpoint::kind)).collect();
        Some(Self {
            url: input.text("url").to_owned(),
            description: description?,
            kinds: kinds.into_iter().collect::<Option<_>>()?,
            expected: input.revision(),
        })
    }
}

/// With an address that the marketplace may call.
fn vetted(app: &App, form: Result<Webhook, Refused>) -> Result<Webhook, Refused> {
    let (webhook, mut fields) = (form?, Fields::default());
    let url = fields.parse("url", &webhook.url, |url| app.outbound.vet(url));
    url.map(|url| Webhook { url, ..webhook }).ok_or_else(|| fields.refuse())
}

pub(super) async fn look(visit: Visit<WebhookManage>) -> Result<Response, Refused> {
    let form = visit.form();
    show_new(&visit, form)
}

fn show_new(visit: &Visit<WebhookManage>, form: Entered) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let (action, back) = (format!("{WEBHOOKS}/new"), WEBHOOKS.to_owned());
    let body = FormPage { t, form: form.clone(), action, back, revision: None, groups: groups(t) };
    let sheet = Sheet::new(t.of("new-webhook"), &body)?.lead(t.of("new-webhook-lead"));
    visit.show(sheet.below(t.of("webhooks"), WEBHOOKS).answering(&form))
}

pub(super) async fn create(submit: Submit<WebhookManage, Webhook>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let made = visit.write_once(&entered, vetted(&visit.app, form), |tx, right, webhook| {
        let Webhook { url, description, kinds, .. } = webhook;
        Box::pin(async move { edit::create_webhook(tx, right, url, description, kinds).await })
    });
    match made.await {
        Ok(endpoint) => show_secret(&visit, endpoint),
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show_new(&visit, entered)
        }
    }
}

/// A secret that was just made.
pub(super) fn show_secret(visit: &Visit<WebhookManage>, endpoint: Endpoint) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let above = (endpoint.url.clone(), page_of(&endpoint.id));
    let sheet = Sheet::new(t.of("secret-title"), &SecretPage { t, endpoint })?;
    visit.show(sheet.below(t.of("webhooks"), WEBHOOKS).below(above.0, above.1))
}

pub(super) async fn look_edit(
    Path(webhook): Path<String>,
    visit: Visit<WebhookManage>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show_edit(&visit, &webhook, form).await
}

async fn show_edit(visit: &Visit<WebhookManage>, webhook: &str, form: Entered) -> Result<Response, Refused> {
    let id = webhook_id(webhook)?;
    let endpoint =
        visit.read(move |tx, right| Box::pin(async move { find::endpoint(tx, right, &id).await })).await?;
    let t = visit.wording(&TEXTS);
    let chosen = endpoint.kinds.0.iter().map(|kind| ("kinds", kind.clone()));
    let stored = [("url", endpoint.url.clone()), ("description", endpoint.description)];
    let form = form.holding(Input::of(stored.into_iter().chain(chosen)));
    let (action, back) = (format!("{}/edit", page_of(&id)), page_of(&id));
    let revision = Some(endpoint.revision);
    let body = FormPage { t, form: form.clone(), action, back, revision, groups: groups(t) };
    let sheet = Sheet::new(t.of("edit-webhook"), &body)?.below(t.of("webhooks"), WEBHOOKS);
    visit.show(sheet.below(endpoint.url, page_of(&id)).answering(&form))
}

pub(super) async fn save(
    Path(webhook): Path<String>,
    submit: Submit<WebhookManage, Webhook>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = webhook_id(&webhook)?;
    let saved = visit.write(vetted(&visit.app, form), move |tx, right, webhook| {
        let Webhook { url, description, kinds, expected } = webhook;
        let description = Some(description.map(Text::into_string).unwrap_or_default());
        let command = EditWebhook { url: Some(url), description, kinds: Some(kinds), enabled: None };
        Box::pin(async move { edit::edit_webhook(tx, right, &id, command, &expected).await })
    });
    match saved.await {
        Ok(_) => Ok(visit.leave(&page_of(&id), visit.wording(&TEXTS).of("webhook-saved"))),
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show_edit(&visit, &webhook, entered).await
        }
    }
}
