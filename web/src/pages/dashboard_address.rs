//! What of the dashboard is in its address: how much of the past the trends show, and which charts stand as tables.
use crate::components::charts::Which;
use crate::figures::series::Range;
use crate::route::{Route, parameter};

/// How the dashboard is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// How much of the past the trends show.
    pub range: Range,
    /// The charts that stand as tables, in the order of the page.
    pub tables: Vec<Which>,
}

impl View {
    /// Reads the part of an address after `#`. What it does not know it leaves out.
    pub fn parse(hash: &str) -> Self {
        let range = parameter(hash, "range").and_then(|word| Range::named(&word)).unwrap_or_default();
        let words = parameter(hash, "table").unwrap_or_default();
        let is_table = |chart: &Which| words.split(',').any(|word| word == chart.name());
        Self { range, tables: Which::ALL.into_iter().filter(is_table).collect() }
    }

    /// The dashboard's address, with its `#`.
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

    /// With this chart as a table, or as a drawing where it is one.
    pub fn turned(&self, chart: Which) -> Self {
        let is_table = |other: &Which| self.tables.contains(other) != (*other == chart);
        Self { tables: Which::ALL.into_iter().filter(is_table).collect(), ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_written() {
        for range in Range::ALL {
            for tables in [vec![], vec![Which::Episodes], Which::ALL.into()] {
                let view = View { range, tables };
                assert_eq!(View::parse(&view.href()), view);
            }
        }
        assert_eq!(View::default().href(), "#/");
        assert_eq!(View::parse("#/?table=nothing,cost&range=x"), View { tables: vec![Which::Cost], ..View::default() });
    }

    #[test]
    fn a_chart_is_turned_there_and_back() {
        let one = View::default().turned(Which::Funnel);
        let two = one.turned(Which::Cost);
        assert_eq!(two.tables, [Which::Cost, Which::Funnel]);
        assert_eq!(two.turned(Which::Cost), one);
    }
}
