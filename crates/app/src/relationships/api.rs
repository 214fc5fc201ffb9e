//! Invitations and relationships over HTTP.

use serde::{Deserialize, Serialize};
use types::{Email, InvitationId, Page, PublisherId, RelationshipId, Text, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::operations::{accept, find, invite};
use super::{Invitation, InvitationStatus, Relationship};
use crate::App;
use crate::access::{CustomerInvite, RelationshipAccept, RelationshipView as MayView};
use crate::edge::{Answer, Call, NoBody, PageParams, Params, Path, Refusals};
use crate::identity::Tenant;
use crate::identity::operations::find as identity;
use crate::kit::{Fields, Language, Refused};

/// Mounted under `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create_invitation, list_invitations))
        .routes(routes!(revoke_invitation))
        .routes(routes!(reissue_invitation))
        .routes(routes!(preview_invitation))
        .routes(routes!(accept_relationship, list_relationships))
}

/// An invitation as its publisher sees it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct InvitationView {
    id: InvitationId,
    status: InvitationStatus,
    note: Option<String>,
    created_at: Timestamp,
    expires_at: Timestamp,
    accepted_at: Option<Timestamp>,
}

impl InvitationView {
    fn new(invitation: Invitation, now: Timestamp) -> Self {
        let status = invitation.status(now);
        let Invitation { id, note, created_at, expires_at, accepted_at, .. } = invitation;
        Self { id, status, note, created_at, expires_at, accepted_at }
    }
}

/// An invitation with its link.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct IssuedInvitation {
    #[serde(flatten)]
    invitation: InvitationView,
    /// Shown once; for `POST /relationships`.
    token: String,
    /// Shown once; send it to the customer.
    url: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateInvitation {
    /// For your own eyes: whom it is for.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: Option<String>,
    /// Whom to mail the link to; absent: nobody.
    #[serde(default)]
    #[schema(max_length = 254)]
    mail_to: Option<String>,
    /// Of that mail; English if absent.
    #[serde(default)]
    language: Option<Language>,
}

fn issued(base_url: &str, invitation: Invitation, token: String, now: Timestamp) -> IssuedInvitation {
    let url = format!("{base_url}/invitations/accept?token={token}");
    IssuedInvitation { invitation: InvitationView::new(invitation, now), token, url }
}

fn id(text: &str) -> Result<InvitationId, Refused> {
    InvitationId::parse(text).map_err(|_| Refused::not_found("invitation"))
}

/// Invite a customer: a link to send, good for one tenant and 30 days.
#[utoipa::path(post, path = "/invitations", tag = "relationships", operation_id = "create_invitation",
    request_body = CreateInvitation, responses((status = 201, body = IssuedInvitation), Refusals),
    extensions(("x-permission" = json!("customer.invite"))))]
async fn create_invitation(
    call: Call<CustomerInvite, CreateInvitation>,
) -> Result<Answer<IssuedInvitation>, Refused> {
    let mut fields = Fields::default();
    let note =
        fields.optional("note", call.body.note.as_deref().filter(|note| !note.is_empty()), Text::parse);
    let mail_to = fields.optional("mail_to", call.body.mail_to.as_deref(), Email::parse);
    let (Some(note), Some(mail_to)) = (note, mail_to) else { return Err(fields.refuse()) };
    let language = call.body.language.unwrap_or(Language::English);
    let base_url = call.app.settings.base_url.clone();
    let answer = call
        .shows_secret()
        .write(move |tx, right| {
            Box::pin(async move {
                let (invitation, token) = invite::create_invitation(tx, right, note).await?;
                let (id, issued) = (invitation.id, issued(&base_url, invitation, token, right.now()));
                if let Some(to) = &mail_to {
                    invite::mail_invitation(tx, right, &id, to, language, (&base_url, &issued.url)).await?;
                }
                Ok(issued)
            })
        })
        .await?;
    Ok(answer.created())
}

/// Your invitations.
#[utoipa::path(get, path = "/invitations", tag = "relationships", operation_id = "list_invitations",
    params(PageParams), responses((status = 200, body = Page<InvitationView>), Refusals),
    extensions(("x-permission" = json!("customer.invite"))))]
async fn list_invitations(
    Params(page): Params<PageParams>,
    call: Call<CustomerInvite>,
) -> Result<Answer<Page<InvitationView>>, Refused> {
    let (page, now) = (page.request()?, call.right.now());
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::list_invitations(tx, right, &page).await }))
        .await?;
    Ok(answer.map(|page| page.map(|invitation| InvitationView::new(invitation, now))))
}

/// Revoke an invitation that nobody accepted.
#[utoipa::path(post, path = "/invitations/{invitation}/revoke", tag = "relationships",
    operation_id = "revoke_invitation", params(("invitation" = String, Path, description = "Id")),
    responses((status = 200, body = InvitationView), Refusals),
    extensions(("x-permission" = json!("customer.invite"))))]
async fn revoke_invitation(
    Path(invitation): Path<String>,
    call: Call<CustomerInvite, NoBody>,
) -> Result<Answer<InvitationView>, Refused> {
    let id = id(&invitation)?;
    call.write(move |tx, right| {
        Box::pin(async move {
            let invitation = invite::revoke_invitation(tx, right, &id).await?;
            Ok(InvitationView::new(invitation, right.now()))
        })
    })
    .await
}

/// Re-issue an invitation: a new link for 30 days, the old one ends.
#[utoipa::path(post, path = "/invitations/{invitation}/reissue", tag = "relationships",
    operation_id = "reissue_invitation", params(("invitation" = String, Path, description = "Id")),
    responses((status = 200, body = IssuedInvitation), Refusals),
    extensions(("x-permission" = json!("customer.invite"))))]
async fn reissue_invitation(
    Path(invitation): Path<String>,
    call: Call<CustomerInvite, NoBody>,
) -> Result<Answer<IssuedInvitation>, Refused> {
    let id = id(&invitation)?;
    let base_url = call.app.settings.base_url.clone();
    call.shows_secret()
        .write(move |tx, right| {
            Box::pin(async move {
                let (invitation, token) = invite::reissue_invitation(tx, right, &id).await?;
                Ok(issued(&base_url, invitation, token, right.now()))
            })
        })
        .await
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenBody {
    /// Of the link.
    #[schema(max_length = 200)]
    token: String,
}

/// Who asks, and for what.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationPreview {
    publisher_id: Option<PublisherId>,
    publisher_name: String,
    /// What consent allows.
    asks_for: String,
    expires_at: Timestamp,
}

/// See who asks, before you consent.
#[utoipa::path(post, path = "/invitations/preview", tag = "relationships", operation_id = "preview_invitation",
    request_body = TokenBody, responses((status = 200, body = InvitationPreview), Refusals),
    extensions(("x-permission" = json!("relationship.accept"))))]
async fn preview_invitation(
    call: Call<RelationshipAccept, TokenBody>,
) -> Result<Answer<InvitationPreview>, Refused> {
    let token = call.body.token.clone();
    let answer =
        call.read(move |tx, right| Box::pin(async move { accept::preview(tx, right, &token).await })).await?;
    Ok(answer.map(|(invitation, publisher)| InvitationPreview {
        publisher_id: publisher.publisher_id,
        publisher_name: publisher.name,
        asks_for: "To provision licenses of its offers to your organisation.".to_owned(),
        expires_at: invitation.expires_at,
    }))
}

/// A consent as the customer sees it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct RelationshipView {
    id: RelationshipId,
    publisher_id: Option<PublisherId>,
    publisher_name: String,
    accepted_at: Timestamp,
    ended_at: Option<Timestamp>,
}

impl From<(Relationship, Tenant)> for RelationshipView {
    fn from((relationship, publisher): (Relationship, Tenant)) -> Self {
        Self {
            id: relationship.id,
            publisher_id: publisher.publisher_id,
            publisher_name: publisher.name,
            accepted_at: relationship.accepted_at,
            ended_at: relationship.ended_at,
        }
    }
}

/// Consent: this publisher may provision licenses to your organisation. Twice is the same as once.
#[utoipa::path(post, path = "/relationships", tag = "relationships", operation_id = "accept_relationship",
    request_body = TokenBody, responses((status = 200, body = RelationshipView), Refusals),
    extensions(("x-permission" = json!("relationship.accept"))))]
async fn accept_relationship(
    call: Call<RelationshipAccept, TokenBody>,
) -> Result<Answer<RelationshipView>, Refused> {
    let token = call.body.token.clone();
    call.write(move |tx, right| {
        Box::pin(async move {
            let (relationship, _) = accept::accept(tx, right, &token).await?;
            let publisher = identity::tenant(tx, &relationship.publisher_tenant_id).await?;
            let publisher = publisher.ok_or_else(|| Refused::internal("a relationship with nobody"))?;
            Ok(RelationshipView::from((relationship, publisher)))
        })
    })
    .await
}

/// The publishers that your organisation consented to, also where that has ended.
#[utoipa::path(get, path = "/relationships", tag = "relationships", operation_id = "list_relationships",
    params(PageParams), responses((status = 200, body = Page<RelationshipView>), Refusals),
    extensions(("x-permission" = json!("relationship.view"))))]
async fn list_relationships(
    Params(page): Params<PageParams>,
    call: Call<MayView>,
) -> Result<Answer<Page<RelationshipView>>, Refused> {
    let page = page.request()?;
    let answer = call
        .read(move |tx, right| Box::pin(async move { find::list_publishers(tx, right, &page).await }))
        .await?;
    Ok(answer.map(|page| page.map(RelationshipView::from)))
}
