//! Charts: SVG made here, so that they are there without a script and in print, and the same as a table.

use std::fmt::Write as _;

use crate::kit::texts::grouped;

/// About as wide as it is shown, so that its words are as large as those around it.
const WIDTH: i64 = 380;
const HEIGHT: i64 = 200;
/// Left for numbers, and below for labels.
const LEFT: i64 = 44;
const BELOW: i64 = 38;
const ABOVE: i64 = 8;
/// Colours there are, as classes `s0` to `s3`.
const COLOURS: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bars,
    Lines,
}

/// Some series over the same labels.
#[derive(Debug, Clone)]
pub struct Chart {
    kind: Kind,
    title: String,
    series: Vec<String>,
    rows: Vec<(String, Vec<i64>)>,
}

impl Chart {
    /// A value per series beside each other, for each label.
    pub fn bars(title: impl Into<String>, series: Vec<String>, rows: Vec<(String, Vec<i64>)>) -> Self {
        Self { kind: Kind::Bars, title: title.into(), series, rows }
    }

    /// A line per series, from the first label to the last.
    pub fn lines(title: impl Into<String>, series: Vec<String>, rows: Vec<(String, Vec<i64>)>) -> Self {
        Self { kind: Kind::Lines, title: title.into(), series, rows }
    }

    pub fn title(&self) -> &str {
        &self.title
    }

    pub fn series(&self) -> &[String] {
        &self.series
    }

    pub fn rows(&self) -> &[(String, Vec<i64>)] {
        &self.rows
    }

    /// The picture. What people wrote is escaped.
    pub fn svg(&self) -> String {
        let mut svg = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
            escaped(&self.title)
        );
        let top = self.top();
        for part in 0..=4 {
            let (value, y) = (top * part / 4, Self::y(top * part / 4, top));
            let _ = write!(
                svg,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y}\" y2=\"{y}\"/>\
                 <text class=\"end\" x=\"{}\" y=\"{}\">{}</text>",
                LEFT - 8,
                y + 4,
                grouped(value)
            );
        }
        self.labels(&mut svg);
        match self.kind {
            Kind::Bars => self.draw_bars(&mut svg, top),
            Kind::Lines => self.draw_lines(&mut svg, top),
        }
        svg.push_str("</svg>");
        if self.series.len() > 1 {
            svg.push_str("<ul class=\"legend\">");
            for (at, series) in self.series.iter().enumerate() {
                let _ = write!(svg, "<li class=\"s{}\">{}</li>", at % COLOURS, escaped(series));
            }
            svg.push_str("</ul>");
        }
        svg
    }

    /// A round number that no value is above, divisible by four.
    fn top(&self) -> i64 {
        let highest = self.rows.iter().flat_map(|(_, values)| values).copied().max().unwrap_or(0).max(4);
        let mut step = 1;
        loop {
            let fitting = [4, 8, 12, 20, 40].map(|top| top * step).into_iter().find(|top| *top >= highest);
            if let Some(top) = fitting {
                return top;
            }
            step *= 10;
        }
    }

    fn y(value: i64, top: i64) -> i64 {
        let room = HEIGHT - BELOW - ABOVE;
        ABOVE + room - value.max(0) * room / top.max(1)
    }

    /// The room of one label, and where it begins.
    fn slot(&self, at: usize) -> (i64, i64) {
        let count = i64::try_from(self.rows.len().max(1)).unwrap_or(1);
        let width = (WIDTH - LEFT) / count;
        (LEFT + width * i64::try_from(at).unwrap_or_default(), width)
    }

    /// As many as have room, on two lines where they are long.
    fn labels(&self, svg: &mut String) {
        let every = self.rows.len().div_ceil(6).max(1);
        for (at, (label, _)) in self.rows.iter().enumerate().filter(|(at, _)| at % every == 0) {
            let (x, width) = self.slot(at);
            let room = width * i64::try_from(every).unwrap_or(1) - 6;
            let _ = write!(svg, "<text class=\"middle\"><title>{}</title>", escaped(label));
            for (line, y) in lines(label, room).iter().zip([HEIGHT - BELOW + 16, HEIGHT - BELOW + 30]) {
                let _ = write!(svg, "<tspan x=\"{}\" y=\"{y}\">{}</tspan>", x + width / 2, escaped(line));
            }
            svg.push_str("</text>");
        }
    }

    fn draw_bars(&self, svg: &mut String, top: i64) {
        let count = i64::try_from(self.series.len().max(1)).unwrap_or(1);
        for (at, (_, values)) in self.rows.iter().enumerate() {
            let (x, width) = self.slot(at);
            let bar = (width * 7 / 10 / count).clamp(2, 48);
            let begin = x + (width - bar * count) / 2;
            for ((series, value), x) in values.iter().enumerate().zip((0..).map(|n| begin + bar * n)) {
                let y = Self::y(*value, top);
                let _ = write!(
                    svg,
                    "<rect class=\"s{}\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" rx=\"2\"/>",
                    series % COLOURS,
                    bar - 2,
                    HEIGHT - BELOW - y
                );
            }
        }
    }

    fn draw_lines(&self, svg: &mut String, top: i64) {
        for series in 0..self.series.len() {
            let points = self.rows.iter().enumerate().filter_map(|(at, (_, values))| {
                let (x, width) = self.slot(at);
                Some(format!("{},{}", x + width / 2, Self::y(*values.get(series)?, top)))
            });
            let points = points.collect::<Vec<_>>().join(" ");
            let _ = write!(svg, "<polyline class=\"s{}\" points=\"{points}\"/>", series % COLOURS);
        }
    }
}

/// How wide a text is drawn, about.
fn width(text: &str) -> i64 {
    text.chars().map(|c| if c.is_ascii() { 6 } else { 11 }).sum()
}

/// At most two lines that fit in their room; what does not is cut off.
fn lines(label: &str, room: i64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in label.split_whitespace() {
        let last = lines.last_mut().map_or("", |line| line.as_str());
        let longer = if last.is_empty() { word.to_owned() } else { format!("{last} {word}") };
        if last.is_empty() || width(&longer) <= room || lines.len() == 2 {
            lines.pop();
            lines.push(longer);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.into_iter().map(|line| cut(line, room)).collect()
}

fn cut(mut line: String, room: i64) -> String {
    if width(&line) <= room {
        return line;
    }
    while width(&line) + 11 > room && line.pop().is_some() {}
    line + "…"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_fits_its_values_and_escapes_its_words() {
        let rows = vec![("<Jan>".to_owned(), vec![5, 0]), ("Feb".to_owned(), vec![37, 12])];
        let chart = Chart::bars("Seats & more", vec!["a".into(), "b".into()], rows.clone());
        assert_eq!(chart.top(), 40);
        let svg = chart.svg();
        assert!(svg.contains("&lt;Jan&gt;") && svg.contains("Seats &amp; more") && !svg.contains("<Jan>"));
        assert_eq!(svg.matches("<rect").count(), 4);
        let lines = Chart::lines("t", vec!["a".into(), "b".into()], rows).svg();
        assert_eq!(lines.matches("<polyline").count(), 2);
        assert_eq!(Chart::bars("t", vec![], vec![]).top(), 4);
    }

    #[test]
    fn a_label_stays_in_its_room() {
        assert_eq!(lines("2026-01", 60), ["2026-01"]);
        assert_eq!(lines("Fabrikam 365 Bronze", 80), ["Fabrikam 365", "Bronze"]);
        for line in lines("Unbreakablyverylongname of a long plan", 60) {
            assert!(width(&line) <= 60 && line.ends_with('…'), "{line}");
        }
    }
}
