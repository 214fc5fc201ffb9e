//! What an endpoint is sent: the shape that lead receivers of marketplaces know.

use std::time::Duration;

use axum::http::Method;
use serde::Serialize;
use types::{DealId, ServiceId, Timestamp};

use super::{Lead, LeadAction, LeadContact};
use crate::kit::Refused;
use crate::kit::outbound::{Exchange, Limits, Outbound};
use crate::webhooks::signature;

/// An endpoint that takes longer has failed.
const TIME: Duration = Duration::from_secs(15);
/// Bytes of an answer that are read.
const RESPONSE_MAX: u64 = 1024;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Payload<'a> {
    user_details: UserDetails<'a>,
    lead_source: String,
    action_code: LeadAction,
    offer_title: &'a str,
    /// The deal that more licenses are asked for under; only of such leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    deal_request: Option<DealRequest<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct DealRequest<'a> {
    deal: DealId,
    service_id: &'a ServiceId,
    seats: i64,
    note: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct UserDetails<'a> {
    first_name: &'a str,
    last_name: &'a str,
    email: &'a str,
    phone: &'a str,
    country: &'a str,
    company: &'a str,
    title: &'a str,
}

/// How an attempt ended.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    /// Absent if there was no answer.
    pub status: Option<i64>,
    /// Absent if it arrived.
    pub error: Option<String>,
}

pub(super) fn body(lead: &Lead, marketplace: &str) -> Result<String, Refused> {
    let LeadContact { first_name, last_name, email, phone, country, company, title } = &lead.contact.0;
    let payload = Payload {
        user_details: UserDetails {
            first_name,
            last_name,
            email: email.as_str(),
            phone: phone.as_deref().unwrap_or_default(),
            country: country.as_str(),
            company,
            title: title.as_deref().unwrap_or_default(),
        },
        lead_source: format!("{marketplace}-{}|{}", lead.action.as_str(), lead.address),
        action_code: lead.action,
        offer_title: &lead.offer_title,
        deal_request: lead.request.as_ref().map(|request| DealRequest {
            deal: request.0.deal,
            service_id: &request.0.service_id,
            seats: request.0.seats,
            note: request.0.note.as_deref().unwrap_or_default(),
        }),
    };
    serde_json::to_string(&payload).map_err(Refused::internal)
}

/// The lead's id is `webhook-id`, the same each time: receivers drop what they know.
pub(super) async fn send(
    outbound: &Outbound,
    (url, secret): (&str, &str),
    lead: &Lead,
    marketplace: &str,
    at: Timestamp,
) -> Result<Sent, Refused> {
    let (id, body) = (lead.id.to_string(), body(lead, marketplace)?);
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("webhook-signature", signature::sign(&[secret], &id, at, &body)),
        ("webhook-timestamp", at.seconds().to_string()),
        ("webhook-id", id),
    ];
    let limits = Limits { redirects: 0, time: TIME, bytes: RESPONSE_MAX };
    let exchange =
        Exchange { method: Method::POST, url: url.to_owned(), headers, body: body.into_bytes(), limits };
    let replied = outbound.send(exchange).await;
    Ok(Sent {
        status: replied.as_ref().ok().map(|reply| i64::from(reply.status)),
        error: match &replied {
            Ok(reply) if (200..300).contains(&reply.status) => None,
            Ok(reply) => Some(format!("it answered {}", reply.status)),
            Err(error) => Some(error.to_string()),
        },
    })
}

/// What `LeadSource` begins with: the host that the marketplace is reached at.
pub(super) fn marketplace(base_url: &str) -> String {
    let url = base_url.parse::<axum::http::Uri>().ok();
    url.as_ref().and_then(|url| url.host()).unwrap_or(base_url).to_owned()
}
