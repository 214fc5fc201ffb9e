//! What was found wrong: where, and how to mend it.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::rules::{Rule, Severity};

/// Listing stops here; a file made to be bad shall not make a report without end.
pub(crate) const MOST_FINDINGS: usize = 500;

/// One thing that is wrong, as reports store and show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The id of the [`Rule`] that is broken.
    pub rule: Cow<'static, str>,
    pub severity: Severity,
    /// The file; inside archives with `!` between archive and entry: `package.zip!PkgFolder/ImportConfig.xml`.
    pub file: String,
    /// Counted from 1, where there is one.
    pub line: Option<u64>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub mend: String,
}

impl Finding {
    pub(crate) fn new(
        rule: Rule,
        file: impl Into<String>,
        line: Option<u64>,
        message: impl Into<String>,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            rule: Cow::Borrowed(rule.id()),
            severity: rule.severity(),
            file: file.into(),
            line,
            message: message.into(),
            mend: mend.into(),
        }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Whether this is a finding of that rule.
    pub fn is(&self, rule: Rule) -> bool {
        self.rule == rule.id()
    }
}

/// `error PKG-04.component.unknown plan_mapping.csv:3: what is wrong. How to mend it.`
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity} {} {}", self.rule, self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}. {}", self.message, self.mend)
    }
}

/// Findings being collected, up to a number nobody reads anyway.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    pub(crate) fn push(&mut self, finding: Finding) {
        match self.0.len() {
            count if count < MOST_FINDINGS => self.0.push(finding),
            MOST_FINDINGS => self.0.push(Finding::new(
                Rule::TooManyFindings,
                finding.file,
                None,
                format!("There are more than {MOST_FINDINGS} findings; the others are not listed"),
                "Mend these and check again.",
            )),
            _ => {}
        }
    }

    pub(crate) fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.0.iter().any(Finding::is_error)
    }

    pub(crate) fn into_vec(self) -> Vec<Finding> {
        self.0
    }
}

/// All findings, one to a line.
pub(crate) fn list(findings: &[Finding]) -> String {
    findings.iter().map(Finding::to_string).collect::<Vec<_>>().join("\n")
}
