//! The few files of a solution that matter here, by path.

use std::collections::BTreeMap;

/// Where things lie in a solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// As zipped: `solution.xml` and `customizations.xml` at the root.
    Packed,
    /// As developers keep it: `Other/Solution.xml`, `Other/Customizations.xml`, apps in folders.
    Unpacked,
}

pub(super) const SERVICE_PLANS: &str = "ServicePlans/ServicePlans.xml";
pub(super) const SERVICE_PLAN_APP_MODULES: &str = "ServicePlans/ServicePlanAppModules.xml";

impl Layout {
    /// The path of the solution's manifest.
    pub const fn manifest(self) -> &'static str {
        match self {
            Self::Packed => "solution.xml",
            Self::Unpacked => "Other/Solution.xml",
        }
    }

    /// The path of the solution's customizations.
    pub const fn customizations(self) -> &'static str {
        match self {
            Self::Packed => "customizations.xml",
            Self::Unpacked => "Other/Customizations.xml",
        }
    }

    /// Whether a file of that path, whatever its case, is one that [`SolutionFiles`] wants.
    pub fn wants(self, path: &str) -> bool {
        let is = |other: &str| path.eq_ignore_ascii_case(other);
        let is_license_file = is(SERVICE_PLANS) || is(SERVICE_PLAN_APP_MODULES);
        is(self.manifest())
            || is(self.customizations())
            || (self == Self::Unpacked && (is_license_file || is_app_module(path)))
    }
}

/// `AppModules/<name>/AppModule.xml`
fn is_app_module(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts[..], [folder, _, file]
        if folder.eq_ignore_ascii_case("AppModules") && file.eq_ignore_ascii_case("AppModule.xml"))
}

/// The files, each under its path as it is written, with `/`; found without regard to case, as Windows does.
#[derive(Debug, Clone)]
pub struct SolutionFiles {
    layout: Layout,
    files: BTreeMap<String, Vec<u8>>,
}

/// One file to write, or to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    pub path: String,
    /// `None` deletes.
    pub content: Option<Vec<u8>>,
}

impl SolutionFiles {
    pub fn new(layout: Layout) -> Self {
        Self { layout, files: BTreeMap::new() }
    }

    /// Takes a file if it is one of those that matter.
    pub fn insert(&mut self, path: &str, content: Vec<u8>) {
        if self.layout.wants(path) {
            self.files.insert(path.to_owned(), content);
        }
    }

    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// The path as it is written, and the content.
    pub(super) fn get(&self, path: &str) -> Option<(&str, &[u8])> {
        let found = self.files.iter().find(|(other, _)| other.eq_ignore_ascii_case(path));
        found.map(|(path, content)| (path.as_str(), content.as_slice()))
    }

    /// The path as it is written.
    pub(super) fn path(&self, path: &str) -> Option<&str> {
        self.get(path).map(|(path, _)| path)
    }

    pub(super) fn app_modules(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let apps = self.files.iter().filter(|(path, _)| is_app_module(path));
        apps.map(|(path, content)| (path.as_str(), content.as_slice()))
    }

    /// The change that puts content in the place of what is there; `None` if it is there already.
    pub(super) fn change(&self, path: &str, content: Option<Vec<u8>>) -> Option<FileChange> {
        let found = self.get(path);
        if found.map(|(_, content)| content) == content.as_deref() {
            return None;
        }
        let path = found.map_or(path, |(path, _)| path).to_owned();
        Some(FileChange { path, content })
    }
}
