//! API clients, and revoking one.

use askama::Template;
use axum::response::Response;
use types::ApiClientId;

use super::{CLIENTS, TEXTS};
use crate::access::ClientManage;
use crate::edge::browser::{Submit, Visit};
use crate::edge::{PageParams, Params, Path};
use crate::identity::operations::api_client::{self, ApiClient};
use crate::kit::Refused;
use crate::kit::page::{Entered, Pages, Sheet, Wording};

#[derive(Template)]
#[template(path = "identity/pages/clients/list.html")]
struct List {
    t: Wording,
    form: Entered,
    rows: Vec<ApiClient>,
    pages: Pages,
}

pub(super) async fn look(
    Params(params): Params<PageParams>,
    visit: Visit<ClientManage>,
) -> Result<Response, Refused> {
    let page = params.request()?;
    let found = visit
        .read(move |tx, right| Box::pin(async move { api_client::list_api_clients(tx, right, &page).await }))
        .await?;
    let t = visit.wording(&TEXTS);
    let pages = Pages::new(CLIENTS, "", params.cursor.is_none(), found.next_cursor.as_ref());
    let body = List { t, form: visit.form(), rows: found.items, pages };
    visit.show(Sheet::new(t.of("clients"), &body)?.lead(t.of("clients-lead")))
}

pub(super) async fn revoke(
    Path(client): Path<String>,
    submit: Submit<ClientManage>,
) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = ApiClientId::parse(&client).map_err(|_| Refused::not_found("API client"))?;
    let revoked = visit.write(form, move |tx, right, _| {
        Box::pin(async move { api_client::delete_api_client(tx, right, id).await })
    });
    revoked.await?;
    Ok(visit.leave(CLIENTS, visit.wording(&TEXTS).of("revoked")))
}
