//! Every operation of the API document, as everybody.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::access::{PermissionKind, Role, Side};
use crate::testing::{Client, World, flow};

struct Operation {
    method: Method,
    /// With something in place of every parameter.
    path: String,
    name: String,
    permission: Option<PermissionKind>,
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(crate::document()).unwrap();
    let mut found = Vec::new();
    for (template, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let path: Vec<&str> = template
                .split('/')
                .map(|part| if part.starts_with('{') { "nothing" } else { part })
                .collect();
            let permission = operation["x-permission"].as_str().map(|name| {
                PermissionKind::parse(name).unwrap_or_else(|| panic!("{template}: {name} is no permission"))
            });
            found.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: format!("/{}", path.join("/")),
                name: operation["operationId"].as_str().unwrap().to_owned(),
                permission,
            });
        }
    }
    found
}

/// What anybody may call, by name: an operation without a permission that is not here fails the test.
const OPEN: &[&str] = &[
    "create_session",
    "set_up",
    "issue_token",
    "get_health",
    "get_jwks",
    "get_authzen_configuration",
    "list_storefront_offers",
    "get_storefront_offer",
    "get_storefront_file",
    "get_storefront_preview",
    "get_storefront_preview_file",
];

flow!(
    /// ROL-01: without a token, every operation but the open ones answers 401.
    nobody_may_do_nothing,
    |world: World| async move {
        for operation in operations() {
            if operation.permission.is_none() {
                assert!(OPEN.contains(&operation.name.as_str()), "{} needs no permission", operation.name);
                continue;
            }
            let reply = world.anonymous().json(operation.method, &operation.path, &json!({})).await;
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{}", operation.name);
        }
    }
);

flow!(
    /// ROL-01: every operation as every role, in a tenant of every side: 403 exactly where the matrix says
    /// no. So the matrix, the document and the handlers say the same.
    the_matrix_is_what_the_operations_do,
    |world: World| async move {
        let clients = one_of_every_role(&world).await;
        for operation in operations() {
            let Some(permission) = operation.permission else { continue };
            if operation.name == "delete_current_session" {
                continue; // It would sign the client out that the next operation needs.
            }
            let info = permission.info();
            for ((side, role), client) in &clients {
                let has_side = info.side == Side::Tenant || info.side == *side;
                let holds = info.roles.contains(role) || info.roles.contains(&Role::User);
                let reply = client.json(operation.method.clone(), &operation.path, &json!({})).await;
                let code = reply.body()["code"].as_str().unwrap_or_default().to_owned();
                let refused = reply.status == StatusCode::FORBIDDEN && code == "access.forbidden";
                assert_eq!(
                    refused,
                    !(has_side && holds),
                    "{} as {} of a {side:?}: {} {code}",
                    operation.name,
                    role.as_str(),
                    reply.status
                );
            }
        }
    }
);

async fn one_of_every_role(world: &World) -> BTreeMap<(Side, Role), Client> {
    let fabrikam = world.publisher("fabrikam").await;
    let contoso = world.customer("contoso").await;
    let operator = world.operator().await;
    let mut clients = BTreeMap::new();
    let only_operator = world.user(&operator, "ole@marketplace.example", &["operator"]).await;
    clients.insert((Side::Marketplace, Role::Operator), only_operator);
    for role in Role::ALL.iter().copied().filter(|role| *role != Role::Operator) {
        let given: &[&str] = if role == Role::User { &[] } else { &[role.as_str()] };
        let seller = matches!(role, Role::AccountAdmin | Role::Developer | Role::ReferralsAdmin);
        let email = format!("{}@fabrikam.example", role.as_str());
        clients.insert((Side::Publisher, role), world.user(&fabrikam, &email, given).await);
        if !seller {
            let email = format!("{}@contoso.example", role.as_str());
            clients.insert((Side::Tenant, role), world.user(&contoso, &email, given).await);
        }
    }
    clients
}

#[test]
fn every_operation_says_what_it_needs() {
    let document = serde_json::to_value(crate::document()).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let described = |value: &Value| value["summary"].is_string() || value["description"].is_string();
    for (template, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(described(operation), "{method} {template} has no description");
        }
    }
}
