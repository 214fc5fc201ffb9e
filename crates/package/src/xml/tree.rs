//! From text to the tree of the elements that are wanted.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};

use crate::limits::Limits;
use crate::text::{Encoding, newlines};

/// Whether the element at this path (names from the root down to it) is wanted. Below an element that is not
/// wanted nothing is. The root always is.
pub(crate) type Keep = fn(&[&str]) -> bool;

/// An element that was wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    /// What stands directly inside, references resolved.
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
    /// From `<` to `>`, in bytes of the document's text.
    pub(crate) span: Range<usize>,
    /// Counted from 1.
    pub(crate) line: u64,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The children of that name, in order.
    pub(crate) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first child of that name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of that name, without blanks around it; `None` if that is empty.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim()).filter(|text| !text.is_empty())
    }
}

pub(super) struct Failure {
    pub(super) line: u64,
    pub(super) problem: Problem,
}

pub(super) enum Problem {
    Malformed(String),
    Encoding(String),
    Doctype,
    Entity(String),
    TooDeep(usize),
    TooMany(usize),
}

fn malformed(error: impl ToString) -> Problem {
    Problem::Malformed(error.to_string())
}

/// Reads a whole document; text without byte order mark.
pub(super) fn read(encoding: Encoding, text: &str, limits: &Limits, keep: Keep) -> Result<Element, Failure> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let mut builder = Builder {
        encoding,
        text,
        limits,
        keep,
        path: Vec::new(),
        open: Vec::new(),
        kept: 0,
        root: None,
        seen: false,
    };
    let (mut position, mut line) = (0, 1);
    loop {
        let event = reader.read_event();
        let end = usize::try_from(reader.buffer_position()).map_or(text.len(), |end| end.min(text.len()));
        let step = event.map_err(malformed).and_then(|event| builder.take(event, position..end, line));
        let next_line = line + newlines(&text.as_bytes()[position..end]);
        match step {
            Ok(true) => {}
            Ok(false) => break,
            Err(problem) => {
                // A parser's complaint is about where it stopped, ours about where the event began.
                let line = if matches!(problem, Problem::Malformed(_)) { next_line } else { line };
                return Err(Failure { line, problem });
            }
        }
        (position, line) = (end, next_line);
    }
    builder.root.ok_or(Failure { line, problem: malformed("there is no root element") })
}

struct Builder<'a> {
    encoding: Encoding,
    text: &'a str,
    limits: &'a Limits,
    keep: Keep,
    /// Names from the root to where we are.
    path: Vec<&'a str>,
    /// The wanted ones among these; they are a prefix of `path`.
    open: Vec<Element>,
    kept: usize,
    root: Option<Element>,
    /// The root has been opened.
    seen: bool,
}

impl Builder<'_> {
    /// Takes one event in; false at the end of the document.
    fn take(&mut self, event: Event<'_>, span: Range<usize>, line: u64) -> Result<bool, Problem> {
        match event {
            Event::Start(start) => self.start(&start, span, line)?,
            Event::Empty(start) => {
                let end = span.end;
                self.start(&start, span, line)?;
                self.end(end);
            }
            Event::End(_) => self.end(span.end),
            Event::Text(text) => self.characters(&text)?,
            Event::CData(text) => self.characters(&text)?,
            Event::GeneralRef(reference) => self.reference(&reference)?,
            Event::Decl(declaration) => self.declaration(&declaration)?,
            Event::DocType(_) => return Err(Problem::Doctype),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof if self.path.is_empty() => return Ok(false),
            Event::Eof => return Err(malformed(format!("<{}> is not closed", self.path.join("><")))),
        }
        Ok(true)
    }

    fn start(&mut self, start: &BytesStart<'_>, span: Range<usize>, line: u64) -> Result<(), Problem> {
        if self.path.is_empty() && self.seen {
            return Err(malformed("there is a second root element"));
        }
        if self.path.len() >= self.limits.xml_depth {
            return Err(Problem::TooDeep(self.limits.xml_depth));
        }
        let name_length = start.name().as_ref().len();
        let name = self.text.get(span.start + 1..span.start + 1 + name_length).unwrap_or_default();
        if name.is_empty() {
            return Err(malformed("an element has no name"));
        }
        let inside_kept = self.open.len() == self.path.len();
        self.path.push(name);
        let wanted = !self.seen || (inside_kept && (self.keep)(&self.path));
        self.seen = true;
        let attributes = attributes(start, wanted)?;
        if wanted {
            self.kept += 1;
            if self.kept > self.limits.xml_elements {
                return Err(Problem::TooMany(self.limits.xml_elements));
            }
            let name = name.to_owned();
            let (text, children) = (String::new(), Vec::new());
            self.open.push(Element { name, attributes, text, children, span, line });
        }
        Ok(())
    }

    fn end(&mut self, end: usize) {
        if self.open.len() == self.path.len()
            && let Some(mut element) = self.open.pop()
        {
            element.span.end = end;
            match self.open.last_mut() {
                Some(parent) => parent.children.push(element),
                None => self.root = Some(element),
            }
        }
        self.path.pop();
    }

    fn characters(&mut self, text: &str) -> Result<(), Problem> {
        if self.path.is_empty() {
            return if text.trim().is_empty() {
                Ok(())
            } else {
                Err(malformed("there is text outside the root element"))
            };
        }
        if self.open.len() == self.path.len()
            && let Some(element) = self.open.last_mut()
        {
            element.text.push_str(text);
        }
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Problem> {
        let mut buffer = [0; 4];
        let text = match reference.resolve_char_ref().map_err(malformed)? {
            Some(c) => c.encode_utf8(&mut buffer),
            None => quick_xml::escape::resolve_predefined_entity(reference)
                .ok_or_else(|| Problem::Entity(reference.to_string()))?,
        };
        if self.path.is_empty() {
            return Err(malformed("there is text outside the root element"));
        }
        self.characters(text)
    }

    /// A single-byte encoding is the same as UTF-8 only while the text is ASCII.
    fn declaration(&self, declaration: &BytesDecl<'_>) -> Result<(), Problem> {
        let Some(name) = declared_encoding(declaration) else { return Ok(()) };
        let lower = name.to_ascii_lowercase();
        let single_byte =
            ["us-ascii", "iso-8859-", "windows-125"].iter().any(|prefix| lower.starts_with(prefix));
        let agrees = match self.encoding {
            Encoding::Utf8 { .. } => lower == "utf-8" || (single_byte && self.text.is_ascii()),
            Encoding::Utf16LittleEndian | Encoding::Utf16BigEndian => lower.starts_with("utf-"),
        };
        if agrees { Ok(()) } else { Err(Problem::Encoding(name)) }
    }
}

fn declared_encoding(declaration: &BytesDecl<'_>) -> Option<String> {
    declaration.encoding()?.ok().map(std::borrow::Cow::into_owned)
}

/// All attributes are checked, only wanted ones are kept.
fn attributes(start: &BytesStart<'_>, wanted: bool) -> Result<Vec<(String, String)>, Problem> {
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(malformed)?;
        let value = quick_xml::escape::unescape(&attribute.value).map_err(|error| match error {
            quick_xml::escape::EscapeError::UnrecognizedEntity(_, name) => Problem::Entity(name),
            other => malformed(other),
        })?;
        if wanted {
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
    }
    Ok(attributes)
}
