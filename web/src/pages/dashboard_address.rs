//! The parameters of the dashboard's address: the trends' range, and the charts shown as tables.
use crate::components::charts::ChartKind;
use crate::figures::series::Range;
use crate::route::{Route, parameter};

/// The parameters of the dashboard's address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DashboardView {
    /// The range of sessions in the trends.
    pub range: Range,
    /// Charts shown as tables, in display order.
    pub tables: Vec<ChartKind>,
}

impl DashboardView {
    /// Parses the part of an address after `#`, ignoring unknown parameters.
    pub fn parse(hash: &str) -> Self {
        let range = parameter(hash, "range").and_then(|word| Range::named(&word)).unwrap_or_default();
        let words = parameter(hash, "table").unwrap_or_default();
        let is_table = |chart: &ChartKind| words.split(',').any(|word| word == chart.name());
        Self { range, tables: ChartKind::ALL.into_iter().filter(is_table).collect() }
    }

    /// Returns the dashboard's address, with its `#`.
    pub fn href(&self) -> String {
        let range = (self.range != Range::default()).then(|| format!("range={}", self.range.name()));
        let names: Vec<&str> = self.tables.iter().map(|chart| chart.name()).collect();
        let tables = (!names.is_empty()).then(|| format!("table={}", names.join(",")));
        let query: Vec<String> = range.into_iter().chain(tables).collect();
        if query.is_empty() {
            Route::Dashboard.href()
        } else {
            format!("{}?{}", Route::Dashboard.href(), query.join("&"))
        }
    }

    /// Returns the view with a chart toggled between table and drawing.
    pub fn toggled(&self, chart: ChartKind) -> Self {
        let is_table = |other: &ChartKind| self.tables.contains(other) != (*other == chart);
        Self { tables: ChartKind::ALL.into_iter().filter(is_table).collect(), ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_a_round_trip() {
        for range in Range::ALL {
            for tables in [vec![], vec![ChartKind::Episodes], ChartKind::ALL.into()] {
                let view = DashboardView { range, tables };
                assert_eq!(DashboardView::parse(&view.href()), view);
            }
        }
        assert_eq!(DashboardView::default().href(), "#/");
        assert_eq!(
            DashboardView::parse("#/?table=nothing,cost&range=x"),
            DashboardView { tables: vec![ChartKind::Cost], ..DashboardView::default() }
        );
    }

    #[test]
    fn a_chart_is_toggled() {
        let one = DashboardView::default().toggled(ChartKind::Funnel);
        let two = one.toggled(ChartKind::Cost);
        assert_eq!(two.tables, [ChartKind::Cost, ChartKind::Funnel]);
        assert_eq!(two.toggled(ChartKind::Cost), one);
    }
}
