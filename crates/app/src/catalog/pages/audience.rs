//! Whom a private plan is for.

use askama::Template;
use axum::body::to_bytes;
use axum::response::Response;
use types::PageRequest;

use super::{TEXTS, frame, plan};
use crate::access::{OfferEdit, OfferView, Permission};
use crate::catalog::api::audience::{AudienceBody, AudienceTenant, FILE_MAX};
use crate::catalog::api::plans::plan_of_path;
use crate::catalog::audience::{AudienceMember, read_csv};
use crate::catalog::operations::audience;
use crate::catalog::plan::AUDIENCE_BY_HAND;
use crate::catalog::{FILE_TOO_LARGE, OfferRef, Plan};
use crate::edge::Path;
use crate::edge::browser::{SendFile, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Subpages, Wording};
use crate::kit::{Fields, Refused};

#[derive(Template)]
#[template(path = "catalog/pages/audience.html")]
struct AudiencePage {
    t: Wording,
    form: Entered,
    pages: Subpages,
    plan: Plan,
    action: String,
    file_action: String,
    sync_action: String,
    /// So many that a text field does not hold them.
    by_file: bool,
}

pub(super) async fn look(
    Path((offer, plan)): Path<(String, String)>,
    visit: Visit<OfferView>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &offer, &plan, form).await
}

async fn show<P: Permission>(
    visit: &Visit<P>,
    offer: &str,
    named: &str,
    form: Entered,
) -> Result<Response, Refused> {
    let (offer, plans, plan) = plan::find(visit, offer, named).await?;
    let (id, slug) = (OfferRef::Id(offer.id), plan.slug.clone());
    let first = PageRequest { limit: AUDIENCE_BY_HAND, after: None };
    let members = visit
        .also::<OfferView>()?
        .read(move |tx, right| {
            Box::pin(async move { audience::list_audience(tx, right, &id, &slug, &first).await })
        })
        .await?;
    let lines = members.items.iter().map(|member| format!("{} {}", member.tenant_id, member.description));
    let t = visit.wording(&TEXTS);
    let form = form.holding(Input::of([("tenants", lines.collect::<Vec<_>>().join("\n"))]));
    let action = format!("{}/audience", plan::address(&offer, &plan));
    let body = AudiencePage {
        t,
        form: form.clone(),
        pages: frame::beside(&visit.reader, &offer, &plans, "plans"),
        file_action: format!("{action}-file"),
        sync_action: format!("{}/sync-audience", plan::address(&offer, &plan)),
        action,
        by_file: members.next_cursor.is_some(),
        plan: plan.clone(),
    };
    let sheet = Sheet::new(t.of("audience"), &body)?.lead(t.of("audience-lead")).answering(&form);
    let sheet = plan::below(&visit.reader, &offer, sheet);
    visit.show(sheet.below(&plan.name, plan::address(&offer, &plan)))
}

/// A tenant id, and after a blank what one calls it.
fn tenant(line: &str) -> Option<AudienceTenant> {
    let line = line.trim();
    let (id, description) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let (id, description) = (id.to_owned(), description.trim().to_owned());
    (!line.is_empty()).then_some(AudienceTenant { id, description })
}

pub(super) async fn save(
    Path((offer, plan)): Path<(String, String)>,
    submit: Submit<OfferEdit>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let read = form.and_then(|input| {
        let tenants = input.text("tenants").lines().filter_map(tenant).collect();
        AudienceBody { tenants }.parse()
    });
    put(&visit, &offer, &plan, entered, read).await
}

pub(super) async fn upload(
    Path((offer, plan)): Path<(String, String)>,
    sent: SendFile<OfferEdit>,
) -> Result<Response, Refused> {
    let SendFile { visit, form, file, .. } = sent;
    let read = async {
        form?;
        let Some(body) = file else {
            let mut fields = Fields::default();
            fields.wrong("file", "field.missing", "must be chosen");
            return Err(fields.refuse());
        };
        let bytes = to_bytes(body, FILE_MAX).await;
        read_csv(&bytes.map_err(|_| FILE_TOO_LARGE.because(format!("A file may have {FILE_MAX} bytes.")))?)
    };
    let read = read.await;
    put(&visit, &offer, &plan, visit.form(), read).await
}

async fn put(
    visit: &Visit<OfferEdit>,
    offer: &str,
    plan: &str,
    entered: Entered,
    read: Result<Vec<AudienceMember>, Refused>,
) -> Result<Response, Refused> {
    let (named, slug) = (OfferRef::from_path(offer)?, plan_of_path(plan)?);
    let saved = visit.write(read, move |tx, right, members| {
        Box::pin(async move { audience::set_audience(tx, right, &named, &slug, members).await })
    });
    match saved.await {
        Ok(saved) => {
            let said = visit.wording(&TEXTS).count("audience-saved", saved.audience_size);
            Ok(visit.leave(&format!("/publisher/offers/{offer}/plans/{plan}/audience"), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(visit, offer, plan, entered).await
        }
    }
}
