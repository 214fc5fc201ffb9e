//! Make, revoke and re-issue an invitation.

use db::Tx;
use types::{InvitationId, Text};

use crate::access::{CustomerInvite, Right};
use crate::kit::{Refused, secret_hash};
use crate::relationships::events::{InvitationCreated, InvitationReissued, InvitationRevoked};
use crate::relationships::invitation::DAYS;
use crate::relationships::{ACCEPTED, Invitation, store};

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
