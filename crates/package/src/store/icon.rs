//! The size of a picture, from its first bytes.

/// Width and height in pixels of a PNG or JPEG; `None` if it is neither, or broken.
pub(super) fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    png(bytes).or_else(|| jpeg(bytes))
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1A\n")?;
    let header = rest.get(4..16)?.strip_prefix(b"IHDR")?;
    let number = |at: usize| header.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    Some((number(0)?, number(4)?))
}

/// Goes from segment to segment to the one that begins the frame.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(b"\xFF\xD8")?;
    loop {
        let [0xFF, marker, after @ ..] = rest else { return None };
        match marker {
            // Padding before a marker.
            0xFF => rest = &rest[1..],
            // Start of frame, but for the three that mean something else.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let &[height_high, height_low, width_high, width_low] = after.get(3..7)?.first_chunk()?;
                let number = |high: u8, low: u8| u32::from(u16::from_be_bytes([high, low]));
                return Some((number(width_high, width_low), number(height_high, height_low)));
            }
            _ => {
                let length = u16::from_be_bytes(*after.first_chunk()?);
                rest = after.get(usize::from(length.max(2))..)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_read_from_png_and_jpeg() {
        let png = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x20\0\0\0\x21";
        assert_eq!(dimensions(png), Some((32, 33)));
        let jpeg = b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xFF\xC2\0\x11\x08\0\x21\0\x20";
        assert_eq!(dimensions(jpeg), Some((32, 33)));
        for broken in [&png[..20], &jpeg[..12], b"GIF89a\x20\0\x20\0", b"", b"\xFF\xD8\xFF\xE0\0\0"] {
            assert_eq!(dimensions(broken), None);
        }
    }
}
