//! Users as forms name them, and for whom a request failed and why.

use crate::identity::operations::find::UserRef;
use crate::kit::Refused;
use crate::kit::page::{Input, Wording};

/// Somebody for whom nothing could be done.
#[derive(Debug, Clone)]
pub(in crate::portals::admin) struct Failure {
    pub who: String,
    pub why: String,
}

/// The addresses of a list that was pasted: one a line, or with commas, semicolons or blanks between.
pub(in crate::portals::admin) fn pasted(text: &str) -> impl Iterator<Item = &str> {
    let between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"');
    // Whatever has no @ is the name beside an address, as mail programs copy it.
    text.split(between).filter(|part| part.contains('@') || part.starts_with("usr_"))
}

/// Everybody whom a form names: those who are chosen and those who are pasted; and what names nobody.
pub(in crate::portals::admin) fn users(input: &Input) -> (Vec<UserRef>, Vec<String>) {
    let (mut users, mut wrong) = (Vec::new(), Vec::new());
    for text in input.all("user").chain(pasted(input.text("addresses"))) {
        match UserRef::parse(text) {
            Ok(user) if !users.contains(&user) => users.push(user),
            Ok(_) => {}
            Err(_) => wrong.push(text.to_owned()),
        }
    }
    (users, wrong)
}

/// For whom it was refused, as the refusal says it; who cannot be named stays as written.
pub(super) fn failures(t: Wording, refused: Refused) -> (Vec<Failure>, Refused) {
    let problem = refused.into_problem();
    let listed = problem.context.as_ref().and_then(|context| context["failures"].as_array());
    let of_one = |failure: &serde_json::Value| {
        let text = |name: &str| failure[name].as_str().map(str::to_owned);
        let why = text("error")
            .map_or_else(|| t.of("failure-Inherited"), |error| t.of(&format!("failure-{error}")));
        Failure { who: text("user").unwrap_or_default(), why }
    };
    let failures = listed.map(|listed| listed.iter().map(of_one).collect()).unwrap_or_default();
    (failures, Refused::Problem(Box::new(problem)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_in_what_was_pasted() {
        let text = "a@x.example, Bea Bell <b@x.example>;\nc@x.example\n\n nobody";
        assert_eq!(pasted(text).collect::<Vec<_>>(), ["a@x.example", "b@x.example", "c@x.example"]);
        let input = Input::parse(b"user=a@x.example&addresses=a@x.example+b@");
        let (users, wrong) = users(&input);
        assert_eq!((users.len(), wrong), (1, vec!["b@".to_owned()]));
    }
}
