//! What somebody was told.

use std::collections::BTreeMap;

use types::{EventId, Timestamp};

use super::kind::NoticeKind;
use crate::kit::{Argument, JsonColumn, Language, Texts, Words};

pub(super) static TEXTS: Texts = Texts::new(include_str!("mail/en.ftl"), include_str!("mail/ko.ftl"));

/// What its texts speak of, by name.
pub(super) type Arguments = BTreeMap<String, Argument<'static>>;

db::rows! {
    /// One event as it was told to one person.
    pub(crate) struct Notice in "notices" {
        pub event_id: EventId,
        pub kind: NoticeKind,
        pub arguments: JsonColumn<Arguments>,
        /// Where something can be done about it, if somewhere: a path of the portals.
        pub page: Option<String>,
        pub told_at: Timestamp,
        pub read_at: Option<Timestamp>,
    }
}

impl Notice {
    pub(crate) fn words(&self, language: Language) -> Words {
        let arguments: Vec<_> =
            self.arguments.0.iter().map(|(name, argument)| (name.as_str(), argument.clone())).collect();
        Words::of(&TEXTS, &self.kind.key(), &arguments, language)
    }
}

#[cfg(test)]
#[test]
fn the_texts_are_complete_in_both_languages() {
    TEXTS.check();
    for kind in NoticeKind::ALL {
        for part in ["subject", "body", "action"] {
            assert!(
                TEXTS.find(Language::English, &format!("{}-{part}", kind.key()), &[]).is_some(),
                "{kind:?}"
            );
        }
    }
}
