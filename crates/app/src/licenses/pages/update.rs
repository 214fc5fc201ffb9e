//! *Update licenses*: every row of a deal at once (LIC-01). Where seats would go over, what that comes to is shown
//! first (LIC-07).

use axum::response::Response;
use types::{DealId, PlanSlug, TenantId};

use super::{TEXTS, deal};
use crate::access::LicenseGrant;
use crate::deals::api::deal_id;
use crate::edge::Path;
use crate::edge::browser::{Submit, Visit};
use crate::kit::page::Input;
use crate::kit::{Fields, Refused, ungrouped};
use crate::licenses::operations::preview::{self, Effect};
use crate::licenses::operations::update_licenses::{self, UpdateLicenses};
use crate::licenses::quantity;

/// What was typed; what is wrong with it is named with what only the database can tell (LIC-02).
fn read(input: &Input) -> UpdateLicenses {
    let mut fields = Fields::default();
    let customer = fields.parse("customer", input.text("customer"), TenantId::parse);
    let (mut plans, mut remove, mut seen) = (Vec::new(), Vec::new(), Vec::new());
    for (at, slug) in input.all("plan").enumerate() {
        let (field, taken) = (format!("plans[{at}].quantity"), format!("remove[{at}]"));
        let Ok(slug) = PlanSlug::parse(slug) else { continue };
        seen.push((at, slug.clone(), input.text(&format!("seen[{at}]")).parse().ok()));
        match (input.checked(&taken), input.filled(&field)) {
            (true, None) => remove.push((at, slug)),
            (true, Some(_)) => {
                fields.wrong(&field, "license.number_of_removed", "must be empty, or Remove unticked");
            }
            (false, text) => {
                let number = fields.optional(&field, text, |text| quantity(ungrouped(text)));
                plans.extend(number.flatten().map(|number| (at, slug, number)));
            }
        }
    }
    if plans.is_empty() && remove.is_empty() && fields.clone().finish().is_ok() {
        fields.wrong("plans", "license.no_row", "must name at least one plan");
    }
    UpdateLicenses { customer, wrong: fields, plans, remove, seen }
}

pub(super) async fn update(
    Path(named): Path<String>,
    submit: Submit<LicenseGrant>,
) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = deal_id(&named)?;
    match decide(&visit, id, form).await {
        Ok(over) if over.is_empty() => {
            let said = visit.wording(&TEXTS).of("licenses-updated");
            Ok(visit.leave(&format!("/publisher/deals/{named}"), said))
        }
        Ok(over) => deal::show(&visit, &named, entered, over).await,
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            deal::show(&visit, &named, entered, Vec::new()).await
        }
    }
}

/// What is confirmed: so many seats of each plan, and no more.
pub(super) fn told(over: &[Effect]) -> String {
    let parts = over.iter().map(|effect| format!("{}={}", effect.service_id, effect.goes_over));
    parts.collect::<Vec<_>>().join(" ")
}

/// Updates; or tells what would go over and does nothing, until that is confirmed.
async fn decide(
    visit: &Visit<LicenseGrant>,
    id: DealId,
    form: Result<Input, Refused>,
) -> Result<Vec<Effect>, Refused> {
    let input = form?;
    let (command, times) = (read(&input), visit.app.in_force.grace());
    let asked = command.clone();
    let effects = visit
        .read(move |tx, right| Box::pin(async move { preview::preview(tx, right, &id, &asked, times).await }))
        .await?;
    let over: Vec<Effect> = effects.into_iter().filter(|effect| effect.goes_over > 0).collect();
    if !over.is_empty() && input.text("confirmed") != told(&over) {
        return Ok(over);
    }
    visit
        .write(Ok(command), move |tx, right, command: UpdateLicenses| {
            Box::pin(async move {
                update_licenses::update_licenses(tx, right, &id, &command, times).await.map(|_| Vec::new())
            })
        })
        .await
}
