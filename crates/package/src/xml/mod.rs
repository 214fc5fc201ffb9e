//! XML from strangers: read within limits, never expanded, edited by splicing text.
//!
//! [`Document::read`] checks the whole text (one root, matching tags, no document type, no entities but the five
//! predefined) and keeps a tree of the elements asked for, each with its place. An edit is a [`Splice`] at such
//! a place, so whatever was not meant stays as it was, down to blanks and comments.

mod tree;

use std::ops::Range;

use crate::finding::Finding;
use crate::limits::Limits;
use crate::rules::Rule;
use crate::text::{DecodeError, Encoding};

pub(crate) use tree::{Element, Keep};
use tree::{Failure, Problem};

/// A document's text, and what was kept of its tree.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) encoding: Encoding,
    pub(crate) text: String,
    pub(crate) root: Element,
}

impl Document {
    /// Reads a file. `keep` says by path from the root which elements are wanted.
    pub(crate) fn read(file: &str, bytes: &[u8], limits: &Limits, keep: Keep) -> Result<Self, Finding> {
        if bytes.len() as u64 > limits.xml {
            return Err(too_large(file, limits));
        }
        let (encoding, text) = Encoding::decode(bytes).map_err(|error| undecodable(file, &error))?;
        let root = tree::read(encoding, &text, limits, keep).map_err(|failure| refused(file, failure))?;
        Ok(Self { encoding, text: text.into_owned(), root })
    }

    /// The file's bytes after the splices, in the encoding it came in.
    pub(crate) fn spliced(&self, splices: Vec<Splice>) -> Vec<u8> {
        self.encoding.encode(&splice(&self.text, splices))
    }
}

/// Text to put in the place of a range of bytes; an empty range inserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Splice {
    pub(crate) range: Range<usize>,
    pub(crate) replacement: String,
}

/// Carries out splices that do not overlap; at one place an insertion comes before a removal.
fn splice(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let mut spliced = String::with_capacity(text.len());
    let mut copied = 0;
    for Splice { range, replacement } in &splices {
        spliced.push_str(&text[copied..range.start]);
        spliced.push_str(replacement);
        copied = range.end;
    }
    spliced.push_str(&text[copied..]);
    spliced
}

pub(crate) fn too_large(file: &str, limits: &Limits) -> Finding {
    Finding::new(
        Rule::XmlLimit,
        file,
        None,
        format!("The document is larger than {} bytes", limits.xml),
        "Split the solution, or ask the operator for a larger limit.",
    )
}

fn undecodable(file: &str, error: &DecodeError) -> Finding {
    let (line, message) = match error {
        DecodeError::InvalidUtf8 { line } => (Some(*line), "The text is not valid UTF-8"),
        DecodeError::InvalidUtf16 => (None, "The text is not valid UTF-16"),
        DecodeError::UnmarkedUtf16 => (None, "The text looks like UTF-16 without a byte order mark"),
    };
    Finding::new(Rule::XmlEncoding, file, line, message, "Save the file as UTF-8.")
}

fn refused(file: &str, Failure { line, problem }: Failure) -> Finding {
    let (rule, message, mend) = match problem {
        Problem::Malformed(message) => (
            Rule::XmlMalformed,
            format!("The XML is not well-formed: {message}"),
            "Open the file in an XML editor and correct it.",
        ),
        Problem::Encoding(name) => (
            Rule::XmlEncoding,
            format!("The XML declares the encoding {name:?}, and its bytes are not written so"),
            "Save the file as UTF-8.",
        ),
        Problem::Doctype => (
            Rule::XmlDoctype,
            "The XML has a document type declaration".to_owned(),
            "Remove <!DOCTYPE …>; none of these files needs one.",
        ),
        Problem::Entity(name) => (
            Rule::XmlEntity,
            format!("The XML refers to the entity {name:?}"),
            "Write the character itself, or a numeric reference.",
        ),
        Problem::TooDeep(depth) => (
            Rule::XmlLimit,
            format!("Elements are nested more than {depth} deep"),
            "No such file is that deep; make it again with the tool that made it.",
        ),
        Problem::TooMany(count) => (
            Rule::XmlLimit,
            format!("There are more than {count} elements to look at"),
            "No such file has that many; make it again with the tool that made it.",
        ),
    };
    Finding::new(rule, file, Some(line), message, mend)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Document, Finding> {
        Document::read("a.xml", bytes, &Limits::default(), |_| true)
    }

    /// PKG-09: no document type, no entity, however it is hidden.
    #[test]
    fn entity_expansion_is_refused_before_it_starts() {
        let laughs = b"<!DOCTYPE a [<!ENTITY b \"ha\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
        assert!(read(laughs).unwrap_err().is(Rule::XmlDoctype));
        let entity = read(b"<a>\n&c;</a>").unwrap_err();
        assert!(entity.is(Rule::XmlEntity));
        assert_eq!(entity.line, Some(2));
        assert!(read(b"<a b='&c;'/>").unwrap_err().is(Rule::XmlEntity));
        let fine = read(b"<a b='&lt;&#65;'>&amp;&#x42;<![CDATA[&c;]]></a>").unwrap();
        assert_eq!(fine.root.text, "&B&c;");
        assert_eq!(fine.root.attribute("b"), Some("<A"));
    }

    /// PKG-09: size, depth and number of elements are bounded.
    #[test]
    fn a_document_beyond_a_limit_is_refused() {
        let deep = "<a>".repeat(300) + &"</a>".repeat(300);
        assert!(read(deep.as_bytes()).unwrap_err().is(Rule::XmlLimit));
        let many = format!("<r>{}</r>", "<a/>".repeat(100_001));
        assert!(read(many.as_bytes()).unwrap_err().is(Rule::XmlLimit));
        let unwanted = Document::read("a.xml", many.as_bytes(), &Limits::default(), |_| false).unwrap();
        assert!(unwanted.root.children.is_empty());
        let small = Limits { xml: 10, ..Limits::default() };
        assert!(Document::read("a.xml", b"<abcdefgh/>", &small, |_| true).unwrap_err().is(Rule::XmlLimit));
    }

    #[test]
    fn what_is_not_well_formed_is_refused_with_its_line() {
        for broken in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>text",
            "<a b='1' b='2'/>",
            "<a b=1/>",
            "<a>\n<",
            "<a>&</a>",
            "<a>&#0;</a>",
            "<a><![CDATA[</a>",
            "</a>",
        ] {
            let finding = read(broken.as_bytes()).expect_err(broken);
            assert!(finding.is(Rule::XmlMalformed), "{broken}: {finding}");
        }
        assert_eq!(read(b"<a>\n\n</b>").unwrap_err().line, Some(3));
    }

    #[test]
    fn utf_16_with_a_mark_is_read_and_a_wrong_declaration_is_refused() {
        let xml = "<?xml version=\"1.0\" encoding=\"utf-16\"?><a>é</a>";
        for encoding in [Encoding::Utf16LittleEndian, Encoding::Utf16BigEndian] {
            let document = read(&encoding.encode(xml)).unwrap();
            assert_eq!(document.root.text, "é");
            assert_eq!(document.spliced(Vec::new()), encoding.encode(xml));
        }
        assert!(read(xml.as_bytes()).unwrap_err().is(Rule::XmlEncoding));
        assert!(read(b"<?xml version='1.0' encoding='windows-1252'?><a>\xC3\xA9</a>").is_err());
        assert!(read(b"<?xml version='1.0' encoding='windows-1252'?><a>e</a>").is_ok());
        assert!(read(b"<a>\xE9</a>").unwrap_err().is(Rule::XmlEncoding));
    }

    #[test]
    fn splices_leave_everything_else() {
        let document = read(b"<a> <b/> <c/></a>").unwrap();
        let (first, second) = (&document.root.children[0], &document.root.children[1]);
        let insert = Splice { range: first.span.end..first.span.end, replacement: "<n/>".to_owned() };
        let remove = Splice { range: first.span.end..second.span.end, replacement: String::new() };
        assert_eq!(document.spliced(vec![remove, insert]), b"<a> <b/><n/></a>");
    }
}
