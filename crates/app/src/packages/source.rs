//! Where a package is fetched from (PKG-09).

use axum::http::Uri;
use types::{Timestamp, Violation};

use super::URL_EXPIRED;
use crate::kit::Refused;
use crate::kit::outbound::Outbound;

/// A web address of a package, with whatever token its query carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceUrl(String);

impl SourceUrl {
    const MAX: usize = 2048;

    /// What can be said of it before anything is sent there.
    pub(super) fn parse(text: &str, outbound: &Outbound) -> Result<Self, Violation> {
        if text.len() > Self::MAX {
            let message = format!("is longer than {} characters", Self::MAX);
            return Err(Violation::new("url.too_long", message));
        }
        outbound.vet(text).map(Self)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Without the query, which may be a secret.
    pub(crate) fn shown(&self) -> String {
        self.0.split(['?', '#']).next().unwrap_or_default().to_owned()
    }

    /// When the access token ends that the address carries: `se` of a shared access signature.
    fn expires_at(&self) -> Option<Timestamp> {
        let uri: Uri = self.0.parse().ok()?;
        let query: Vec<(String, String)> = serde_urlencoded::from_str(uri.query()?).ok()?;
        let (_, text) = query.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("se"))?;
        // A day alone, or a time without seconds, is as good as a whole one there.
        let forms = [text.clone(), format!("{text}T00:00:00Z"), text.replace('Z', ":00Z")];
        forms.iter().find_map(|form| Timestamp::parse(form).ok())
    }

    pub(super) fn refuse_expired(&self, now: Timestamp) -> Result<(), Refused> {
        match self.expires_at() {
            Some(end) if end <= now => {
                let detail = format!(
                    "The access token in the address of the package ended at {end}: give an address with a new one."
                );
                Err(URL_EXPIRED.because(detail))
            }
            _ => Ok(()),
        }
    }
}

impl db::ToValue for SourceUrl {
    fn to_value(&self) -> db::Value<'_> {
        db::Value::Text(self.0.as_str().into())
    }
}

impl db::FromValue for SourceUrl {
    fn from_value(value: db::Value<'_>) -> Result<Self, String> {
        <String as db::FromValue>::from_value(value).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PKG-09: the end of a shared access signature is read as it is written there.
    #[test]
    fn the_end_of_a_token_is_read() {
        let end = |query: &str| SourceUrl(format!("https://store.example/app.zip?{query}")).expires_at();
        let expected = Timestamp::parse("2026-01-31T12:30:00Z").ok();
        assert_eq!(end("sv=2024&se=2026-01-31T12%3A30%3A00Z&sig=x"), expected);
        assert_eq!(end("se=2026-01-31T12:30Z"), expected);
        assert_eq!(end("se=2026-01-31"), Timestamp::parse("2026-01-31T00:00:00Z").ok());
        assert_eq!(end("sig=x"), None);
    }
}
