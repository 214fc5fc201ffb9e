//! `Input.xml`: who publishes the package, where, when, and what it shows. Names are case-sensitive.

use std::fmt::Display;

use types::{Country, Date};

use super::INNER_PACKAGE;
use crate::finding::{Finding, Findings};
use crate::limits::Limits;
use crate::plans::{Located, Place};
use crate::rules::Rule;
use crate::text::is_web_address;
use crate::xml::{Document, Element};

const ROOT: &str = "PvsPackageData";
/// More than there are languages.
const MOST_LOCALES: usize = 500;

/// The parts of `Input.xml` that other files must agree with.
#[derive(Debug)]
pub(super) struct Input {
    /// The inner package's file; the usual name where the element is missing.
    pub(super) package_file: String,
    pub(super) anchor: Option<Located<String>>,
    /// The code of the default locale.
    pub(super) language: Option<Located<String>>,
    pub(super) logos: Vec<Located<String>>,
    pub(super) terms: Vec<Located<String>>,
}

/// Reads `Input.xml` and checks all that it can be checked for alone.
pub(super) fn read(label: &str, bytes: &[u8], limits: &Limits, findings: &mut Findings) -> Option<Input> {
    let document =
        Document::read(label, bytes, limits, |_| true).map_err(|refused| findings.push(refused)).ok()?;
    let root = &document.root;
    if root.name != ROOT {
        let message = format!("The root is <{}>, not <{ROOT}>", root.name);
        let mend = "Write the root so; names are case-sensitive.";
        findings.push(Finding::new(Rule::InputRoot, label, Some(root.line), message, mend));
        return None;
    }
    let mut reader = Reader { label, findings };
    reader.filled(root, "ProviderName");
    let package_file = reader.filled(root, "PackageFile").map(|element| element.text.trim().to_owned());
    let anchor =
        reader.filled(root, "SolutionAnchorName").map(|element| reader.located(element, &element.text));
    reader.dates(root);
    reader.countries(root);
    if let Some(link) = reader.filled(root, "LearnMoreLink")
        && !is_web_address(link.text.trim())
    {
        let mend = "Write it like https://fabrikam.example/campus.";
        reader.refuse(Rule::InputLink, link.line, "LearnMoreLink is no http or https address", mend);
    }
    let package_file = package_file.unwrap_or_else(|| INNER_PACKAGE.to_owned());
    let mut input = Input { package_file, anchor, language: None, logos: Vec::new(), terms: Vec::new() };
    reader.locales(root, &mut input);
    Some(input)
}

struct Reader<'a> {
    label: &'a str,
    findings: &'a mut Findings,
}

impl Reader<'_> {
    fn refuse(&mut self, rule: Rule, line: u64, message: impl Display, mend: &str) {
        self.findings.push(Finding::new(rule, self.label, Some(line), message.to_string(), mend));
    }

    fn located(&self, element: &Element, value: &str) -> Located<String> {
        let place = Place { file: self.label.to_owned(), line: element.line };
        Located { value: value.trim().to_owned(), place }
    }

    /// The one child of that name.
    fn one<'e>(&mut self, parent: &'e Element, name: &str) -> Option<&'e Element> {
        let mut named = parent.children.iter().filter(|child| child.name == name);
        let (first, second) = (named.next(), named.next());
        if let Some(second) = second {
            let message = format!("{name} is there more than once");
            self.refuse(Rule::InputElement, second.line, message, "Keep one of them.");
        }
        if first.is_none() {
            let differs_in_case = |child: &&Element| child.name.eq_ignore_ascii_case(name);
            if let Some(other) = parent.children.iter().find(differs_in_case) {
                let message = format!("{name} is written {}", other.name);
                let mend = "Write it in the right case; names are case-sensitive.";
                self.refuse(Rule::InputElementCase, other.line, message, mend);
            } else {
                let message = format!("{name} is missing in {}", parent.name);
                self.refuse(Rule::InputElement, parent.line, message, &format!("Add <{name}>."));
            }
        }
        first
    }

    /// The one child of that name, with text in it.
    fn filled<'e>(&mut self, parent: &'e Element, name: &str) -> Option<&'e Element> {
        let element = self.one(parent, name)?;
        if element.text.trim().is_empty() {
            self.refuse(Rule::InputElement, element.line, format!("{name} is empty"), "Fill it.");
            return None;
        }
        Some(element)
    }

    fn dates(&mut self, root: &Element) {
        let mut day = |name: &str| {
            let element = self.filled(root, name)?;
            let text = element.text.trim();
            let day = parse_day(text);
            if day.is_none() {
                let message = format!("{name} is {text:?}, which is no day written MM/DD/YYYY");
                self.refuse(Rule::InputDates, element.line, message, "Write it like 01/31/2026.");
            }
            day.map(|day| (day, element.line))
        };
        if let (Some((start, _)), Some((end, line))) = (day("StartDate"), day("EndDate"))
            && end < start
        {
            let message = "EndDate is before StartDate";
            self.refuse(Rule::InputDates, line, message, "Let the package end after it starts.");
        }
    }

    fn countries(&mut self, root: &Element) {
        let Some(element) = self.filled(root, "SupportedCountries") else { return };
        if element.text.contains(char::is_whitespace) {
            let message = "SupportedCountries has blanks or line breaks";
            self.refuse(Rule::InputCountries, element.line, message, "Write the codes like US,CA.");
        }
        let is_code = |code: &&str| Country::parse(code).is_ok_and(|country| country.as_str() == *code);
        let unknown: Vec<&str> =
            element.text.split(',').map(str::trim).filter(|code| !is_code(code)).take(20).collect();
        if !unknown.is_empty() {
            let message = format!("SupportedCountries has {unknown:?}, no codes of ISO 3166-1 alpha-2");
            let mend = "Use two capital letters for each country, with one comma between two.";
            self.refuse(Rule::InputCountries, element.line, message, mend);
        }
    }

    fn locales(&mut self, root: &Element, input: &mut Input) {
        let Some(parent) = self.one(root, "Locales") else { return };
        let locales: Vec<&Element> = parent.named("PackageLocale").collect();
        if locales.is_empty() {
            self.one(parent, "PackageLocale");
            return;
        }
        if locales.len() > MOST_LOCALES {
            let message = format!("There are more than {MOST_LOCALES} locales");
            self.refuse(Rule::InputLocales, parent.line, message, "Keep one for each language.");
            return;
        }
        let mut defaults = Vec::new();
        for locale in locales {
            let code = locale.attribute("Code").map(str::trim).unwrap_or_default();
            if code.is_empty() || code.len() > 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
                let mend = "Write the number of the language, such as Code=\"1033\".";
                self.refuse(
                    Rule::InputLocales,
                    locale.line,
                    "A PackageLocale has no Code that is a number",
                    mend,
                );
            }
            match locale.attribute("IsDefault") {
                Some("true") => defaults.push(self.located(locale, code)),
                Some("false") => {}
                _ => {
                    let message = "A PackageLocale has no IsDefault that is true or false";
                    self.refuse(
                        Rule::InputLocales,
                        locale.line,
                        message,
                        "Write IsDefault=\"true\" or \"false\".",
                    );
                }
            }
            if let Some(logo) = self.filled(locale, "Logo") {
                input.logos.push(self.located(logo, &logo.text));
            }
            if let Some(terms) = self.one(locale, "Terms") {
                self.terms(terms, input);
            }
        }
        if defaults.len() != 1 {
            let message = format!("{} locales are the default one", defaults.len());
            self.refuse(Rule::InputLocales, parent.line, message, "Write IsDefault=\"true\" at exactly one.");
        }
        input.language = defaults.into_iter().next();
    }

    fn terms(&mut self, terms: &Element, input: &mut Input) {
        let Some(term) = self.one(terms, "PackageTerm") else { return };
        if let Some(file) = term.attribute("File").filter(|file| !file.trim().is_empty()) {
            input.terms.push(self.located(term, file));
        } else {
            let message = "PackageTerm has no File";
            self.refuse(Rule::InputElement, term.line, message, "Write File=\"TermsOfUse.html\".");
        }
    }
}

/// A day written MM/DD/YYYY.
fn parse_day(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            2 | 5 => *byte == b'/',
            _ => byte.is_ascii_digit(),
        });
    if !shape {
        return None;
    }
    Date::new(text[6..].parse().ok()?, text[..2].parse().ok()?, text[3..5].parse().ok()?).ok()
}

/// What [`write`] writes.
pub(super) struct Values<'a> {
    pub(super) provider_name: &'a str,
    pub(super) anchor: &'a str,
    pub(super) start: Date,
    pub(super) end: Date,
    pub(super) countries: &'a [Country],
    pub(super) learn_more_link: &'a str,
    pub(super) language: u32,
    pub(super) logo: &'a str,
    pub(super) terms: &'a str,
}

/// The document, with one locale.
pub(super) fn write(values: &Values<'_>) -> String {
    let escape = |text| quick_xml::escape::escape::<'_>(text);
    let day = |day: Date| format!("{:02}/{:02}/{:04}", day.month(), day.day(), day.year());
    let countries: Vec<&str> = values.countries.iter().map(Country::as_str).collect();
    let element = |name: &str, value: &str| format!("  <{name}>{value}</{name}>\n");
    let mut document = format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<{ROOT}>\n");
    document += &element("ProviderName", &escape(values.provider_name));
    document += &element("PackageFile", INNER_PACKAGE);
    document += &element("SolutionAnchorName", &escape(values.anchor));
    document += &element("StartDate", &day(values.start));
    document += &element("EndDate", &day(values.end));
    document += &element("SupportedCountries", &countries.join(","));
    document += &element("LearnMoreLink", &escape(values.learn_more_link));
    document += &format!(
        "  <Locales>\n    <PackageLocale Code=\"{}\" IsDefault=\"true\">\n      <Logo>{}</Logo>\n      \
         <Terms>\n        <PackageTerm File=\"{}\" />\n      </Terms>\n    </PackageLocale>\n  </Locales>\n",
        values.language,
        escape(values.logo),
        escape(values.terms)
    );
    document + &format!("</{ROOT}>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PKG-07: only days that there are, written MM/DD/YYYY.
    #[test]
    fn a_day_is_read_only_when_it_is_one() {
        assert_eq!(parse_day("02/29/2024"), Some(Date::constant(2024, 2, 29)));
        for other in [
            "02/29/2023",
            "13/01/2024",
            "2/9/2024",
            "2024-02-29",
            "00/00/0000",
            "",
            "é/29/2024",
            "+1/01/2024",
        ] {
            assert_eq!(parse_day(other), None, "{other}");
        }
    }
}
