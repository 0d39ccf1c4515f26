//! The drawn axis: times below dates, lines through the lanes, breaks for folded gaps.
use super::axis::{Axis, Band, Gap, Tick, Ticks, Unit};
use super::layout::{AXIS, length};
use crate::components::time::{format_time, offset_at};
use crate::format::duration;
use crate::platform::intl::Style;
use callboard_core::Timestamp;
use leptos::prelude::*;

/// Baseline of the dates.
pub const DATES: f64 = 15.0;
/// Baseline of the times.
pub const TIMES: f64 = 36.0;
/// Distance of a date from the line where its day begins.
const INSET: f64 = 6.0;

/// Returns the marks of an axis in the zone in force.
pub fn ticks(axis: &Axis) -> Ticks {
    axis.ticks(&|at| offset_at(Timestamp::from_unix(at)))
}

/// Formats the label of a tick.
pub fn tick_label(tick: &Tick) -> String {
    let style = match tick.unit {
        Unit::Second => Style::Seconds,
        Unit::Minute => Style::Time,
        Unit::Day => Style::Weekday,
        Unit::Month => Style::MonthName,
        Unit::Year => Style::Year,
    };
    format_time(tick.at, style)
}

/// Formats the label of a day, month or year; of a day with its year unless that is the year of `now`.
pub fn band_label(band: &Band, now: Timestamp) -> String {
    let year = |at| format_time(at, Style::Year);
    match band.unit {
        Unit::Month => format_time(band.at, Style::Month),
        Unit::Year => year(band.at),
        _ if year(band.at) == year(now) => format_time(band.at, Style::Weekday),
        _ => format!("{} {}", format_time(band.at, Style::Weekday), year(band.at)),
    }
}

/// Formats the label of a folded gap, in one unit and as long as fits in a width.
pub fn break_label(gap: Gap, width: f64) -> String {
    let words = duration(gap.seconds());
    let first: Vec<&str> = words.split(' ').take(2).collect();
    let first = first.join(" ");
    let labels = [format!("\u{22ef} {first} idle"), format!("\u{22ef} {first}"), first];
    labels.into_iter().find(|label| length(label) <= width + 12.0).unwrap_or_else(|| "\u{22ef}".to_owned())
}

/// Describes a folded gap.
pub fn break_words(gap: Gap) -> String {
    let at = |at| {
        let at = Timestamp::from_unix(at);
        format!("{} {}", format_time(at, Style::Weekday), format_time(at, Style::Time))
    };
    format!("{} without work, folded: {} to {}", duration(gap.seconds()), at(gap.from), at(gap.to))
}

/// Places the labels of dates: each at its beginning or, where that is out of view, at the edge; none that would be
/// cut or cover the extent `taken`, such as the label of the present.
pub fn place_dates(bands: &[Band], label: impl Fn(&Band) -> String, taken: Option<(f64, f64)>) -> Vec<(f64, String)> {
    let placed = bands.iter().filter_map(|band| {
        let text = label(band);
        let needed = length(&text);
        let mut x = band.x.max(0.0) + INSET;
        if let Some((from, to)) = taken
            && x + needed + INSET > from
            && x < to + INSET
        {
            x = to + INSET;
        }
        (x + needed + INSET <= band.end).then_some((x, text))
    });
    placed.collect()
}

/// Renders the lines and the breaks of an axis above lanes that end at `height`.
pub fn marks(ticks: &Ticks, height: f64) -> impl IntoView + use<> {
    let days = ticks.bands.iter().filter(|band| band.is_start).map(|band| {
        view! { <line class="tick tick-band" x1=band.x x2=band.x y1="2" y2=height></line> }
    });
    let times = ticks.ticks.iter().map(|tick| {
        view! { <line class="tick" x1=tick.x x2=tick.x y1=AXIS y2=height></line> }
    });
    let breaks = ticks.breaks.iter().map(|it| {
        let (from, to) = (it.x, it.x + it.width);
        view! {
            <g class="break" data-tip=break_words(it.gap)>
                <rect class="break-body" x=from y=AXIS width=it.width height=height - AXIS></rect>
                <rect class="break-hit" x=from y="22" width=it.width height=AXIS - 22.0></rect>
                <line class="break-edge" x1=from x2=from y1=AXIS y2=height></line>
                <line class="break-edge" x1=to x2=to y1=AXIS y2=height></line>
            </g>
        }
    });
    (days.collect_view(), times.collect_view(), breaks.collect_view())
}

/// Renders the labels of an axis: the placed dates, the times, and the lengths of folded gaps. A label that would be cut
/// at an edge is left out.
pub fn axis_labels(ticks: &Ticks, placed: Vec<(f64, String)>, width: f64) -> impl IntoView + use<> {
    let is_whole = |x: f64, text: &str| {
        let half = length(text) / 2.0;
        x - half >= 0.0 && x + half <= width
    };
    let times = ticks.ticks.iter().filter(|tick| tick.labelled).map(|tick| (tick.x, tick_label(tick)));
    let times = times.filter(|(x, text)| is_whole(*x, text)).map(|(x, text)| {
        view! { <text class="tick-label" x=x y=TIMES text-anchor="middle">{text}</text> }
    });
    let breaks = ticks.breaks.iter().map(|it| (it.x + it.width / 2.0, break_label(it.gap, it.width)));
    let breaks = breaks.filter(|(x, text)| is_whole(*x, text)).map(|(x, text)| {
        view! { <text class="tick-label break-label" x=x y=TIMES text-anchor="middle">{text}</text> }
    });
    let dates = placed.into_iter().map(|(x, text)| {
        view! { <text class="tick-label tick-date" x=x y=DATES>{text}</text> }
    });
    (times.collect_view(), breaks.collect_view(), dates.collect_view())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(x: f64, end: f64) -> Band {
        let axis = Axis::between(0.0, 100.0, 600.0, &super::super::axis::Gaps::default());
        let mut band = axis.ticks(&|_| 0).bands[0];
        (band.x, band.end) = (x, end);
        band
    }

    #[test]
    fn a_date_is_whole_and_in_view_or_not_shown() {
        let place = |x, end, taken| {
            let placed = place_dates(&[band(x, end)], |_| "Tue 12 Aug".to_owned(), taken);
            placed.first().map(|(x, _)| *x)
        };
        // Ten characters need 66 pixels.
        assert_eq!(place(100.0, 600.0, None), Some(106.0));
        assert_eq!(place(-400.0, 600.0, None), Some(6.0));
        assert_eq!(place(-400.0, 60.0, None), None);
        assert_eq!(place(100.0, 600.0, Some((90.0, 210.0))), Some(216.0));
        assert_eq!(place(100.0, 600.0, Some((300.0, 400.0))), Some(106.0));
        assert_eq!(place(100.0, 250.0, Some((90.0, 210.0))), None);
    }

    #[test]
    fn a_break_says_its_length_as_far_as_fits() {
        let label = |seconds, width| break_label(Gap { from: 0, to: seconds }, width);
        assert_eq!(label(14 * 3_600 + 120, 78.0), "\u{22ef} 14 h idle");
        assert_eq!(label(3 * 86_400 + 7_200, 78.0), "\u{22ef} 3 d idle");
        assert_eq!(label(14 * 3_600, 36.0), "\u{22ef} 14 h");
        assert_eq!(label(14 * 3_600, 16.0), "14 h");
        assert_eq!(label(14 * 3_600, 4.0), "\u{22ef}");
    }
}
