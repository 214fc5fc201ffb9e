//! One offer over HTTP, its files, and the preview of what is not live yet.

use axum::extract::State;
use axum::response::Response;
use db::Tx;
use serde::{Deserialize, Serialize};
use types::{PublisherId, ServiceId, Timestamp};
use utoipa::{IntoParams, ToSchema};

use crate::App;
use crate::catalog::api::files;
use crate::catalog::draft::{Setup, Terms};
use crate::catalog::file::FileContent;
use crate::catalog::listing::{Captioned, Video};
use crate::catalog::operations::{files as operations, find as catalog};
use crate::catalog::{FileHash, PlanVersion, Visibility};
use crate::edge::{Answer, Params, Path, Refusals};
use crate::kit::Refused;
use crate::publishing::operations::find;
use crate::publishing::{LiveOffer, Snapshot};
use crate::storefront::buttons::{self, Button, ButtonAction, Standing};
use crate::storefront::feed::licensing_option;
use crate::storefront::search::LicensingOption;
use crate::storefront::sight::{self, Preview, Sight};
use crate::storefront::viewer::Viewer;

/// An offer as customers see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedOffer {
    /// `publisherid.offerid`.
    address: String,
    web_address: String,
    publisher_id: PublisherId,
    publisher_name: String,
    /// Of the texts here: the closest to `Accept-Language` that there is.
    language: String,
    /// Every language that there is.
    languages: Vec<String>,
    name: String,
    summary: String,
    /// CommonMark, not sanitised: sanitise it before showing it as HTML.
    description: String,
    keywords: Vec<String>,
    products: Vec<String>,
    category: String,
    subcategories: Vec<String>,
    secondary_category: Option<String>,
    secondary_subcategories: Vec<String>,
    industries: Vec<String>,
    app_version: String,
    terms_text: Option<String>,
    terms_url: Option<String>,
    licensing_option: LicensingOption,
    license_management: bool,
    allow_install_without_license: bool,
    markets: Vec<String>,
    plans: Vec<ListedPlan>,
    /// What this viewer can do.
    buttons: Vec<ListedButton>,
    help_url: String,
    support_url: String,
    privacy_url: String,
    /// Hashes of files, which are at `/storefront/files/{hash}`, or beside the preview.
    logo: Option<String>,
    screenshots: Vec<ListedFile>,
    videos: Vec<ListedVideo>,
    documents: Vec<ListedFile>,
    /// Absent in a preview.
    live_since: Option<Timestamp>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedPlan {
    service_id: ServiceId,
    name: String,
    description: String,
    /// For this viewer's organisation and others of its audience, not for everybody.
    private: bool,
}

/// Something the viewer can press.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedButton {
    action: ButtonAction,
    /// False: an administrator of the viewer's organisation has to be asked.
    acts: bool,
    /// Where a free trial is.
    url: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedFile {
    file: String,
    caption: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedVideo {
    name: String,
    url: String,
    thumbnail: Option<String>,
}

/// What is shown, and to whom.
struct Shown<'a> {
    address: String,
    publisher_name: String,
    live_since: Option<Timestamp>,
    plans: Vec<PlanVersion>,
    viewer: &'a Viewer,
    standing: Standing,
}

impl ListedOffer {
    /// Nothing can be submitted without these pages; should one lack all the same, the offer is not shown.
    fn of(snapshot: Snapshot, shown: Shown<'_>) -> Option<Self> {
        let draft = snapshot.draft;
        let (setup, listing, properties) = (draft.setup?, draft.listing?, draft.properties?);
        let (language, texts) = listing.texts_for(&shown.viewer.languages);
        let (language, texts) = (language.as_str().to_owned(), texts.clone());
        let languages = std::iter::once(&listing.language).chain(listing.translations.keys());
        let (terms_text, terms_url) = match properties.terms? {
            Terms::Text(text) => (Some(text), None),
            Terms::Url(url) => (None, Some(url.into())),
        };
        Some(Self {
            web_address: format!("/product/{}", shown.address),
            address: shown.address,
            publisher_id: snapshot.publisher_id,
            publisher_name: shown.publisher_name,
            languages: languages.map(|language| language.as_str().to_owned()).collect(),
            language,
            name: texts.name?,
            summary: texts.summary?,
            description: texts.description?,
            keywords: texts.keywords,
            products: listing.products,
            category: properties.primary_category?,
            subcategories: properties.primary_subcategories,
            secondary_category: properties.secondary_category,
            secondary_subcategories: properties.secondary_subcategories,
            industries: properties.industries,
            app_version: properties.app_version?,
            terms_text,
            terms_url,
            licensing_option: licensing_option(&setup),
            license_management: setup.license_management(),
            allow_install_without_license: Setup::allow_install_without_license(&setup),
            markets: draft.availability?.markets.into_iter().map(String::from).collect(),
            plans: shown.plans.into_iter().map(ListedPlan::from).collect(),
            buttons: buttons::buttons(&setup, shown.standing).into_iter().map(ListedButton::from).collect(),
            help_url: listing.help_url?.into(),
            support_url: listing.support_url?.into(),
            privacy_url: listing.privacy_url?.into(),
            logo: listing.logo.map(String::from),
            screenshots: listing.screenshots.into_iter().map(ListedFile::from).collect(),
            videos: listing.videos.into_iter().map(ListedVideo::from).collect(),
            documents: listing.documents.into_iter().map(ListedFile::from).collect(),
            live_since: shown.live_since,
        })
    }
}

impl From<PlanVersion> for ListedPlan {
    fn from(plan: PlanVersion) -> Self {
        let PlanVersion { service_id, name, description, visibility, .. } = plan;
        Self { service_id, name, description, private: visibility == Visibility::Private }
    }
}

impl From<Button> for ListedButton {
    fn from(button: Button) -> Self {
        let Button { action, acts, url } = button;
        Self { action, acts, url }
    }
}

impl From<Captioned> for ListedFile {
    fn from(row: Captioned) -> Self {
        Self { file: row.file.into(), caption: row.caption }
    }
}

impl From<Video> for ListedVideo {
    fn from(video: Video) -> Self {
        Self { name: video.name, url: video.url.into(), thumbnail: video.thumbnail.map(String::from) }
    }
}

/// One offer, by `publisherid.offerid`.
#[utoipa::path(get, path = "/storefront/offers/{address}", tag = "storefront", operation_id = "get_storefront_offer",
    params(("address" = String, Path, description = "publisherid.offerid")),
    responses((status = 200, body = ListedOffer), Refusals), security((), ("bearer" = [])))]
pub(super) async fn get_storefront_offer(
    State(app): State<App>,
    viewer: Viewer,
    Path(address): Path<String>,
) -> Result<Answer<ListedOffer>, Refused> {
    let principal = viewer.principal.clone();
    let seen = app
        .db
        .read(move |tx| Box::pin(async move { sight::look(tx, principal.as_deref(), &address).await }))
        .await?;
    let Sight { live, publisher_name, plans, standing } = seen;
    let LiveOffer { address, snapshot, live_since, .. } = live;
    let shown =
        Shown { address, publisher_name, live_since: Some(live_since), plans, viewer: &viewer, standing };
    ListedOffer::of(snapshot.0, shown).map(Answer::read).ok_or_else(|| Refused::not_found("offer"))
}

/// An image or a document of an offer that is live.
#[utoipa::path(get, path = "/storefront/files/{file}", tag = "storefront", operation_id = "get_storefront_file",
    params(("file" = String, Path, description = "Hash")),
    responses((status = 200, content((Vec<u8> = "image/png"), (Vec<u8> = "application/pdf"))), Refusals),
    security(()))]
pub(super) async fn get_storefront_file(
    State(app): State<App>,
    Path(file): Path<String>,
) -> Result<Response, Refused> {
    let file = FileHash::from_path(&file)?;
    let found = app.db.read(move |tx| Box::pin(async move { live_file(tx, &file).await }));
    Ok(files::content(found.await?))
}

async fn live_file(tx: &mut Tx, file: &FileHash) -> Result<FileContent, Refused> {
    for offer in catalog::live_offers_with(tx, file).await? {
        if find::is_listed(tx, &offer).await? {
            return operations::content(tx, file).await;
        }
    }
    Err(Refused::not_found("file"))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct HideKeyParam {
    /// The hide key of the version in preview.
    #[param(max_length = 100)]
    #[serde(default)]
    key: String,
}

/// What the publisher is about to put live, for whoever has its hide key; every plan is shown.
#[utoipa::path(get, path = "/storefront/previews/{address}", tag = "storefront",
    operation_id = "get_storefront_preview",
    params(("address" = String, Path, description = "publisherid.offerid"), HideKeyParam),
    responses((status = 200, body = ListedOffer), Refusals), security((), ("bearer" = [])))]
pub(super) async fn get_storefront_preview(
    State(app): State<App>,
    viewer: Viewer,
    Path(address): Path<String>,
    Params(HideKeyParam { key }): Params<HideKeyParam>,
) -> Result<Answer<ListedOffer>, Refused> {
    let (principal, at) = (viewer.principal.clone(), address.clone());
    let read = app
        .db
        .read(move |tx| Box::pin(async move { sight::preview(tx, principal.as_deref(), &at, &key).await }));
    let Preview { snapshot, publisher_name, standing } = read.await?;
    let plans = snapshot.plans.clone();
    let shown = Shown { address, publisher_name, live_since: None, plans, viewer: &viewer, standing };
    ListedOffer::of(snapshot, shown).map(Answer::read).ok_or_else(|| Refused::not_found("offer"))
}

/// An image or a document of a preview, for whoever has its hide key.
#[utoipa::path(get, path = "/storefront/previews/{address}/files/{file}", tag = "storefront",
    operation_id = "get_storefront_preview_file",
    params(("address" = String, Path, description = "publisherid.offerid"),
        ("file" = String, Path, description = "Hash"), HideKeyParam),
    responses((status = 200, content((Vec<u8> = "image/png"), (Vec<u8> = "application/pdf"))), Refusals),
    security(()))]
pub(super) async fn get_storefront_preview_file(
    State(app): State<App>,
    Path((address, file)): Path<(String, String)>,
    Params(HideKeyParam { key }): Params<HideKeyParam>,
) -> Result<Response, Refused> {
    let file = FileHash::from_path(&file)?;
    let found = app.db.read(move |tx| {
        Box::pin(async move {
            let (snapshot, _) = find::preview(tx, &address, &key).await?;
            if !snapshot.draft.shown_files().contains(&file) {
                return Err(Refused::not_found("file"));
            }
            operations::content(tx, &file).await
        })
    });
    Ok(files::content(found.await?))
}
