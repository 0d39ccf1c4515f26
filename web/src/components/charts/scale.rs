//! Linear axes and grids of cells. Pure.

/// A linear scale from values to pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Linear {
    /// The lowest value.
    pub from: f64,
    /// The highest value.
    pub to: f64,
    /// The position of the lowest value.
    pub start: f64,
    /// The position of the highest value; less than `start` on a vertical axis.
    pub end: f64,
}

impl Linear {
    /// Returns the position of a value, clamped to the axis.
    pub fn at(&self, value: f64) -> f64 {
        let span = self.to - self.from;
        let part = if span > 0.0 { ((value - self.from) / span).clamp(0.0, 1.0) } else { 0.0 };
        self.start + (self.end - self.start) * part
    }

    /// Returns about `count` round values on the axis.
    pub fn ticks(&self, count: f64) -> Vec<f64> {
        multiples(self.from, self.to, round_step((self.to - self.from) / count))
    }

    /// Returns about `count` round durations on the axis, in seconds.
    pub fn duration_ticks(&self, count: f64) -> Vec<f64> {
        const STEPS: [f64; 15] = [
            10.0,
            30.0,
            60.0,
            120.0,
            300.0,
            600.0,
            900.0,
            1_800.0,
            3_600.0,
            7_200.0,
            14_400.0,
            43_200.0,
            86_400.0,
            604_800.0,
            2_592_000.0,
        ];
        let rough = (self.to - self.from) / count;
        let step = STEPS.into_iter().find(|step| *step >= rough).unwrap_or_else(|| round_step(rough));
        multiples(self.from, self.to, step)
    }
}

/// Returns the smallest of 1, 2, 2.5 and 5 times a power of ten that is at least `rough`.
fn round_step(rough: f64) -> f64 {
    if !rough.is_normal() || rough < 0.0 {
        return 1.0;
    }
    let mut power = 1.0;
    while power > rough {
        power /= 10.0;
    }
    while power * 10.0 <= rough {
        power *= 10.0;
    }
    let times = [1.0, 2.0, 2.5, 5.0].into_iter().find(|times| times * power >= rough * 0.999_999).unwrap_or(10.0);
    times * power
}

fn multiples(from: f64, to: f64, step: f64) -> Vec<f64> {
    let first = (from / step - 1e-9).ceil();
    let values = (0..64).map(|at| (first + f64::from(at)) * step);
    values.take_while(|value| *value <= to + step * 1e-9).collect()
}

/// Returns a round upper end of an axis that shows `most`.
pub fn round_up(most: f64) -> f64 {
    let step = round_step(most / 4.0);
    (most / step - 1e-9).ceil().max(1.0) * step
}

/// Moves ascending labels apart by at least `gap`, keeping them between `from` and `to` if they fit.
pub fn spread_labels(positions: &mut [f64], gap: f64, from: f64, to: f64) {
    let mut least = from;
    for place in positions.iter_mut() {
        *place = place.max(least);
        least = *place + gap;
    }
    let mut most = to;
    for place in positions.iter_mut().rev() {
        *place = place.min(most);
        most = *place - gap;
    }
}

/// A grid of square cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cells {
    /// Distance between cells in pixels.
    pub pitch: u32,
    /// Number of cells in a row.
    pub columns: usize,
    /// Number of rows.
    pub rows: usize,
}

const PITCHES: [u32; 12] = [22, 20, 18, 16, 14, 12, 10, 8, 7, 6, 5, 4];

impl Cells {
    /// Returns the largest cells of which `count` fit into a rectangle, or the smallest size if none do.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn fit(count: usize, width: f64, height: f64) -> Self {
        let cells = |pitch: u32| {
            let columns = ((width / f64::from(pitch)) as usize).max(1);
            Self { pitch, columns, rows: count.div_ceil(columns) }
        };
        let fits = |cells: &Self| cells.height() <= height;
        PITCHES.into_iter().map(cells).find(fits).unwrap_or_else(|| cells(PITCHES[PITCHES.len() - 1]))
    }

    /// Returns the height of all rows.
    #[allow(clippy::cast_precision_loss)]
    pub fn height(&self) -> f64 {
        self.rows as f64 * f64::from(self.pitch)
    }

    /// Returns the upper left corner of a cell.
    #[allow(clippy::cast_possible_truncation)]
    pub fn corner(&self, at: usize) -> (u32, u32) {
        let (column, row) = (at % self.columns, at / self.columns);
        (column as u32 * self.pitch, row as u32 * self.pitch)
    }

    /// Returns the cell at a position, out of `count`.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn locate(&self, x: f64, y: f64, count: usize) -> Option<usize> {
        if x < 0.0 || y < 0.0 {
            return None;
        }
        let (column, row) = ((x / f64::from(self.pitch)) as usize, (y / f64::from(self.pitch)) as usize);
        let at = row * self.columns + column;
        (column < self.columns && at < count).then_some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        let axis = |to| Linear { from: 0.0, to, start: 100.0, end: 0.0 };
        assert_eq!(axis(9.0).ticks(4.0), [0.0, 2.5, 5.0, 7.5]);
        assert_eq!(axis(12.0).ticks(4.0), [0.0, 5.0, 10.0]);
        assert_eq!(axis(3_000.0).duration_ticks(4.0), [0.0, 900.0, 1_800.0, 2_700.0]);
        assert_eq!(axis(0.0).ticks(4.0), [0.0]);
        assert_eq!(axis(9.0).at(4.5), 50.0);
        assert_eq!((axis(9.0).at(-3.0), axis(9.0).at(30.0)), (100.0, 0.0));
        assert_eq!((round_up(9.3), round_up(0.2), round_up(0.0)), (10.0, 0.2, 1.0));
    }

    #[test]
    fn labels_are_spread_within_bounds() {
        let mut positions = [10.0, 12.0, 98.0, 99.0];
        spread_labels(&mut positions, 14.0, 0.0, 100.0);
        assert_eq!(positions, [10.0, 24.0, 86.0, 100.0]);
        let mut none: [f64; 0] = [];
        spread_labels(&mut none, 14.0, 0.0, 100.0);
    }

    #[test]
    fn cells_fit_from_one_to_ten_thousand() {
        for count in [1, 4, 50, 1_000, 10_000] {
            let cells = Cells::fit(count, 420.0, 400.0);
            assert!(cells.height() <= 400.0, "{count}: {cells:?}");
            for at in [0, count / 2, count - 1] {
                let (x, y) = cells.corner(at);
                assert_eq!(cells.locate(f64::from(x) + 1.0, f64::from(y) + 1.0, count), Some(at));
            }
            assert_eq!(cells.locate(1.0, cells.height() + 1.0, count), None);
            assert_eq!(cells.locate(-1.0, 1.0, count), None);
        }
    }
}
