//! What somebody typed into a form, and what is wrong with it.

use types::{FieldError, Problem};

use super::wording::Flag;
use crate::kit::{Expected, refused};

/// The fields of a form as they were sent, in order; a name may be there several times.
#[derive(Debug, Clone, Default)]
pub struct Input(Vec<(String, String)>);

impl Input {
    /// Reads `application/x-www-form-urlencoded`; line ends become those of this side.
    pub fn parse(bytes: &[u8]) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(bytes).unwrap_or_default();
        Self(pairs.into_iter().map(|(name, value)| (name, value.replace("\r\n", "\n"))).collect())
    }

    /// What a form would send that holds what is stored.
    pub fn of<N: Into<String>>(pairs: impl IntoIterator<Item = (N, String)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }

    /// The value of a field, without blanks around it; empty if it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The same where it was filled in.
    pub fn filled(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    /// Exactly as typed, as for passwords.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Every value of a name: of checkboxes, or rows that are selected.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The revision that the form was filled in by. Every form that asks has one: without it nothing is expected that
    /// could be there.
    pub fn revision(&self) -> Expected {
        Expected::one_of(self.text("revision").parse().into_iter().collect())
    }

    /// Whether a checkbox was checked.
    pub fn checked(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    pub fn pairs(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter()
    }

    /// What may be kept while somebody signs in again: everything but secrets and our own fields.
    pub fn keepable(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter().filter(|(name, _)| !name.starts_with('_') && !name.contains("password"))
    }
}

/// What a form shows: nothing yet, or what was typed and what is wrong with it. Templates call it `form`.
#[derive(Debug, Clone, Default)]
pub struct Entered {
    /// Proves that the form is ours.
    token: String,
    input: Option<Input>,
    errors: Vec<FieldError>,
    /// What is wrong with the whole.
    said: Option<String>,
    /// Of the answer that shows it; 200 while nothing is wrong.
    status: Option<u16>,
    /// Seconds.
    retry_after: Option<u64>,
    /// What is stored, where something else was typed.
    stored: Option<Input>,
}

/// Somebody else saved first.
pub const STALE: u16 = 412;

impl Entered {
    /// A form that nothing was typed into yet.
    pub fn blank(token: String) -> Self {
        Self { token, ..Self::default() }
    }

    pub fn typed(token: String, input: Input) -> Self {
        Self { input: Some(input), ..Self::blank(token) }
    }

    /// The same with what is stored in its fields, until something is typed.
    #[must_use]
    pub fn holding(self, stored: Input) -> Self {
        match self.input {
            Some(_) => Self { stored: Some(stored), ..self },
            None => Self { input: Some(stored), ..self },
        }
    }

    /// What was typed; nothing in a form that is blank.
    pub fn input(&self) -> &Input {
        static NOTHING: Input = Input(Vec::new());
        self.input.as_ref().unwrap_or(&NOTHING)
    }

    /// For the field `_token`.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The same with what it was refused for, in the words of its reader.
    #[must_use]
    pub fn refused(self, problem: Problem) -> Self {
        let retry_after = refused::retry_after(&problem);
        let Problem { status, detail, errors, .. } = problem;
        let said = errors.is_empty().then_some(detail);
        Self { errors, said, status: Some(status), retry_after, ..self }
    }

    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// Seconds until it may be sent again, where it came too often.
    pub fn retry_after(&self) -> Option<u64> {
        self.retry_after
    }

    /// What a field shows: what was typed, or else what is stored.
    pub fn value<'a>(&'a self, name: &str, stored: &'a str) -> &'a str {
        self.input.as_ref().map_or(stored, |input| input.raw(name))
    }

    /// Whether a checkbox, radio button or option of this value is chosen.
    pub fn holds(&self, name: &str, value: &str, stored: impl Flag) -> bool {
        self.input.as_ref().map_or(stored.is_set(), |input| input.all(name).any(|known| known == value))
    }

    /// What is wrong with a field, or with a part of it.
    pub fn error(&self, name: &str) -> Option<&str> {
        let of_it = |error: &&FieldError| {
            let rest = error.field.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', '.']))
        };
        self.errors.iter().find(of_it).map(|error| error.message.as_str())
    }

    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    pub fn said(&self) -> Option<&str> {
        self.said.as_deref()
    }

    /// What is stored by now and was not typed, by field, in a form that somebody else was faster with.
    pub fn saved_meanwhile(&self) -> Option<Vec<(String, String)>> {
        let stored = self.stored.as_ref().filter(|_| self.status == Some(STALE))?;
        let mut found: Vec<(String, String)> = Vec::new();
        for (name, _) in stored.pairs() {
            let now: Vec<&str> = stored.all(name).map(str::trim).collect();
            let typed = self.input().all(name).map(str::trim);
            if !found.iter().any(|(known, _)| known == name) && !typed.eq(now.iter().copied()) {
                found.push((name.clone(), now.join(", ")));
            }
        }
        Some(found)
    }

    pub fn is_refused(&self) -> bool {
        self.status.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_shows_what_was_typed_and_keeps_no_secret() {
        let input = Input::parse(b"name=+A%0D%0AB&role=a&role=b&password=x&_token=y");
        assert_eq!((input.text("name"), input.raw("name"), input.text("none")), ("A\nB", " A\nB", ""));
        assert_eq!(input.keepable().count(), 3);
        let form = Entered::typed(String::new(), input);
        assert_eq!(form.value("name", "stored"), " A\nB");
        assert!(form.holds("role", "b", false) && !form.holds("role", "c", true));
        assert_eq!(Entered::default().value("name", "stored"), "stored");
    }

    #[test]
    fn the_second_of_two_sees_what_the_first_saved() {
        let form = Entered::typed(String::new(), Input::parse(b"name=mine&market=KR&market=US&note=+same"));
        let stored =
            [("name", "theirs"), ("market", "KR"), ("market", "DE"), ("note", "same"), ("gone", "x")];
        let stored = Input::of(stored.map(|(name, value)| (name, value.to_owned())));
        let form = form.holding(stored);
        assert_eq!((form.value("name", ""), form.saved_meanwhile()), ("mine", None));
        let differs = form.refused(Problem::new(412, "c", "t", "d")).saved_meanwhile().unwrap();
        let of = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(differs, [of("name", "theirs"), of("market", "KR, DE"), of("gone", "x")]);
    }

    #[test]
    fn an_error_is_shown_at_its_field() {
        let error = |field: &str| FieldError {
            field: field.into(),
            code: "c".into(),
            message: format!("{field} is wrong"),
        };
        let problem = Problem::new(422, "c", "t", "d").with_errors(vec![error("users[2]"), error("name")]);
        let form = Entered::default().refused(problem);
        assert_eq!(form.error("users"), Some("users[2] is wrong"));
        assert_eq!((form.error("use"), form.said()), (None, None));
    }
}
