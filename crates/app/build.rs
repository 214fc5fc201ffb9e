//! Keeps the description of the API compressed in the program, of which it would be a thirtieth.

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;

const DOCUMENT: &str = "../../docs/generated/openapi.json";

#[expect(clippy::disallowed_methods, reason = "how Cargo and its scripts talk")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("openapi.json.gz");
    let mut encoder = GzEncoder::new(File::create(out)?, Compression::best());
    encoder.write_all(&fs::read(DOCUMENT)?)?;
    Ok(encoder.finish()?.sync_all()?)
}
