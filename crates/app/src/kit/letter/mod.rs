//! Letters: what a mail says, in one language, as text and as HTML.

use askama::Template;

use super::texts::{Arguments, Texts};
use super::{Language, Refused};

static FRAME: Texts = Texts::new(include_str!("en.ftl"), include_str!("ko.ftl"));

/// What there is to say, in one language: `<key>-subject`, `<key>-body` (an empty line between paragraphs), and
/// `<key>-action` for where to go on.
#[derive(Debug, Clone)]
pub struct Words {
    /// One line, whatever people called their offers.
    pub subject: String,
    /// Without gaps where somebody left something empty.
    pub paragraphs: Vec<String>,
    pub action: Option<String>,
}

impl Words {
    pub fn of(texts: &Texts, key: &str, arguments: &Arguments<'_>, language: Language) -> Self {
        let text = |part: &str| texts.text(language, &format!("{key}-{part}"), arguments);
        let body = text("body");
        let paragraphs = body.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty());
        Self {
            subject: text("subject").split_whitespace().collect::<Vec<_>>().join(" "),
            paragraphs: paragraphs.map(str::to_owned).collect(),
            action: texts.find(language, &format!("{key}-action"), arguments),
        }
    }
}

/// A mail without its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What a letter is written from: [`Words`], and where it leads.
#[derive(Clone, Copy)]
pub struct Draft<'a> {
    pub texts: &'a Texts,
    pub key: &'a str,
    pub arguments: &'a Arguments<'a>,
    /// Where to go on.
    pub link: Option<&'a str>,
    /// What else can be done, at its end: the key of the text, and where.
    pub aside: Option<(&'a str, &'a str)>,
    /// The marketplace's own address.
    pub base_url: &'a str,
}

struct Content<'a> {
    language: &'static str,
    subject: &'a str,
    paragraphs: &'a [String],
    action: Option<(&'a str, &'a str)>,
    aside: Option<(String, &'a str)>,
    footer: String,
}

#[derive(Template)]
#[template(path = "kit/letter/letter.html")]
struct Html<'a> {
    content: &'a Content<'a>,
}

#[derive(Template)]
#[template(path = "kit/letter/letter.txt")]
struct Plain<'a> {
    content: &'a Content<'a>,
}

impl Draft<'_> {
    pub fn write(&self, language: Language) -> Result<Letter, Refused> {
        let words = Words::of(self.texts, self.key, self.arguments, language);
        let content = Content {
            language: language.as_str(),
            subject: &words.subject,
            paragraphs: &words.paragraphs,
            action: words.action.as_deref().zip(self.link),
            aside: self.aside.map(|(key, link)| (self.texts.text(language, key, &[]), link)),
            footer: FRAME.text(language, "footer", &[("url", self.base_url.into())]),
        };
        let html = Html { content: &content }.render().map_err(Refused::internal)?;
        let text = Plain { content: &content }.render().map_err(Refused::internal)?;
        Ok(Letter { subject: words.subject, text, html })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static TEXTS: Texts = Texts::new(
        "a-subject = Hello { $who }\na-body =\n    One.\n\n    Two { $who }.\na-action = Go",
        "a-subject = { $who } 님\na-body =\n    하나.\n\n    둘 { $who }.\na-action = 이동",
    );

    #[test]
    fn the_frame_is_complete_in_both_languages() {
        FRAME.check();
        TEXTS.check();
    }

    #[test]
    fn what_people_wrote_is_text_in_html_and_one_line_in_the_subject() {
        let arguments = [("who", "<b>Ada\r\nBcc: x".into())];
        let draft = Draft {
            texts: &TEXTS,
            key: "a",
            arguments: &arguments,
            link: Some("https://m.example/?a=1&b=2"),
            aside: None,
            base_url: "https://m.example",
        };
        let letter = draft.write(Language::Korean).map_err(Refused::into_problem).unwrap();
        assert_eq!(letter.subject, "<b>Ada Bcc: x 님");
        assert!(!letter.html.contains("<b>") && letter.html.contains("lang=\"ko\""), "{}", letter.html);
        assert_eq!(letter.html.matches("<p").count(), 4);
        assert!(letter.text.contains("하나.") && letter.text.contains("https://m.example/?a=1&b=2"));
    }
}
