//! Which characters a file's bytes are, so that an edited file goes back in the encoding it came in.

use std::borrow::Cow;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// How a file was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8 { mark: bool },
    Utf16LittleEndian,
    Utf16BigEndian,
}

/// Why bytes are no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum DecodeError {
    /// UTF-8 is broken in this line, counted from 1.
    InvalidUtf8 {
        line: u64,
    },
    InvalidUtf16,
    /// Looks like UTF-16, but does not say so by a byte order mark.
    UnmarkedUtf16,
}

impl Encoding {
    /// Splits off the byte order mark and reads the rest as text without it.
    pub(crate) fn decode(bytes: &[u8]) -> Result<(Self, Cow<'_, str>), DecodeError> {
        if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
            return decode_utf16(rest, u16::from_le_bytes).map(|text| (Self::Utf16LittleEndian, text.into()));
        }
        if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
            return decode_utf16(rest, u16::from_be_bytes).map(|text| (Self::Utf16BigEndian, text.into()));
        }
        let (mark, rest) = match bytes.strip_prefix(UTF8_MARK) {
            Some(rest) => (true, rest),
            None => (false, bytes),
        };
        if matches!(rest, [0, first, ..] | [first, 0, ..] if *first != 0) {
            return Err(DecodeError::UnmarkedUtf16);
        }
        match std::str::from_utf8(rest) {
            Ok(text) => Ok((Self::Utf8 { mark }, text.into())),
            Err(error) => Err(DecodeError::InvalidUtf8 { line: 1 + newlines(&rest[..error.valid_up_to()]) }),
        }
    }

    /// The bytes of a whole file: byte order mark and text.
    pub(crate) fn encode(self, text: &str) -> Vec<u8> {
        let utf16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| {
            mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect()
        };
        match self {
            Self::Utf8 { mark: true } => [UTF8_MARK, text.as_bytes()].concat(),
            Self::Utf8 { mark: false } => text.as_bytes().to_vec(),
            Self::Utf16LittleEndian => utf16([0xFF, 0xFE], u16::to_le_bytes),
            Self::Utf16BigEndian => utf16([0xFE, 0xFF], u16::to_be_bytes),
        }
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DecodeError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(DecodeError::InvalidUtf16);
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<String, _>>()
        .map_err(|_| DecodeError::InvalidUtf16)
}

/// Line ends in a piece of text.
pub(crate) fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

/// Whether a character may stand in a name, a link or an id: XML cannot carry the others, people cannot see them.
pub(crate) fn is_plain(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}' | '\u{FEFF}' | '\u{2028}' | '\u{2029}')
}

/// What follows the last dot of a file name, in lower case; empty if there is no dot.
pub(crate) fn extension(file_name: &str) -> String {
    file_name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default()
}

/// An address that a browser may be sent to.
pub(crate) fn is_web_address(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    host.is_some_and(|host| !host.is_empty()) && !text.contains(|c: char| c.is_whitespace() || !is_plain(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_text_is_said_with_its_line() {
        assert_eq!(Encoding::decode(b"a\nb\n\xFFc").unwrap_err(), DecodeError::InvalidUtf8 { line: 3 });
        assert_eq!(Encoding::decode(b"\xFF\xFEa").unwrap_err(), DecodeError::InvalidUtf16);
        assert_eq!(Encoding::decode(b"\xFF\xFE\x00\xD8").unwrap_err(), DecodeError::InvalidUtf16);
        assert_eq!(Encoding::decode(b"<\0a\0").unwrap_err(), DecodeError::UnmarkedUtf16);
    }

    #[test]
    fn only_web_addresses_are_web_addresses() {
        assert!(is_web_address("HTTPS://fabrikam.example/plans?x=1"));
        for other in ["", "https://", "https:///x", "javascript:alert(1)", "fabrikam.example", "https://a b/"]
        {
            assert!(!is_web_address(other), "{other}");
        }
    }

    proptest! {
        #[test]
        fn text_comes_back_in_the_encoding_it_came_in(text in "[^\u{FEFF}\0]*") {
            for encoding in [
                Encoding::Utf8 { mark: true },
                Encoding::Utf8 { mark: false },
                Encoding::Utf16LittleEndian,
                Encoding::Utf16BigEndian,
            ] {
                let bytes = encoding.encode(&text);
                let (found, decoded) = Encoding::decode(&bytes).unwrap();
                prop_assert_eq!((found, decoded.as_ref()), (encoding, text.as_str()));
            }
        }
    }
}
