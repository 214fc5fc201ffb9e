//! The operator's decision: certify, or send back with findings.

use askama::Template;
use axum::response::Response;
use types::Text;

use super::{QUEUE, TEXTS, address, id, submission};
use crate::access::SubmissionCertify;
use crate::edge::Path;
use crate::edge::browser::{Form, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};
use crate::publishing::operations::{Notes, certify, find};
use crate::publishing::submission::PhaseFinding;

/// Findings of one decision at most.
const FINDINGS: usize = 100;

#[derive(Clone)]
pub(super) struct Approval(Option<Notes>);

impl Form for Approval {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        fields.optional("notes", input.filled("notes"), Notes::parse).map(Self)
    }
}

pub(super) async fn approve(
    Path(submission): Path<String>,
    submit: Submit<SubmissionCertify, Approval>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = id(&submission)?;
    let approved = visit.write(form, move |tx, right, Approval(notes)| {
        Box::pin(async move { certify::approve(tx, right, &id, notes).await })
    });
    match approved.await {
        Ok(approved) => {
            let said = visit.wording(&TEXTS).named("approved", approved.snapshot.0.name());
            Ok(visit.leave(QUEUE, said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            submission::show(&visit, &submission, entered).await
        }
    }
}

/// A form with a row for each finding; `More` asks for another row.
#[derive(Clone)]
pub(super) enum Sent {
    More,
    Findings(Vec<PhaseFinding>),
}

impl Form for Sent {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        if input.checked("more") {
            return Some(Self::More);
        }
        let mut findings = Vec::new();
        for at in 0..rows(input) {
            let (message, mend) = (format!("message[{at}]"), format!("mend[{at}]"));
            if input.filled(&message).is_none() && input.filled(&mend).is_none() {
                continue;
            }
            let what = fields.parse(&message, input.text(&message), Text::<2000>::parse);
            let mend = fields.optional(&mend, input.filled(&mend), Text::<2000>::parse);
            findings.extend(what.zip(mend).map(|(message, mend)| PhaseFinding {
                rule: "certification".to_owned(),
                severity: "error".to_owned(),
                file: None,
                message: message.into_string(),
                mend: mend.map(Text::into_string),
            }));
        }
        Some(Self::Findings(findings))
    }
}

/// As many as were shown.
fn rows(input: &Input) -> usize {
    let shown = (0..FINDINGS).take_while(|at| input.checked(&format!("message[{at}]")));
    shown.count().max(1)
}

#[derive(Template)]
#[template(path = "publishing/pages/certification/send_back.html")]
struct SendBack {
    t: Wording,
    form: Entered,
    at: String,
    rows: Vec<Row>,
    can_have_more: bool,
}

struct Row {
    title: String,
    message: String,
    mend: String,
}

pub(super) async fn look(
    Path(submission): Path<String>,
    visit: Visit<SubmissionCertify>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &submission, form, 1).await
}

async fn show(
    visit: &Visit<SubmissionCertify>,
    submission: &str,
    form: Entered,
    rows: usize,
) -> Result<Response, Refused> {
    let id = id(submission)?;
    let found =
        visit.read(move |tx, right| Box::pin(async move { find::submission(tx, right, &id).await })).await?;
    let (t, at) = (visit.wording(&TEXTS), address(&id));
    let row = |at: usize| Row {
        title: t.count("finding-number", at + 1),
        message: format!("message[{at}]"),
        mend: format!("mend[{at}]"),
    };
    let rows = (0..rows.min(FINDINGS)).map(row).collect::<Vec<_>>();
    let can_have_more = rows.len() < FINDINGS;
    let name = found.0.snapshot.0.name().to_owned();
    let body = SendBack { t, form: form.clone(), at: at.clone(), rows, can_have_more };
    let sheet = Sheet::new(t.named("send-back-of", &name), &body)?.lead(t.of("send-back-lead"));
    visit.show(sheet.below(t.of("queue-title"), QUEUE).below(name, at).answering(&form))
}

pub(super) async fn send_back(
    Path(submission): Path<String>,
    submit: Submit<SubmissionCertify, Sent>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let (id, shown) = (id(&submission)?, rows(entered.input()));
    let findings = match form {
        Ok(Sent::More) => return show(&visit, &submission, entered, shown + 1).await,
        Ok(Sent::Findings(findings)) => Ok(findings),
        Err(refused) => Err(refused),
    };
    let sent = visit.write(findings, move |tx, right, findings| {
        Box::pin(async move { certify::send_back(tx, right, &id, findings).await })
    });
    match sent.await {
        Ok(sent) => {
            let said = visit.wording(&TEXTS).named("sent-back", sent.snapshot.0.name());
            Ok(visit.leave(QUEUE, said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, &submission, entered, shown).await
        }
    }
}
