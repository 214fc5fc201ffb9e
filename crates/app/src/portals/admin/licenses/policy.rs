//! Choose which seats of a license go first when there are too few (LIC-07).

use axum::response::Response;

use super::super::lookups::service;
use super::{TEXTS, product};
use crate::access::SeatAssign;
use crate::edge::browser::{Form, Submit};
use crate::edge::{PageParams, Path};
use crate::kit::page::Input;
use crate::kit::{Fields, Refused};
use crate::licenses::operations::pools;
use crate::seats::Policy;
use crate::seats::operations::capacity;

#[derive(Clone, Copy)]
pub(super) struct Chosen(Policy);

impl Form for Chosen {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        fields.parse("policy", input.text("policy"), Policy::parse).map(Self)
    }
}

pub(super) async fn choose(
    Path(text): Path<String>,
    submit: Submit<SeatAssign, Chosen>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let service = service(&text)?;
    let chosen = visit.write(form, move |tx, right, Chosen(policy)| {
        Box::pin(async move {
            let pool = pools::lock(tx, right, &right.tenant(), &service).await?;
            capacity::set_policy(tx, right, pool, policy).await
        })
    });
    match chosen.await {
        Ok(_) => {
            let said = visit.wording(&TEXTS).of("policy-saved");
            Ok(visit.leave(&format!("/admin/licenses/{text}"), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            product::show(&visit.also()?, &text, &PageParams::default(), (false, entered)).await
        }
    }
}
