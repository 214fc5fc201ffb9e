//! Lists the files of `migrations/`, so that a migration is a file and nothing else.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=migrations");
    let root = env::current_dir()?.join("migrations");
    let mut list = String::new();
    for (name, folder) in [("SQLITE", "sqlite"), ("POSTGRES", "postgres")] {
        list += &constant(name, &root.join(folder))?;
    }
    #[expect(clippy::disallowed_methods, reason = "cargo says here where to write")]
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("migrations.rs"), list)
}

/// `pub(crate) const SQLITE: &[Migration] = …`, in the order of the names.
fn constant(name: &str, folder: &Path) -> io::Result<String> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut files = entries.collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
    files.sort();
    let mut text = format!("pub(crate) const {name}: &[Migration] = &[");
    for file in files {
        let (stem, path) = (file.file_stem().unwrap_or_default().display(), file.display().to_string());
        let written = write!(text, "Migration {{ name: \"{stem}\", text: include_str!({path:?}) }},");
        written.map_err(io::Error::other)?;
    }
    Ok(text + "];\n")
}
