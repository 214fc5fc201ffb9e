//! The languages that people are addressed in.

use types::Country;

super::text_enum! {
    Language {
        English = "en",
        Korean = "ko",
    }
}

impl Language {
    /// For people who have chosen none.
    pub fn of_country(country: &Country) -> Self {
        if country.as_str() == "KR" { Self::Korean } else { Self::English }
    }
}
