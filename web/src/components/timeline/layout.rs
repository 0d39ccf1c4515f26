//! Where each bar lies and what is written on it. Pure: the texts for a time come from the caller.
use super::scale::Scale;
use crate::format::{duration, money};
use callboard_core::{Bar, BarKind, Timestamp};

/// How wide a character of a bar's label is, about.
const CHARACTER: f64 = 6.8;
/// The narrowest bar: one that is still seen and pointed at.
const NARROWEST: f64 = 4.0;

/// A bar as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Its left edge.
    pub x: f64,
    /// Its width.
    pub width: f64,
    /// It goes on beyond what is shown.
    pub open: bool,
    /// Its label, where there is room.
    pub label: Option<Label>,
}

/// What is written on or beside a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The words.
    pub text: String,
    /// Where they begin.
    pub x: f64,
}

/// What happened, as a word.
pub fn word(kind: BarKind) -> &'static str {
    match kind {
        BarKind::Running => "running",
        BarKind::Complete => "complete",
        BarKind::Failed => "failed",
        BarKind::Retried => "failed, retried",
        BarKind::GateFailed => "gates failed",
        BarKind::Skipped => "skipped",
        _ => "recorded",
    }
}

/// How long a bar took, or has taken so far.
pub fn took(bar: &Bar, now: Timestamp) -> Option<i64> {
    let end = match bar.kind {
        BarKind::Running => bar.end.unwrap_or(now),
        _ => bar.end?,
    };
    Some(end.unix() - bar.start?.unix())
}

/// The words on a bar: how long, how much, how good.
pub fn words(bar: &Bar, now: Timestamp) -> String {
    let mut parts = Vec::new();
    if !matches!(bar.kind, BarKind::Complete | BarKind::Running) {
        parts.push(word(bar.kind).to_owned());
    }
    parts.extend(took(bar, now).map(duration));
    parts.extend(bar.cost.map(|cost| money(Some(cost))));
    parts.extend(bar.quality.map(|quality| format!("{quality:.2}")));
    parts.join(" \u{b7} ")
}

/// Lays a bar out. The lane is free from `before` to `after` around it. `None` when the file
/// does not say when it was.
pub fn draw(bar: &Bar, scale: &Scale, now: Timestamp, before: f64, after: f64) -> Option<Drawn> {
    let end = match bar.kind {
        BarKind::Running => bar.end.or(Some(now)),
        _ => bar.end,
    };
    let start = bar.start.or(end)?;
    let end = end.unwrap_or(start);
    let x = scale.x_inside(start.unix());
    let width = (scale.x_inside(end.unix()) - x).max(NARROWEST);
    let texts = [words(bar, now), took(bar, now).map(duration).unwrap_or_default()];
    let label = texts.into_iter().find_map(|text| place(text, x, width, before, after));
    Some(Drawn { x, width, open: end.unix() > scale.to, label })
}

/// On the bar, after it, before it: the first that has room.
fn place(text: String, x: f64, width: f64, before: f64, after: f64) -> Option<Label> {
    #[allow(clippy::cast_precision_loss)]
    let needed = text.chars().count() as f64 * CHARACTER;
    let x = match () {
        () if text.is_empty() => return None,
        () if needed + 14.0 <= width => x + 8.0,
        () if needed + 10.0 <= after - x - width => x + width + 6.0,
        () if needed + 14.0 <= x - before => x - 8.0 - needed,
        () => return None,
    };
    Some(Label { text, x })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(x: f64, width: f64, expected: Option<f64>) {
        // Ten characters need 68 pixels.
        let label = place("1234567890".into(), x, width, 0.0, 300.0);
        assert_eq!(label.map(|label| label.x), expected);
    }

    #[test]
    fn a_label_is_where_there_is_room() {
        check(0.0, 100.0, Some(8.0));
        check(100.0, 20.0, Some(126.0));
        check(270.0, 20.0, Some(194.0));
        assert_eq!(place("1234567890".into(), 40.0, 20.0, 0.0, 100.0), None);
    }
}
