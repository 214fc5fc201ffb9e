//! The registry of rules: what can be wrong with a file, each under an id that never changes.
//!
//! An id starts with the domain rule it keeps. Texts of findings may be reworded; ids and severities are what
//! stored reports, tests and publishers' scripts hold on to.

use serde::{Deserialize, Serialize};

/// Whether a finding refuses the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
}

macro_rules! rules {
    ($($name:ident $id:literal $severity:ident $says:literal;)*) => {
        /// One thing that is checked.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Rule {
            // In backticks, since texts name files in brackets, which would be links.
            $(#[doc = concat!("`", $says, "`")] $name,)*
        }

        impl Rule {
            /// Every rule, in the order of the registry.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable id, such as `PKG-07.input.dates`.
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// What holds when the rule is kept.
            pub const fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)* }
            }
        }
    };
}

rules! {
    CsvEmpty "PKG-01.csv.empty" Error "The file has a header row, and the plan definitions at least one plan.";
    CsvEncoding "PKG-01.csv.encoding" Error "The file is UTF-8, with or without byte order mark.";
    CsvColumnMissing "PKG-01.csv.column_missing" Error "Every column is there.";
    CsvColumnDuplicate "PKG-01.csv.column_duplicate" Error "No column is there twice.";
    CsvColumnUnknown "PKG-01.csv.column_unknown" Warning "There are no columns but the known ones.";
    CsvFieldCount "PKG-01.csv.field_count" Error "Every row has as many fields as the header.";
    CsvValue "PKG-01.csv.value" Error "Required fields are filled, none is too long or holds control characters, and links are http or https.";
    ServiceIdMalformed "PKG-02.service_id.malformed" Error "A service id is publisherid.offerid.planid, at most 300 characters.";
    ServiceIdConflict "PKG-02.service_id.conflict" Error "A service id is defined with one display name and one link.";
    ServiceIdUndefined "PKG-02.service_id.undefined" Error "Every mapped service id is defined.";
    ServiceIdUnknown "PKG-02.service_id.unknown" Error "Every service id belongs to a plan of the offer.";
    ComponentUnknown "PKG-04.component.unknown" Error "Every mapped component is an app of the solution.";
    NothingMapped "PKG-08.nothing_mapped" Error "With license management on and allow install off, at least one component is mapped.";
    PlanUnmapped "PKG-08.plan_unmapped" Warning "Every plan maps to at least one component.";

    SolutionFileMissing "PKG-07.solution.file_missing" Error "The solution holds solution.xml, customizations.xml and, as a zip, [Content_Types].xml.";
    SolutionManifest "PKG-07.solution.manifest" Error "solution.xml names the solution's unique name, version and managed flag.";
    SolutionCustomizations "PKG-07.solution.customizations" Error "customizations.xml has the root ImportExportXml with content.";
    SolutionServicePlan "PKG-07.solution.service_plan" Error "Service plans and mappings in the solution name what they define and map.";
    SolutionUnmanaged "PKG-07.solution.unmanaged" Error "Solutions in a package are managed.";
    SolutionForm "PKG-07.solution.form" Error "A solution is a zip or an unpacked folder.";

    OuterNested "PKG-07.outer.nested" Error "All files of the package lie at its root.";
    OuterMissing "PKG-07.outer.missing" Error "The package holds Input.xml, [Content_Types].xml, the inner package, icon and terms.";
    OuterIcon "PKG-07.outer.icon" Error "The icon is a PNG or JPEG of 32 x 32 pixels.";
    OuterTerms "PKG-07.outer.terms" Error "The terms are an HTML file with text in it.";
    ContentTypes "PKG-07.content_types" Error "[Content_Types].xml has the root Types of the package namespace.";
    ContentTypeMissing "PKG-07.content_types.extension" Warning "[Content_Types].xml names every extension in use.";

    InputRoot "PKG-07.input.root" Error "The root of Input.xml is PvsPackageData.";
    InputElement "PKG-07.input.element" Error "Every element of Input.xml is there once and filled.";
    InputElementCase "PKG-07.input.element_case" Error "Elements of Input.xml are written in the right case.";
    InputCountries "PKG-07.input.countries" Error "SupportedCountries lists codes of ISO 3166-1 alpha-2, with commas and without blanks.";
    InputDates "PKG-07.input.dates" Error "StartDate and EndDate are days, written MM/DD/YYYY, in this order.";
    InputLink "PKG-07.input.link" Error "LearnMoreLink is an http or https address.";
    InputLocales "PKG-07.input.locales" Error "There is exactly one default locale, and every locale has a code, a logo and terms.";
    InputAnchor "PKG-07.input.anchor" Error "The anchor solution is one of the package's solutions.";
    InputLanguage "PKG-07.input.language" Warning "The default locale is the language of the anchor solution.";

    InnerFolder "PKG-07.inner.folder" Error "The inner package has exactly one folder with ImportConfig.xml.";
    InnerMissing "PKG-07.inner.missing" Error "The inner package holds [Content_Types].xml.";
    ImportConfigRoot "PKG-07.import_config.root" Error "The root of ImportConfig.xml is configdatastorage.";
    ImportConfigSolutions "PKG-07.import_config.solutions" Error "ImportConfig.xml lists at least one solution, each with its file name, none twice.";
    ImportConfigFile "PKG-07.import_config.file" Error "Every listed solution file lies in the package folder.";
    ImportConfigUnlisted "PKG-07.import_config.unlisted" Warning "Every solution in the package folder is listed.";

    XmlMalformed "PKG-07.xml.malformed" Error "XML is well-formed.";
    XmlEncoding "PKG-07.xml.encoding" Error "XML is UTF-8, or UTF-16 with byte order mark.";
    XmlDoctype "PKG-09.xml.doctype" Error "XML has no document type declaration.";
    XmlEntity "PKG-09.xml.entity" Error "XML refers to no entities but the predefined ones.";
    XmlLimit "PKG-09.xml.limit" Error "XML stays within the limits of size, depth and number of elements.";

    ArchiveUnreadable "PKG-09.archive.unreadable" Error "The archive is a complete zip whose headers agree.";
    ArchiveSize "PKG-09.archive.size" Error "The archive stays within the size limit.";
    ArchiveEntries "PKG-09.archive.entries" Error "The archive stays within the limit of entries.";
    ArchiveInflated "PKG-09.archive.inflated" Error "What the archive inflates to stays within the limits.";
    ArchivePath "PKG-09.archive.path" Error "Entry names are relative paths that stay inside the archive.";
    ArchiveDuplicate "PKG-09.archive.duplicate" Error "No two entries have the same name, whatever the case and the separators.";
    ArchiveName "PKG-09.archive.name" Error "Entry names are UTF-8.";
    ArchiveSymlink "PKG-09.archive.symlink" Error "There are no symbolic links.";
    ArchiveEncrypted "PKG-09.archive.encrypted" Error "No entry is encrypted.";
    ArchiveCompression "PKG-09.archive.compression" Error "Entries are stored or deflated.";
    ArchiveEntryDamaged "PKG-09.archive.entry_damaged" Error "Every entry inflates to the size and checksum it declares.";

    TooManyFindings "PKG-07.too_many_findings" Error "There are not so many findings that listing them stops.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_an_id_of_its_own_under_a_domain_rule() {
        let mut ids: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        assert!(ids.iter().all(|id| id.starts_with("PKG-0")), "{ids:?}");
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Rule::ALL.len());
    }
}
