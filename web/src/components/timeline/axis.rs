//! Time axis: time to pixels with folded gaps, zoom, ticks and dates. Pure.
use crate::order::ascending;
use callboard_core::Timestamp;
use std::sync::Arc;

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// Shortest visible span in seconds.
const SHORTEST: f64 = 10.0;
/// Largest visible span, as a multiple of that of everything.
const WIDEST: f64 = 4.0;
/// Greatest and least width of a folded gap in pixels.
const BREAK: (f64, f64) = (78.0, 30.0);
/// Shortest gap that is worth folding, in seconds.
const SHORTEST_GAP: i64 = 30 * MINUTE;

/// A gap in which nothing happens, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// First second.
    pub from: i64,
    /// Last second.
    pub to: i64,
}

impl Gap {
    /// Returns its length in seconds.
    pub fn seconds(self) -> i64 {
        self.to - self.from
    }
}

/// Long gaps between periods of work, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gaps {
    gaps: Arc<[Gap]>,
    /// True if folding them at least halves the length of the axis.
    pub helps: bool,
}

impl Gaps {
    /// Finds the gaps between periods of work that are longer than a quarter of all work: the longest ones, as many as
    /// take up to half of an axis of this width.
    pub fn between(periods: &[(i64, i64)], width: f64) -> Self {
        let merged = merged(periods);
        let (Some(first), Some(last)) = (merged.first(), merged.last()) else { return Self::default() };
        let whole = last.1 - first.0;
        let busy: i64 = merged.iter().map(|(from, to)| to - from).sum();
        let least = SHORTEST_GAP.max(busy / 4);
        // A little of each gap stays beside the work, so that a bar does not touch the break.
        let margin = (busy / 40).clamp(MINUTE, 12 * HOUR);
        let gaps: Vec<Gap> = merged
            .windows(2)
            .map(|pair| Gap { from: pair[0].1 + margin, to: pair[1].0 - margin })
            .filter(|gap| gap.seconds() >= least)
            .collect();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let most = (width * 0.5 / break_width(width)).floor().max(1.0) as usize;
        let longest = ascending(gaps.iter().map(|gap| (-gap.seconds(), 0)));
        let kept = ascending(longest.iter().take(most).map(|at| (gaps[*at].from, 0)));
        let gaps: Arc<[Gap]> = kept.into_iter().map(|at| gaps[longest[at]]).collect();
        let folded: i64 = gaps.iter().map(|gap| gap.seconds()).sum();
        Self { helps: folded * 2 >= whole && whole > 0, gaps }
    }

    /// Returns true if there is none.
    pub fn is_empty(&self) -> bool {
        self.gaps.is_empty()
    }
}

/// Returns the width of a folded gap on an axis of a width.
fn break_width(width: f64) -> f64 {
    (width * 0.1).clamp(BREAK.1, BREAK.0)
}

/// Merges periods that overlap or touch, in order of time.
fn merged(periods: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for at in ascending(periods.iter().copied()) {
        let (from, to) = periods[at];
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to.max(from))),
        }
    }
    merged
}

/// A mapping from time to pixels.
///
/// Seconds have one width everywhere except in folded gaps, which are equally wide, however long they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The first visible second.
    pub from: f64,
    /// The width in pixels.
    pub width: f64,
    /// Pixels per second outside of folded gaps.
    per_second: f64,
    /// Pixels of each folded gap.
    fold: f64,
    gaps: Arc<[Gap]>,
}

#[allow(clippy::cast_precision_loss)]
fn seconds(moment: i64) -> f64 {
    moment as f64
}

impl Axis {
    /// Returns the axis from one time to another. Gaps that would leave no room for the rest are not folded.
    pub fn between(from: f64, to: f64, width: f64, gaps: &Gaps) -> Self {
        let to = to.max(from + SHORTEST);
        let mut axis = Self { from, width, per_second: 1.0, fold: break_width(width), gaps: gaps.gaps.clone() };
        let (shown, folded) = axis.measure(to);
        let room = width - folded * axis.fold;
        if room < width / 4.0 || shown <= 0.0 {
            axis.gaps = Arc::default();
            axis.per_second = width / (to - from);
        } else {
            axis.per_second = room / shown;
        }
        axis
    }

    /// Returns the axis that shows all `moments`; `None` without any.
    ///
    /// Moments that matter less, such as now, are shown too unless that would squeeze the others into the first
    /// quarter; on an axis with folded gaps they always are.
    pub fn fit(moments: &[i64], lesser: &[i64], width: f64, gaps: &Gaps) -> Option<Self> {
        let first = *moments.iter().min()?;
        let mut last = *moments.iter().max()?;
        let longest = 4 * (last - first).max(10 * MINUTE);
        for moment in lesser {
            if *moment > last && (!gaps.is_empty() || *moment - first <= longest) {
                last = *moment;
            }
        }
        let length = (last - first).max(10 * MINUTE);
        let whole = Self::between(seconds(first), seconds(first + length), width, gaps);
        // A margin at both ends, by pixels: with folded gaps, the seconds do not tell what is wide.
        let per_second = whole.per_second / 1.09;
        let whole = Self { per_second, ..whole };
        Some(Self { from: whole.time(-width / 50.0), ..whole })
    }

    /// Returns the last visible second.
    pub fn to(&self) -> f64 {
        self.time(self.width)
    }

    /// Returns the same times with another width and other folded gaps.
    pub fn over(&self, width: f64, gaps: &Gaps) -> Self {
        if self.width == width && self.gaps == gaps.gaps {
            return self.clone();
        }
        Self::between(self.from, self.to(), width, gaps)
    }

    /// Returns the axis moved by pixels, positive to later times, keeping a part of `all` visible.
    pub fn panned(&self, pixels: f64, all: &Self) -> Self {
        let (first, last) = (self.at(all.from), self.at(all.to()));
        let pixels = pixels.clamp(first - 0.9 * self.width, (last - 0.1 * self.width).max(first - 0.9 * self.width));
        Self { from: self.time(pixels), ..self.clone() }
    }

    /// Returns the axis zoomed by `factor` around a position in pixels.
    pub fn zoomed(&self, factor: f64, around: f64, all: &Self) -> Self {
        let farthest = all.per_second.min(self.width / SHORTEST) / WIDEST;
        let per_second = (self.per_second * factor).clamp(farthest, (self.width / SHORTEST).max(farthest));
        let fixed = Self { from: self.time(around), per_second, ..self.clone() };
        Self { from: fixed.time(-around), ..fixed }.panned(0.0, all)
    }

    /// Returns the axis to render: twice the width, so that panning only moves it.
    pub fn window(&self) -> Self {
        Self { from: self.time(-self.width / 2.0), width: self.width * 2.0, ..self.clone() }
    }

    /// Returns true if this rendered axis covers `other` at the same zoom.
    pub fn holds(&self, other: &Self) -> bool {
        let same_zoom = (self.per_second / other.per_second - 1.0).abs() < 1e-9;
        same_zoom && self.gaps == other.gaps && other.from >= self.from && self.at(other.to()) <= self.width + 0.01
    }

    /// Returns the position of a time, which may be out of view.
    pub fn x(&self, moment: i64) -> f64 {
        self.at(seconds(moment))
    }

    /// Returns [`Axis::x`] clamped to slightly out of view, as huge coordinates render wrongly.
    pub fn x_near(&self, moment: i64) -> f64 {
        self.x(moment).clamp(-16.0, self.width + 16.0)
    }

    /// Returns true if a time is visible.
    pub fn shows(&self, moment: i64) -> bool {
        (0.0..=self.width).contains(&self.x(moment))
    }

    /// Returns the position of a time in seconds.
    pub fn at(&self, moment: f64) -> f64 {
        let (shown, folded) = self.measure(moment);
        shown * self.per_second + folded * self.fold
    }

    /// Returns the seconds outside of folded gaps, and the number of folded gaps, from the first visible second to
    /// another; negative if that is earlier.
    fn measure(&self, moment: f64) -> (f64, f64) {
        let (from, to, sign) = if moment >= self.from { (self.from, moment, 1.0) } else { (moment, self.from, -1.0) };
        let (mut shown, mut folded) = (to - from, 0.0);
        for gap in self.gaps.iter() {
            let (start, end) = (seconds(gap.from), seconds(gap.to));
            let inside = to.min(end) - from.max(start);
            if inside > 0.0 {
                shown -= inside;
                folded += inside / (end - start);
            }
        }
        (sign * shown, sign * folded)
    }

    /// Returns the time at a position, in seconds.
    pub fn time(&self, x: f64) -> f64 {
        let mut now = self.from;
        let mut left = x.abs();
        // One step to the end of the stretch or gap that the time is in, in the direction of the position.
        let later = x >= 0.0;
        let next = |now: f64| {
            let mut gaps = self.gaps.iter().map(|gap| (seconds(gap.from), seconds(gap.to)));
            if later { gaps.find(|(_, to)| *to > now) } else { gaps.rev().find(|(from, _)| *from < now) }
        };
        let sign = if later { 1.0 } else { -1.0 };
        while let Some((from, to)) = next(now) {
            let (near, far) = if later { (from, to) } else { (to, from) };
            let stretch = ((near - now) * sign).max(0.0) * self.per_second;
            if left <= stretch {
                break;
            }
            left -= stretch;
            let start = if later { now.max(near) } else { now.min(near) };
            let fold = (far - start).abs() / (to - from) * self.fold;
            if left <= fold {
                return start + sign * left / self.fold * (to - from);
            }
            left -= fold;
            now = far;
        }
        now + sign * left / self.per_second
    }

    /// Returns the visible stretches outside of folded gaps.
    fn stretches(&self) -> Vec<(f64, f64)> {
        let (mut from, end) = (self.from, self.to());
        let mut stretches = Vec::new();
        for gap in self.gaps.iter() {
            let (start, to) = (seconds(gap.from), seconds(gap.to));
            if to <= from || start >= end {
                continue;
            }
            if start > from {
                stretches.push((from, start));
            }
            from = to;
        }
        if end > from {
            stretches.push((from, end));
        }
        stretches
    }

    /// Returns the folded gaps in view.
    pub fn breaks(&self) -> Vec<Break> {
        let breaks = self.gaps.iter().map(|gap| {
            let x = self.x(gap.from);
            Break { x, width: self.x(gap.to) - x, gap: *gap }
        });
        breaks.filter(|it| it.x + it.width > 0.0 && it.x < self.width).collect()
    }

    /// Returns the ticks and dates of the axis, at round times of the viewer's zone and so far apart that their labels
    /// fit. `offset` returns the seconds by which the zone is ahead of UTC at a time.
    pub fn ticks(&self, offset: &dyn Fn(i64) -> i64) -> Ticks {
        let zone = Zone::of(self, offset);
        let mut ticks = Vec::new();
        let mut bands: Vec<Band> = Vec::new();
        let breaks = self.breaks();
        let Some(step) = Step::fitting(self.per_second) else { return Ticks { ticks, bands, breaks } };
        #[allow(clippy::cast_possible_truncation)]
        for (from, to) in self.stretches() {
            let (from, to) = (from.ceil() as i64, to.floor() as i64);
            step.each(from, to, &zone, &mut |at| {
                let x = self.x(at);
                // A label must not run into that of a break.
                let half = step.unit().room() / 2.0 - 4.0;
                let is_free = breaks.iter().all(|it| x + half < it.x || x - half > it.x + it.width);
                ticks.push(Tick { at: Timestamp::from_unix(at), x, unit: step.unit(), labelled: is_free });
            });
            let Some(unit) = step.band() else { continue };
            let mut start = from;
            while start <= to {
                let (begin, next) = unit.around(start, &zone);
                match bands.last_mut() {
                    Some(last) if last.begin == begin => {}
                    last => {
                        let x = self.x(start.max(begin));
                        if let Some(last) = last {
                            last.end = x;
                        }
                        let at = Timestamp::from_unix(start);
                        bands.push(Band { x, end: self.width, at, unit, begin, is_start: start == begin });
                    }
                }
                if next <= start {
                    break;
                }
                start = next;
            }
        }
        Ticks { ticks, bands, breaks }
    }
}

/// A folded gap on an axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Break {
    /// Left edge.
    pub x: f64,
    /// Width.
    pub width: f64,
    /// The gap.
    pub gap: Gap,
}

/// The marks of an axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ticks {
    /// Ticks with a time each.
    pub ticks: Vec<Tick>,
    /// The days, months or years above the ticks.
    pub bands: Vec<Band>,
    /// The folded gaps.
    pub breaks: Vec<Break>,
}

/// A tick of the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// The time.
    pub at: Timestamp,
    /// The position.
    pub x: f64,
    /// The unit of its label.
    pub unit: Unit,
    /// False if its label would cover that of a break.
    pub labelled: bool,
}

/// A day, month or year on the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Left edge.
    pub x: f64,
    /// Left edge of the next one.
    pub end: f64,
    /// A time in it.
    pub at: Timestamp,
    /// Its unit.
    pub unit: Unit,
    /// True if its first second is in view, so that a line separates it from the one before.
    pub is_start: bool,
    begin: i64,
}

/// A unit of time that labels name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `16:58:04`
    Second,
    /// `16:58`
    Minute,
    /// `Tue 12 Aug`
    Day,
    /// `Aug`, or `Aug 2024` above days.
    Month,
    /// `2024`
    Year,
}

impl Unit {
    /// Returns the least distance of ticks with such labels, in pixels.
    pub fn room(self) -> f64 {
        match self {
            Self::Second => 76.0,
            Self::Minute => 60.0,
            Self::Day => 92.0,
            Self::Month | Self::Year => 56.0,
        }
    }

    /// Returns the first second of the day, month or year that a time is in, and of the next one.
    fn around(self, at: i64, zone: &Zone<'_>) -> (i64, i64) {
        let local = at + zone.offset(at);
        let (year, month, ..) = Timestamp::from_unix(local).civil();
        let (from, to) = match self {
            Self::Year => (month_start(year * 12), month_start(year * 12 + 12)),
            Self::Month => (month_start(year * 12 + month - 1), month_start(year * 12 + month)),
            _ => (local.div_euclid(DAY) * DAY, local.div_euclid(DAY) * DAY + DAY),
        };
        (zone.to_utc(from), zone.to_utc(to))
    }
}

/// Returns the first second of a month, counted from the year 0, as if its zone were UTC.
fn month_start(month: i64) -> i64 {
    let text = format!("{:04}-{:02}-01T00:00:00Z", month.div_euclid(12), month.rem_euclid(12) + 1);
    Timestamp::parse(&text).map_or(0, Timestamp::unix)
}

/// The viewer's zone in a stretch of time.
struct Zone<'a> {
    /// The offset, if it does not change in the stretch.
    fixed: Option<i64>,
    offset: &'a dyn Fn(i64) -> i64,
}

impl<'a> Zone<'a> {
    #[allow(clippy::cast_possible_truncation)]
    fn of(axis: &Axis, offset: &'a dyn Fn(i64) -> i64) -> Self {
        let (from, to) = (axis.from as i64, axis.to() as i64);
        // Clocks change twice a year: a longer stretch may begin and end with one offset and have another between.
        let first = offset(from);
        let fixed = (to - from < 60 * DAY && first == offset(to)).then_some(first);
        Self { fixed, offset }
    }

    fn offset(&self, at: i64) -> i64 {
        self.fixed.unwrap_or_else(|| (self.offset)(at))
    }

    /// Returns the time at which clocks in the zone show a time that is written as if it were UTC.
    fn to_utc(&self, local: i64) -> i64 {
        let near = local - self.offset(local);
        local - self.offset(near)
    }
}

/// The distance of ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Seconds(i64),
    Months(i64),
}

const STEPS: [Step; 27] = [
    Step::Seconds(1),
    Step::Seconds(5),
    Step::Seconds(10),
    Step::Seconds(30),
    Step::Seconds(MINUTE),
    Step::Seconds(2 * MINUTE),
    Step::Seconds(5 * MINUTE),
    Step::Seconds(10 * MINUTE),
    Step::Seconds(15 * MINUTE),
    Step::Seconds(30 * MINUTE),
    Step::Seconds(HOUR),
    Step::Seconds(2 * HOUR),
    Step::Seconds(3 * HOUR),
    Step::Seconds(6 * HOUR),
    Step::Seconds(12 * HOUR),
    Step::Seconds(DAY),
    Step::Seconds(2 * DAY),
    Step::Seconds(7 * DAY),
    Step::Seconds(14 * DAY),
    Step::Months(1),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
    Step::Months(24),
    Step::Months(60),
    Step::Months(120),
    Step::Months(1_200),
];

impl Step {
    /// Returns the shortest step whose labels fit at these pixels per second; `None` if those of centuries do not.
    fn fitting(per_second: f64) -> Option<Self> {
        let fits = |step: &Self| {
            let length = match step {
                Self::Seconds(length) => seconds(*length),
                Self::Months(months) => seconds(months * 28 * DAY),
            };
            length * per_second >= step.unit().room()
        };
        STEPS.into_iter().find(fits)
    }

    fn unit(self) -> Unit {
        match self {
            Self::Seconds(length) if length < MINUTE => Unit::Second,
            Self::Seconds(length) if length < DAY => Unit::Minute,
            Self::Seconds(_) => Unit::Day,
            Self::Months(months) if months < 12 => Unit::Month,
            Self::Months(_) => Unit::Year,
        }
    }

    /// Returns the unit above the ticks.
    fn band(self) -> Option<Unit> {
        match self.unit() {
            Unit::Second | Unit::Minute => Some(Unit::Day),
            Unit::Day => Some(Unit::Month),
            Unit::Month => Some(Unit::Year),
            Unit::Year => None,
        }
    }

    /// Calls `then` with each tick between two times.
    fn each(self, from: i64, to: i64, zone: &Zone<'_>, then: &mut dyn FnMut(i64)) {
        match self {
            Self::Seconds(step) => {
                // Weeks begin on Mondays; the first day of the count was a Thursday.
                let shift = if step >= 7 * DAY { 3 * DAY } else { 0 };
                let mut local = (from + zone.offset(from) + shift - 1).div_euclid(step) * step + step - shift;
                let mut last = i64::MIN;
                loop {
                    let at = zone.to_utc(local);
                    if at > to {
                        return;
                    }
                    // A night in which clocks go back has one hour twice.
                    if at >= from && at > last {
                        then(at);
                        last = at;
                    }
                    local += step;
                }
            }
            Self::Months(step) => {
                let (year, month, ..) = Timestamp::from_unix(from + zone.offset(from)).civil();
                let mut count = (year * 12 + month - 1).div_euclid(step) * step;
                loop {
                    let at = zone.to_utc(month_start(count));
                    // Years beyond four digits have no text.
                    if at > to || count > 9_998 * 12 {
                        return;
                    }
                    if at >= from {
                        then(at);
                    }
                    count += step;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(from: f64, to: f64, width: f64) -> Axis {
        Axis::between(from, to, width, &Gaps::default())
    }

    fn all() -> Axis {
        plain(0.0, 1_000.0, 500.0)
    }

    /// Two hours of work on each of three days.
    const DAYS: [(i64, i64); 3] = [(0, 2 * HOUR), (DAY, DAY + 2 * HOUR), (2 * DAY, 2 * DAY + 2 * HOUR)];

    fn folded(width: f64) -> Axis {
        Axis::fit(&[0, 2 * DAY + 2 * HOUR], &[], width, &Gaps::between(&DAYS, width)).unwrap()
    }

    #[track_caller]
    fn close(one: f64, other: f64) {
        assert!((one - other).abs() < 1e-6 * one.abs().max(1.0), "{one} is not {other}");
    }

    #[test]
    fn now_is_visible_if_near() {
        let near = Axis::fit(&[0, 3_600], &[7_200], 100.0, &Gaps::default()).unwrap();
        assert!(near.shows(7_200));
        let far = Axis::fit(&[0, 3_600], &[1_000_000], 100.0, &Gaps::default()).unwrap();
        assert!(!far.shows(1_000_000));
        assert!(far.shows(3_600));
        assert_eq!(Axis::fit(&[], &[5], 100.0, &Gaps::default()), None);
        // A folded gap leads to it, however long it is.
        let gaps = Gaps::between(&[(0, 3_600), (1_000_000, 1_000_000)], 400.0);
        assert!(Axis::fit(&[0, 3_600], &[1_000_000], 400.0, &gaps).unwrap().shows(1_000_000));
    }

    #[test]
    fn a_single_moment_has_a_span() {
        let axis = Axis::fit(&[500], &[], 100.0, &Gaps::default()).unwrap();
        assert!(axis.x(500) >= 0.0 && axis.x(500) < 50.0);
        assert_eq!(axis.x_near(1_000_000), 116.0);
    }

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        let zoomed = all().zoomed(2.0, 125.0, &all());
        assert_eq!((zoomed.from, zoomed.to()), (125.0, 625.0));
        assert_eq!(zoomed.x(250), 125.0);
        close(all().zoomed(1e9, 0.0, &all()).to() - all().zoomed(1e9, 0.0, &all()).from, SHORTEST);
        let far = all().zoomed(1e-9, 0.0, &all());
        close(far.to() - far.from, WIDEST * 1_000.0);
        let axis = folded(600.0);
        for x in [0.0, 100.0, 300.0, 450.0] {
            let zoomed = axis.zoomed(3.0, x, &axis);
            close(zoomed.time(x), axis.time(x));
        }
    }

    #[test]
    fn panning_keeps_a_part_visible() {
        let moved = all().panned(50.0, &all());
        assert_eq!((moved.from, moved.to()), (100.0, 1_100.0));
        let far = all().panned(1e9, &all());
        assert!(far.from < all().to() && far.x(1_000) >= 0.0);
        assert!(all().panned(-1e9, &all()).x(0) <= 500.0);
        let axis = folded(600.0);
        close(axis.panned(200.0, &axis).x(DAY), axis.x(DAY) - 200.0);
    }

    #[test]
    fn a_window_covers_nearby_views_at_its_zoom() {
        let window = all().window();
        assert!(window.holds(&all()) && window.holds(&all().panned(200.0, &all())));
        assert!(!window.holds(&all().zoomed(2.0, 0.0, &all())));
        assert!(!all().panned(400.0, &all()).window().holds(&all().panned(-300.0, &all())));
        let axis = folded(600.0);
        assert!(axis.window().holds(&axis.panned(100.0, &axis)));
        assert!(!axis.window().holds(&axis.over(600.0, &Gaps::default())));
    }

    #[test]
    fn long_gaps_are_found() {
        let gaps = Gaps::between(&DAYS, 1_000.0);
        assert!(gaps.helps);
        assert_eq!(gaps.gaps.len(), 2);
        // A margin of each gap stays, so that no bar touches the break.
        assert!(gaps.gaps[0].from > 2 * HOUR && gaps.gaps[0].to < DAY);
        // The breaks leave half of the axis for the work.
        assert_eq!(Gaps::between(&DAYS, 80.0).gaps.len(), 1);
        // Work that overlaps, in any order, has no gap; nor is a short one worth folding.
        assert!(Gaps::between(&[(500, 4_000), (0, 1_000)], 1_000.0).is_empty());
        assert!(Gaps::between(&[(0, 3_600), (4_200, 9_000)], 1_000.0).is_empty());
        assert!(Gaps::between(&[], 1_000.0).is_empty());
    }

    #[test]
    fn folding_a_short_part_does_not_help_by_itself() {
        let gaps = Gaps::between(&[(0, 4 * HOUR), (6 * HOUR, 10 * HOUR)], 1_000.0);
        assert!(!gaps.helps);
        assert!(gaps.is_empty());
        let gaps = Gaps::between(&[(0, 4 * HOUR), (7 * HOUR, 11 * HOUR)], 1_000.0);
        assert!(!gaps.helps && !gaps.is_empty());
    }

    #[test]
    fn a_folded_gap_has_one_width_at_each_zoom() {
        let axis = folded(600.0);
        let zoomed = axis.zoomed(4.0, 200.0, &axis);
        for axis in [&axis, &zoomed] {
            for (gap, next) in Gaps::between(&DAYS, 600.0).gaps.iter().zip([DAY, 2 * DAY]) {
                close(axis.x(gap.to) - axis.x(gap.from), 60.0);
                assert!(axis.x(next) > axis.x(gap.to));
            }
            // Work has one scale everywhere.
            close(axis.x(2 * HOUR) - axis.x(0), axis.x(DAY + 2 * HOUR) - axis.x(DAY));
        }
    }

    #[test]
    fn positions_and_times_are_inverse() {
        for axis in [all(), folded(600.0), folded(600.0).zoomed(5.0, 300.0, &folded(600.0))] {
            for at in -20..60_i32 {
                let x = f64::from(at) * 30.0;
                close(axis.at(axis.time(x)), x);
            }
        }
    }

    #[test]
    fn another_width_shows_the_same_times() {
        let axis = folded(600.0).zoomed(2.0, 100.0, &folded(600.0));
        let wide = axis.over(1_200.0, &Gaps::between(&DAYS, 1_200.0));
        close(wide.from, axis.from);
        close(wide.to(), axis.to());
        // Too narrow for its breaks, an axis folds none.
        let narrow = axis.over(60.0, &Gaps::between(&DAYS, 1_200.0));
        close(narrow.to(), axis.to());
    }

    fn utc(_: i64) -> i64 {
        0
    }

    #[test]
    fn ticks_are_round_in_the_viewers_zone() {
        let ticks = plain(100.0, 7_300.0, 600.0).ticks(&utc).ticks;
        assert!(ticks.len() > 2 && ticks.iter().all(|tick| tick.at.unix() % 900 == 0));
        assert!(ticks.windows(2).all(|pair| pair[1].x - pair[0].x >= 60.0));
        // India is half an hour off UTC, so its full hours are half past in UTC.
        let ticks = plain(0.0, 40_000.0, 600.0).ticks(&|_| 19_800).ticks;
        assert!(ticks.iter().all(|tick| (tick.at.unix() + 19_800) % 3_600 == 0));
        assert!(plain(0.0, 30.0, 600.0).ticks(&utc).ticks.iter().all(|tick| tick.unit == Unit::Second));
        assert!(plain(0.0, 1e12, 600.0).ticks(&utc).ticks.len() < 20);
    }

    #[test]
    fn days_follow_clocks_that_change() {
        // In Berlin, 30 March 2025 has 23 hours: from 23:00 UTC to 22:00 UTC.
        let change = Timestamp::parse("2025-03-30T01:00:00Z").unwrap().unix();
        let berlin = move |at: i64| if at < change { 3_600 } else { 7_200 };
        let from = seconds(change - 3 * DAY);
        let days = plain(from, from + seconds(6 * DAY), 600.0).ticks(&berlin).ticks;
        let hours: Vec<i64> = days.iter().map(|tick| tick.at.unix().rem_euclid(DAY) / HOUR).collect();
        assert_eq!(hours, [23, 23, 23, 22, 22, 22]);
    }

    #[test]
    fn weeks_begin_on_mondays_and_months_on_their_first_day() {
        let from = seconds(Timestamp::parse("2024-08-01T00:00:00Z").unwrap().unix());
        let weeks = plain(from, from + seconds(50 * DAY), 800.0).ticks(&utc).ticks;
        // 5 August 2024 was a Monday.
        assert_eq!(weeks[0].at.to_string(), "2024-08-05T00:00:00Z");
        let months = plain(from, from + seconds(300 * DAY), 1_000.0).ticks(&utc);
        assert!(months.ticks.iter().all(|tick| tick.unit == Unit::Month && tick.at.civil().2 == 1));
        assert_eq!(months.ticks[0].at.to_string(), "2024-08-01T00:00:00Z");
        let years: Vec<_> = months.bands.iter().map(|band| band.at.civil().0).collect();
        assert_eq!(years, [2024, 2025]);
        let years = plain(from, from + seconds(9_000 * DAY), 1_000.0).ticks(&utc);
        assert!(years.bands.is_empty() && years.ticks.iter().all(|tick| tick.unit == Unit::Year));
    }

    #[test]
    fn every_time_has_its_date_above() {
        let ticks = plain(80_000.0, 100_000.0, 600.0).ticks(&utc);
        assert_eq!(ticks.bands.len(), 2);
        let (first, next) = (ticks.bands[0], ticks.bands[1]);
        assert_eq!((first.x, first.is_start, next.is_start), (0.0, false, true));
        close(next.x, (86_400.0 - 80_000.0) * 0.03);
        assert_eq!((first.end, next.end), (next.x, 600.0));
    }

    #[test]
    fn dates_and_ticks_skip_folded_gaps() {
        let axis = folded(900.0);
        let ticks = axis.ticks(&utc);
        // The margin before the first work is of the day before.
        assert_eq!((ticks.breaks.len(), ticks.bands.len()), (2, 4));
        assert!(ticks.bands.iter().all(|band| band.unit == Unit::Day));
        for tick in &ticks.ticks {
            let hidden = |it: &Break| tick.x > it.x + 0.01 && tick.x < it.x + it.width - 0.01;
            assert!(!ticks.breaks.iter().any(hidden), "{tick:?}");
        }
    }
}
