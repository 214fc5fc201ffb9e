//! The page that an invitation leads to (REL-02): who asks, and for what.

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use types::Timestamp;

use super::TEXTS;
use crate::access::{RelationshipAccept, SelfView};
use crate::edge::Params;
use crate::edge::browser::{Form, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};
use crate::relationships::operations::accept;

#[derive(Debug, Deserialize)]
pub(super) struct TokenParam {
    #[serde(default)]
    token: String,
}

#[derive(Template)]
#[template(path = "relationships/pages/consent.html")]
struct Consent<'a> {
    t: Wording,
    form: Entered,
    /// What the form carries on.
    token: &'a str,
    publisher: &'a str,
    organisation: &'a str,
    expires_at: Timestamp,
}

#[derive(Template)]
#[template(path = "relationships/pages/not_yours.html")]
struct NotYours<'a> {
    t: Wording,
    organisation: &'a str,
    switch: String,
}

/// Everybody may follow the link; who cannot consent is told who can.
pub(super) async fn look(
    Params(TokenParam { token }): Params<TokenParam>,
    visit: Visit<SelfView>,
) -> Result<Response, Refused> {
    let Ok(right) = visit.reader.right::<RelationshipAccept>() else { return not_yours(&visit) };
    let visit = Visit { app: visit.app, reader: visit.reader, right };
    let form = visit.form();
    show(&visit, token, form).await
}

async fn show(visit: &Visit<RelationshipAccept>, token: String, form: Entered) -> Result<Response, Refused> {
    let asked = token.clone();
    let (invitation, publisher) = visit
        .read(move |tx, right| Box::pin(async move { accept::preview(tx, right, &asked).await }))
        .await?;
    let t = visit.wording(&TEXTS);
    let body = Consent {
        t,
        form: form.clone(),
        token: &token,
        publisher: &publisher.name,
        organisation: organisation(visit),
        expires_at: invitation.expires_at,
    };
    let sheet = Sheet::new(t.named("consent-title", &publisher.name), &body)?;
    visit.show(sheet.lead(t.of("consent-lead")).answering(&form))
}

fn organisation<P>(visit: &Visit<P>) -> &str {
    visit.reader.visitor.as_ref().map_or("", |visitor| visitor.tenant_name.as_str())
}

fn not_yours(visit: &Visit<SelfView>) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let back = serde_urlencoded::to_string([("back", &visit.reader.here)]).unwrap_or_default();
    let body = NotYours { t, organisation: organisation(visit), switch: format!("/sign-in?switch=1&{back}") };
    visit.show(Sheet::new(t.of("not-yours-title"), &body)?)
}

#[derive(Clone)]
pub(super) struct AcceptForm {
    token: String,
}

impl Form for AcceptForm {
    fn read(input: &Input, _: &mut Fields) -> Option<Self> {
        Some(Self { token: input.text("token").to_owned() })
    }
}

pub(super) async fn accept(submit: Submit<RelationshipAccept, AcceptForm>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let accepted = visit.write(form, |tx, right, form: AcceptForm| {
        Box::pin(async move { accept::accept(tx, right, &form.token).await })
    });
    match accepted.await {
        Ok(_) => {
            let said = visit.wording(&TEXTS).of("accepted");
            Ok(visit.leave("/admin/relationships", said))
        }
        Err(refused) => {
            let token = entered.value("token", "").to_owned();
            let entered = visit.again(entered, refused)?;
            show(&visit, token, entered).await
        }
    }
}
