//! A new API client; its secret is shown once.

use askama::Template;
use axum::response::Response;
use types::Name;

use super::{CLIENTS, TEXTS};
use crate::access::{ClientManage, PermissionInfo, PermissionKind, Side};
use crate::edge::browser::{Form, Submit, Visit};
use crate::identity::operations::api_client::{self, ApiClient};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};

#[derive(Template)]
#[template(path = "identity/pages/clients/new.html")]
struct NewPage {
    t: Wording,
    form: Entered,
    groups: Vec<ScopeGroup>,
}

/// Scopes of one side.
struct ScopeGroup {
    title: String,
    /// Name, and what it allows.
    scopes: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "identity/pages/clients/made.html")]
struct Made {
    t: Wording,
    client: ApiClient,
    secret: String,
    token_address: String,
}

pub(super) async fn look(visit: Visit<ClientManage>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, form)
}

fn show(visit: &Visit<ClientManage>, form: Entered) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let powers: Vec<PermissionInfo> = visit.right.principal().powers().map(PermissionKind::info).collect();
    let group = |side: Side, key: &str| {
        let grantable = powers.iter().filter(|info| info.side == side && info.fits_a_machine());
        ScopeGroup { title: t.of(key), scopes: grantable.map(|info| (info.name, said(t, info))).collect() }
    };
    // Who publishes nothing has no scopes of publishers.
    let groups = [group(Side::Publisher, "scopes-of-publisher"), group(Side::Tenant, "scopes-of-tenant")];
    let groups = groups.into_iter().filter(|group| !group.scopes.is_empty()).collect();
    let sheet = Sheet::new(t.of("new-client"), &NewPage { t, form: form.clone(), groups })?;
    let sheet = sheet.lead(t.of("new-client-lead"));
    visit.show(sheet.below(t.of("clients"), CLIENTS).answering(&form))
}

/// What a scope allows.
fn said(t: Wording, info: &PermissionInfo) -> String {
    t.of(&format!("scope-{}", info.name.replace('.', "-")))
}

#[derive(Clone)]
pub(super) struct NewClient {
    name: Name<100>,
    scopes: Vec<String>,
}

impl Form for NewClient {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let name = fields.parse("name", input.text("name"), Name::parse);
        let scopes: Vec<String> = input.all("scopes").map(str::to_owned).collect();
        if scopes.is_empty() {
            fields.wrong("scopes", "scopes.empty", "must name at least one scope");
        }
        Some(Self { name: name?, scopes })
    }
}

pub(super) async fn create(submit: Submit<ClientManage, NewClient>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let made = visit.write_once(&entered, form, |tx, right, NewClient { name, scopes }| {
        Box::pin(async move { api_client::create_api_client(tx, right, name, &scopes).await })
    });
    match made.await {
        Ok((client, secret)) => {
            let t = visit.wording(&TEXTS);
            let token_address = format!("{}/oauth2/token", visit.app.settings.base_url);
            let title = t.named("made-title", &client.name);
            let sheet = Sheet::new(title, &Made { t, client, secret, token_address })?;
            visit.show(sheet.below(t.of("clients"), CLIENTS))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, entered)
        }
    }
}

/// Every scope that a publisher's client can hold is said in both languages.
#[cfg(test)]
#[test]
fn every_scope_is_said() {
    use crate::kit::Language;
    let infos = PermissionKind::ALL.iter().map(|kind| kind.info());
    let grantable = infos.filter(|info| info.side != Side::Marketplace && info.fits_a_machine());
    for info in grantable {
        for language in [Language::English, Language::Korean] {
            let key = format!("scope-{}", info.name.replace('.', "-"));
            let found = Wording::new(language, &TEXTS).find(&key);
            assert!(found.is_some(), "{} is not said in {language:?}", info.name);
        }
    }
}
