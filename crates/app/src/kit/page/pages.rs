//! The pages of a list, and those that one thing has.

use types::Cursor;

/// What filters a list, as its address has it; what is empty filters nothing.
pub fn query(filters: &[(&str, &str)]) -> String {
    let said: Vec<_> = filters.iter().filter(|(_, value)| !value.is_empty()).collect();
    serde_urlencoded::to_string(said).unwrap_or_default()
}

/// Where the next page of a list is, the first one, and the whole list as a file.
#[derive(Debug, Clone, Default)]
pub struct Pages {
    first: Option<String>,
    next: Option<String>,
    file: String,
}

impl Pages {
    /// `query` has the filters of the list, encoded and without its cursor: `search=a&state=b`, or nothing.
    pub fn new(path: &str, query: &str, is_first: bool, next: Option<&Cursor>) -> Self {
        let address = |path: &str, more: &str| {
            let parts = [query, more].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
            if parts.is_empty() { path.to_owned() } else { format!("{path}?{}", parts.join("&")) }
        };
        let first = (!is_first).then(|| address(path, ""));
        let next = next.map(|cursor| address(path, &format!("cursor={}", cursor.as_str())));
        Self { first, next, file: address(&format!("{path}.csv"), "") }
    }

    /// Of lists that there are as files: what the filters have of them.
    pub fn file(&self) -> &str {
        &self.file
    }

    pub fn more(&self) -> bool {
        self.first.is_some() || self.next.is_some()
    }

    pub fn first(&self) -> Option<&str> {
        self.first.as_deref()
    }

    pub fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }
}

/// The pages of one thing, beside each of them.
#[derive(Debug, Clone, Default)]
pub struct Subpages {
    pub label: String,
    pub links: Vec<Subpage>,
}

#[derive(Debug, Clone)]
pub struct Subpage {
    pub label: String,
    pub href: String,
    /// How far it is: the kind of a badge, and what it says.
    pub state: Option<(&'static str, String)>,
    pub current: bool,
}
