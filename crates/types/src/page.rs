//! Lists: keyset pages with opaque cursors.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Violation;

/// Where the next page starts: opaque outside, the sort key of the last row inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// Wraps the sort key of a row; hexadecimal, so that it survives any URL.
    pub fn after(key: &[u8]) -> Self {
        Self(key.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn parse(text: &str) -> Result<Vec<u8>, Violation> {
        let wrong = || Violation::new("cursor.malformed", "is not a cursor that this server gave out");
        if !text.is_ascii() || !text.len().is_multiple_of(2) || text.len() > 1024 {
            return Err(wrong());
        }
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| wrong()))
            .collect()
    }
}

/// What a list was asked for: at most `limit` rows after `after`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    pub limit: usize,
    /// The sort key of the last row of the page before.
    pub after: Option<Vec<u8>>,
}

impl PageRequest {
    pub const DEFAULT: usize = 25;
    pub const MAX: usize = 100;

    /// The key as the 16 bytes of an id; all zeroes sorts before every id.
    pub fn after_id(&self) -> [u8; 16] {
        self.after.as_deref().and_then(|key| key.try_into().ok()).unwrap_or_default()
    }

    /// The same for lists that show the newest first: all ones sorts after every id.
    pub fn before_id(&self) -> [u8; 16] {
        self.after.as_deref().and_then(|key| key.try_into().ok()).unwrap_or([0xff; 16])
    }

    /// One row more than asked for, to see whether a next page exists.
    pub fn fetch(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX - 1) + 1
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { limit: Self::DEFAULT, after: None }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give this as `cursor` to get the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub next_cursor: Option<Cursor>,
}

impl<T> Page<T> {
    /// Cuts what was fetched ([`PageRequest::fetch`]) down to the page.
    pub fn cut(mut items: Vec<T>, request: &PageRequest, key: impl Fn(&T) -> Vec<u8>) -> Self {
        let more = items.len() > request.limit;
        items.truncate(request.limit);
        let next_cursor = items.last().filter(|_| more).map(|last| Cursor::after(&key(last)));
        Self { items, next_cursor }
    }

    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next_cursor: self.next_cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_page_has_a_cursor_and_the_last_one_has_none() {
        let request = PageRequest { limit: 2, after: None };
        let first = Page::cut(vec![1u8, 2, 3], &request, |n| vec![*n]);
        assert_eq!(first.items, [1, 2]);
        assert_eq!(first.next_cursor, Some(Cursor::after(&[2])));
        assert_eq!(Page::cut(vec![3u8, 4], &request, |n| vec![*n]).next_cursor, None);
    }

    #[test]
    fn a_cursor_reads_back_and_nonsense_is_refused() {
        let Cursor(text) = Cursor::after(b"key\xff");
        assert_eq!(Cursor::parse(&text).unwrap(), b"key\xff");
        for broken in ["abc", "zz", "가나"] {
            assert!(Cursor::parse(broken).is_err(), "{broken}");
        }
    }
}
