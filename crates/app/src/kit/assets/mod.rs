//! What pages are drawn with: one style sheet, one script, one sprite of icons. In the program itself, under
//! names that change with their content, so browsers keep them for ever.

use std::io::Write as _;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::secret_hash;

/// Joined in this order.
const STYLE: &[&str] = &[
    include_str!("tokens.css"),
    include_str!("base.css"),
    include_str!("shell.css"),
    include_str!("controls.css"),
    include_str!("content.css"),
    include_str!("storefront.css"),
];

static ASSETS: LazyLock<[Asset; 4]> = LazyLock::new(|| {
    [
        Asset::new("style", "css", "text/css; charset=utf-8", STYLE.concat()),
        Asset::new("script", "js", "text/javascript; charset=utf-8", include_str!("script.js").to_owned()),
        Asset::new("icons", "svg", "image/svg+xml", include_str!("icons.svg").to_owned()),
        Asset::new("mark", "svg", "image/svg+xml", include_str!("mark.svg").to_owned()),
    ]
});

struct Asset {
    path: String,
    kind: &'static str,
    plain: Bytes,
    compressed: Bytes,
}

impl Asset {
    fn new(name: &str, extension: &str, kind: &'static str, content: String) -> Self {
        let hash: String = secret_hash(&content).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let compressed = gzip(content.as_bytes(), Compression::best());
        Self { path: format!("/assets/{name}-{hash}.{extension}"), kind, plain: content.into(), compressed }
    }
}

pub fn style() -> &'static str {
    &ASSETS[0].path
}

pub fn script() -> &'static str {
    &ASSETS[1].path
}

pub fn icons() -> &'static str {
    &ASSETS[2].path
}

pub fn mark() -> &'static str {
    &ASSETS[3].path
}

/// What is at this path; a name of an older program is not found, and its page is read again.
pub(crate) fn serve(path: &str, headers: &HeaderMap) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.path == path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let common = [
        (header::CONTENT_TYPE, asset.kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "accept-encoding"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    if takes_gzip(headers) {
        return (common, [(header::CONTENT_ENCODING, "gzip")], asset.compressed.clone()).into_response();
    }
    (common, asset.plain.clone()).into_response()
}

pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        name.trim() == "gzip" && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

/// Empty where there is no memory for it, which is not the place to say so.
pub(crate) fn gzip(bytes: &[u8], level: Compression) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), level);
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Issue: any page's HTML, style and script in 60 KB, compressed; these are what all share.
    #[test]
    fn what_all_pages_share_is_small() {
        let size: usize = ASSETS.iter().map(|asset| asset.compressed.len()).sum();
        assert!(size < 24 * 1024, "{size} bytes");
    }

    #[test]
    fn every_icon_that_is_used_is_drawn() {
        let sprite = include_str!("icons.svg");
        let components = concat!(include_str!("../page/components.html"), include_str!("../page/parts.html"));
        let names: BTreeSet<_> =
            components.split("icon(\"").skip(1).filter_map(|name| name.split('"').next()).collect();
        for name in &names {
            assert!(sprite.contains(&format!("id=\"{name}\"")), "{name}");
        }
        assert!(names.len() > 8, "{names:?}");
    }

    #[test]
    fn compression_is_for_those_who_take_it() {
        let headers =
            |value: &'static str| HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())]);
        assert!(takes_gzip(&headers("br, gzip;q=0.8")) && !takes_gzip(&headers("br, gzip;q=0")));
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
