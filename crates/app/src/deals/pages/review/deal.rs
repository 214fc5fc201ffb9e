//! A deal with its terms, and the operator's decision.

use askama::Template;
use axum::response::Response;
use types::{DealId, Text};

use super::{LIST, TEXTS, status};
use crate::access::DealReview;
use crate::deals::DealStatus;
use crate::deals::deal::Move;
use crate::deals::operations::examine::{self, Examined};
use crate::deals::operations::review;
use crate::deals::terms::Terms;
use crate::edge::Path;
use crate::edge::browser::{Form, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};

#[derive(Template)]
#[template(path = "deals/pages/review/deal.html")]
struct Page<'a> {
    t: Wording,
    /// One for each decision, so that an error is shown at the one that was taken.
    update_form: Entered,
    reject_form: Entered,
    at: String,
    examined: &'a Examined,
    terms: &'a Terms,
    status: (String, &'static str),
    contract: String,
    hosting: String,
    waits: bool,
}

fn id(text: &str) -> Result<DealId, Refused> {
    DealId::parse(text).map_err(|_| Refused::not_found("deal"))
}

pub(super) async fn look(Path(deal): Path<String>, visit: Visit<DealReview>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &deal, None, form).await
}

/// `taken` is the decision that `form` was sent for.
async fn show(
    visit: &Visit<DealReview>,
    deal: &str,
    taken: Option<Move>,
    form: Entered,
) -> Result<Response, Refused> {
    let id = id(deal)?;
    let found = visit.read(move |tx, right| Box::pin(async move { examine::examine(tx, right, &id).await }));
    let (t, examined) = (visit.wording(&TEXTS), found.await?);
    let rejects = taken == Some(Move::Reject);
    let (update_form, reject_form) =
        if rejects { (visit.form(), form.clone()) } else { (form.clone(), visit.form()) };
    let terms = &examined.deal.terms.0;
    let body = Page {
        t,
        update_form,
        reject_form,
        at: format!("{LIST}/{id}"),
        examined: &examined,
        terms,
        status: status(t, examined.deal.status),
        contract: t.of(&format!("contract-{}", examined.deal.contract_type.as_str())),
        hosting: t.of(&format!("hosting-{}", terms.hosting.as_str().replace('_', "-"))),
        waits: examined.deal.status == DealStatus::Submitted,
    };
    let sheet = Sheet::new(&terms.company, &body)?.below(t.of("list-title"), LIST);
    visit.show(sheet.lead(t.named("deal-lead", &examined.publisher.name)).answering(&form))
}

#[derive(Clone)]
pub(super) struct Reason(Text<2000>);

impl Form for Reason {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        // Named apart, because both decisions are on one page.
        let name = if input.checked("rejection") { "rejection" } else { "reason" };
        fields.parse(name, input.text(name), Text::parse).map(Self)
    }
}

/// Nothing is asked where a deal is approved.
#[derive(Clone)]
pub(super) struct Approval;

impl Form for Approval {
    fn read(_: &Input, _: &mut Fields) -> Option<Self> {
        Some(Self)
    }
}

pub(super) async fn approve(
    Path(deal): Path<String>,
    submit: Submit<DealReview, Approval>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    take(visit, &deal, Move::Approve, form.map(|Approval| None), entered).await
}

pub(super) async fn request_update(
    Path(deal): Path<String>,
    submit: Submit<DealReview, Reason>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    take(visit, &deal, Move::RequestUpdate, form.map(|Reason(reason)| Some(reason)), entered).await
}

pub(super) async fn reject(
    Path(deal): Path<String>,
    submit: Submit<DealReview, Reason>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    take(visit, &deal, Move::Reject, form.map(|Reason(reason)| Some(reason)), entered).await
}

async fn take(
    visit: Visit<DealReview>,
    deal: &str,
    step: Move,
    reason: Result<Option<Text<2000>>, Refused>,
    entered: Entered,
) -> Result<Response, Refused> {
    let id = id(deal)?;
    let taken = visit.write(reason, move |tx, right, reason| {
        Box::pin(async move { review::review_deal(tx, right, &id, step, reason).await })
    });
    match taken.await {
        Ok(taken) => {
            let t = visit.wording(&TEXTS);
            let key = match step {
                Move::Approve => "approved",
                Move::Reject => "rejected",
                Move::RequestUpdate | Move::Submit => "update-requested",
            };
            Ok(visit.leave(LIST, t.named(key, &taken.terms.0.company)))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, deal, Some(step), entered).await
        }
    }
}
