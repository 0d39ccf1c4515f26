//! The parameters of the timeline's address: how rows are made, the range of time, the search.
use crate::components::work::overview::{GroupBy, TimeRange};
use crate::route::{Route, encode, parameter};

/// The parameters of the timeline's address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelineAddress {
    /// The grouping of the rows.
    pub by: GroupBy,
    /// The range of time; `None` for the one that suits the sessions.
    pub range: Option<TimeRange>,
    /// The search.
    pub search: String,
}

impl TimelineAddress {
    /// Parses the part of an address after `#`, ignoring unknown parameters.
    pub fn parse(hash: &str) -> Self {
        let by = parameter(hash, "by").and_then(|word| GroupBy::ALL.into_iter().find(|by| by.name() == word));
        let range = parameter(hash, "range").and_then(|word| TimeRange::ALL.into_iter().find(|it| it.name() == word));
        Self { by: by.unwrap_or_default(), range, search: parameter(hash, "q").unwrap_or_default() }
    }

    /// Returns the address, with its `#`.
    pub fn href(&self) -> String {
        let by = (self.by != GroupBy::default()).then(|| format!("by={}", self.by.name()));
        let range = self.range.map(|range| format!("range={}", range.name()));
        let search = (!self.search.trim().is_empty()).then(|| format!("q={}", encode(&self.search)));
        let query: Vec<String> = by.into_iter().chain(range).chain(search).collect();
        if query.is_empty() {
            Route::Timeline.href()
        } else {
            format!("{}?{}", Route::Timeline.href(), query.join("&"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_a_round_trip() {
        for by in GroupBy::ALL {
            for range in [None].into_iter().chain(TimeRange::ALL.map(Some)) {
                for search in ["", "no answer & more"] {
                    let address = TimelineAddress { by, range, search: search.into() };
                    assert_eq!(TimelineAddress::parse(&address.href()), address);
                }
            }
        }
        assert_eq!(TimelineAddress::default().href(), "#/timeline");
        assert_eq!(TimelineAddress::parse("#/timeline?by=x&range=1y"), TimelineAddress::default());
    }
}
