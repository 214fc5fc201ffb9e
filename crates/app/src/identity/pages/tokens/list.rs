//! The tokens, and revoking one.

use askama::Template;
use axum::response::Response;
use types::PersonalAccessTokenId;

use super::{TEXTS, TOKENS};
use crate::access::SelfView;
use crate::edge::browser::{Submit, Visit};
use crate::edge::{PageParams, Params, Path};
use crate::identity::operations::personal_access_token::{self, PersonalAccessToken};
use crate::kit::Refused;
use crate::kit::page::{Entered, Pages, Sheet, Wording};

#[derive(Template)]
#[template(path = "identity/pages/tokens/list.html")]
struct List {
    t: Wording,
    form: Entered,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    token: PersonalAccessToken,
    is_over: bool,
}

pub(super) async fn look(
    Params(params): Params<PageParams>,
    visit: Visit<SelfView>,
) -> Result<Response, Refused> {
    let page = params.request()?;
    let found = visit
        .read(move |tx, right| {
            Box::pin(async move { personal_access_token::list_personal_tokens(tx, right, &page).await })
        })
        .await?;
    let (t, now) = (visit.wording(&TEXTS), visit.right.now());
    let pages = Pages::new(TOKENS, "", params.cursor.is_none(), found.next_cursor.as_ref());
    let rows = found.items.into_iter().map(|token| Row { is_over: token.expires_at <= now, token });
    let body = List { t, form: visit.form(), rows: rows.collect(), pages };
    visit.show(Sheet::new(t.of("tokens"), &body)?.lead(t.of("tokens-lead")))
}

pub(super) async fn revoke(Path(token): Path<String>, submit: Submit<SelfView>) -> Result<Response, Refused> {
    let Submit { visit, form, .. } = submit;
    let id = PersonalAccessTokenId::parse(&token).map_err(|_| Refused::not_found("personal access token"))?;
    let revoked = visit.write(form, move |tx, right, _| {
        Box::pin(async move { personal_access_token::delete_personal_token(tx, right, id).await })
    });
    revoked.await?;
    Ok(visit.leave(TOKENS, visit.wording(&TEXTS).of("revoked")))
}
