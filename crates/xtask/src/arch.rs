//! The architecture as a check: who may call whom in `crates/app`, and how long a file may be.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Lines a source file may have.
const LINES: usize = 400;

pub(crate) fn run(root: &Path) -> Result<(), String> {
    let app = root.join("crates/app/src");
    let order = features(&read(&app.join("lib.rs"))?);
    let mut wrong = Vec::new();
    for file in sources(root)? {
        let text = read(&file)?;
        let shown = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        let lines = text.lines().count();
        if lines > LINES {
            wrong.push(format!("{shown}: {lines} lines; at most {LINES} are allowed"));
        }
        if let Ok(inner) = file.strip_prefix(&app) {
            wrong.extend(templates(inner, &text).into_iter().map(|what| format!("{shown}: {what}")));
            wrong.extend(traffic(&order, inner, &text).into_iter().map(|what| format!("{shown}: {what}")));
            wrong.extend(layers(inner, &text).into_iter().map(|what| format!("{shown}: {what}")));
        }
    }
    for file in files(&app, &["css", "ftl", "html", "js"])? {
        let lines = read(&file)?.lines().count();
        if lines > LINES {
            wrong.push(format!("{}: {lines} lines; at most {LINES} are allowed", file.display()));
        }
    }
    wrong.extend(schemas_of_one_name(root)?);
    println!("architecture: {} features in order: {}", order.len(), order.join(" "));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// The features in the order of `lib.rs`, which is the rule of traffic.
fn features(lib: &str) -> Vec<String> {
    let modules = lib.lines().filter_map(|line| {
        let line = line.trim().trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        line.strip_prefix("mod ")?.strip_suffix(';').map(str::to_owned)
    });
    let apart = ["api", "app", "bootstrap", "node", "portals", "registry", "testing", "tests", "work"];
    modules.filter(|module| !apart.contains(&module.as_str())).collect()
}

/// A feature calls those above it; handlers also use the edge and the proofs of access.
fn traffic(order: &[String], file: &Path, text: &str) -> Vec<String> {
    let parts: Vec<String> = file.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let Some(place) = order.iter().position(|feature| Some(feature) == parts.first()) else {
        return Vec::new();
    };
    let tests = parts.iter().any(|part| part == "tests");
    let handlers =
        parts.iter().any(|part| part == "api" || part == "api.rs" || part == "pages") || parts[0] == "edge";
    let mut wrong = Vec::new();
    for (below, feature) in order.iter().enumerate() {
        let named = text.lines().find(|line| !line.trim_start().starts_with("//") && names(line, feature));
        let Some(line) = named else { continue };
        let proof = handlers && (feature == "edge" || feature == "access");
        let allowed = below <= place || tests || proof;
        if !allowed {
            wrong.push(format!(
                "calls {feature}, which is below {} in lib.rs: {}",
                order[place],
                line.trim()
            ));
        }
        if below != place && text.contains(&format!("crate::{feature}::store")) {
            wrong.push(format!("reads the store of {feature}, which is private"));
        }
    }
    wrong
}

fn names(line: &str, feature: &str) -> bool {
    let path = format!("crate::{feature}");
    line.match_indices(&path).any(|(at, _)| {
        let after = line[at + path.len()..].chars().next();
        !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// A template is beside the code that fills it.
fn templates(file: &Path, text: &str) -> Vec<String> {
    let Some(folder) = file.parent() else { return Vec::new() };
    let named = text.split("#[template(path = \"").skip(1).filter_map(|rest| rest.split('"').next());
    let beside = |path: &&str| Path::new(path).parent().is_some_and(|at| at.starts_with(folder));
    let kits = |path: &&str| path.starts_with("kit/page/");
    named
        .filter(|path| !beside(path) && !kits(path))
        .map(|path| format!("the template {path} is somewhere else"))
        .collect()
}

/// Handlers and pages never touch SQL, operations never see HTTP, SQL is in stores.
fn layers(file: &Path, text: &str) -> Vec<String> {
    let path = file.display().to_string();
    let page = path.contains("/pages/") || path.starts_with("portals/");
    let handler = page || path.contains("/api/") || path.ends_with("/api.rs");
    let mut wrong = Vec::new();
    let kit = path.starts_with("kit/") || path.starts_with("edge/") || path.starts_with("testing/");
    if path.contains("/operations/") && (text.contains("axum::") || text.contains("utoipa")) {
        wrong.push("an operation sees HTTP".to_owned());
    }
    if page && text.contains("utoipa") {
        wrong.push("a page is no operation of the API".to_owned());
    }
    if handler && text.contains("store::") {
        wrong.push("a handler touches the store".to_owned());
    }
    if text.contains("statements! {") && !path.ends_with("store.rs") && !path.contains("/store/") && !kit {
        wrong.push("SQL outside a store".to_owned());
    }
    wrong
}

/// Two schemas of one name would be one in the API document.
fn schemas_of_one_name(root: &Path) -> Result<Vec<String>, String> {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in sources(root)? {
        let text = read(&file)?;
        let mut documented = false;
        for line in text.lines() {
            documented |= line.contains("#[derive(") && line.contains("ToSchema");
            let name = line.split("struct ").nth(1).filter(|_| documented);
            let name = name.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric()).next());
            // Empty in a macro, where the name is a variable.
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                names.entry(name.to_owned()).or_default().push(file.display().to_string());
                documented = false;
            }
        }
    }
    names.retain(|_, files| files.len() > 1);
    Ok(names
        .into_iter()
        .map(|(name, files)| format!("schemas of one name: {name} in {}", files.join(" ")))
        .collect())
}

/// Every Rust file of the workspace.
pub(crate) fn sources(root: &Path) -> Result<Vec<PathBuf>, String> {
    files(&root.join("crates"), &["rs"])
}

/// Every file below a folder with one of these extensions.
fn files(folder: &Path, extensions: &[&str]) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries {
            let path = entry.map_err(|error| error.to_string())?.path();
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if extensions.contains(&extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
