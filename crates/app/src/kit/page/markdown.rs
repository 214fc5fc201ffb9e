//! Markdown that publishers write, as HTML that can be shown to anybody.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Parser, Tag, TagEnd, html};

/// What is HTML in it is shown as it is written, pictures by their words, and links lead to the web or to a mail.
/// Headings begin below those of a page.
pub fn markdown(text: &str) -> String {
    let mut links = Vec::new();
    let events = Parser::new(text).filter_map(|event| safe(event, &mut links));
    let mut shown = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut shown, events);
    // Whatever is written has no bare `<`: only links begin so.
    shown.replace("<a href=", "<a rel=\"nofollow noopener\" href=")
}

/// `links`: of those that are open, which of them are kept.
fn safe<'t>(event: Event<'t>, links: &mut Vec<bool>) -> Option<Event<'t>> {
    Some(match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::HtmlBlock | Tag::Image { .. }) | Event::End(TagEnd::HtmlBlock | TagEnd::Image) => {
            return None;
        }
        Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
            level: below(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        }),
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            links.push(leads_out(dest_url));
            return links.last().is_some_and(|kept| *kept).then_some(event);
        }
        Event::End(TagEnd::Link) => return links.pop().unwrap_or_default().then_some(event),
        other => other,
    })
}

fn leads_out(address: &CowStr<'_>) -> bool {
    let address = address.to_ascii_lowercase();
    ["https://", "http://", "mailto:"].iter().any(|scheme| address.starts_with(scheme))
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H3,
        HeadingLevel::H2 => HeadingLevel::H4,
        HeadingLevel::H3 => HeadingLevel::H5,
        HeadingLevel::H4 | HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_shown() {
        assert_eq!(
            markdown("**Bold** and *soft*\n\n- one\n- two").replace('\n', ""),
            "<p><strong>Bold</strong> and <em>soft</em></p><ul><li>one</li><li>two</li></ul>"
        );
        assert_eq!(markdown("# Why\n\nSo.").replace('\n', ""), "<h3>Why</h3><p>So.</p>");
        assert_eq!(
            markdown("[us](https://a.example/?a=1&b=2)").trim(),
            "<p><a rel=\"nofollow noopener\" href=\"https://a.example/?a=1&amp;b=2\">us</a></p>"
        );
    }

    #[test]
    fn nothing_in_it_acts() {
        for text in [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<div\nonclick=\"x\">",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html,x)",
            "![x](https://tracker.example/x.png)",
            "<javascript:alert(1)>",
            "[x](https://a.example/\"onmouseover=\"alert(1))",
        ] {
            let shown = markdown(text).to_lowercase();
            for bad in
                ["<script", "<img", "<div", "javascript:\"", "href=\"java", "href=\"data", "\"onmouseover"]
            {
                assert!(!shown.contains(bad), "{text}: {shown}");
            }
        }
    }
}
