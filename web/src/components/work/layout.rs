//! Layout of a row of the common axis: the bars with their marks and labels. Pure.
use super::overview::{EndMark, PeriodId, Span, colour};
use crate::components::timeline::axis::Axis;
use crate::components::timeline::layout::length;

/// Minimum width of a bar, so that it can be seen and hovered.
const NARROWEST: f64 = 3.0;
/// Distance below which narrow bars are drawn as one.
const CLOSE: f64 = 1.0;
/// Maximum width of narrow bars drawn as one.
const CROWD: f64 = 10.0;

/// A bar, or several that are too close to draw separately.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkBar {
    /// The period, or the first one of several.
    pub id: PeriodId,
    /// Number of periods that it represents.
    pub count: usize,
    /// Left edge.
    pub x: f64,
    /// Width.
    pub width: f64,
    /// Name of the colour in the style sheet.
    pub colour: &'static str,
    /// The mark at its end.
    pub end: EndMark,
    /// Left edge of its overdue part.
    pub overdue: Option<f64>,
    /// True if it is estimated, as the file has no history.
    pub derived: bool,
    /// True if the stage was skipped.
    pub skipped: bool,
    /// The label, if it fits on the bar.
    pub label: Option<String>,
    /// True while a search matches other bars only.
    pub dim: bool,
}

/// The bars of a row, as periods are added in order of time.
#[derive(Debug)]
pub struct RowLayout<'a> {
    window: &'a Axis,
    bars: Vec<WorkBar>,
}

impl<'a> RowLayout<'a> {
    /// Creates an empty row.
    pub fn new(window: &'a Axis) -> Self {
        Self { window, bars: Vec::new() }
    }

    /// Adds a period.
    pub fn add(&mut self, span: &Span, dim: bool) {
        let (start, end) = (self.window.x(span.from), self.window.x(span.to));
        if end < -NARROWEST || start > self.window.width {
            return;
        }
        let x = self.window.x_near(span.from);
        let width = (self.window.x_near(span.to) - x).max(NARROWEST);
        if let Some(last) = self.bars.last_mut()
            && x - (last.x + last.width) < CLOSE
            && x + width - last.x <= CROWD
            && width <= NARROWEST + CLOSE
            && (last.count > 1 || last.width <= NARROWEST + CLOSE)
        {
            last.width = (x + width - last.x).max(last.width);
            last.count += 1;
            last.end = last.end.max(span.end);
            // A match among them stays visible.
            last.dim &= dim;
            return;
        }
        self.bars.push(WorkBar {
            id: span.id,
            count: 1,
            x,
            width,
            colour: colour(span.stage),
            end: span.end,
            overdue: span.overdue.map(|due| self.window.x_near(due)),
            derived: span.derived,
            skipped: span.skipped,
            label: None,
            dim,
        });
    }

    /// Returns the bars, each with the first label that fits on it. `labels` returns the possible labels of a period,
    /// most informative first; it is called only for bars with room for one.
    pub fn bars(self, labels: impl Fn(PeriodId) -> Vec<String>) -> Vec<WorkBar> {
        let with_label = |bar: WorkBar| {
            let room = bar.width - 12.0 - if bar.end == EndMark::Nothing { 0.0 } else { 8.0 };
            if bar.count > 1 || room < length("#2") {
                return bar;
            }
            let label = labels(bar.id).into_iter().find(|label| !label.is_empty() && length(label) <= room);
            WorkBar { label, ..bar }
        };
        self.bars.into_iter().map(with_label).collect()
    }
}

/// Returns the direction in which a row's work is, if none of it is between two positions of the window.
pub fn beyond(extent: (i64, i64), window: &Axis, seen: (f64, f64)) -> Option<Beyond> {
    match () {
        () if window.x(extent.1) < seen.0 => Some(Beyond::Earlier),
        () if window.x(extent.0) > seen.1 => Some(Beyond::Later),
        () => None,
    }
}

/// The side of the view on which a row's work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    /// Before the visible stretch.
    Earlier,
    /// After the visible stretch.
    Later,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::timeline::axis::Gaps;
    use callboard_core::Stage;

    fn span(period: usize, from: i64, to: i64) -> Span {
        Span {
            id: PeriodId { session: 0, period },
            from,
            to,
            stage: Some(Stage::Writing),
            end: EndMark::Nothing,
            overdue: None,
            derived: false,
            skipped: false,
        }
    }

    fn laid_out(spans: &[Span], seconds: f64) -> Vec<WorkBar> {
        let window = Axis::between(0.0, seconds, 1_000.0, &Gaps::default());
        let mut row = RowLayout::new(&window);
        for span in spans {
            row.add(span, false);
        }
        row.bars(|_| vec!["writing, attempt 1".into(), "writing".into()])
    }

    #[test]
    fn only_visible_bars_are_laid_out_and_narrow_ones_are_merged() {
        let many: Vec<Span> = (0..1_000).map(|at| span(at, at as i64 * 100, at as i64 * 100 + 50)).collect();
        let bars = laid_out(&many, 100_000.0);
        assert!(bars.len() <= 126, "{}", bars.len());
        assert_eq!(bars.iter().map(|bar| bar.count).sum::<usize>(), 1_000);
        assert_eq!(laid_out(&many, 1_000.0).len(), 11);
    }

    #[test]
    fn a_label_is_whole_or_absent() {
        let label = |to| laid_out(&[span(0, 0, to)], 1_000.0)[0].label.clone();
        assert_eq!(label(500).as_deref(), Some("writing, attempt 1"));
        assert_eq!(label(70).as_deref(), Some("writing"));
        assert_eq!(label(30), None);
    }

    #[test]
    fn failures_returns_and_overdue_time_are_marked() {
        let late = Span { overdue: Some(300), ..span(0, 100, 600) };
        let failed = Span { end: EndMark::Failed, ..span(1, 700, 750) };
        let back = Span { end: EndMark::SentBack, ..span(2, 800, 900) };
        let bars = laid_out(&[late, failed, back], 1_000.0);
        assert_eq!(bars[0].overdue, Some(300.0));
        assert_eq!(
            bars.iter().map(|bar| bar.end).collect::<Vec<_>>(),
            [EndMark::Nothing, EndMark::Failed, EndMark::SentBack]
        );
    }

    #[test]
    fn work_out_of_view_has_a_side() {
        let view = Axis::between(1_000.0, 2_000.0, 500.0, &Gaps::default());
        assert_eq!(beyond((0, 500), &view, (0.0, 500.0)), Some(Beyond::Earlier));
        assert_eq!(beyond((2_500, 3_000), &view, (0.0, 500.0)), Some(Beyond::Later));
        assert_eq!(beyond((500, 2_500), &view, (0.0, 500.0)), None);
    }
}
