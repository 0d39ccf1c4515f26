//! The timeline as a standalone SVG text with its colours. Pure.
use super::axis_marks::{DATES, TIMES};
use super::layout::{AXIS, BAR, LANE, Scene};
use std::fmt::Write as _;

/// Width of the lanes' names.
const NAMES: f64 = 120.0;

/// Colours as `#rrggbb`, by their names in the style sheet (without `--`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Colours(pub Vec<(&'static str, String)>);

/// The names of all colours in an image.
pub const COLOURS: [&str; 16] = [
    "panel",
    "line",
    "ink",
    "ink-2",
    "ink-3",
    "on-ink",
    "initialized",
    "researching",
    "writing",
    "evaluating",
    "synthesizing",
    "complete",
    "failed",
    "retry",
    "line-strong",
    "ground",
];

impl Colours {
    fn of(&self, name: &str) -> &str {
        // Skipped stages have the muted text colour, as in the style sheet.
        let name = if name == "skipped" { "ink-3" } else { name };
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map_or("currentColor", |(_, colour)| colour)
    }
}

/// The content of an image.
#[derive(Debug)]
pub struct SvgTimeline<'a> {
    /// The title.
    pub title: &'a str,
    /// The names of the lanes.
    pub lanes: Vec<&'a str>,
    /// The width of the lanes.
    pub width: f64,
    /// The visible shapes.
    pub scene: &'a Scene,
    /// The labels of the axis with their positions.
    pub ticks: Vec<(f64, String)>,
    /// The dates above them with their left edges.
    pub dates: Vec<(f64, String)>,
    /// The positions at which a day, month or year begins.
    pub days: Vec<f64>,
    /// The left edges, widths and labels of folded gaps.
    pub breaks: Vec<(f64, f64, String)>,
    /// The position and label of the present, if visible.
    pub now: Option<(f64, String)>,
}

/// Returns the size of the image in pixels.
#[allow(clippy::cast_precision_loss)]
pub fn size(picture: &SvgTimeline<'_>) -> (f64, f64) {
    (NAMES + picture.width + 12.0, 32.0 + AXIS + LANE * picture.lanes.len() as f64 + 8.0)
}

/// Renders the image as SVG text.
#[allow(clippy::cast_precision_loss)]
pub fn svg(picture: &SvgTimeline<'_>, colours: &Colours) -> String {
    let (width, height) = size(picture);
    let bottom = AXIS + LANE * picture.lanes.len() as f64;
    let (ink, line) = (colours.of("ink"), colours.of("line"));
    let mut out = String::new();
    // Writing into a String cannot fail.
    let _ = write!(
        out,
        concat!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" "#,
            r#"font-family="system-ui, sans-serif" font-size="12"><title>{title}</title>"#,
            r#"<defs><clipPath id="view"><rect x="0" y="0" width="{inner}" height="{bottom}"/></clipPath>"#,
            r#"<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">"#,
            r#"<line x1="0" y1="0" x2="0" y2="6" stroke="{quiet}" stroke-width="2"/></pattern>"#,
            r#"<pattern id="overdue" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">"#,
            r#"<line x1="0" y1="0" x2="0" y2="6" stroke="{late}" stroke-width="3"/></pattern></defs>"#,
            r#"<rect width="{width}" height="{height}" fill="{panel}"/>"#,
            r#"<text x="12" y="22" font-size="14" font-weight="600" fill="{ink}">{title}</text>"#,
            r#"<g transform="translate({NAMES} 32)">"#
        ),
        width = width,
        height = height,
        title = escaped(picture.title),
        inner = picture.width,
        bottom = bottom,
        quiet = colours.of("ink-3"),
        late = colours.of("retry"),
        panel = colours.of("panel"),
        ink = ink,
        NAMES = NAMES,
    );
    for (at, name) in picture.lanes.iter().enumerate() {
        let y = AXIS + LANE * at as f64;
        let _ = write!(
            out,
            r#"<line x1="-{NAMES}" x2="{}" y1="{y}" y2="{y}" stroke="{line}"/><text x="-108" y="{}" fill="{ink}">{}</text>"#,
            picture.width,
            y + LANE / 2.0 + 4.0,
            escaped(name),
        );
    }
    out.push_str(r#"<g clip-path="url(#view)">"#);
    ticks(&mut out, picture, colours, bottom);
    scene(&mut out, picture.scene, colours);
    if let Some((x, _)) = &picture.now {
        let _ = write!(out, r#"<line x1="{x:.1}" x2="{x:.1}" y1="0" y2="{bottom}" stroke="{ink}"/>"#);
    }
    out.push_str("</g>");
    if let Some((x, label)) = &picture.now {
        let anchor = if *x < 80.0 {
            "start"
        } else if *x > picture.width - 80.0 {
            "end"
        } else {
            "middle"
        };
        let label = escaped(label);
        let _ = write!(out, r#"<text x="{x:.1}" y="-6" text-anchor="{anchor}" fill="{ink}">{label}</text>"#);
    }
    out.push_str("</g></svg>");
    out
}

fn ticks(out: &mut String, picture: &SvgTimeline<'_>, colours: &Colours, bottom: f64) {
    let (line, quiet) = (colours.of("line"), colours.of("ink-3"));
    for x in &picture.days {
        let stroke = colours.of("line-strong");
        let _ = write!(out, r#"<line x1="{x:.1}" x2="{x:.1}" y1="2" y2="{bottom}" stroke="{stroke}"/>"#);
    }
    for (x, label) in &picture.dates {
        let (ink, label) = (colours.of("ink"), escaped(label));
        let _ = write!(out, r#"<text x="{x:.1}" y="{DATES}" font-weight="500" fill="{ink}">{label}</text>"#);
    }
    for (x, label) in &picture.ticks {
        let _ = write!(
            out,
            r#"<line x1="{x:.1}" x2="{x:.1}" y1="{AXIS}" y2="{bottom}" stroke="{line}"/><text x="{x:.1}" y="{TIMES}" text-anchor="middle" fill="{quiet}">{}</text>"#,
            escaped(label),
        );
    }
    for (x, width, label) in &picture.breaks {
        let _ = write!(
            out,
            r#"<rect x="{x:.1}" y="{AXIS}" width="{width:.1}" height="{}" fill="{}" stroke="{line}" stroke-dasharray="3 3"/><text x="{:.1}" y="{TIMES}" text-anchor="middle" fill="{quiet}">{}</text>"#,
            bottom - AXIS,
            colours.of("ground"),
            x + width / 2.0,
            escaped(label),
        );
    }
}

#[allow(clippy::cast_precision_loss)]
fn scene(out: &mut String, scene: &Scene, colours: &Colours) {
    let top = |lane: usize| AXIS + LANE * lane as f64 + (LANE - BAR) / 2.0;
    for wait in &scene.waits {
        let y = top(wait.lane) + BAR / 2.0;
        let _ = write!(
            out,
            r#"<line x1="{:.1}" x2="{:.1}" y1="{y}" y2="{y}" stroke="{}" stroke-dasharray="1 4" stroke-width="2" stroke-linecap="round"/>"#,
            wait.x,
            wait.x + wait.width,
            colours.of("line-strong"),
        );
    }
    for work in &scene.forecasts {
        let _ = write!(
            out,
            r#"<rect x="{:.1}" y="{}" width="{:.1}" height="{BAR}" rx="3" fill="none" stroke="{}" stroke-dasharray="4 3"/>"#,
            work.x,
            top(work.lane),
            work.width,
            colours.of(work.colour),
        );
    }
    for bar in &scene.bars {
        let (y, colour) = (top(bar.lane), colours.of(bar.colour));
        let fill = if bar.colour == "skipped" { "url(#hatch)" } else { colour };
        let dash = if bar.derived { r#" stroke-dasharray="2 3""# } else { "" };
        let _ = write!(
            out,
            r#"<rect x="{x:.1}" y="{y}" width="{width:.1}" height="{BAR}" rx="3" fill="{fill}" fill-opacity="0.22" stroke="{colour}"{dash}/><rect x="{x:.1}" y="{y}" width="3" height="{BAR}" rx="1.5" fill="{colour}"/>"#,
            x = bar.x,
            width = bar.width,
        );
    }
    for part in &scene.overdue {
        let y = top(part.lane);
        let _ = write!(
            out,
            r#"<rect x="{x:.1}" y="{y}" width="{width:.1}" height="{BAR}" fill="url(#overdue)" fill-opacity="0.5"/><line x1="{x:.1}" x2="{x:.1}" y1="{}" y2="{}" stroke="{}" stroke-width="2"/>"#,
            y - 3.0,
            y + BAR + 3.0,
            colours.of(part.colour),
            x = part.x,
            width = part.width.max(1.0),
        );
    }
    for back in &scene.backs {
        let from = top(back.from) + BAR / 2.0;
        let to = back.to.map_or(from, |lane| top(lane) + BAR / 2.0);
        let _ = write!(
            out,
            r#"<path d="M{x:.1} {from} h8 V{to} h-7 m5 -4 l-5 4 l5 4" fill="none" stroke="{}" stroke-width="1.5"/>"#,
            colours.of("failed"),
            x = back.x,
        );
    }
    // Labels come last, so that nothing covers them.
    for bar in &scene.bars {
        if let Some((x, width)) = bar.beside() {
            let _ = write!(
                out,
                r#"<rect x="{x:.1}" y="{}" width="{width:.1}" height="20" fill="{}"/>"#,
                top(bar.lane) + 2.0,
                colours.of("panel"),
            );
        }
        if let Some(label) = &bar.label {
            let _ = write!(
                out,
                r#"<text x="{:.1}" y="{}" fill="{}">{}</text>"#,
                label.x,
                top(bar.lane) + BAR / 2.0 + 4.0,
                colours.of("ink"),
                escaped(&label.text),
            );
        }
    }
}

/// Escapes text for XML, replacing characters that XML does not allow.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::layout::{BarLabel, TimelineBar, TimelineSpan};
    use super::*;

    fn picture<'a>(title: &'a str, scene: &'a Scene) -> SvgTimeline<'a> {
        SvgTimeline {
            title,
            lanes: vec!["writing"],
            width: 400.0,
            scene,
            ticks: vec![(10.0, "12:00".to_owned())],
            dates: vec![(6.0, "Tue 12 Aug".to_owned())],
            days: vec![0.0],
            breaks: vec![(100.0, 78.0, "\u{22ef} 14 h idle".to_owned())],
            now: Some((5.0, "now Tue 12 Aug 12:00".to_owned())),
        }
    }

    #[test]
    fn an_image_has_overdue_time_dates_and_folded_gaps() {
        let late = TimelineSpan {
            lane: 0,
            x: 40.0,
            width: 20.0,
            colour: "retry",
            derived: false,
            length: Some(60),
            until: None,
        };
        let scene = Scene { overdue: vec![late], ..Scene::default() };
        let text = svg(&picture("a", &scene), &Colours::default());
        assert!(text.contains(r#"<rect x="40.0" y="52" width="20.0" height="24" fill="url(#overdue)""#), "{text}");
        assert!(text.contains(">Tue 12 Aug</text>") && text.contains(">\u{22ef} 14 h idle</text>"), "{text}");
        assert!(text.contains(">now Tue 12 Aug 12:00</text>"), "{text}");
    }

    #[test]
    fn text_is_escaped() {
        let hostile = "<script>&\"\u{1}";
        let label = BarLabel { text: hostile.into(), x: 8.0 };
        let bar = TimelineBar {
            lane: 0,
            bar: 0,
            count: 1,
            x: 0.0,
            width: 300.0,
            colour: "failed",
            derived: false,
            label: Some(label),
            dim: false,
        };
        let scene = Scene { bars: vec![bar], ..Scene::default() };
        let colours = Colours(COLOURS.iter().map(|name| (*name, "#102030".to_owned())).collect());
        let text = svg(&picture(hostile, &scene), &colours);
        assert!(!text.contains("<script"));
        assert_eq!(text.matches("&lt;script&gt;&amp;&quot;\u{fffd}").count(), 3);
        assert!(!text.contains("currentColor") && !text.contains("var(") && !text.contains("class="));
    }
}
