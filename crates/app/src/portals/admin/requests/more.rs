//! Ask a publisher for more licenses (LIC-09).

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use types::{ServiceId, Text};

use super::super::lookups::{Called, service};
use super::TEXTS;
use crate::access::LicenseRequest;
use crate::edge::Params;
use crate::edge::browser::{Form, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused, ungrouped};
use crate::licenses::operations::find as licenses;
use crate::licenses::quantity;
use crate::publishing::operations::names::Names;
use crate::requests::operations::request_licenses::request_licenses;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    service: String,
}

#[derive(Template)]
#[template(path = "portals/admin/requests/more.html")]
struct More {
    t: Wording,
    form: Entered,
    called: Called,
}

pub(super) async fn look(
    Params(Asked { service }): Params<Asked>,
    visit: Visit<LicenseRequest>,
) -> Result<Response, Refused> {
    if service.is_empty() {
        // More of what is chosen there.
        return Ok(visit.reader.go("/admin/licenses"));
    }
    let form = visit.form();
    show(&visit, &service, form).await
}

async fn show(visit: &Visit<LicenseRequest>, text: &str, form: Entered) -> Result<Response, Refused> {
    let service = service(text)?;
    let called = visit
        .read(move |tx, right| {
            Box::pin(async move {
                licenses::pool(tx, right, &service).await?;
                Called::find(tx, &mut Names::default(), &service).await
            })
        })
        .await?;
    let t = visit.wording(&TEXTS);
    let (title, href) = (called.title(), called.href());
    let sheet = Sheet::new(t.of("more-title"), &More { t, form: form.clone(), called })?;
    let sheet = sheet.lead(t.of("more-lead")).answering(&form);
    visit.show(sheet.below(t.of("licenses"), "/admin/licenses").below(title, href))
}

#[derive(Clone)]
pub(super) struct MoreForm {
    service: ServiceId,
    seats: i64,
    note: Option<Text<500>>,
}

impl Form for MoreForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let service = fields.parse("service", input.text("service"), ServiceId::parse);
        let seats = fields.parse("seats", input.text("seats"), |text| quantity(ungrouped(text)));
        let note = fields.optional("note", input.filled("note"), Text::parse);
        Some(Self { service: service?, seats: seats?, note: note? })
    }
}

pub(super) async fn ask(submit: Submit<LicenseRequest, MoreForm>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let base_url = visit.app.settings.base_url.clone();
    let asked = visit.write_once(&entered, form, move |tx, right, MoreForm { service, seats, note }| {
        Box::pin(async move { request_licenses(tx, right, &service, (seats, note), &base_url).await })
    });
    let service = entered.input().text("service").to_owned();
    match asked.await {
        Ok(_) => {
            let said = visit.wording(&TEXTS).of("more-asked");
            Ok(visit.leave(&format!("/admin/licenses/{service}"), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, &service, entered).await
        }
    }
}
