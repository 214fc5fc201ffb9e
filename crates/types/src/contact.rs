//! How people and places are written.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use crate::{Violation, is_visible};

/// An e-mail address, lower-cased, in one form of letters and without what cannot be seen: what a person signs in with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 254)]
pub struct Email(String);

impl Email {
    pub const MAX: usize = 254;

    /// Accepts one `@` between a non-empty local part and a domain; whether mail arrives only mail can tell.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let text: String = text.trim().nfkc().collect();
        if text.len() > Self::MAX {
            return Err(Violation::new("email.too_long", format!("is longer than {} characters", Self::MAX)));
        }
        let malformed = || Violation::new("email.malformed", "must look like name@example.com");
        let (local, domain) = text.split_once('@').ok_or_else(malformed)?;
        let plain = |c: char| is_visible(c) && !"@,;:<>()[]\\\"".contains(c);
        let labels = domain.split('.').all(|label| !label.is_empty());
        if local.is_empty() || domain.is_empty() || !labels || !local.chars().chain(domain.chars()).all(plain)
        {
            return Err(malformed());
        }
        Ok(Self(text.to_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Email {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|violation| violation.message)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

/// A country by its ISO 3166-1 alpha-2 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[A-Z]{2}$")]
pub struct Country([u8; 2]);

/// The officially assigned codes of ISO 3166-1 alpha-2, in order.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS \
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK \
FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM \
JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS \
MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM \
US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// What they are called in English, in the same order.
const NAMES: &str = include_str!("countries.txt");
/// The same in Korean.
const KOREAN_NAMES: &str = include_str!("countries_ko.txt");

impl Country {
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let upper = text.to_ascii_uppercase();
        match upper.as_bytes() {
            [first, second] if COUNTRIES.split(' ').any(|code| code == upper) => Ok(Self([*first, *second])),
            _ => Err(Violation::new(
                "country.unknown",
                "must be a country code of ISO 3166-1 alpha-2, such as US or KR",
            )),
        }
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// In English.
    pub fn name(&self) -> &'static str {
        let mut lines = NAMES.lines().filter_map(|line| line.split_once(' '));
        lines.find(|(code, _)| *code == self.as_str()).map_or("", |(_, name)| name)
    }

    /// In Korean.
    pub fn korean_name(&self) -> &'static str {
        let mut lines = KOREAN_NAMES.lines().filter_map(|line| line.split_once(' '));
        lines.find(|(code, _)| *code == self.as_str()).map_or("", |(_, name)| name)
    }

    /// Every country, in the order of the codes.
    pub fn all() -> impl Iterator<Item = Self> {
        COUNTRIES.split(' ').filter_map(|code| Self::parse(code).ok())
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Country {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|violation| violation.message)
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_lower_cased_and_trimmed() {
        assert_eq!(Email::parse(" Ana@Contoso.Example ").unwrap().as_str(), "ana@contoso.example");
    }

    /// Two that look alike are one, or are refused.
    #[test]
    fn an_address_is_written_in_one_way() {
        let ana = Email::parse("ana@contoso.example").unwrap();
        assert_eq!(Email::parse("\u{ff21}na\u{ff20}contoso.example").unwrap(), ana);
        let (composed, apart) =
            (Email::parse("andr\u{e9}@c.example"), Email::parse("andre\u{301}@c.example"));
        assert_eq!(composed.unwrap(), apart.unwrap());
        for unseen in
            ["ana@contoso.example\u{200b}", "a\u{200b}na@contoso.example", "\u{202e}ana@contoso.example"]
        {
            assert_eq!(Email::parse(unseen).unwrap_err().code, "email.malformed", "{unseen:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(250));
        for broken in
            ["", "ana", "@contoso.example", "ana@", "a b@c.example", "a@b@c.example", "a@b..example", &long]
        {
            assert!(Email::parse(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn there_are_249_countries_and_no_others() {
        assert_eq!(Country::all().count(), 249);
        assert_eq!(Country::parse("kr").unwrap().as_str(), "KR");
        let named: Vec<&str> = NAMES.lines().map(|line| &line[..2]).collect();
        assert_eq!(named.join(" "), COUNTRIES, "each has a name");
        assert!(Country::parse("UK").is_err());
        assert!(Country::parse("").is_err());
    }
}
