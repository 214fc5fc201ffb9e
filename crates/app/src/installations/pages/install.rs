//! Install an offer: where, and under its terms (INS-01).

use askama::Template;
use axum::response::Response;
use serde::Deserialize;
use types::{EnvironmentId, PageRequest};

use super::TEXTS;
use super::apps::name_of;
use crate::access::{AppInstall, AppView};
use crate::edge::Params;
use crate::edge::browser::{Form, Submit, Visit};
use crate::installations::operations::find;
use crate::installations::operations::install::{Install, install as install_app};
use crate::installations::{Environment, EnvironmentState};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};
use crate::publishing::operations::find as publishing;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// `publisherid.offerid`.
    #[serde(default)]
    offer: String,
}

#[derive(Template)]
#[template(path = "installations/pages/install.html")]
struct InstallPage {
    t: Wording,
    form: Entered,
    address: String,
    environments: Vec<Environment>,
}

pub(super) async fn look(
    Params(Asked { offer }): Params<Asked>,
    visit: Visit<AppInstall>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, offer, form).await
}

async fn show(visit: &Visit<AppInstall>, address: String, form: Entered) -> Result<Response, Refused> {
    let asked = address.clone();
    let (live, environments) = visit
        .read(move |tx, right| {
            Box::pin(async move {
                let live = publishing::on_sale(tx, &asked).await?;
                let live = live.ok_or_else(|| Refused::not_found("offer"))?;
                let all = PageRequest { limit: PageRequest::MAX, after: None };
                let mut environments = find::environments(tx, &right.also::<AppView>()?, &all).await?.items;
                environments.retain(|environment| environment.state == EnvironmentState::Ready);
                Ok((live, environments))
            })
        })
        .await?;
    let (t, name) = (visit.wording(&TEXTS), name_of(Some(&live), &address));
    let product = format!("/product/{address}");
    let body = InstallPage { t, form: form.clone(), address, environments };
    let sheet = Sheet::new(t.named("install-title", &name), &body)?.answering(&form);
    visit.show(sheet.lead(t.of("install-lead")).below(name, product))
}

#[derive(Clone)]
pub(super) struct InstallForm(Install);

impl Form for InstallForm {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let environment = fields.parse("environment", input.text("environment"), EnvironmentId::parse)?;
        Some(Self(Install {
            address: input.text("offer").to_owned(),
            environment,
            terms_accepted: input.checked("accept_terms"),
            share_contact: input.checked("share_contact"),
        }))
    }
}

pub(super) async fn install(submit: Submit<AppInstall, InstallForm>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let base_url = visit.app.settings.base_url.clone();
    let installed = visit.write(form, move |tx, right, InstallForm(command)| {
        Box::pin(async move { install_app(tx, right, &base_url, command).await })
    });
    let t = visit.wording(&TEXTS);
    match installed.await {
        Ok((installation, live)) => {
            let name = name_of(live.as_ref(), &installation.address);
            Ok(visit.leave("/admin/apps", t.named("installed", name)))
        }
        Err(refused) => {
            let address = entered.input().text("offer").to_owned();
            let entered = visit.again(entered, reasons(t, refused))?;
            show(&visit, address, entered).await
        }
    }
}

/// What stands in the way, each at the field that it is about and in the reader's words.
pub(super) fn reasons(t: Wording, refused: Refused) -> Refused {
    let problem = refused.into_problem();
    let listed = problem.context.as_ref().and_then(|context| context["reasons"].as_array().cloned());
    let Some(listed) = listed else { return Refused::Problem(Box::new(problem)) };
    let errors = listed.iter().filter_map(|reason| reason["code"].as_str()).map(|code| {
        let field = match code {
            "terms.not_accepted" => "accept_terms",
            "environment.not_ready" => "environment",
            _ => "offer",
        };
        let message = t.of(&format!("reason-{}", code.replace('.', "-")));
        types::FieldError { field: field.into(), code: code.to_owned(), message }
    });
    Refused::Problem(Box::new(problem.with_errors(errors.collect())))
}
