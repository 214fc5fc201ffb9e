//! Files that code can list are generated. `SEATLINE_BLESS=1 cargo test -p seatline-app generated` writes
//! them; a test compares.

use std::path::Path;

use crate::{access, registry};

#[expect(clippy::disallowed_methods, reason = "writing instead of comparing is asked for by hand")]
fn compare(name: &str, content: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/generated").join(name);
    if std::env::var_os("SEATLINE_BLESS").is_some() {
        std::fs::write(&path, content).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == content,
        "docs/generated/{name} is not what the code says: run with SEATLINE_BLESS=1"
    );
}

#[test]
fn the_api_document_is_committed() {
    let mut text = serde_json::to_string_pretty(&crate::document()).unwrap();
    text.push('\n');
    compare("openapi.json", &text);
}

#[test]
fn the_permission_matrix_is_committed() {
    compare("permissions.md", &access::matrix());
}

#[test]
fn the_references_are_committed() {
    compare("refusals.md", &registry::codes_reference());
    compare("events.md", &registry::events_reference());
}
