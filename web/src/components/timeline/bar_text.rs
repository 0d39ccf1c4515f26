//! The words about a bar: what happened, how long, how much, and why a value is unknown. Pure.

use crate::format::{duration, money};
use callboard_core::{Bar, BarKind, Timestamp};

/// Tip of an unknown duration.
pub const NO_LENGTH: &str = "No start or end time in the file.";
/// Tip of an unknown cost.
pub const NO_COST: &str = "No cost in the file.";
/// Tip of an unknown quality.
pub const NO_SCORE: &str = "No score in the file.";
/// Tip of an estimated value.
pub const DERIVED: &str = "Estimated from the file's timestamps.";

/// Returns the tip of an unknown end.
pub fn no_end(bar: &Bar) -> &'static str {
    if bar.kind == BarKind::Running { "Not ended yet." } else { "No end time in the file." }
}

/// Returns the word for a kind of bar.
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

/// Returns the duration of a bar, so far if it is running.
pub fn bar_duration(bar: &Bar, now: Timestamp) -> Option<i64> {
    let end = match bar.kind {
        BarKind::Running => bar.end.unwrap_or(now),
        _ => bar.end?,
    };
    Some(end.unix() - bar.start?.unix())
}

/// Returns the label of a bar: duration, cost, quality.
pub fn words(bar: &Bar, now: Timestamp) -> String {
    let mut parts = Vec::new();
    if !matches!(bar.kind, BarKind::Complete | BarKind::Running) {
        parts.push(word(bar.kind).to_owned());
    }
    parts.extend(bar_duration(bar, now).map(duration));
    parts.extend(bar.cost.map(|cost| money(Some(cost))));
    parts.extend(bar.quality.map(|quality| format!("{quality:.2}")));
    parts.join(" \u{b7} ")
}
