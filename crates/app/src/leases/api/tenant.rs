//! The leases of a tenant, for those who administer its licenses.

use types::Page;

use super::views::{IssueLease, IssuedLease, LeaseView, PublisherParams, RevocationsView, block, id};
use crate::access::LeaseAny;
use crate::edge::{Answer, Call, NoBody, PageParams, Params, Path, Refusals};
use crate::identity::operations::find::{self as identity, UserRef};
use crate::kit::{Fields, Refused};
use crate::leases::WishHolder;
use crate::leases::operations::{end, find, scope};
use crate::leases::signer::Signer;

#[derive(Clone)]
enum Whose {
    User(UserRef),
    Block(WishHolder),
}

/// Get a lease of a user's seats, or of a block of free seats, for apps that decide without the server for a while.
#[utoipa::path(post, path = "/leases", tag = "leases", operation_id = "issue_lease",
    request_body = IssueLease, responses((status = 201, body = IssuedLease), Refusals),
    extensions(("x-permission" = json!("lease.any"))))]
pub(super) async fn issue_lease(call: Call<LeaseAny, IssueLease>) -> Result<Answer<IssuedLease>, Refused> {
    let mut fields = Fields::default();
    let whose = match (&call.body.user, call.body.seats) {
        (Some(user), None) => fields.parse("user", user, UserRef::parse).map(Whose::User),
        (None, Some(seats)) => block(&mut fields, seats).map(Whose::Block),
        _ => {
            fields.wrong("user", "lease.holder_unclear", "send either a user or seats");
            None
        }
    };
    let wish = call.body.wish(&mut fields);
    let (Some(whose), Some(wish)) = (whose, wish) else { return Err(fields.refuse()) };
    let signer = Signer::of(&call.app, wish.algorithm)?;
    let issued = call.write(move |tx, right| {
        Box::pin(async move {
            let holder = match whose {
                Whose::User(user) => WishHolder::User(identity::existing_user(tx, right, &user).await?.id),
                Whose::Block(holder) => holder,
            };
            let issued = signer.issue(tx, right, (&scope::tenant(right), holder), wish).await?;
            Ok(IssuedLease::new(issued, right.now()))
        })
    });
    Ok(issued.await?.created())
}

/// The leases of your organisation, also those that have ended.
#[utoipa::path(get, path = "/leases", tag = "leases", operation_id = "list_leases",
    params(PageParams), responses((status = 200, body = Page<LeaseView>), Refusals),
    extensions(("x-permission" = json!("lease.any"))))]
pub(super) async fn list_leases(
    Params(page): Params<PageParams>,
    call: Call<LeaseAny>,
) -> Result<Answer<Page<LeaseView>>, Refused> {
    let (page, now) = (page.request()?, call.right.now());
    let leases = call.read(move |tx, right| {
        Box::pin(async move { find::list_leases(tx, &scope::tenant(right), &page).await })
    });
    Ok(leases.await?.map(|page| page.map(|lease| LeaseView::new(lease, now))))
}

/// Return a lease that is not used any more: its seats are free again, unless somebody has them.
#[utoipa::path(post, path = "/leases/{lease}/return", tag = "leases", operation_id = "return_lease",
    params(("lease" = String, Path, description = "Id")),
    responses((status = 200, body = LeaseView), Refusals),
    extensions(("x-permission" = json!("lease.any"))))]
pub(super) async fn return_lease(
    Path(lease): Path<String>,
    call: Call<LeaseAny, NoBody>,
) -> Result<Answer<LeaseView>, Refused> {
    let id = id(&lease)?;
    call.write(move |tx, right| {
        Box::pin(async move {
            let lease = end::return_lease(tx, right, &scope::tenant(right), &id).await?;
            Ok(LeaseView::new(lease, right.now()))
        })
    })
    .await
}

/// Revoke a lease: it is on the revocation list from now on. Its seats are held until it is over or returned.
#[utoipa::path(post, path = "/leases/{lease}/revoke", tag = "leases", operation_id = "revoke_lease",
    params(("lease" = String, Path, description = "Id")),
    responses((status = 200, body = LeaseView), Refusals),
    extensions(("x-permission" = json!("lease.any"))))]
pub(super) async fn revoke_lease(
    Path(lease): Path<String>,
    call: Call<LeaseAny, NoBody>,
) -> Result<Answer<LeaseView>, Refused> {
    let id = id(&lease)?;
    call.write(move |tx, right| {
        Box::pin(async move {
            let lease = end::revoke_lease(tx, right, &scope::tenant(right), &id).await?;
            Ok(LeaseView::new(lease, right.now()))
        })
    })
    .await
}

/// The signed list of what was revoked of a publisher's leases to your organisation, for apps without a connection.
#[utoipa::path(get, path = "/lease-revocations", tag = "leases", operation_id = "get_revocations",
    params(PublisherParams), responses((status = 200, body = RevocationsView), Refusals),
    extensions(("x-permission" = json!("lease.any"))))]
pub(super) async fn get_revocations(
    Params(asked): Params<PublisherParams>,
    call: Call<LeaseAny>,
) -> Result<Answer<RevocationsView>, Refused> {
    let publisher = asked.publisher()?;
    let signer = Signer::of_lists(&call.app)?;
    let list = call.read(move |tx, right| {
        Box::pin(async move { signer.list(tx, &scope::tenant(right), &publisher, right.now()).await })
    });
    Ok(list.await?.map(RevocationsView::new))
}
