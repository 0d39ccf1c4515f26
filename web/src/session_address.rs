//! What of a session's page is in its address: which tab is open, at which line, beside which session.
use crate::route::{Route, decode, encode};
use std::fmt::Write as _;

/// A tab of a session's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The machine, drawn.
    #[default]
    Diagram,
    /// Scores against gates, costs against shares.
    Quality,
    /// What agents hand over.
    Handoffs,
    /// What happened, in the file and here.
    History,
    /// The file's text.
    Json,
    /// What the core noticed.
    Diagnostics,
}

impl Tab {
    /// Every tab, in the order they are shown.
    pub const ALL: [Self; 6] =
        [Self::Diagram, Self::Quality, Self::Handoffs, Self::History, Self::Json, Self::Diagnostics];

    /// Its word in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Diagram => "diagram",
            Self::Quality => "quality",
            Self::Handoffs => "handoffs",
            Self::History => "history",
            Self::Json => "json",
            Self::Diagnostics => "diagnostics",
        }
    }

    /// Finds its button on the page.
    pub fn selector(self) -> &'static str {
        match self {
            Self::Diagram => "#tab-diagram",
            Self::Quality => "#tab-quality",
            Self::Handoffs => "#tab-handoffs",
            Self::History => "#tab-history",
            Self::Json => "#tab-json",
            Self::Diagnostics => "#tab-diagnostics",
        }
    }

    /// The words on it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Diagram => "Diagram",
            Self::Quality => "Quality & cost",
            Self::Handoffs => "Handoffs",
            Self::History => "History",
            Self::Json => "JSON",
            Self::Diagnostics => "Diagnostics",
        }
    }

    /// The tab `step` further on, around the end.
    pub fn step(self, step: usize) -> Self {
        let at = Self::ALL.iter().position(|tab| *tab == self).unwrap_or_default();
        Self::ALL[(at + step) % Self::ALL.len()]
    }
}

/// What the address says beyond the session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct At {
    /// The open tab.
    pub tab: Tab,
    /// The line of the text that is pointed at, from 1.
    pub line: Option<u32>,
    /// The session beside which this one is shown.
    pub compare: Option<String>,
}

impl At {
    /// Reads the part of an address after `#`. What it does not know it leaves out.
    pub fn parse(hash: &str) -> Self {
        let query = hash.split_once('?').map_or("", |(_, query)| query);
        let mut at = Self::default();
        for (name, value) in query.split('&').filter_map(|part| part.split_once('=')) {
            match name {
                "tab" => at.tab = Tab::ALL.into_iter().find(|tab| tab.name() == value).unwrap_or_default(),
                "line" => at.line = value.parse().ok(),
                "compare" => at.compare = decode(value).filter(|id| !id.is_empty()),
                _ => {}
            }
        }
        at
    }

    /// The address of a session's page at this place, with its `#`.
    pub fn href(&self, id: &str) -> String {
        let mut href = Route::Session(id.to_owned()).href();
        let mut sign = '?';
        let mut add = |name: &str, value: &str| {
            // Writing into a String cannot fail.
            let _ = write!(href, "{sign}{name}={value}");
            sign = '&';
        };
        if self.tab != Tab::default() {
            add("tab", self.tab.name());
        }
        if let Some(line) = self.line {
            add("line", &line.to_string());
        }
        if let Some(compare) = &self.compare {
            add("compare", &encode(compare));
        }
        href
    }

    /// The text's tab at a line.
    pub fn at_line(&self, line: u32) -> Self {
        Self { tab: Tab::Json, line: Some(line), compare: self.compare.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_written() {
        for tab in Tab::ALL {
            for (line, compare) in [(None, None), (Some(7), Some("a/b?&=#%".to_owned()))] {
                let at = At { tab, line, compare };
                assert_eq!(At::parse(&at.href("ep_1")), at);
            }
        }
        assert_eq!(At::default().href("ep_1"), "#/sessions/ep_1");
        assert_eq!(At::parse("#/sessions/a?tab=nowhere&line=x&&q"), At::default());
    }

    #[test]
    fn tabs_follow_one_another_around_the_end() {
        assert_eq!(Tab::Diagnostics.step(1), Tab::Diagram);
        assert_eq!(Tab::Diagram.step(Tab::ALL.len() - 1), Tab::Diagnostics);
    }
}
