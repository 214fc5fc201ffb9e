//! Which notices somebody also wants by mail: all, until they say otherwise.

use super::kind::NoticeKind;
use crate::kit::JsonColumn;

db::rows! {
    /// As it is kept of one person.
    pub(super) struct Choice in "notice_preferences" {
        pub without_mail: JsonColumn<Vec<NoticeKind>>,
        pub revision: i64,
    }
}

impl Choice {
    /// Of whoever has not chosen yet.
    pub(super) const NONE: Self = Self { without_mail: JsonColumn(Vec::new()), revision: 0 };
}

/// What one may choose of, and what was chosen.
#[derive(Debug, Clone)]
pub(crate) struct Preferences {
    /// The kinds that one's roles get, and whether they come by mail.
    pub kinds: Vec<(NoticeKind, bool)>,
    pub revision: i64,
}
