//! What is drawn of a timeline: every bar, wait, route back and estimate within a window, where it lies
//! and what is written on it. Pure: who draws it, on the screen or into a file, decides nothing.
use super::scale::Scale;
use crate::components::state_chip::at_work;
use crate::format::{duration, money};
use callboard_core::{Bar, BarKind, Lane, RouteBack, Timeline, Timestamp, Wait};

/// A bar by its lane and its place there; several where they are drawn as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The lane, from 0.
    pub lane: usize,
    /// The first bar, from 0.
    pub bar: usize,
    /// Number of bars.
    pub count: usize,
}

impl Chosen {
    /// Whether both begin with the same bar.
    pub fn same_bar(self, other: Self) -> bool {
        (self.lane, self.bar) == (other.lane, other.bar)
    }
}

/// How high a lane is.
pub const LANE: f64 = 40.0;
/// How high the axis above the lanes is.
pub const AXIS: f64 = 28.0;
/// How high a bar is.
pub const BAR: f64 = 24.0;
/// How wide a character of a bar's label is, about.
const CHARACTER: f64 = 6.6;
/// The narrowest bar: one that is still seen and pointed at.
const NARROWEST: f64 = 4.0;
/// Bars nearer to one another than this, and no wider, are drawn as one.
const CLOSE: f64 = 1.5;
/// How wide bars that are drawn as one may grow: a thousand attempts are still seen as many.
const CROWD: f64 = 12.0;
/// How much of an error is written on a bar, at most, in characters.
const ERROR: usize = 80;

/// Everything within a window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// The bars.
    pub blocks: Vec<Block>,
    /// The times in which an agent was waited for.
    pub waits: Vec<Span>,
    /// The ways back from the gates.
    pub backs: Vec<Back>,
    /// What is still to come of a running bar, or the moment it was due.
    pub ghosts: Vec<Span>,
}

/// A bar, or several that are too near to one another to be told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its lane, from 0.
    pub lane: usize,
    /// Its place among the lane's bars: the first's, where it stands for several.
    pub bar: usize,
    /// Number of bars that it stands for.
    pub count: usize,
    /// Its left edge.
    pub x: f64,
    /// Its width.
    pub width: f64,
    /// What its colour says.
    pub colour: &'static str,
    /// It is pieced together, for want of a history.
    pub derived: bool,
    /// Its label, where there is room.
    pub label: Option<Label>,
}

impl Block {
    /// Where its words stand beside it, and how much room they take: the line of a wait would run through them.
    pub fn beside(&self) -> Option<(f64, f64)> {
        let label = self.label.as_ref()?;
        let on_it = (self.x..self.x + self.width).contains(&label.x);
        (!on_it).then(|| (label.x - 4.0, length(&label.text) + 8.0))
    }
}

/// What is written on or beside a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// The words.
    pub text: String,
    /// Where they begin.
    pub x: f64,
}

/// A stretch of a lane that is no bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// Its lane, from 0.
    pub lane: usize,
    /// Its left edge.
    pub x: f64,
    /// Its width; 0 for a moment.
    pub width: f64,
    /// What its colour says.
    pub colour: &'static str,
    /// It is worked out, for want of a history.
    pub derived: bool,
    /// From when to when, where both are known.
    pub length: Option<i64>,
    /// When it ends, or was due.
    pub until: Option<Timestamp>,
}

/// A way back from failed gates.
#[derive(Clone, Debug, PartialEq)]
pub struct Back {
    /// Where.
    pub x: f64,
    /// The lane it leaves.
    pub from: usize,
    /// The lane it goes to; none where it was escalated instead.
    pub to: Option<usize>,
    /// Which gates failed.
    pub error: Option<String>,
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

/// What a bar's colour says, as the style sheet knows it.
pub fn colour(bar: &Bar, lane: &Lane) -> &'static str {
    match bar.kind {
        BarKind::Running => at_work(lane.stage),
        BarKind::Complete => "complete",
        BarKind::Failed | BarKind::GateFailed => "failed",
        BarKind::Retried => "retry",
        BarKind::Skipped => "skipped",
        _ => "initialized",
    }
}

/// Which of two colours matters more, for bars that are drawn as one.
fn graver(one: &'static str, other: &'static str) -> &'static str {
    let order = ["failed", "retry", "researching", "writing", "evaluating", "synthesizing", "complete"];
    let place = |colour| order.iter().position(|known| *known == colour).unwrap_or(order.len());
    if place(one) <= place(other) { one } else { other }
}

/// From when to when a bar goes, the present for one that runs.
fn extent(bar: &Bar, now: Timestamp) -> Option<(i64, i64)> {
    let end = match bar.kind {
        BarKind::Running => bar.end.or(Some(now)),
        _ => bar.end,
    };
    let start = bar.start.or(end)?.unix();
    Some((start, end.map_or(start, Timestamp::unix).max(start)))
}

/// Where what is chosen begins, and how wide it is.
pub fn extent_of(timeline: &Timeline, chosen: Chosen, window: &Scale, now: Timestamp) -> Option<(f64, f64)> {
    let bars = &timeline.lanes.get(chosen.lane)?.bars;
    let bars = bars.get(chosen.bar..chosen.bar + chosen.count)?;
    let extents = || bars.iter().filter_map(|bar| extent(bar, now));
    let (start, end) = (extents().map(|(start, _)| start).min()?, extents().map(|(_, end)| end).max()?);
    let x = window.x_near(start);
    Some((x, (window.x_near(end) - x).max(NARROWEST)))
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

/// Lays out what of a timeline lies within the window; what is written there keeps to the part of it that is
/// `seen`, from one place to another.
pub fn scene(timeline: &Timeline, window: &Scale, seen: (f64, f64), now: Timestamp) -> Scene {
    let mut scene = Scene::default();
    for (at, lane) in timeline.lanes.iter().enumerate() {
        let blocks = blocks(lane, at, window, now);
        scene.blocks.extend(labelled(blocks, lane, window, seen, now));
        scene.ghosts.extend(ghost(lane, at, window, now));
    }
    let shown = |wait: &&Wait| {
        let end = wait.to.unwrap_or(now).unix();
        window.x(end) >= 0.0 && window.x(wait.from.unix()) <= window.width
    };
    let waits = timeline.waits.iter().filter(shown).map(|wait| {
        let until = wait.to.unwrap_or(now);
        let x = window.x_near(wait.from.unix());
        Span {
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
    scene.backs = timeline.route_backs.iter().filter_map(|back| way_back(back, window)).collect();
    // Several within a pixel are one line.
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

fn way_back(back: &RouteBack, window: &Scale) -> Option<Back> {
    let at = back.at?.unix();
    let to = back.to.map(callboard_core::Stage::index);
    let error = back.error.clone();
    window.shows(at).then(|| Back { x: window.x(at), from: back.from.index(), to, error })
}

fn blocks(lane: &Lane, at: usize, window: &Scale, now: Timestamp) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (index, bar) in lane.bars.iter().enumerate() {
        let Some((start, end)) = extent(bar, now) else { continue };
        if window.x(end) < -NARROWEST || window.x(start) > window.width {
            continue;
        }
        let x = window.x_near(start);
        let width = (window.x_near(end) - x).max(NARROWEST);
        let colour = colour(bar, lane);
        if let Some(last) = blocks.last_mut()
            && (is_crowd(last, x, width) || is_same(last, x, width))
        {
            last.width = (x + width - last.x).max(last.width);
            last.count += 1;
            last.colour = graver(last.colour, colour);
            continue;
        }
        blocks.push(Block { lane: at, bar: index, count: 1, x, width, colour, derived: bar.derived, label: None });
    }
    blocks
}

/// True if a narrow bar is drawn as one with those before it.
fn is_crowd(last: &Block, x: f64, width: f64) -> bool {
    x - (last.x + last.width) < CLOSE
        && x + width - last.x <= CROWD
        && width <= NARROWEST + CLOSE
        && (last.count > 1 || last.width <= NARROWEST + CLOSE)
}

/// True if a bar would cover the one before it: attempts that never ended all reach to the present.
fn is_same(last: &Block, x: f64, width: f64) -> bool {
    (x - last.x).abs() < CLOSE && (x + width - last.x - last.width).abs() < CLOSE
}

/// Writes on each block what there is room for.
fn labelled(mut blocks: Vec<Block>, lane: &Lane, window: &Scale, seen: (f64, f64), now: Timestamp) -> Vec<Block> {
    // What was written beside the block before ends here.
    let mut taken = 0.0_f64;
    for at in 0..blocks.len() {
        let after = blocks.get(at + 1).map_or(window.width, |next| next.x);
        let before = if at > 0 { taken.max(blocks[at - 1].x + blocks[at - 1].width) } else { 0.0 };
        let block = &blocks[at];
        let texts = match block.count {
            1 => texts(&lane.bars[block.bar], now),
            count => vec![format!("{count} attempts")],
        };
        let label = texts.into_iter().find_map(|text| place(text, block, seen, before, after));
        if let Some(label) = &label {
            taken = label.x + length(&label.text);
        }
        blocks[at].label = label;
    }
    blocks
}

/// What may be written on a bar, the most telling first.
fn texts(bar: &Bar, now: Timestamp) -> Vec<String> {
    let words = words(bar, now);
    let mut texts = Vec::new();
    if let Some(error) = &bar.error {
        let short = clipped(error);
        texts.push(format!("{words} \u{b7} {short}"));
        texts.push(short);
    }
    texts.push(words);
    texts.extend(took(bar, now).map(duration));
    texts
}

/// The beginning of a text, on one line.
fn clipped(text: &str) -> String {
    let mut letters = text.split_whitespace().flat_map(|word| word.chars().chain([' ']));
    let short: String = letters.by_ref().take(ERROR).collect();
    let more = letters.next().is_some();
    format!("{}{}", short.trim_end(), if more { "\u{2026}" } else { "" })
}

fn ghost(lane: &Lane, at: usize, window: &Scale, now: Timestamp) -> Option<Span> {
    let until = lane.bars.last()?.estimate?;
    let (from, to) = (window.x_near(now.unix()), window.x_near(until.unix()));
    let shown = window.x(until.unix()) >= 0.0 && window.x(now.min(until).unix()) <= window.width;
    let ahead = until > now;
    shown.then(|| Span {
        lane: at,
        x: if ahead { from } else { to },
        width: if ahead { to - from } else { 0.0 },
        colour: at_work(lane.stage),
        derived: false,
        length: Some(until.unix() - now.unix()),
        until: Some(until),
    })
}

#[allow(clippy::cast_precision_loss)]
fn length(text: &str) -> f64 {
    text.chars().count() as f64 * CHARACTER
}

/// On the bar, after it, before it: the first that has room. A bar that begins left of what is seen is
/// written on where it is seen.
fn place(text: String, block: &Block, seen: (f64, f64), before: f64, after: f64) -> Option<Label> {
    let needed = length(&text);
    let end = block.x + block.width;
    let inside = block.x.max(seen.0.min(end));
    // Beside a bar that is seen, words are seen too.
    let after = if end < seen.1 { after.min(seen.1) } else { after };
    let before = if block.x > seen.0 { before.max(seen.0) } else { before };
    let x = match () {
        () if text.is_empty() => return None,
        () if needed + 14.0 <= end - inside => inside + 8.0,
        () if needed + 12.0 <= after - end => end + 6.0,
        () if needed + 14.0 <= block.x - before => block.x - 8.0 - needed,
        () => return None,
    };
    Some(Label { text, x })
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

    fn block(x: f64, width: f64) -> Block {
        Block { lane: 0, bar: 0, count: 1, x, width, colour: "complete", derived: false, label: None }
    }

    #[track_caller]
    fn check(x: f64, width: f64, expected: Option<f64>) {
        // Ten characters need 66 pixels.
        let label = place("1234567890".into(), &block(x, width), (0.0, 300.0), 0.0, 300.0);
        assert_eq!(label.map(|label| label.x), expected);
    }

    #[test]
    fn a_label_is_where_there_is_room() {
        check(0.0, 100.0, Some(8.0));
        check(100.0, 20.0, Some(126.0));
        check(270.0, 20.0, Some(196.0));
        assert_eq!(place("1234567890".into(), &block(40.0, 20.0), (0.0, 100.0), 0.0, 100.0), None);
    }

    #[test]
    fn a_bar_that_begins_before_what_is_seen_is_written_on_where_it_is_seen() {
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
    fn what_is_outside_of_the_window_is_not_drawn_and_what_is_too_near_is_one() {
        let attempts: Vec<_> = (0..1_000).flat_map(|at| [(at * 100, "start"), (at * 100 + 50, "fail")]).collect();
        let timeline = session(&attempts).timeline();
        let all = Scale { from: 0.0, to: 100_000.0, width: 1_000.0 };
        let now = Timestamp::from_unix(100_000);
        let drawn = scene(&timeline, &all, (0.0, 1_000.0), now).blocks;
        // One begins where the one before could not grow further: at least eight pixels on.
        assert!(drawn.len() <= 126, "{} blocks", drawn.len());
        assert_eq!(drawn.iter().map(|block| block.count).sum::<usize>(), 1_000);
        let close = Scale { from: 0.0, to: 1_000.0, width: 1_000.0 };
        let drawn = scene(&timeline, &close, (0.0, 1_000.0), now).blocks;
        assert_eq!(drawn.len(), 11);
        assert_eq!((drawn[1].x, drawn[1].width, drawn[1].colour), (100.0, 50.0, "failed"));
    }

    #[test]
    fn attempts_that_never_ended_are_drawn_as_one_where_they_cover_one_another() {
        let starts: Vec<_> = (0..1_000).map(|at| (at * 10, "start")).collect();
        let timeline = session(&starts).timeline();
        let all = Scale { from: 0.0, to: 100_000.0, width: 1_000.0 };
        let drawn = scene(&timeline, &all, (0.0, 1_000.0), Timestamp::from_unix(50_000)).blocks;
        assert!(drawn.len() <= 67, "{} blocks", drawn.len());
        assert_eq!(drawn.iter().map(|block| block.count).sum::<usize>(), 1_000);
    }

    #[test]
    fn ways_back_within_a_pixel_are_one_line_for_each_lane() {
        let at = |second: i64| Some(Timestamp::from_unix(second));
        let back = |second: i64| {
            let to = if second % 2 == 0 { callboard_core::Stage::Writing } else { callboard_core::Stage::Research };
            RouteBack { at: at(second), from: callboard_core::Stage::Evaluation, to: Some(to), error: None }
        };
        let timeline = Timeline { lanes: Vec::new(), waits: Vec::new(), route_backs: (0..1_000).map(back).collect() };
        let all = Scale { from: 0.0, to: 100_000.0, width: 1_000.0 };
        let backs = scene(&timeline, &all, (0.0, 1_000.0), Timestamp::from_unix(0)).backs;
        // A pixel is a hundred seconds, and there are ten of them.
        assert!(backs.len() <= 14, "{} lines", backs.len());
    }

    #[test]
    fn words_beside_a_bar_are_where_they_are_seen() {
        let beside = |x, seen| place("1234567890".into(), &block(x, 20.0), seen, 0.0, 900.0).map(|label| label.x);
        assert_eq!(beside(310.0, (300.0, 600.0)), Some(336.0));
        assert_eq!(beside(570.0, (300.0, 600.0)), Some(496.0));
        assert_eq!(beside(310.0, (300.0, 350.0)), None);
    }

    #[test]
    fn an_error_is_on_its_bar_on_one_line() {
        let timeline = session(&[(0, "start"), (900, "fail")]).timeline();
        let scale = Scale { from: 0.0, to: 1_000.0, width: 1_000.0 };
        let drawn = scene(&timeline, &scale, (0.0, 1_000.0), Timestamp::from_unix(1_000)).blocks;
        let label = drawn[0].label.as_ref().map(|label| label.text.as_str());
        assert_eq!(label, Some("failed \u{b7} 15 min \u{b7} no answer"));
        assert_eq!(clipped(&"x".repeat(100_000)).chars().count(), ERROR + 1);
    }
}
