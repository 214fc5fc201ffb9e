//! One's own leases.

use types::Page;

use super::views::{IssueOwnLease, IssuedLease, LeaseView, PublisherParams, RevocationsView, id};
use crate::access::LeaseSelf;
use crate::edge::{Answer, Call, NoBody, PageParams, Params, Path, Refusals};
use crate::kit::{Fields, Refused};
use crate::leases::WishHolder;
use crate::leases::operations::{end, find, scope};
use crate::leases::signer::Signer;

/// Get a lease of your own seats, for an app that decides without the server for a while.
#[utoipa::path(post, path = "/me/leases", tag = "leases", operation_id = "issue_own_lease",
    request_body = IssueOwnLease, responses((status = 201, body = IssuedLease), Refusals),
    extensions(("x-permission" = json!("lease.self"))))]
pub(super) async fn issue_own_lease(
    call: Call<LeaseSelf, IssueOwnLease>,
) -> Result<Answer<IssuedLease>, Refused> {
    let user = call.right.user().ok_or_else(|| Refused::not_found("user"))?;
    let mut fields = Fields::default();
    let wish = call.body.wish(&mut fields).ok_or_else(|| fields.refuse())?;
    let signer = Signer::of(&call.app, wish.algorithm)?;
    let issued = call.write(move |tx, right| {
        let holder = WishHolder::User(user);
        Box::pin(async move {
            let issued = signer.issue(tx, right, (&scope::own(right)?, holder), wish).await?;
            Ok(IssuedLease::new(issued, right.now()))
        })
    });
    Ok(issued.await?.created())
}

/// Your leases, also those that have ended.
#[utoipa::path(get, path = "/me/leases", tag = "leases", operation_id = "list_own_leases",
    params(PageParams), responses((status = 200, body = Page<LeaseView>), Refusals),
    extensions(("x-permission" = json!("lease.self"))))]
pub(super) async fn list_own_leases(
    Params(page): Params<PageParams>,
    call: Call<LeaseSelf>,
) -> Result<Answer<Page<LeaseView>>, Refused> {
    let (page, now) = (page.request()?, call.right.now());
    let leases = call.read(move |tx, right| {
        Box::pin(async move { find::list_leases(tx, &scope::own(right)?, &page).await })
    });
    Ok(leases.await?.map(|page| page.map(|lease| LeaseView::new(lease, now))))
}

/// Return a lease of yours that your app does not use any more.
#[utoipa::path(post, path = "/me/leases/{lease}/return", tag = "leases", operation_id = "return_own_lease",
    params(("lease" = String, Path, description = "Id")),
    responses((status = 200, body = LeaseView), Refusals),
    extensions(("x-permission" = json!("lease.self"))))]
pub(super) async fn return_own_lease(
    Path(lease): Path<String>,
    call: Call<LeaseSelf, NoBody>,
) -> Result<Answer<LeaseView>, Refused> {
    let id = id(&lease)?;
    call.write(move |tx, right| {
        Box::pin(async move {
            let lease = end::return_lease(tx, right, &scope::own(right)?, &id).await?;
            Ok(LeaseView::new(lease, right.now()))
        })
    })
    .await
}

/// The signed list of what was revoked of a publisher's leases to your organisation, for apps without a connection.
#[utoipa::path(get, path = "/me/lease-revocations", tag = "leases", operation_id = "get_own_revocations",
    params(PublisherParams), responses((status = 200, body = RevocationsView), Refusals),
    extensions(("x-permission" = json!("lease.self"))))]
pub(super) async fn get_own_revocations(
    Params(asked): Params<PublisherParams>,
    call: Call<LeaseSelf>,
) -> Result<Answer<RevocationsView>, Refused> {
    let publisher = asked.publisher()?;
    let signer = Signer::of_lists(&call.app)?;
    let list = call.read(move |tx, right| {
        Box::pin(async move { signer.list(tx, &scope::own(right)?, &publisher, right.now()).await })
    });
    Ok(list.await?.map(RevocationsView::new))
}
