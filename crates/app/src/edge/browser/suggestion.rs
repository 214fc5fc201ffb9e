//! What a field suggests while something is typed in it (`data-suggest`), and what is said of it (`data-check`). Without
//! scripts nobody asks for either.

use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::CROSS_SITE;
use super::reader::Reader;
use crate::kit::Refused;
use crate::kit::page::{Entered, wording};

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
struct Suggestions {
    /// How many there are, in words.
    said: String,
    items: Vec<Suggestion>,
}

/// What is said of something while it is typed (`data-check`), as its form would say it.
#[derive(Debug, Serialize)]
struct Remark {
    good: bool,
    said: String,
}

/// The query of every such question.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Typed {
    #[serde(default)]
    pub q: String,
}

impl Reader {
    /// Answers a script of one of our own pages; never kept, and never told to another site.
    pub(crate) fn tell(&self, told: &impl Serialize) -> Result<Response, Refused> {
        if self.from_elsewhere {
            return Err(CROSS_SITE.because("Only pages of the marketplace are told this."));
        }
        let json = serde_json::to_vec(told).map_err(Refused::internal)?;
        let headers = [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        ];
        Ok((headers, json).into_response())
    }

    /// What is said of a field while it is typed: what `checked` says of it, or why its form would be refused.
    pub(crate) fn remark(&self, field: &str, checked: Result<String, Refused>) -> Result<Response, Refused> {
        let refused = match checked {
            Ok(said) => return self.tell(&Remark { good: true, said }),
            Err(refused) => self.again(Entered::default(), refused)?,
        };
        let said = refused.error(field).or(refused.said()).unwrap_or_default().to_owned();
        self.tell(&Remark { good: false, said })
    }

    /// What a field suggests while something is typed in it.
    pub(crate) fn suggest(&self, items: Vec<Suggestion>) -> Result<Response, Refused> {
        let said = wording(self.language).count("suggestions", items.len());
        self.tell(&Suggestions { said, items })
    }
}
