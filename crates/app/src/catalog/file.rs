//! Images and documents of listings: told by their bytes, kept by their hash.
//!
//! Images are decoded and written anew, so that nothing but pixels is kept of what was uploaded. Their
//! dimensions are looked at before anything is unpacked.

use std::io::Cursor;

use png::{BitDepth, ColorType, Decoder, Encoder, Limits, Transformations};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use types::{OfferId, Timestamp, Violation};

use super::{FILE_BROKEN, FILE_UNKNOWN_KIND};
use crate::kit::{Refused, text_enum};

/// Bytes that an upload may have.
pub(super) const BYTES_MAX: usize = 8 * 1024 * 1024;
/// Files of an offer at most.
pub(super) const PER_OFFER: usize = 100;
/// Pixels of a side at most; no place of a listing takes more than 1280.
const SIDE_MAX: u32 = 2048;
/// Bytes that unpacking an image may take.
const UNPACKED_MAX: usize = 24 * 1024 * 1024;

/// The SHA-256 of a file, in hexadecimal: what a listing calls it by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct FileHash(String);

impl FileHash {
    fn of(bytes: &[u8]) -> Self {
        Self(digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub(crate) fn parse(text: &str) -> Result<Self, Violation> {
        let hexadecimal = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == 64 && text.bytes().all(hexadecimal) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Violation::new("file.malformed", "must be the SHA-256 of an uploaded file, in hexadecimal"))
        }
    }

    /// From a path: what is no hash is no file.
    pub(crate) fn from_path(text: &str) -> Result<Self, Refused> {
        Self::parse(text).map_err(|_| Refused::not_found("file"))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<FileHash> for String {
    fn from(hash: FileHash) -> Self {
        hash.0
    }
}

impl db::ToValue for FileHash {
    fn to_value(&self) -> db::Value<'_> {
        db::Value::Text(self.0.as_str().into())
    }
}

impl db::FromValue for FileHash {
    fn from_value(value: db::Value<'_>) -> Result<Self, String> {
        Self::parse(&<String as db::FromValue>::from_value(value)?).map_err(|violation| violation.message)
    }
}

text_enum! {
    /// What a file is, by its bytes.
    ContentType {
        Png = "image/png",
        Pdf = "application/pdf",
    }
}

db::rows! {
    /// A file of an offer's draft.
    pub(crate) struct OfferFile in "offer_files" {
        pub offer_id: OfferId,
        pub sha256: FileHash,
        pub content_type: ContentType,
        pub size: i64,
        /// Pixels; absent for documents.
        pub width: Option<i64>,
        pub height: Option<i64>,
        pub uploaded_at: Timestamp,
    }
}

db::rows! {
    /// A file's bytes, as they are served.
    pub(crate) struct FileContent in "file_contents" {
        pub sha256: FileHash,
        pub content_type: ContentType,
        pub bytes: Vec<u8>,
    }
}

/// A file that was looked into.
#[derive(Debug, Clone)]
pub(crate) struct Accepted {
    pub content: FileContent,
    pub dimensions: Option<(u32, u32)>,
}

/// Looks into the bytes, whatever they claim to be. Takes time: off the async threads.
pub(crate) fn accept(bytes: &[u8]) -> Result<Accepted, Refused> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        let (bytes, width, height) = rewritten(bytes)?;
        let content = FileContent { sha256: FileHash::of(&bytes), content_type: ContentType::Png, bytes };
        return Ok(Accepted { content, dimensions: Some((width, height)) });
    }
    if bytes.starts_with(b"%PDF-") {
        let tail = &bytes[bytes.len().saturating_sub(1024)..];
        if !tail.windows(5).any(|window| window == b"%%EOF") {
            return Err(FILE_BROKEN.because("The PDF document has no end: upload it whole."));
        }
        let (sha256, bytes) = (FileHash::of(bytes), bytes.to_vec());
        let content = FileContent { sha256, content_type: ContentType::Pdf, bytes };
        return Ok(Accepted { content, dimensions: None });
    }
    Err(FILE_UNKNOWN_KIND.because("Images are PNG, documents PDF; the bytes are neither."))
}

/// The same pixels, without anything else that the file carried.
fn rewritten(bytes: &[u8]) -> Result<(Vec<u8>, u32, u32), Refused> {
    let broken = |error: &dyn std::fmt::Display| {
        tracing::debug!(error.cause = %error, "an image does not read");
        FILE_BROKEN.because("The image does not read: save it as PNG again, and upload it whole.")
    };
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: UNPACKED_MAX });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(|error| broken(&error))?;
    let (width, height) = (header.width, header.height);
    if width > SIDE_MAX || height > SIDE_MAX {
        let detail = format!("The image is {width}×{height}; at most {SIDE_MAX}×{SIDE_MAX} are unpacked.");
        return Err(FILE_BROKEN.because(detail));
    }
    let mut reader = decoder.read_info().map_err(|error| broken(&error))?;
    let size = reader.output_buffer_size().filter(|size| *size <= UNPACKED_MAX);
    let mut pixels = vec![0; size.ok_or_else(|| broken(&"it is too large"))?];
    let frame = reader.next_frame(&mut pixels).map_err(|error| broken(&error))?;
    pixels.truncate(frame.buffer_size());
    let written = write_png(width, height, frame.color_type, &pixels).map_err(|error| broken(&error))?;
    Ok((written, width, height))
}

fn write_png(
    width: u32,
    height: u32,
    color: ColorType,
    pixels: &[u8],
) -> Result<Vec<u8>, png::EncodingError> {
    let mut written = Vec::new();
    let mut encoder = Encoder::new(&mut written, width, height);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(written)
}

/// What a place in a listing demands of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// PNG, square, 216 to 350 pixels a side.
    Logo,
    /// PNG of 1280×720 pixels: screenshots, and pictures of videos.
    Wide,
    Document,
}

impl Wanted {
    /// Whether a file of the offer will do.
    pub(super) fn check(self, file: &OfferFile) -> Result<(), Violation> {
        let pixels = file.width.zip(file.height);
        match (self, file.content_type, pixels) {
            (Self::Document, ContentType::Pdf, _) | (Self::Wide, ContentType::Png, Some((1280, 720))) => {
                Ok(())
            }
            (Self::Logo, ContentType::Png, Some((width, height)))
                if width == height && (216..=350).contains(&width) =>
            {
                Ok(())
            }
            (Self::Document, ..) => Err(Violation::new("file.not_pdf", "must be a PDF document")),
            (_, ContentType::Pdf, _) | (_, _, None) => {
                Err(Violation::new("file.not_png", "must be a PNG image"))
            }
            (Self::Wide, _, Some((width, height))) => Err(Violation::new(
                "file.dimensions",
                format!("is {width}×{height} pixels; it must be 1280×720"),
            )),
            (Self::Logo, _, Some((width, height))) => Err(Violation::new(
                "file.dimensions",
                format!("is {width}×{height} pixels; it must be square, 216 to 350 pixels a side"),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(result: Result<Accepted, Refused>) -> String {
        result.map_err(Refused::into_problem).unwrap_err().code
    }

    /// OFF-10: an image is written anew: a comment that it carried is gone, the pixels are the same.
    #[test]
    fn only_pixels_are_kept() {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, 2, 2);
        encoder.set_color(ColorType::Grayscale);
        encoder.add_text_chunk("Comment".into(), "<script>".into()).unwrap();
        encoder.write_header().unwrap().write_image_data(&[1, 2, 3, 4]).unwrap();
        let accepted = accept(&bytes).unwrap();
        assert_eq!((accepted.content.content_type, accepted.dimensions), (ContentType::Png, Some((2, 2))));
        let kept = &accepted.content.bytes;
        assert!(!kept.windows(8).any(|window| window == b"<script>"));
        let mut reader = Decoder::new(Cursor::new(kept)).read_info().unwrap();
        let mut pixels = [0; 4];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels, [1, 2, 3, 4]);
    }

    /// OFF-10: dimensions are looked at before anything is unpacked; what is broken or neither is refused.
    #[test]
    fn bombs_and_broken_files_are_refused() {
        let mut bomb = write_png(1, 1, ColorType::Grayscale, &[0]).unwrap();
        bomb[16..24].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
        let crc = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.to_be_bytes());
        let refused = accept(&bomb).map_err(Refused::into_problem).unwrap_err();
        assert!(refused.detail.contains("65535×65535"), "{}", refused.detail);
        let whole = write_png(9, 9, ColorType::Rgb, &[7; 243]).unwrap();
        assert_eq!(codes(accept(&whole[..whole.len() - 20])), "file.broken");
        assert_eq!(codes(accept(b"%PDF-1.7 and no more")), "file.broken");
        assert_eq!(codes(accept(b"<svg onload=alert(1)>")), "file.unknown_kind");
        assert_eq!(codes(accept(b"")), "file.unknown_kind");
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1))
            })
        })
    }
}
