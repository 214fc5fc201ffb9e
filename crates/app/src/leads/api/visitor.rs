//! *Contact me* over HTTP.

use serde::{Deserialize, Serialize};
use types::{Country, Email, LeadId, Name, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::access::SelfContact;
use crate::edge::{Answer, Call, Path, Refusals};
use crate::kit::{Fields, Refused};
use crate::leads::operations::create::{self, GivenContact};
use crate::leads::{Lead, LeadContact};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(contact_publisher))
}

/// Whom to contact; what is left out is what the marketplace knows of you.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactBody {
    /// True: you agree that this is shared with the publisher, so that it contacts you.
    #[serde(default)]
    consent: bool,
    #[serde(default)]
    #[schema(max_length = 100)]
    first_name: Option<String>,
    #[serde(default)]
    #[schema(max_length = 100)]
    last_name: Option<String>,
    #[serde(default)]
    #[schema(max_length = 254)]
    email: Option<String>,
    #[serde(default)]
    #[schema(max_length = 50)]
    phone: Option<String>,
    /// Two letters, ISO 3166-1.
    #[serde(default)]
    #[schema(max_length = 2)]
    country: Option<String>,
    #[serde(default)]
    #[schema(max_length = 200)]
    company: Option<String>,
    /// Yours, in the company.
    #[serde(default)]
    #[schema(max_length = 100)]
    title: Option<String>,
}

impl ContactBody {
    fn parse(&self) -> Result<GivenContact, Refused> {
        let mut fields = Fields::default();
        if !self.consent {
            let message = "must be true: contact data is shared with the publisher only if you agree";
            fields.wrong("consent", "lead.consent_needed", message);
        }
        let first_name = fields.optional("first_name", self.first_name.as_deref(), Name::parse);
        let last_name = fields.optional("last_name", self.last_name.as_deref(), Name::parse);
        let email = fields.optional("email", self.email.as_deref(), Email::parse);
        let phone = fields.optional("phone", self.phone.as_deref(), Name::parse);
        let country = fields.optional("country", self.country.as_deref(), Country::parse);
        let company = fields.optional("company", self.company.as_deref(), Name::parse);
        let title = fields.optional("title", self.title.as_deref(), Name::parse);
        fields.finish()?;
        Ok(GivenContact {
            first_name: first_name.flatten(),
            last_name: last_name.flatten(),
            email: email.flatten(),
            phone: phone.flatten(),
            country: country.flatten(),
            company: company.flatten(),
            title: title.flatten(),
        })
    }
}

/// What the publisher was given.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct ContactReceipt {
    lead: LeadId,
    /// `publisherid.offerid`.
    offer: String,
    contact: LeadContact,
    created_at: Timestamp,
}

impl From<Lead> for ContactReceipt {
    fn from(lead: Lead) -> Self {
        let Lead { id, address, contact, created_at, .. } = lead;
        Self { lead: id, offer: address, contact: contact.0, created_at }
    }
}

/// Ask an offer's publisher to contact you. Again within a day is the same as once: the first is answered.
#[utoipa::path(post, path = "/storefront/offers/{address}/contact", tag = "leads",
    operation_id = "contact_publisher", params(("address" = String, Path, description = "publisherid.offerid")),
    request_body = ContactBody, responses((status = 200, body = ContactReceipt), Refusals),
    extensions(("x-permission" = json!("self.contact"))))]
async fn contact_publisher(
    Path(address): Path<String>,
    call: Call<SelfContact, ContactBody>,
) -> Result<Answer<ContactReceipt>, Refused> {
    let (given, base_url) = (call.body.parse()?, call.app.settings.base_url.clone());
    call.write(move |tx, right| {
        Box::pin(async move {
            let pressed = create::contact(tx, right, &base_url, &address, given).await?;
            Ok(ContactReceipt::from(pressed.lead))
        })
    })
    .await
}
