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

/// Lays a bar out. `room` is where the next thing in the lane begins. `None` when the file
/// does not say when it was.
pub fn draw(bar: &Bar, scale: &Scale, now: Timestamp, room: f64) -> Option<Drawn> {
    let end = match bar.kind {
        BarKind::Running => bar.end.or(Some(now)),
        _ => bar.end,
    };
    let start = bar.start.or(end)?;
    let end = end.unwrap_or(start);
    let x = scale.x_inside(start.unix());
    let width = (scale.x_inside(end.unix()) - x).max(NARROWEST);
    let text = words(bar, now);
    #[allow(clippy::cast_precision_loss)]
    let needed = text.chars().count() as f64 * CHARACTER + 12.0;
    let after = x + width;
    let label_x = if needed <= width {
        Some(x + 8.0)
    } else if needed <= room - after {
        Some(after + 6.0)
    } else {
        None
    };
    Some(Drawn {
        x,
        width,
        open: end.unix() > scale.to,
        label: label_x.filter(|_| !text.is_empty()).map(|x| Label { text, x }),
    })
}
