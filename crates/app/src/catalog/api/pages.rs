//! The pages of a draft over HTTP.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::OfferView;
use super::page_bodies::{
    AvailabilityBody, ListingBody, PropertiesBody, SetupBody, SupplementalContentBody,
    TechnicalConfigurationBody,
};
use crate::access::OfferEdit;
use crate::catalog::draft::Page;
use crate::catalog::operations::{edit_draft, find};
use crate::catalog::{Draft, OfferRef};
use crate::edge::{Answer, Call, Path, Refusals};
use crate::kit::Refused;

/// The pages as they were saved.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct DraftView {
    setup: Option<SetupBody>,
    properties: Option<PropertiesBody>,
    listing: Option<ListingBody>,
    availability: Option<AvailabilityBody>,
    technical_configuration: Option<TechnicalConfigurationBody>,
    supplemental_content: Option<SupplementalContentBody>,
}

impl From<Draft> for DraftView {
    fn from(draft: Draft) -> Self {
        Self {
            setup: draft.setup.map(SetupBody::from),
            properties: draft.properties.map(PropertiesBody::from),
            listing: draft.listing.map(ListingBody::from),
            availability: draft.availability.map(AvailabilityBody::from),
            technical_configuration: draft.technical_configuration.map(TechnicalConfigurationBody::from),
            supplemental_content: draft.supplemental_content.map(SupplementalContentBody::from),
        }
    }
}

async fn save<B>(offer: &str, call: Call<OfferEdit, B>, page: Page) -> Result<Answer<OfferView>, Refused> {
    let offer = OfferRef::from_path(offer)?;
    let expected = call.expected.clone();
    let answer = call
        .write(move |tx, right| {
            Box::pin(async move {
                let offer = edit_draft::edit_draft(tx, right, &offer, page, &expected).await?;
                let plans = find::plans(tx, &offer.id).await?;
                Ok(OfferView::new(offer, &plans))
            })
        })
        .await?;
    Ok(answer.etag(|offer| offer.revision))
}

macro_rules! page {
    ($(#[$doc:meta])* $name:ident, $path:literal, $operation:literal, $body:ty) => {
        $(#[$doc])*
        #[utoipa::path(put, path = $path, tag = "catalog", operation_id = $operation,
            params(("offer" = String, Path, description = "Id or offer id")), request_body = $body,
            responses((status = 200, body = OfferView), Refusals),
            extensions(("x-permission" = json!("offer.edit"))))]
        pub(super) async fn $name(
            Path(offer): Path<String>,
            call: Call<OfferEdit, $body>,
        ) -> Result<Answer<OfferView>, Refused> {
            let page = call.body.parse()?;
            save(&offer, call, page).await
        }
    };
}

page!(
    /// Save the setup: license management, or one listing option.
    put_setup, "/offers/{offer}/setup", "put_setup", SetupBody
);
page!(
    /// Save the properties: categories, version, terms.
    put_properties, "/offers/{offer}/properties", "put_properties", PropertiesBody
);
page!(
    /// Save the listing: what customers read.
    put_listing, "/offers/{offer}/listing", "put_listing", ListingBody
);
page!(
    /// Save the markets in which the offer is available.
    put_availability, "/offers/{offer}/availability", "put_availability", AvailabilityBody
);
page!(
    /// Save the technical configuration; the package is uploaded at `/offers/{offer}/package`.
    put_technical_configuration, "/offers/{offer}/technical-configuration", "put_technical_configuration",
    TechnicalConfigurationBody
);
page!(
    /// Save the supplemental content: what helps those who certify.
    put_supplemental_content, "/offers/{offer}/supplemental-content", "put_supplemental_content",
    SupplementalContentBody
);
