//! Make, revoke and re-issue an invitation.

use db::Tx;
use types::{Email, InvitationId, Text};

use crate::access::{CustomerInvite, Right};
use crate::identity::operations::find;
use crate::kit::{Draft, Language, Refused, Texts, secret_hash};
use crate::mails::{NewMail, write_mail};
use crate::relationships::events::{
    InvitationCreated, InvitationMailed, InvitationReissued, InvitationRevoked,
};
use crate::relationships::invitation::DAYS;
use crate::relationships::{ACCEPTED, Invitation, store};

static TEXTS: Texts = Texts::new(include_str!("../mail/en.ftl"), include_str!("../mail/ko.ftl"));

/// The second value is the token, shown once.
pub(crate) async fn create_invitation(
    tx: &mut Tx,
    right: &Right<CustomerInvite>,
    note: Option<Text<500>>,
) -> Result<(Invitation, String), Refused> {
    let token = right.random().secret("sli");
    let invitation = Invitation {
        id: right.new_id(),
        tenant_id: right.tenant(),
        note: note.map(Text::into_string),
        created_at: right.now(),
        expires_at: right.now().plus_days(DAYS),
        revoked_at: None,
        accepted_at: None,
        accepted_by_tenant: None,
    };
    store::insert_invitation(tx, &invitation, &secret_hash(&token)).await?;
    right.record(tx, &InvitationCreated { invitation: invitation.id })?;
    Ok((invitation, token))
}

/// REL-01: the link, mailed to whoever is to accept it.
pub(crate) async fn mail_invitation(
    tx: &mut Tx,
    right: &Right<CustomerInvite>,
    invitation: &InvitationId,
    to: &Email,
    language: Language,
    (base_url, link): (&str, &str),
) -> Result<(), Refused> {
    let publisher = find::own_tenant(tx, right).await?.name;
    let arguments = [("publisher", publisher.as_str().into()), ("days", DAYS.into())];
    let (arguments, link) = (&arguments, Some(link));
    let draft = Draft { texts: &TEXTS, key: "invitation", arguments, link, aside: None, base_url };
    let letter = draft.write(language)?;
    let mail = NewMail { tenant: right.tenant(), to, kind: "invitation", language, letter };
    write_mail(tx, right.random(), right.now(), mail).await?;
    Ok(right.record(tx, &InvitationMailed { invitation: *invitation })?)
}

pub(crate) async fn revoke_invitation(
    tx: &mut Tx,
    right: &Right<CustomerInvite>,
    id: &InvitationId,
) -> Result<Invitation, Refused> {
    let invitation = own(tx, right, id).await?;
    if invitation.revoked_at.is_some() {
        return Ok(invitation);
    }
    if !store::revoke(tx, id, right.now()).await? {
        return Err(ACCEPTED.because("The customer has consented already; the link cannot be taken back."));
    }
    right.record(tx, &InvitationRevoked { invitation: *id })?;
    own(tx, right, id).await
}

/// A new token for 30 more days; the old one ends at once.
pub(crate) async fn reissue_invitation(
    tx: &mut Tx,
    right: &Right<CustomerInvite>,
    id: &InvitationId,
) -> Result<(Invitation, String), Refused> {
    own(tx, right, id).await?;
    let token = right.random().secret("sli");
    if !store::reissue(tx, id, &secret_hash(&token), right.now().plus_days(DAYS)).await? {
        return Err(
            ACCEPTED.because("The customer has consented already; make a new invitation for another one.")
        );
    }
    right.record(tx, &InvitationReissued { invitation: *id })?;
    Ok((own(tx, right, id).await?, token))
}

async fn own(tx: &mut Tx, right: &Right<CustomerInvite>, id: &InvitationId) -> Result<Invitation, Refused> {
    let found = store::find_invitation(tx, &right.tenant(), id).await?;
    found.ok_or_else(|| Refused::not_found("invitation"))
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
}
