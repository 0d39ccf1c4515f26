//! Layout of a timeline: bars, waits, arrows and estimates with positions and labels. Pure; shared by screen and
//! export.
use super::axis::Axis;
use super::bar_text::{bar_duration, words};
use crate::components::state_chip::stage_colour;
use crate::format::duration;
use callboard_core::{Bar, BarKind, Forecast, Lane, RouteBack, Timeline, Timestamp, Wait};

/// A range of bars in a lane: one bar, or several drawn as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BarRange {
    /// Index of the lane.
    pub lane: usize,
    /// Index of the first bar.
    pub bar: usize,
    /// Number of bars.
    pub count: usize,
}

impl BarRange {
    /// Returns true if both begin with the same bar.
    pub fn same_bar(self, other: Self) -> bool {
        (self.lane, self.bar) == (other.lane, other.bar)
    }
}

/// Height of a lane.
pub const LANE: f64 = 40.0;
/// Height of the axis above the lanes: a line of dates, and one of times.
pub const AXIS: f64 = 44.0;
/// Height of a bar.
pub const BAR: f64 = 24.0;
/// Approximate width of a character in a label.
const CHARACTER: f64 = 6.6;
/// Minimum width of a bar, so that it can be seen and hovered.
const NARROWEST: f64 = 4.0;
/// Distance below which narrow bars are drawn as one.
const CLOSE: f64 = 1.5;
/// Maximum width of narrow bars drawn as one, so that a thousand attempts still look like many.
const CROWD: f64 = 12.0;
/// Maximum length of an error on a bar in characters.
const ERROR: usize = 80;

/// The expected rest of a session, by the core.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected {
    /// Completion of the running stage; in the past if it is overdue.
    pub due: Option<Timestamp>,
    /// The rest of the pipeline.
    pub rest: Vec<Forecast>,
}

/// The shapes within a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// The bars.
    pub bars: Vec<TimelineBar>,
    /// Periods of waiting for an agent.
    pub waits: Vec<TimelineSpan>,
    /// Arrows back from failed gates.
    pub backs: Vec<BackArrow>,
    /// Expected rest of running bars and of the pipeline.
    pub forecasts: Vec<TimelineSpan>,
    /// The parts of running bars after their expected completion.
    pub overdue: Vec<TimelineSpan>,
}

/// A bar, or several that are too close to draw separately.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineBar {
    /// Index of the lane.
    pub lane: usize,
    /// Index of the bar, or of the first one of several.
    pub bar: usize,
    /// Number of bars that it represents.
    pub count: usize,
    /// Left edge.
    pub x: f64,
    /// Width.
    pub width: f64,
    /// Name of the colour in the style sheet.
    pub colour: &'static str,
    /// True if it is estimated, as the file has no history.
    pub derived: bool,
    /// The label, if it fits.
    pub label: Option<BarLabel>,
    /// True while a search matches other bars only.
    pub dim: bool,
}

impl TimelineBar {
    /// Returns the position and width of a label beside the bar, which the line of a wait must not cross.
    pub fn beside(&self) -> Option<(f64, f64)> {
        let label = self.label.as_ref()?;
        let on_it = (self.x..self.x + self.width).contains(&label.x);
        (!on_it).then(|| (label.x - 4.0, length(&label.text) + 8.0))
    }
}

/// The label of a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct BarLabel {
    /// The text.
    pub text: String,
    /// Left edge.
    pub x: f64,
}

/// A horizontal extent in a lane other than a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineSpan {
    /// Index of the lane.
    pub lane: usize,
    /// Left edge.
    pub x: f64,
    /// Width; 0 for a point in time.
    pub width: f64,
    /// Name of the colour in the style sheet.
    pub colour: &'static str,
    /// True if it is estimated, as the file has no history.
    pub derived: bool,
    /// Duration in seconds, if known.
    pub length: Option<i64>,
    /// The end, or the due time.
    pub until: Option<Timestamp>,
}

/// An arrow back from failed gates.
#[derive(Clone, Debug, PartialEq)]
pub struct BackArrow {
    /// Horizontal position.
    pub x: f64,
    /// The lane that it leaves.
    pub from: usize,
    /// The lane that it leads to; `None` for an escalation.
    pub to: Option<usize>,
    /// The failed gates.
    pub error: Option<String>,
}

/// Returns the name of a bar's colour in the style sheet.
pub fn colour(bar: &Bar, lane: &Lane) -> &'static str {
    match bar.kind {
        BarKind::Running => stage_colour(lane.stage),
        BarKind::Complete => "complete",
        BarKind::Failed | BarKind::GateFailed => "failed",
        BarKind::Retried => "retry",
        BarKind::Skipped => "skipped",
        _ => "initialized",
    }
}

/// Returns the more important one of two colours, for bars drawn as one.
fn more_important(one: &'static str, other: &'static str) -> &'static str {
    let order = ["failed", "retry", "researching", "writing", "evaluating", "synthesizing", "complete"];
    let place = |colour| order.iter().position(|known| *known == colour).unwrap_or(order.len());
    if place(one) <= place(other) { one } else { other }
}

/// Returns the start and end of a bar, up to now if it is running.
pub fn extent(bar: &Bar, now: Timestamp) -> Option<(i64, i64)> {
    let end = match bar.kind {
        BarKind::Running => bar.end.or(Some(now)),
        _ => bar.end,
    };
    let start = bar.start.or(end)?.unix();
    Some((start, end.map_or(start, Timestamp::unix).max(start)))
}

/// Returns the periods in which something happened: each attempt, and each return.
pub fn periods(timeline: &Timeline, now: Timestamp) -> Vec<(i64, i64)> {
    let bars = timeline.lanes.iter().flat_map(|lane| &lane.bars).filter_map(|bar| extent(bar, now));
    let backs = timeline.route_backs.iter().filter_map(|back| back.at.map(|at| (at.unix(), at.unix())));
    bars.chain(backs).collect()
}

/// Returns the position and width of a range of bars.
pub fn extent_of(timeline: &Timeline, selected: BarRange, window: &Axis, now: Timestamp) -> Option<(f64, f64)> {
    let bars = &timeline.lanes.get(selected.lane)?.bars;
    let bars = bars.get(selected.bar..selected.bar + selected.count)?;
    let extents = || bars.iter().filter_map(|bar| extent(bar, now));
    let (start, end) = (extents().map(|(start, _)| start).min()?, extents().map(|(_, end)| end).max()?);
    let x = window.x_near(start);
    Some((x, (window.x_near(end) - x).max(NARROWEST)))
}

/// Lays out the part of a timeline within the window, keeping labels within the range `seen`.
pub fn scene(timeline: &Timeline, expected: &Expected, window: &Axis, seen: (f64, f64), now: Timestamp) -> Scene {
    let mut scene = Scene::default();
    for (at, lane) in timeline.lanes.iter().enumerate() {
        let bars = bars(lane, at, window, now);
        scene.bars.extend(labelled(bars, lane, window, seen, now));
        scene.overdue.extend(lane.bars.last().and_then(|bar| overdue(bar, expected.due, at, window, now)));
    }
    scene.forecasts = expected.rest.iter().filter_map(|work| outline(work, window)).collect();
    let shown = |wait: &&Wait| {
        let end = wait.to.unwrap_or(now).unix();
        window.x(end) >= 0.0 && window.x(wait.from.unix()) <= window.width
    };
    let waits = timeline.waits.iter().filter(shown).map(|wait| {
        let until = wait.to.unwrap_or(now);
        let x = window.x_near(wait.from.unix());
        TimelineSpan {
            lane: wait.agent.index(),
            x,
            width: window.x_near(until.unix()) - x,
            colour: "initialized",
            derived: wait.derived,
            length: Some(until.unix() - wait.from.unix()),
            until: wait.to,
        }
    });
    scene.waits = waits.filter(|wait| wait.width >= 2.0).collect();
    scene.backs = timeline.route_backs.iter().filter_map(|back| back_arrow(back, window)).collect();
    // Several arrows within a pixel are drawn as one.
    let mut last: [Option<f64>; 5] = [None; 5];
    scene.backs.retain(|back| {
        let last = &mut last[back.to.unwrap_or(4)];
        let near = last.is_some_and(|last| (back.x - last).abs() < CLOSE);
        if !near {
            *last = Some(back.x);
        }
        !near
    });
    scene
}

fn back_arrow(back: &RouteBack, window: &Axis) -> Option<BackArrow> {
    let at = back.at?.unix();
    let to = back.to.map(callboard_core::Stage::index);
    let error = back.error.clone();
    window.shows(at).then(|| BackArrow { x: window.x(at), from: back.from.index(), to, error })
}

fn bars(lane: &Lane, at: usize, window: &Axis, now: Timestamp) -> Vec<TimelineBar> {
    let mut bars: Vec<TimelineBar> = Vec::new();
    for (index, bar) in lane.bars.iter().enumerate() {
        let Some((start, end)) = extent(bar, now) else { continue };
        if window.x(end) < -NARROWEST || window.x(start) > window.width {
            continue;
        }
        let x = window.x_near(start);
        let width = (window.x_near(end) - x).max(NARROWEST);
        let colour = colour(bar, lane);
        if let Some(last) = bars.last_mut()
            && (is_crowd(last, x, width) || is_same(last, x, width))
        {
            last.width = (x + width - last.x).max(last.width);
            last.count += 1;
            last.colour = more_important(last.colour, colour);
            continue;
        }
        let derived = bar.derived;
        bars.push(TimelineBar { lane: at, bar: index, count: 1, x, width, colour, derived, label: None, dim: false });
    }
    bars
}

/// Returns true if a narrow bar is drawn as one with those before it.
fn is_crowd(last: &TimelineBar, x: f64, width: f64) -> bool {
    x - (last.x + last.width) < CLOSE
        && x + width - last.x <= CROWD
        && width <= NARROWEST + CLOSE
        && (last.count > 1 || last.width <= NARROWEST + CLOSE)
}

/// Returns true if a bar would cover the previous one: attempts without an end all reach the present.
fn is_same(last: &TimelineBar, x: f64, width: f64) -> bool {
    (x - last.x).abs() < CLOSE && (x + width - last.x - last.width).abs() < CLOSE
}

/// Adds a label to each bar if it fits.
fn labelled(
    mut bars: Vec<TimelineBar>,
    lane: &Lane,
    window: &Axis,
    seen: (f64, f64),
    now: Timestamp,
) -> Vec<TimelineBar> {
    // End of the label beside the previous bar.
    let mut taken = 0.0_f64;
    for at in 0..bars.len() {
        let after = bars.get(at + 1).map_or(window.width, |next| next.x);
        let before = if at > 0 { taken.max(bars[at - 1].x + bars[at - 1].width) } else { 0.0 };
        let block = &bars[at];
        let texts = match block.count {
            1 => texts(&lane.bars[block.bar], lane.bars.len() > 1, now),
            count => vec![format!("{count} attempts")],
        };
        let label = texts.into_iter().find_map(|text| place(text, block, seen, before, after));
        if let Some(label) = &label {
            taken = label.x + length(&label.text);
        }
        bars[at].label = label;
    }
    bars
}

/// Returns the possible labels of a bar, most informative first. Of several attempts, each has its number.
fn texts(bar: &Bar, numbered: bool, now: Timestamp) -> Vec<String> {
    let number = if numbered { format!("#{}", bar.attempt) } else { String::new() };
    let with_number = |text: &str| match (text.is_empty(), number.is_empty()) {
        (_, true) => text.to_owned(),
        (true, _) => number.clone(),
        _ => format!("{number} \u{b7} {text}"),
    };
    let words = words(bar, now);
    let mut texts = Vec::new();
    if let Some(error) = &bar.error {
        let short = clipped(error);
        texts.push(with_number(&format!("{words} \u{b7} {short}")));
        texts.push(with_number(&short));
    }
    texts.push(with_number(&words));
    texts.extend(bar_duration(bar, now).map(|seconds| with_number(&duration(seconds))));
    texts.push(number);
    texts
}

/// Returns the beginning of a text on one line.
fn clipped(text: &str) -> String {
    let mut letters = text.split_whitespace().flat_map(|word| word.chars().chain([' ']));
    let short: String = letters.by_ref().take(ERROR).collect();
    let more = letters.next().is_some();
    format!("{}{}", short.trim_end(), if more { "\u{2026}" } else { "" })
}

/// Returns the part of a running bar after its expected completion.
fn overdue(bar: &Bar, due: Option<Timestamp>, at: usize, window: &Axis, now: Timestamp) -> Option<TimelineSpan> {
    let due = due.filter(|due| bar.kind == BarKind::Running && *due < now)?;
    let from = bar.start.map_or(due, |start| due.max(start));
    if window.x(now.unix()) < 0.0 || window.x(from.unix()) > window.width {
        return None;
    }
    let x = window.x_near(from.unix());
    Some(TimelineSpan {
        lane: at,
        x,
        width: window.x_near(now.unix()) - x,
        colour: "retry",
        derived: false,
        length: Some(now.unix() - due.unix()),
        until: Some(due),
    })
}

/// Returns the outline of expected work.
fn outline(work: &Forecast, window: &Axis) -> Option<TimelineSpan> {
    let (from, to) = (work.from.unix(), work.to.unix());
    let x = window.x_near(from);
    let width = window.x_near(to) - x;
    let shown = window.x(to) >= 0.0 && window.x(from) <= window.width && width >= 1.0;
    shown.then(|| TimelineSpan {
        lane: work.stage.index(),
        x,
        width,
        colour: stage_colour(work.stage),
        derived: true,
        length: Some(to - from),
        until: Some(work.to),
    })
}

/// Returns the approximate width of a text, at least its own.
pub fn length(text: &str) -> f64 {
    // Letters of East Asian scripts and pictures are about twice as wide.
    text.chars().map(|letter| if letter < '\u{1100}' { CHARACTER } else { 2.0 * CHARACTER }).sum()
}

/// Places a label on the bar, after it, or before it, whichever fits first. On a bar that begins left of the
/// visible range, it is placed where the bar is visible.
fn place(text: String, block: &TimelineBar, seen: (f64, f64), before: f64, after: f64) -> Option<BarLabel> {
    let needed = length(&text);
    let end = block.x + block.width;
    let inside = block.x.max(seen.0.min(end));
    // Labels beside a visible bar must be visible too.
    let after = if end < seen.1 { after.min(seen.1) } else { after };
    let before = if block.x > seen.0 { before.max(seen.0) } else { before };
    let x = match () {
        () if text.is_empty() => return None,
        () if needed + 14.0 <= end - inside => inside + 8.0,
        () if needed + 12.0 <= after - end => end + 6.0,
        () if needed + 14.0 <= block.x - before => block.x - 8.0 - needed,
        () => return None,
    };
    Some(BarLabel { text, x })
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn as_f64(count: usize) -> f64 {
    count as f64
}

/// Returns the top of a lane's bars, in pixels.
pub(super) fn top(lane: usize) -> f64 {
    AXIS + LANE * as_f64(lane) + (LANE - BAR) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::Session;

    fn axis(to: f64, width: f64) -> Axis {
        Axis::between(0.0, to, width, &super::super::axis::Gaps::default())
    }

    fn block(x: f64, width: f64) -> TimelineBar {
        TimelineBar { lane: 0, bar: 0, count: 1, x, width, colour: "complete", derived: false, label: None, dim: false }
    }

    #[track_caller]
    fn check(x: f64, width: f64, expected: Option<f64>) {
        // Ten characters need 66 pixels.
        let label = place("1234567890".into(), &block(x, width), (0.0, 300.0), 0.0, 300.0);
        assert_eq!(label.map(|label| label.x), expected);
    }

    #[test]
    fn a_label_is_placed_where_it_fits() {
        check(0.0, 100.0, Some(8.0));
        check(100.0, 20.0, Some(126.0));
        check(270.0, 20.0, Some(196.0));
        assert_eq!(place("1234567890".into(), &block(40.0, 20.0), (0.0, 100.0), 0.0, 100.0), None);
    }

    #[test]
    fn a_bar_is_labelled_in_its_visible_part() {
        let label = place("1234567890".into(), &block(0.0, 400.0), (200.0, 900.0), 0.0, 900.0);
        assert_eq!(label.map(|label| label.x), Some(208.0));
    }

    fn session(entries: &[(i64, &str)]) -> Session {
        let lines: Vec<String> = entries
            .iter()
            .map(|(at, event)| {
                let at = Timestamp::from_unix(*at);
                format!(
                    r#"{{"at": "{at}", "event": "{event}", "agent": "script_writer", "error": "no\n answer", "to": "WRITING"}}"#
                )
            })
            .collect();
        let text = format!(r#"{{"session_id": "a", "history": [{}]}}"#, lines.join(","));
        Session::parse(text).unwrap()
    }

    #[test]
    fn bars_outside_are_skipped_and_close_ones_are_merged() {
        let attempts: Vec<_> = (0..1_000).flat_map(|at| [(at * 100, "start"), (at * 100 + 50, "fail")]).collect();
        let timeline = session(&attempts).timeline();
        let all = axis(100_000.0, 1_000.0);
        let now = Timestamp::from_unix(100_000);
        let drawn = scene(&timeline, &Expected::default(), &all, (0.0, 1_000.0), now).bars;
        // A bar begins where the one before could not grow further: at least eight pixels later.
        assert!(drawn.len() <= 126, "{} bars", drawn.len());
        assert_eq!(drawn.iter().map(|block| block.count).sum::<usize>(), 1_000);
        let close = axis(1_000.0, 1_000.0);
        let drawn = scene(&timeline, &Expected::default(), &close, (0.0, 1_000.0), now).bars;
        assert_eq!(drawn.len(), 11);
        assert_eq!((drawn[1].x, drawn[1].width, drawn[1].colour), (100.0, 50.0, "failed"));
    }

    #[test]
    fn overlapping_unfinished_attempts_are_merged() {
        let starts: Vec<_> = (0..1_000).map(|at| (at * 10, "start")).collect();
        let timeline = session(&starts).timeline();
        let all = axis(100_000.0, 1_000.0);
        let drawn = scene(&timeline, &Expected::default(), &all, (0.0, 1_000.0), Timestamp::from_unix(50_000)).bars;
        assert!(drawn.len() <= 67, "{} bars", drawn.len());
        assert_eq!(drawn.iter().map(|block| block.count).sum::<usize>(), 1_000);
    }

    #[test]
    fn arrows_within_a_pixel_are_merged_per_lane() {
        let at = |second: i64| Some(Timestamp::from_unix(second));
        let back = |second: i64| {
            let to = if second % 2 == 0 { callboard_core::Stage::Writing } else { callboard_core::Stage::Research };
            RouteBack { at: at(second), from: callboard_core::Stage::Evaluation, to: Some(to), error: None }
        };
        let timeline = Timeline { lanes: Vec::new(), waits: Vec::new(), route_backs: (0..1_000).map(back).collect() };
        let all = axis(100_000.0, 1_000.0);
        let backs = scene(&timeline, &Expected::default(), &all, (0.0, 1_000.0), Timestamp::from_unix(0)).backs;
        // Ten arrows, and a hundred seconds per pixel.
        assert!(backs.len() <= 14, "{} lines", backs.len());
    }

    #[test]
    fn labels_beside_a_bar_are_visible() {
        let beside = |x, seen| place("1234567890".into(), &block(x, 20.0), seen, 0.0, 900.0).map(|label| label.x);
        assert_eq!(beside(310.0, (300.0, 600.0)), Some(336.0));
        assert_eq!(beside(570.0, (300.0, 600.0)), Some(496.0));
        assert_eq!(beside(310.0, (300.0, 350.0)), None);
    }

    #[test]
    fn overdue_time_is_the_part_after_the_expected_completion() {
        let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}, "agent_outputs": {"script_writer":
            {"status": "in_progress", "start_time": "1970-01-01T00:01:40Z", "estimated_completion": "1970-01-01T00:05:00Z"}}}"#;
        let timeline = Session::parse(text).unwrap().timeline();
        let window = axis(1_000.0, 1_000.0);
        let expected = Expected { due: Some(Timestamp::from_unix(300)), rest: Vec::new() };
        let at = |now: i64| scene(&timeline, &expected, &window, (0.0, 1_000.0), Timestamp::from_unix(now)).overdue;
        assert!(at(300).is_empty());
        let late = &at(700)[0];
        assert_eq!((late.lane, late.x, late.width, late.length), (1, 300.0, 400.0, Some(400)));
    }

    #[test]
    fn expected_work_is_an_outline_of_its_stage() {
        let work = |from: i64, to: i64| Forecast {
            stage: callboard_core::Stage::Evaluation,
            from: Timestamp::from_unix(from),
            to: Timestamp::from_unix(to),
        };
        let window = axis(1_000.0, 1_000.0);
        let timeline = Timeline { lanes: Vec::new(), waits: Vec::new(), route_backs: Vec::new() };
        let all = Expected { due: None, rest: vec![work(200, 500), work(5_000, 6_000)] };
        let drawn = scene(&timeline, &all, &window, (0.0, 1_000.0), Timestamp::from_unix(200)).forecasts;
        assert_eq!(drawn.len(), 1);
        assert_eq!((drawn[0].lane, drawn[0].x, drawn[0].width, drawn[0].colour), (2, 200.0, 300.0, "evaluating"));
    }

    #[test]
    fn attempts_are_numbered_where_there_are_several() {
        let timeline = session(&[(0, "start"), (900, "fail"), (1_000, "retry"), (1_100, "start")]).timeline();
        let bars = &timeline.lanes[1].bars;
        let now = Timestamp::from_unix(1_220);
        let words =
            ["#2 \u{b7} 2 min \u{b7} no answer", "#2 \u{b7} no answer", "#2 \u{b7} 2 min", "#2 \u{b7} 2 min", "#2"];
        assert_eq!(texts(&bars[1], true, now), words);
        assert_eq!(texts(&bars[1], false, now)[0], "2 min \u{b7} no answer");
    }

    #[test]
    fn an_error_is_on_its_bar_on_one_line() {
        let timeline = session(&[(0, "start"), (900, "fail")]).timeline();
        let scale = axis(1_000.0, 1_000.0);
        let drawn = scene(&timeline, &Expected::default(), &scale, (0.0, 1_000.0), Timestamp::from_unix(1_000)).bars;
        let label = drawn[0].label.as_ref().map(|label| label.text.as_str());
        assert_eq!(label, Some("failed \u{b7} 15 min \u{b7} no answer"));
        assert_eq!(clipped(&"x".repeat(100_000)).chars().count(), ERROR + 1);
    }
}
