//! Admitting an organisation with its first administrator.

use askama::Template;
use axum::response::Response;
use types::{Country, Email, Name, PublisherId, TenantSlug};

use super::{LIST, TEXTS};
use crate::access::TenantAdmit;
use crate::edge::browser::{Form, Submit, Visit};
use crate::identity::Password;
use crate::identity::operations::create_tenant::{self, CreateTenant, FirstAdmin};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Fields, Refused};

#[derive(Template)]
#[template(path = "identity/pages/tenants/admit.html")]
struct Page {
    t: Wording,
    form: Entered,
}

pub(super) async fn look(visit: Visit<TenantAdmit>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, form)
}

fn show(visit: &Visit<TenantAdmit>, form: Entered) -> Result<Response, Refused> {
    let t = visit.wording(&TEXTS);
    let sheet = Sheet::new(t.of("admit-title"), &Page { t, form: form.clone() })?;
    visit.show(sheet.below(t.of("list-title"), LIST).lead(t.of("admit-lead")).answering(&form))
}

pub(super) struct Admission {
    slug: TenantSlug,
    name: Name<200>,
    country: Country,
    publisher_id: Option<PublisherId>,
    email: Email,
    admin_name: Name<200>,
    password: Password,
}

impl Form for Admission {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let name = fields.parse("name", input.text("name"), Name::parse);
        let slug = fields.parse("slug", input.text("slug"), TenantSlug::parse);
        let country = fields.parse("country", &input.text("country").to_ascii_uppercase(), Country::parse);
        let publisher_id = fields.optional("publisher_id", input.filled("publisher_id"), PublisherId::parse);
        let admin_name = fields.parse("admin_name", input.text("admin_name"), Name::parse);
        let email = fields.parse("admin_email", input.text("admin_email"), Email::parse);
        let password = Password::parse(fields, "admin_password", input.raw("admin_password"));
        Some(Self {
            slug: slug?,
            name: name?,
            country: country?,
            publisher_id: publisher_id?,
            email: email?,
            admin_name: admin_name?,
            password: password?,
        })
    }
}

/// Hashing takes its time, so it is done before the unit of work.
async fn command(visit: &Visit<TenantAdmit>, form: Admission) -> Result<CreateTenant, Refused> {
    let Admission { slug, name, country, publisher_id, email, admin_name, password } = form;
    let password_hash = visit.app.passwords.hash(password, &email).await?;
    let admin = FirstAdmin { email, name: admin_name, password_hash };
    Ok(CreateTenant { slug, name, country, publisher_id, admin })
}

pub(super) async fn admit(submit: Submit<TenantAdmit, Admission>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let command = match form {
        Ok(form) => command(&visit, form).await,
        Err(refused) => Err(refused),
    };
    let admitted = visit.write(command, |tx, right, command| {
        Box::pin(async move { create_tenant::create_tenant(tx, right, command).await })
    });
    match admitted.await {
        Ok((tenant, _)) => {
            let said = visit.wording(&TEXTS).named("admitted", &tenant.name);
            Ok(visit.leave(&format!("{LIST}/{}", tenant.id), said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, entered)
        }
    }
}
