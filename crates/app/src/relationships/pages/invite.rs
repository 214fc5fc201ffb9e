//! Invitations in the publisher portal: a link to copy or to have mailed, and what became of each (REL-01).

use askama::Template;
use axum::response::Response;
use types::{Email, InvitationId, Text};

use super::TEXTS;
use crate::access::CustomerInvite;
use crate::edge::browser::{Form, Submit, Visit};
use crate::edge::{PageParams, Params, Path};
use crate::kit::page::{Entered, Input, Pages, Sheet, Wording};
use crate::kit::{Fields, Language, Refused};
use crate::relationships::operations::{find, invite};
use crate::relationships::{Invitation, InvitationStatus};

#[derive(Template)]
#[template(path = "relationships/pages/invitations.html")]
struct Invitations {
    t: Wording,
    form: Entered,
    /// Shown once.
    link: Option<String>,
    mailed: bool,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    invitation: Invitation,
    badge: (&'static str, String),
    /// It can be taken back or made anew.
    open: bool,
}

/// A link that was just made, and whether it was mailed.
type Made = Option<(String, bool)>;

pub(super) async fn look(
    Params(params): Params<PageParams>,
    visit: Visit<CustomerInvite>,
) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, &params, form, None).await
}

async fn show(
    visit: &Visit<CustomerInvite>,
    params: &PageParams,
    form: Entered,
    made: Made,
) -> Result<Response, Refused> {
    let page = params.request()?;
    let found = visit
        .read(move |tx, right| Box::pin(async move { find::list_invitations(tx, right, &page).await }))
        .await?;
    let (t, now) = (visit.wording(&TEXTS), visit.reader.now);
    let rows = found.items.into_iter().map(|invitation| {
        let status = invitation.status(now);
        let kind = match status {
            InvitationStatus::Open => "info",
            InvitationStatus::Accepted => "good",
            InvitationStatus::Revoked | InvitationStatus::Expired => "neutral",
        };
        let said = t.of(&format!("invitation-{}", status.as_str()));
        Row { invitation, badge: (kind, said), open: status != InvitationStatus::Accepted }
    });
    let (link, mailed) = made.map_or((None, false), |(link, mailed)| (Some(link), mailed));
    let body = Invitations {
        t,
        form: form.clone(),
        link,
        mailed,
        rows: rows.collect(),
        pages: Pages::new("/publisher/invitations", "", params.cursor.is_none(), found.next_cursor.as_ref()),
    };
    let sheet = Sheet::new(t.of("invite-title"), &body)?.lead(t.of("invite-lead")).answering(&form);
    visit.show(sheet.below(t.of("customers"), "/publisher/customers"))
}

/// Whom the link is for, and whether it is mailed.
#[derive(Clone)]
pub(super) struct NewInvitation {
    note: Option<Text<500>>,
    mail_to: Option<Email>,
    language: Language,
}

impl Form for NewInvitation {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let note = fields.optional("note", input.filled("note"), Text::parse);
        let mail_to = fields.optional("mail_to", input.filled("mail_to"), Email::parse);
        let language = Language::parse(input.text("language")).unwrap_or(Language::English);
        Some(Self { note: note?, mail_to: mail_to?, language })
    }
}

fn link(base_url: &str, token: &str) -> String {
    format!("{base_url}/invitations/accept?token={token}")
}

pub(super) async fn create(submit: Submit<CustomerInvite, NewInvitation>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let base_url = visit.app.settings.base_url.clone();
    let made = visit.write_once(&entered, form, move |tx, right, new: NewInvitation| {
        Box::pin(async move {
            let (invitation, token) = invite::create_invitation(tx, right, new.note).await?;
            let link = link(&base_url, &token);
            if let Some(to) = &new.mail_to {
                let at = (base_url.as_str(), link.as_str());
                invite::mail_invitation(tx, right, &invitation.id, to, new.language, at).await?;
            }
            Ok((link, new.mail_to.is_some()))
        })
    });
    match made.await {
        Ok(made) => show(&visit, &PageParams::default(), visit.form(), Some(made)).await,
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, &PageParams::default(), entered, None).await
        }
    }
}

fn id(text: &str) -> Result<InvitationId, Refused> {
    InvitationId::parse(text).map_err(|_| Refused::not_found("invitation"))
}

/// A new link; the old one ends at once.
pub(super) async fn reissue(
    Path(invitation): Path<String>,
    submit: Submit<CustomerInvite>,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = id(&invitation)?;
    let base_url = visit.app.settings.base_url.clone();
    let made = visit.write(form, move |tx, right, _| {
        Box::pin(async move { invite::reissue_invitation(tx, right, &id).await })
    });
    let (_, token) = made.await?;
    show(&visit, &PageParams::default(), visit.form(), Some((link(&base_url, &token), false))).await
}

pub(super) async fn revoke(
    Path(invitation): Path<String>,
    submit: Submit<CustomerInvite>,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = id(&invitation)?;
    let revoked = visit.write(form, move |tx, right, _| {
        Box::pin(async move { invite::revoke_invitation(tx, right, &id).await })
    });
    revoked.await?;
    Ok(visit.leave("/publisher/invitations", visit.wording(&TEXTS).of("invitation-was-revoked")))
}
