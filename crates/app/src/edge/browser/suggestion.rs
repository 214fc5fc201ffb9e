//! What a field suggests while something is typed in it (`data-suggest`). Without scripts nobody asks for it.

use serde::Serialize;

/// Something to pick. Scripts put its texts into elements as texts.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Suggestion {
    pub name: String,
    /// What it is, in a line.
    pub line: String,
    /// Of what kind, where several are suggested.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// A picture of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Where picking it leads; a path of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// What picking it fills in, or writes into a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What its checkbox sends, where picking it makes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// It is shown, but cannot be picked; `line` says why.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Suggestions {
    /// How many there are, in words.
    pub said: String,
    pub items: Vec<Suggestion>,
}

/// What is said of something while it is typed (`data-check`), as its form would say it.
#[derive(Debug, Serialize)]
pub(crate) struct Remark {
    pub good: bool,
    pub said: String,
}

/// The query of every such question.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Typed {
    #[serde(default)]
    pub q: String,
}
