//! Which notices also come by mail.

use askama::Template;
use axum::response::Response;

use super::{LIST, PREFERENCES, TEXTS};
use crate::access::SelfView;
use crate::edge::browser::{Form, Submit, Visit};
use crate::kit::page::{Entered, Input, Sheet, Wording};
use crate::kit::{Expected, Fields, Refused};
use crate::notices::operations::choose_mails::choose_mails;
use crate::notices::operations::find;
use crate::notices::preferences::Preferences;
use crate::notices::{NoticeKind, Topic};

#[derive(Template)]
#[template(path = "notices/pages/preferences.html")]
struct PreferencesPage {
    t: Wording,
    form: Entered,
    revision: i64,
    groups: Vec<Group>,
}

/// The kinds of one topic.
struct Group {
    label: String,
    kinds: Vec<Kind>,
}

struct Kind {
    value: &'static str,
    label: String,
    by_mail: bool,
}

impl Kind {
    fn is_by_mail(&self) -> bool {
        self.by_mail
    }
}

fn groups(t: Wording, preferences: &Preferences) -> Vec<Group> {
    let of = |topic: &Topic| Group {
        label: t.of(&format!("topic-{}", topic.as_str())),
        kinds: {
            let kinds = preferences.kinds.iter().filter(|(kind, _)| kind.topic() == *topic);
            let kind = |(kind, by_mail): &(NoticeKind, bool)| Kind {
                value: kind.as_str(),
                label: t.of(&format!("kind-{}", kind.as_str())),
                by_mail: *by_mail,
            };
            kinds.map(kind).collect()
        },
    };
    Topic::ALL.iter().map(of).filter(|group| !group.kinds.is_empty()).collect()
}

pub(super) async fn look(visit: Visit<SelfView>) -> Result<Response, Refused> {
    let form = visit.form();
    show(&visit, form).await
}

async fn show(visit: &Visit<SelfView>, form: Entered) -> Result<Response, Refused> {
    let found = visit.read(|tx, right| Box::pin(async move { find::preferences(tx, right).await })).await?;
    let t = visit.wording(&TEXTS);
    let (revision, groups) = (found.revision, groups(t, &found));
    let email = visit.reader.visitor.as_ref().map(|visitor| visitor.email.to_string()).unwrap_or_default();
    let body = PreferencesPage { t, form: form.clone(), revision, groups };
    let sheet = Sheet::new(t.of("preferences-title"), &body)?.lead(t.named("preferences-lead", email));
    visit.show(sheet.below(t.of("list-title"), LIST).answering(&form))
}

#[derive(Clone)]
pub(super) struct Chosen {
    by_mail: Vec<NoticeKind>,
    expected: Expected,
}

impl Form for Chosen {
    fn read(input: &Input, fields: &mut Fields) -> Option<Self> {
        let kinds = input.all("by_mail").map(|kind| fields.parse("by_mail", kind, NoticeKind::parse));
        Some(Self { by_mail: kinds.collect::<Option<_>>()?, expected: input.revision() })
    }
}

pub(super) async fn choose(submit: Submit<SelfView, Chosen>) -> Result<Response, Refused> {
    let Submit { visit, form, entered } = submit;
    let chosen = visit.write(form, |tx, right, Chosen { by_mail, expected }| {
        Box::pin(async move { choose_mails(tx, right, &by_mail, &expected).await })
    });
    match chosen.await {
        Ok(_) => {
            let said = visit.wording(&TEXTS).of("saved");
            Ok(visit.leave(PREFERENCES, said))
        }
        Err(refused) => {
            let entered = visit.again(entered, refused)?;
            show(&visit, entered).await
        }
    }
}
