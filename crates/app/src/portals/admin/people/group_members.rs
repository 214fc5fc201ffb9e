//! Bring users and groups into a group, and take them out.

use axum::response::Response;
use types::GroupId;

use super::super::licenses::users;
use super::TEXTS;
use super::group::{again, group_id};
use crate::access::UserEdit;
use crate::edge::Path;
use crate::edge::browser::{Form, Submit};
use crate::groups::AT_ONCE;
use crate::groups::operations::members::{self, Members};
use crate::kit::page::Input;
use crate::kit::{Fields, Refused};

#[derive(Clone)]
pub(super) struct Chosen(Members);

impl Form for Chosen {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let (users, wrong) = users(input);
        let named = input.all("member_group").filter(|text| !text.is_empty());
        let groups: Vec<GroupId> =
            named.filter_map(|text| fields.parse("member_group", text, GroupId::parse)).collect();
        if !wrong.is_empty() {
            fields.wrong(
                "addresses",
                "users.malformed",
                format!("these are no addresses: {}", wrong.join(", ")),
            );
        } else if (users.is_empty() && groups.is_empty()) || users.len() > AT_ONCE {
            let message = format!("name up to {AT_ONCE} users, or a group");
            fields.wrong("addresses", "members.count", message);
        }
        Some(Self(Members { users, groups }))
    }
}

pub(super) async fn add(
    Path(text): Path<String>,
    submit: Submit<UserEdit, Chosen>,
) -> Result<Response, Refused> {
    change(text, submit, true).await
}

pub(super) async fn remove(
    Path(text): Path<String>,
    submit: Submit<UserEdit, Chosen>,
) -> Result<Response, Refused> {
    change(text, submit, false).await
}

async fn change(text: String, submit: Submit<UserEdit, Chosen>, come: bool) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let id = group_id(&text)?;
    let changed = visit.write(form, move |tx, right, Chosen(command)| {
        Box::pin(async move {
            if come {
                members::add_members(tx, right, &id, &command).await
            } else {
                members::remove_members(tx, right, &id, &command).await
            }
        })
    });
    match changed.await {
        Ok(_) => {
            let said = visit.wording(&TEXTS).of(if come { "members-added" } else { "members-removed" });
            Ok(visit.leave(&format!("/admin/groups/{text}"), said))
        }
        Err(refused) => again(visit, &text, entered, refused).await,
    }
}
