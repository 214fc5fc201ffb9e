//! Pages read as tags, and held against what every page must be.

use std::collections::BTreeSet;

/// A tag, with the text that follows it.
#[derive(Debug)]
pub(crate) struct Tag {
    pub name: String,
    pub closing: bool,
    attributes: Vec<(String, String)>,
    pub text: String,
}

impl Tag {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Enough for HTML that we wrote ourselves: attributes are quoted, and `<` is nowhere else.
pub(crate) fn tags(html: &str) -> Vec<Tag> {
    html.split('<').skip(1).filter(|part| !part.starts_with('!')).map(tag).collect()
}

fn tag(part: &str) -> Tag {
    let (mut inside, mut quoted) = (part.len(), false);
    for (at, c) in part.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => {
                inside = at;
                break;
            }
            _ => {}
        }
    }
    let (head, text) = (&part[..inside], part.get(inside + 1..).unwrap_or_default());
    let closing = head.starts_with('/');
    let head = head.trim_start_matches('/').trim_end_matches('/');
    let name = head.split_whitespace().next().unwrap_or_default();
    let attributes = attributes(&head[name.len()..]);
    Tag { name: name.to_owned(), closing, attributes, text: unescaped(text) }
}

fn attributes(mut rest: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start();
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() {
            return found;
        }
        let value = after.strip_prefix("=\"").and_then(|value| value.split_once('"'));
        let (value, after) = value.unwrap_or(("", after));
        found.push((name.to_owned(), unescaped(value)));
        rest = after;
    }
}

fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let pairs = [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde_json::Value>(text).is_ok()
}

/// Fails where a page is not what every page must be.
#[track_caller]
pub(crate) fn inspect(html: &str, path: &str) {
    let tags = tags(html);
    let open = || tags.iter().filter(|tag| !tag.closing);
    let named = |name: &'static str| open().filter(move |tag| tag.name == name);
    assert_eq!(named("h1").count(), 1, "{path}: one h1\n{html}");
    let lang = named("html").next().and_then(|tag| tag.attribute("lang"));
    assert!(matches!(lang, Some("en" | "ko")), "{path}: a language");
    let title = named("title").next().map(|tag| tag.text.as_str()).unwrap_or_default();
    let named = title.rsplit_once(" · ").is_some_and(|(page, whole)| !page.is_empty() && !whole.is_empty());
    assert!(named, "{path}: a title, not {title:?}");
    let mut ids = BTreeSet::new();
    for id in open().filter_map(|tag| tag.attribute("id")) {
        assert!(ids.insert(id), "{path}: the id {id} is there twice");
    }
    for (tag, name) in open().flat_map(|tag| {
        ["for", "aria-describedby", "aria-labelledby", "popovertarget"].map(|name| (tag, name))
    }) {
        for id in tag.attribute(name).unwrap_or_default().split_whitespace() {
            assert!(ids.contains(id), "{path}: {name} of a {} names {id}, which is not there", tag.name);
        }
    }
    labelled(&tags, path);
    for tag in open() {
        let inline = tag.attributes.iter().any(|(name, _)| name == "style" || name.starts_with("on"));
        assert!(!inline, "{path}: nothing inline: {tag:?}");
        assert!(tag.name != "img" || tag.attribute("alt").is_some(), "{path}: an image without alt: {tag:?}");
        if tag.name == "script" && tag.attribute("src").is_none() {
            assert_eq!(tag.attribute("type"), Some("application/ld+json"), "{path}: a script inline");
            assert!(is_json(&tag.text), "{path}: data that do not read: {}", tag.text);
        }
        let shown = tag.name != "code" && tag.name != "textarea" && tag.name != "option";
        assert!(!shown || !is_key(tag.text.trim()), "{path}: a text is missing: {:?}", tag.text);
    }
}

fn labelled(tags: &[Tag], path: &str) {
    let labels: BTreeSet<&str> = tags.iter().filter_map(|tag| tag.attribute("for")).collect();
    let fields = tags.iter().filter(|tag| {
        matches!(tag.name.as_str(), "input" | "select" | "textarea")
            && !tag.closing
            && tag.attribute("type") != Some("hidden")
    });
    for field in fields {
        let has_label = field.attribute("id").is_some_and(|id| labels.contains(id));
        assert!(has_label || field.attribute("aria-label").is_some(), "{path}: no label: {field:?}");
    }
}

/// Where a text is missing its key is shown.
fn is_key(text: &str) -> bool {
    text.contains('-')
        && !text.starts_with('-')
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
}
