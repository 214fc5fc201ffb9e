//! Profiles: which server, and the token for it, kept in one file that only its owner can read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::private_file;
use crate::failure::Failure;
use crate::machine;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    pub(super) server: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<String>,
    /// How far the last write under this profile moved the log; sent with checks (CHK-05).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) freshness: Option<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Profiles {
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

/// `SEATLINE_CONFIG`, or `seatline/profiles.toml` where the desktop keeps configuration.
fn path() -> Result<PathBuf, Failure> {
    if let Some(path) = machine::environment("SEATLINE_CONFIG") {
        return Ok(PathBuf::from(path));
    }
    let folder = machine::environment("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| machine::environment("HOME").map(|home| PathBuf::from(home).join(".config")))
        .or_else(|| machine::environment("APPDATA").map(PathBuf::from));
    let folder = folder.ok_or_else(|| {
        Failure::Usage("there is no place for profiles: set SEATLINE_CONFIG to a file".to_owned())
    })?;
    Ok(folder.join("seatline").join("profiles.toml"))
}

fn read(path: &Path) -> Result<Profiles, Failure> {
    let wrong = |error: String| Failure::Usage(format!("{}: {error}", path.display()));
    match fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|error| wrong(error.to_string())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Profiles::default()),
        Err(error) => Err(wrong(error.to_string())),
    }
}

/// The profile of that name, if there is one.
pub(super) fn find(name: &str) -> Result<Option<Profile>, Failure> {
    Ok(read(&path()?)?.profiles.remove(name))
}

/// Changes what is kept under that name, as it is now: another command may have changed it meanwhile.
pub(super) fn change(name: &str, change: impl FnOnce(&mut Profile)) -> Result<(), Failure> {
    let path = path()?;
    let mut profiles = read(&path)?;
    change(profiles.profiles.entry(name.to_owned()).or_default());
    let text = toml::to_string(&profiles).map_err(Failure::other)?;
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    let written = folder.and_then(|()| private_file::write(&path, &text));
    written.map_err(|error| Failure::Other(format!("{}: {error}", path.display())))
}
