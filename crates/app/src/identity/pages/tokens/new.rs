//! A new token; its secret is shown once.

use askama::Template;
use axum::response::Response;
use types::{Name, Violation};

use super::{TEXTS, TOKENS};
use crate::access::SelfView;
use crate::edge::browser::{Form, Submit, Visit};
use crate::identity::operations::personal_access_token::{self, MAX_DAYS, PersonalAccessToken};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};

/// Days that can be chosen; the shortest first, so that it is what nobody chose.
const CHOICES: [i64; 4] = [30, 90, 180, MAX_DAYS];

#[derive(Template)]
#[template(path = "identity/pages/tokens/new.html")]
struct NewPage {
    t: Wording,
    form: Entered,
}

#[derive(Template)]
#[template(path = "identity/pages/tokens/made.html")]
struct Made {
    t: Wording,
    token: PersonalAccessToken,
    secret: String,
}

pub(super) async fn look(visit: Visit<SelfView>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, form)
}

fn show(visit: &Visit<SelfView>, form: Entered) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let sheet = Sheet::new(t.of("new-token"), &NewPage { t, form: form.clone() })?;
    visit.show(sheet.lead(t.of("new-token-lead")).below(t.of("tokens"), TOKENS).answering(&form))
}

#[derive(Clone)]
pub(super) struct NewToken {
    name: Name<100>,
    days: i64,
}

impl Form for NewToken {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let name = fields.parse("name", input.text("name"), Name::parse);
        let days = fields.parse("days", input.text("days"), |text| {
            let days = text.parse().ok().filter(|days| (1..=MAX_DAYS).contains(days));
            days.ok_or_else(|| Violation::new("days.out_of_range", format!("must be 1 to {MAX_DAYS}")))
        });
        Some(Self { name: name?, days: days? })
    }
}

pub(super) async fn create(submit: Submit<SelfView, NewToken>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let made = visit.write_once(&entered, form, |tx, right, NewToken { name, days }| {
        Box::pin(async move { personal_access_token::create_personal_token(tx, right, name, days).await })
    });
    match made.await {
        Ok((token, secret)) => {
            let t = visit.wording(&TEXTS);
            let title = t.named("made-title", &token.name);
            let sheet = Sheet::new(title, &Made { t, token, secret })?;
            visit.show(sheet.below(t.of("tokens"), TOKENS))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, entered)
        }
    }
}
