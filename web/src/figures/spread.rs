//! Where the middle of some values lies, and how far they are spread. Pure.
use crate::order::ascending;

/// Five figures of a set of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// How many values there are.
    pub n: usize,
    /// A tenth of them are at most this.
    pub low: f64,
    /// A quarter of them are at most this.
    pub lower: f64,
    /// Half of them are at most this.
    pub median: f64,
    /// A quarter of them are at least this.
    pub upper: f64,
    /// A tenth of them are at least this.
    pub high: f64,
}

impl Spread {
    /// The spread of values that are finite and not negative; none of no values.
    pub fn of(values: &[f64]) -> Option<Self> {
        // The bits of what is not negative are in the order of the values.
        let keys = values.iter().map(|value| (value.max(0.0).to_bits().cast_signed(), 0));
        let values: Vec<f64> = ascending(keys).into_iter().map(|at| values[at]).collect();
        let n = values.len();
        let at = |part: f64| quantile(&values, part);
        Some(Self { n, low: at(0.1)?, lower: at(0.25)?, median: at(0.5)?, upper: at(0.75)?, high: at(0.9)? })
    }
}

/// The value below which `part` (0 to 1) of the sorted values lie, between two of them where it must.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    let place = part * sorted.len().checked_sub(1)? as f64;
    let (below, above) = (sorted.get(place.floor() as usize)?, sorted.get(place.ceil() as usize)?);
    Some(below + (above - below) * place.fract())
}

/// The mean of what is known; none where nothing is.
#[allow(clippy::cast_precision_loss)]
pub fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.into_iter().fold((0.0, 0_usize), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_lies_between_two_where_it_must() {
        let spread = Spread::of(&[4.0, 1.0, 3.0, 2.0]).unwrap();
        assert_eq!((spread.n, spread.lower, spread.median, spread.upper), (4, 1.75, 2.5, 3.25));
        let one = Spread::of(&[7.0]).unwrap();
        assert_eq!((one.n, one.low, one.median, one.high), (1, 7.0, 7.0, 7.0));
        assert_eq!(Spread::of(&[]), None);
        assert_eq!((mean([1.0, 2.0]), mean([])), (Some(1.5), None));
    }
}
