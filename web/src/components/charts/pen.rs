//! Builder of SVG path data: a chart of ten thousand marks has as few elements as one of ten.
use std::fmt::Write as _;

/// Path data under construction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pen(String);

impl Pen {
    /// Adds a rectangle, unless its area is 0.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64) {
        if width > 0.0 && height > 0.0 {
            // Writing into a String cannot fail.
            let _ = write!(self.0, "M{} {}h{}v{}h{}z", Round(x), Round(y), Round(width), Round(height), Round(-width));
        }
    }

    /// Adds a straight line.
    pub fn line(&mut self, x1: f64, y1: f64, x2: f64, y2: f64) {
        let _ = write!(self.0, "M{} {}L{} {}", Round(x1), Round(y1), Round(x2), Round(y2));
    }

    /// Adds a polyline.
    pub fn through(&mut self, points: impl IntoIterator<Item = (f64, f64)>) {
        for (at, (x, y)) in points.into_iter().enumerate() {
            let _ = write!(self.0, "{}{} {}", if at == 0 { 'M' } else { 'L' }, Round(x), Round(y));
        }
    }

    /// Adds a disc.
    pub fn disc(&mut self, x: f64, y: f64, radius: f64) {
        let (r, d) = (Round(radius), Round(radius * 2.0));
        let _ = write!(self.0, "M{} {}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0", Round(x - radius), Round(y));
    }

    /// Returns the `d` attribute.
    pub fn data(self) -> String {
        self.0
    }
}

/// A length that is formatted to a tenth of a pixel.
struct Round(f64);

impl std::fmt::Display for Round {
    #[allow(clippy::cast_possible_truncation)]
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Formats integer tenths, as formatting floats takes ten times as long.
        let tenths = (self.0 * 10.0).round() as i64;
        if tenths < 0 {
            f.write_str("-")?;
        }
        let tenths = tenths.unsigned_abs();
        write!(f, "{}", tenths / 10)?;
        if tenths.is_multiple_of(10) { Ok(()) } else { write!(f, ".{}", tenths % 10) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_rounded() {
        let mut pen = Pen::default();
        pen.rect(1.04, -0.26, 3.0, 2.5);
        pen.rect(0.0, 0.0, 0.0, 5.0);
        assert_eq!(pen.data(), "M1 -0.3h3v2.5h-3z");
        let mut pen = Pen::default();
        pen.through([(0.0, 1.0), (2.0, 3.0)]);
        pen.line(0.0, 0.0, 1.0, 1.0);
        assert_eq!(pen.data(), "M0 1L2 3M0 0L1 1");
    }
}
