//! `If-Match`: a list of entity tags, or `*` (RFC 9110, section 13.1.1).

use axum::http::{HeaderMap, header};

use super::MALFORMED_HEADER;
use crate::kit::{Expected, Refused};

/// The revisions that the header names. Ours are strong tags with the revision inside; a weak tag and
/// somebody else's name none, which no resource has.
pub(super) fn expected(headers: &HeaderMap) -> Result<Expected, Refused> {
    let lines: Vec<_> = headers.get_all(header::IF_MATCH).iter().collect();
    if lines.is_empty() {
        return Ok(Expected::ANY);
    }
    let lines: Option<Vec<&str>> = lines.iter().map(|line| line.to_str().ok()).collect();
    let text = lines.unwrap_or_default().join(",");
    if text.trim() == "*" {
        return Ok(Expected::ANY);
    }
    let revisions = revisions(&text);
    revisions.map(Expected::one_of).ok_or_else(|| {
        MALFORMED_HEADER.because("If-Match must be *, or the ETags that were given, quotes and all.")
    })
}

/// `None` if it is no list of entity tags.
fn revisions(text: &str) -> Option<Vec<i64>> {
    let (mut rest, mut tags) = (text, Vec::new());
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            break;
        }
        let weak = rest.strip_prefix("W/");
        let (tag, after) = weak.unwrap_or(rest).strip_prefix('"')?.split_once('"')?;
        tags.push(tag.parse().ok().filter(|_| weak.is_none()));
        rest = after.trim_start_matches([' ', '\t']);
        if !rest.is_empty() && !rest.starts_with(',') {
            return None;
        }
    }
    (!tags.is_empty()).then(|| tags.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_and_weak_or_foreign_tags_name_nothing() {
        for (text, read) in [
            ("\"1\"", vec![1]),
            ("\"1\", \"2\"", vec![1, 2]),
            (" ,\"1\" ,, W/\"2\",\"3\"\t", vec![1, 3]),
            ("W/\"1\"", vec![]),
            ("\"a,b\", \"\"", vec![]),
            ("\"99999999999999999999\"", vec![]),
        ] {
            assert_eq!(revisions(text), Some(read), "{text}");
        }
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for text in ["", ",", "1", "abc", "\"1", "\"1\" \"2\"", "w/\"1\"", "W/ \"1\"", "*, \"1\""] {
            assert_eq!(revisions(text), None, "{text}");
        }
    }
}
