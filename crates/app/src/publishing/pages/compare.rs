//! The draft beside what is live, field by field (OFF-13).

use askama::Template;
use axum::response::Response;

use super::TEXTS;
use super::fields::{self, Beside, Piece};
use crate::access::OfferView;
use crate::catalog::api::compare::compare;
use crate::catalog::pages::frame;
use crate::edge::Path;
use crate::edge::browser::Visit;
use crate::kit::Refused;
use crate::kit::page::{Sheet, Subpages, Wording};

#[derive(Template)]
#[template(path = "publishing/pages/compare.html")]
struct Compare {
    t: Wording,
    pages: Subpages,
    changes: usize,
    fields: Beside,
}

pub(super) async fn look(Path(offer): Path<String>, visit: Visit<OfferView>) -> Result<Response, Refused> {
    let (offer, plans) = frame::find(&visit, &offer).await?;
    let (t, reader) = (visit.wording(&TEXTS), &visit.reader);
    let compared = compare(offer.clone(), &plans)?;
    let at = frame::address(&offer, "files");
    let drafted = |hash: &str| Some(format!("{at}/{hash}"));
    let shown = |hash: &str| Some(fields::shown(hash));
    let only_changed = compared.live_version.is_some();
    let live = compared.live_version.is_some().then(|| t.of("live"));
    let body = Compare {
        t,
        pages: frame::beside(reader, &offer, &plans, "compare"),
        changes: compared.items.iter().filter(|row| row.changed).count(),
        fields: Beside::of(reader, (t.of("draft"), live), compared.items, only_changed, &drafted, &shown),
    };
    let sheet = Sheet::new(t.of("compare-title"), &body)?.lead(t.of("compare-lead"));
    visit.show(frame::below(reader, &offer, sheet))
}
