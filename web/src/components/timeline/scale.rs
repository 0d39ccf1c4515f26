//! The time axis: which span it shows, where a moment lies, which ticks it carries. Pure.
use callboard_core::Timestamp;

/// A span of time laid over a width in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The first second shown.
    pub from: i64,
    /// The last second shown.
    pub to: i64,
    /// How wide it is drawn.
    pub width: f64,
}

/// A tick of the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// Its moment.
    pub at: Timestamp,
    /// Where it lies.
    pub x: f64,
    /// It begins a day (in the viewer's zone), so it is labelled with the date.
    pub day: bool,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;
const STEPS: [i64; 19] = [
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

impl Scale {
    /// The span that shows all of `moments`, and `now` too unless that would leave the rest
    /// in the first quarter. `None` when there is no moment.
    pub fn fit(moments: &[i64], now: Option<i64>, width: f64) -> Option<Self> {
        let first = *moments.iter().min()?;
        let mut last = *moments.iter().max()?;
        let length = (last - first).max(10 * MINUTE);
        if let Some(now) = now.filter(|now| *now > last && *now - first <= 4 * length) {
            last = now;
        }
        let length = (last - first).max(10 * MINUTE);
        Some(Self { from: first - length / 50, to: first + length + length / 14, width })
    }

    /// Where a moment lies, also outside of what is shown.
    #[allow(clippy::cast_precision_loss)]
    pub fn x(&self, moment: i64) -> f64 {
        let part = (moment - self.from) as f64 / (self.to - self.from).max(1) as f64;
        part * self.width
    }

    /// As [`Scale::x`], held inside of what is shown.
    pub fn x_inside(&self, moment: i64) -> f64 {
        self.x(moment.clamp(self.from, self.to))
    }

    /// Whether a moment is shown.
    pub fn shows(&self, moment: i64) -> bool {
        (self.from..=self.to).contains(&moment)
    }

    /// Ticks at least `apart` pixels from one another, on round times of the viewer's zone:
    /// `offset` seconds ahead of UTC.
    #[allow(clippy::cast_precision_loss)]
    pub fn ticks(&self, apart: f64, offset: i64) -> Vec<Tick> {
        let length = (self.to - self.from).max(1);
        let fits = |step: i64| step as f64 / length as f64 * self.width >= apart;
        let Some(step) = STEPS.into_iter().find(|step| fits(*step)) else {
            return Vec::new();
        };
        let first = (self.from + offset).div_euclid(step) * step + step - offset;
        let mut day_before = (self.from + offset).div_euclid(DAY);
        let mut ticks = Vec::new();
        let mut at = first;
        while at <= self.to {
            let day = (at + offset).div_euclid(DAY);
            ticks.push(Tick { at: Timestamp::from_unix(at), x: self.x(at), day: step >= DAY || day != day_before });
            day_before = day;
            at += step;
        }
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_now_when_it_is_near() {
        let near = Scale::fit(&[0, 3_600], Some(7_200), 100.0).unwrap();
        assert!(near.shows(7_200));
        let far = Scale::fit(&[0, 3_600], Some(1_000_000), 100.0).unwrap();
        assert!(!far.shows(1_000_000));
        assert!(far.shows(3_600));
        assert_eq!(Scale::fit(&[], Some(5), 100.0), None);
    }

    #[test]
    fn one_moment_is_a_span_too() {
        let scale = Scale::fit(&[500], None, 100.0).unwrap();
        assert!(scale.x(500) >= 0.0 && scale.x(500) < 50.0);
        assert_eq!(scale.x_inside(1_000_000), 100.0);
    }

    #[test]
    fn ticks_are_round_in_the_viewers_zone() {
        let scale = Scale { from: 100, to: 7_300, width: 600.0 };
        let ticks = scale.ticks(80.0, 0);
        assert!(ticks.iter().all(|tick| tick.at.unix() % 1_800 == 0));
        assert!(ticks.windows(2).all(|pair| pair[1].x - pair[0].x >= 80.0));
        // India is half an hour off: whole hours there are half hours of UTC.
        let scale = Scale { from: 0, to: 40_000, width: 600.0 };
        let ticks = scale.ticks(80.0, 19_800);
        assert!(ticks.iter().all(|tick| (tick.at.unix() + 19_800) % 3_600 == 0));
    }

    #[test]
    fn a_new_day_is_marked_once() {
        let scale = Scale { from: 80_000, to: 100_000, width: 600.0 };
        let days: Vec<_> = scale.ticks(60.0, 0).into_iter().filter(|tick| tick.day).collect();
        assert_eq!(days.len(), 1);
    }
}
