//! Who looks: somebody signed in, or anybody.

use std::sync::Arc;

use std::collections::BTreeSet;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use db::Tx;
use types::{Country, ServiceId};

use super::search::{Entry, Filters, Found};
use crate::App;
use crate::access::{PermissionKind, Principal};
use crate::catalog::listing::LanguageTag;
use crate::catalog::operations::find as catalog;
use crate::edge::bearer;
use crate::edge::browser::Reader;
use crate::identity::authenticate;
use crate::identity::operations::find as directory;
use crate::kit::Refused;
use crate::licenses::operations::find as licenses;

/// Languages of a reader that are looked at.
const LANGUAGES: usize = 10;

/// Whoever sends a token is recognised, or refused; without one, anybody.
pub(super) struct Viewer {
    pub principal: Option<Arc<Principal>>,
    /// Best first.
    pub languages: Vec<LanguageTag>,
}

impl FromRequestParts<App> for Viewer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let principal = if parts.headers.contains_key(header::AUTHORIZATION) {
            let token = bearer(&parts.headers)?;
            Some(authenticate(&app.db, (&app.keys, &app.verified), token, app.clock.now()).await?)
        } else {
            None
        };
        Ok(Self { principal, languages: languages(&parts.headers) })
    }
}

/// What the storefront shows only to this tenant.
#[derive(Debug, Default)]
pub(super) struct Belongings {
    /// Private plans that are for it.
    pub private_plans: BTreeSet<ServiceId>,
    /// Services of which it holds seats.
    pub seats: BTreeSet<ServiceId>,
    pub country: Option<Country>,
}

impl Viewer {
    /// Whoever has a page before them: their language first.
    pub(super) fn of_reader(reader: &Reader) -> Self {
        let principal = reader.visitor.as_ref().map(|visitor| Arc::new(visitor.principal.clone()));
        Self { principal, languages: LanguageTag::parse(reader.language.as_str()).into_iter().collect() }
    }

    pub(super) async fn belongings(
        principal: Option<&Principal>,
        tx: &mut Tx,
    ) -> Result<Belongings, Refused> {
        let Some(principal) = principal else { return Ok(Belongings::default()) };
        let tenant = &principal.tenant;
        let held = licenses::pools_of(tx, tenant).await?.into_iter().filter(|(_, license)| license.is_some());
        Ok(Belongings {
            seats: held.map(|(service_id, _)| service_id).collect(),
            private_plans: catalog::private_plans_for(tx, tenant).await?.into_iter().collect(),
            country: directory::tenant(tx, tenant).await?.map(|tenant| tenant.country),
        })
    }

    /// What is live and fits, as far as this viewer may see it.
    pub(super) async fn search(&self, app: &App, words: &str, filters: Filters) -> Result<Found, Refused> {
        let filters = Filters { private_plans: self.private_plans(app).await?, ..filters };
        app.storefront.search(&app.db, |index| index.search(words, &filters)).await
    }

    /// What is live at an address, if this viewer may see it.
    pub(super) async fn at(&self, app: &App, address: &str) -> Result<Option<Arc<Entry>>, Refused> {
        let filters = Filters { private_plans: self.private_plans(app).await?, ..Filters::default() };
        let found = app.storefront.search(&app.db, |index| index.at(address)).await?;
        Ok(found.filter(|entry| filters.sees(entry)))
    }

    async fn private_plans(&self, app: &App) -> Result<BTreeSet<ServiceId>, Refused> {
        let Some(principal) = self.principal.clone() else { return Ok(BTreeSet::new()) };
        let plans = app.db.read(move |tx| {
            let tenant = principal.tenant;
            Box::pin(async move { catalog::private_plans_for(tx, &tenant).await.map_err(Refused::from) })
        });
        Ok(plans.await?.into_iter().collect())
    }

    pub(super) fn is_administrator(principal: Option<&Principal>) -> bool {
        principal.is_some_and(|principal| principal.may(PermissionKind::OfferAcquire))
    }
}

/// `Accept-Language`, in the order of preference.
fn languages(headers: &HeaderMap) -> Vec<LanguageTag> {
    let asked =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut found: Vec<(f32, LanguageTag)> = asked
        .split(',')
        .take(LANGUAGES)
        .filter_map(|range| {
            let (tag, quality) = range
                .split_once(";q=")
                .map_or((range, 1.0), |(tag, quality)| (tag, quality.trim().parse().unwrap_or(0.0)));
            let (language, region) = tag.trim().split_once('-').unwrap_or((tag.trim(), ""));
            let (language, region) = (language.to_lowercase(), region.to_uppercase());
            let exact = LanguageTag::parse(&format!("{language}-{region}"));
            let tag = exact.or_else(|_| LanguageTag::parse(&language)).ok()?;
            (quality > 0.0).then_some((quality, tag))
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    found.into_iter().map(|(_, tag)| tag).collect()
}
