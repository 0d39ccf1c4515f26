//! Median and spread of a sample. Pure.
use crate::order::ascending;

/// Five quantiles of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Number of values.
    pub n: usize,
    /// The 10th percentile.
    pub low: f64,
    /// The 25th percentile.
    pub lower: f64,
    /// The median.
    pub median: f64,
    /// The 75th percentile.
    pub upper: f64,
    /// The 90th percentile.
    pub high: f64,
}

impl Spread {
    /// Returns the quantiles of finite values, none of them negative; `None` without values.
    pub fn of(values: &[f64]) -> Option<Self> {
        // The bit patterns of non-negative floats sort like the values.
        let keys = values.iter().map(|value| (value.max(0.0).to_bits().cast_signed(), 0));
        let values: Vec<f64> = ascending(keys).into_iter().map(|at| values[at]).collect();
        let n = values.len();
        let at = |part: f64| quantile(&values, part);
        Some(Self { n, low: at(0.1)?, lower: at(0.25)?, median: at(0.5)?, upper: at(0.75)?, high: at(0.9)? })
    }
}

/// Interpolates the quantile at `part` (0 to 1) of sorted values.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    let place = part * sorted.len().checked_sub(1)? as f64;
    let (below, above) = (sorted.get(place.floor() as usize)?, sorted.get(place.ceil() as usize)?);
    Some(below + (above - below) * place.fract())
}

/// Returns the mean of the values; `None` without any.
#[allow(clippy::cast_precision_loss)]
pub fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.into_iter().fold((0.0, 0_usize), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_interpolated() {
        let spread = Spread::of(&[4.0, 1.0, 3.0, 2.0]).unwrap();
        assert_eq!((spread.n, spread.lower, spread.median, spread.upper), (4, 1.75, 2.5, 3.25));
        let one = Spread::of(&[7.0]).unwrap();
        assert_eq!((one.n, one.low, one.median, one.high), (1, 7.0, 7.0, 7.0));
        assert_eq!(Spread::of(&[]), None);
        assert_eq!((mean([1.0, 2.0]), mean([])), (Some(1.5), None));
    }
}
