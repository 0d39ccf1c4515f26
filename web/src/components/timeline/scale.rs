//! Time axis: scale, zoom, ticks. Pure.
use callboard_core::Timestamp;

/// A scale from time to pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The first visible second.
    pub from: f64,
    /// The last visible second.
    pub to: f64,
    /// The width in pixels.
    pub width: f64,
}

/// A tick of the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// The time.
    pub at: Timestamp,
    /// The position.
    pub x: f64,
    /// True for the first tick of a day in the zone in force, labelled with the date.
    pub day: bool,
    /// True for ticks at least months apart, labelled with month and year.
    pub month: bool,
    /// True for ticks less than a minute apart, labelled with seconds.
    pub second: bool,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
const STEPS: [i64; 21] = [
    1,
    5,
    10,
    30,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    30 * DAY,
    91 * DAY,
    365 * DAY,
];

/// Shortest visible span in seconds.
const SHORTEST: f64 = 10.0;
/// Largest visible span, as a multiple of the session's.
const WIDEST: f64 = 4.0;

#[allow(clippy::cast_precision_loss)]
fn seconds(moment: i64) -> f64 {
    moment as f64
}

impl Scale {
    /// Returns the scale that shows all `moments`, and `now` unless that would squeeze the rest into the first
    /// quarter; `None` without moments.
    pub fn fit(moments: &[i64], now: Option<i64>, width: f64) -> Option<Self> {
        let first = *moments.iter().min()?;
        let mut last = *moments.iter().max()?;
        let length = (last - first).max(10 * MINUTE);
        if let Some(now) = now.filter(|now| *now > last && *now - first <= 4 * length) {
            last = now;
        }
        let length = (last - first).max(10 * MINUTE);
        let (from, to) = (first - length / 50, first + length + length / 14);
        Some(Self { from: seconds(from), to: seconds(to), width })
    }

    /// Returns the visible span in seconds.
    pub fn span(&self) -> f64 {
        (self.to - self.from).max(f64::MIN_POSITIVE)
    }

    /// Returns the same span with another width.
    pub fn over(&self, width: f64) -> Self {
        Self { width, ..*self }
    }

    /// Returns the scale moved by pixels, positive to later times, keeping a part of `all` visible.
    pub fn panned(&self, pixels: f64, all: &Self) -> Self {
        self.at(self.from + pixels / self.width.max(1.0) * self.span(), self.span(), all)
    }

    /// Returns the scale zoomed by `factor` around a position in pixels.
    pub fn zoomed(&self, factor: f64, around: f64, all: &Self) -> Self {
        let span = (self.span() / factor).clamp(SHORTEST, (all.span() * WIDEST).max(SHORTEST));
        let part = around / self.width.max(1.0);
        let fixed = self.from + part * self.span();
        self.at(fixed - part * span, span, all)
    }

    /// Returns the scale to render: twice the span and width, so that panning only moves it.
    pub fn window(&self) -> Self {
        let margin = self.span() / 2.0;
        Self { from: self.from - margin, to: self.to + margin, width: self.width * 2.0 }
    }

    /// Returns true if this rendered scale covers `other` at the same zoom.
    pub fn holds(&self, other: &Self) -> bool {
        let same_zoom = (self.width / self.span() - other.width / other.span()).abs() * other.span() < 0.01;
        same_zoom && other.from >= self.from && other.to <= self.to
    }

    fn at(&self, from: f64, span: f64, all: &Self) -> Self {
        let margin = span * 0.9;
        let from = from.clamp(all.from - margin, (all.to - span + margin).max(all.from - margin));
        Self { from, to: from + span, width: self.width }
    }

    /// Returns the position of a time, which may be out of view.
    pub fn x(&self, moment: i64) -> f64 {
        (seconds(moment) - self.from) / self.span() * self.width
    }

    /// Returns [`Scale::x`] clamped to slightly out of view, as huge coordinates render wrongly.
    pub fn x_near(&self, moment: i64) -> f64 {
        self.x(moment).clamp(-16.0, self.width + 16.0)
    }

    /// Returns true if a time is visible.
    pub fn shows(&self, moment: i64) -> bool {
        (self.from..=self.to).contains(&seconds(moment))
    }

    /// Returns ticks at least `apart` pixels from each other, at round times of a zone `offset` seconds ahead of
    /// UTC.
    pub fn ticks(&self, apart: f64, offset: i64) -> Vec<Tick> {
        let fits = |step: i64| seconds(step) / self.span() * self.width >= apart;
        let Some(step) = STEPS.into_iter().find(|step| fits(*step)) else {
            return Vec::new();
        };
        #[allow(clippy::cast_possible_truncation)]
        let (from, to) = (self.from.floor() as i64, self.to.ceil() as i64);
        let first = (from + offset).div_euclid(step) * step + step - offset;
        let mut day_before = (from + offset).div_euclid(DAY);
        let mut ticks = Vec::new();
        let mut at = first;
        while at <= to {
            let day = (at + offset).div_euclid(DAY);
            ticks.push(Tick {
                at: Timestamp::from_unix(at),
                x: self.x(at),
                day: step >= DAY || day != day_before,
                month: step > 30 * DAY,
                second: step < MINUTE,
            });
            day_before = day;
            at += step;
        }
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Scale = Scale { from: 0.0, to: 1_000.0, width: 500.0 };

    #[test]
    fn now_is_visible_if_near() {
        let near = Scale::fit(&[0, 3_600], Some(7_200), 100.0).unwrap();
        assert!(near.shows(7_200));
        let far = Scale::fit(&[0, 3_600], Some(1_000_000), 100.0).unwrap();
        assert!(!far.shows(1_000_000));
        assert!(far.shows(3_600));
        assert_eq!(Scale::fit(&[], Some(5), 100.0), None);
    }

    #[test]
    fn a_single_moment_has_a_span() {
        let scale = Scale::fit(&[500], None, 100.0).unwrap();
        assert!(scale.x(500) >= 0.0 && scale.x(500) < 50.0);
        assert_eq!(scale.x_near(1_000_000), 116.0);
    }

    #[test]
    fn zooming_keeps_the_moment_under_the_pointer() {
        let zoomed = ALL.zoomed(2.0, 125.0, &ALL);
        assert_eq!((zoomed.from, zoomed.to), (125.0, 625.0));
        assert_eq!(zoomed.x(250), 125.0);
        let far_in = ALL.zoomed(1e9, 0.0, &ALL);
        assert_eq!(far_in.span(), SHORTEST);
        assert_eq!(ALL.zoomed(1e-9, 0.0, &ALL).span(), WIDEST * 1_000.0);
    }

    #[test]
    fn panning_keeps_a_part_visible() {
        let moved = ALL.panned(50.0, &ALL);
        assert_eq!((moved.from, moved.to), (100.0, 1_100.0));
        let far = ALL.panned(1e9, &ALL);
        assert!(far.from < ALL.to && far.x(1_000) >= 0.0);
        assert!(ALL.panned(-1e9, &ALL).x(0) <= 500.0);
    }

    #[test]
    fn a_window_covers_nearby_views_at_its_zoom() {
        let window = ALL.window();
        assert!(window.holds(&ALL) && window.holds(&ALL.panned(200.0, &ALL)));
        assert!(!window.holds(&ALL.zoomed(2.0, 0.0, &ALL)));
        assert!(!ALL.panned(400.0, &ALL).window().holds(&ALL.panned(-300.0, &ALL)));
    }

    #[test]
    fn ticks_are_round_in_the_viewers_zone() {
        let scale = Scale { from: 100.0, to: 7_300.0, width: 600.0 };
        let ticks = scale.ticks(80.0, 0);
        assert!(ticks.iter().all(|tick| tick.at.unix() % 1_800 == 0));
        assert!(ticks.windows(2).all(|pair| pair[1].x - pair[0].x >= 80.0));
        // India is half an hour off UTC, so its full hours are half past in UTC.
        let scale = Scale { from: 0.0, to: 40_000.0, width: 600.0 };
        let ticks = scale.ticks(80.0, 19_800);
        assert!(ticks.iter().all(|tick| (tick.at.unix() + 19_800) % 3_600 == 0));
        let close = Scale { from: 0.0, to: 30.0, width: 600.0 };
        assert!(close.ticks(80.0, 0).iter().all(|tick| tick.second));
    }

    #[test]
    fn a_new_day_is_marked_once() {
        let scale = Scale { from: 80_000.0, to: 100_000.0, width: 600.0 };
        let days: Vec<_> = scale.ticks(60.0, 0).into_iter().filter(|tick| tick.day).collect();
        assert_eq!(days.len(), 1);
    }
}
