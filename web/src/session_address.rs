//! The part of the address that belongs to a session's page, or to a session that is shown beside the list: tab, line,
//! compared session and open output.
use crate::route::{Route, decode, encode};
use std::fmt::Write as _;

/// A tab of a session's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The state machine, drawn.
    #[default]
    Diagram,
    /// Scores against gates, costs against budgets.
    Quality,
    /// Handoffs between agents.
    Handoffs,
    /// History of the file and of local changes.
    History,
    /// The file's text.
    Json,
    /// Problems that the core found in the file.
    Diagnostics,
}

impl Tab {
    /// All tabs in display order.
    pub const ALL: [Self; 6] =
        [Self::Diagram, Self::Quality, Self::Handoffs, Self::History, Self::Json, Self::Diagnostics];

    /// Returns its name in the address.
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

    /// Returns the tab of this name; the default one for any other.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|tab| tab.name() == name).unwrap_or_default()
    }

    /// Returns the selector of its button.
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

    /// Returns its label.
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

    /// Returns the tab `step` places further, wrapping around.
    pub fn step(self, step: usize) -> Self {
        let at = Self::ALL.iter().position(|tab| *tab == self).unwrap_or_default();
        Self::ALL[(at + step) % Self::ALL.len()]
    }
}

/// The parameters of a session's address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionAddress {
    /// The open tab.
    pub tab: Tab,
    /// The highlighted line of the text, from 1.
    pub line: Option<u32>,
    /// The id of the session shown for comparison.
    pub compare: Option<String>,
    /// The path of the open output, as the session names it.
    pub output: Option<String>,
    /// The query of the list that the session is shown beside, without the session; `None` on a page of its own.
    pub list: Option<String>,
}

impl SessionAddress {
    /// Parses the part of an address after `#`, ignoring unknown parameters.
    pub fn parse(hash: &str) -> Self {
        let query = hash.split_once('?').map_or("", |(_, query)| query);
        let mut at = Self::default();
        let mut of_list = Vec::new();
        for (name, value) in query.split('&').filter_map(|part| part.split_once('=')) {
            match name {
                "tab" => at.tab = Tab::named(value),
                "line" => at.line = value.parse().ok(),
                "compare" => at.compare = decode(value).filter(|id| !id.is_empty()),
                "output" => at.output = decode(value).filter(|path| !path.is_empty()),
                "open" => {}
                _ => of_list.push(format!("{name}={value}")),
            }
        }
        at.list = (Route::parse(hash) == Route::Sessions).then(|| of_list.join("&"));
        at
    }

    /// Returns the address of a session with these parameters, with its `#`.
    pub fn href(&self, id: &str) -> String {
        let (mut href, mut sign) = match self.list.as_deref() {
            None => (Route::Session(id.to_owned()).href(), '?'),
            Some("") => (format!("{}?open={}", Route::Sessions.href(), encode(id)), '&'),
            Some(list) => (format!("{}?{list}&open={}", Route::Sessions.href(), encode(id)), '&'),
        };
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
        if let Some(output) = &self.output {
            add("output", &encode(output));
        }
        href
    }

    /// Returns the address of a line in the JSON tab.
    pub fn at_line(&self, line: u32) -> Self {
        Self { tab: Tab::Json, line: Some(line), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_survives_a_round_trip() {
        for tab in Tab::ALL {
            for (line, compare) in [(None, None), (Some(7), Some("a/b?&=#%".to_owned()))] {
                let output = compare.as_ref().map(|_| "a b/\u{e9}&c.md".to_owned());
                for list in [None, Some(String::new()), Some("state=FAILED&q=a%20b".to_owned())] {
                    let (compare, output) = (compare.clone(), output.clone());
                    let at = SessionAddress { tab, line, compare, output, list };
                    assert_eq!(SessionAddress::parse(&at.href("ep_1")), at);
                }
            }
        }
        assert_eq!(SessionAddress::default().href("ep_1"), "#/sessions/ep_1");
        let beside = SessionAddress::parse("/sessions?state=FAILED&open=ep_1&tab=json");
        assert_eq!(beside.href("ep_2"), "#/sessions?state=FAILED&open=ep_2&tab=json");
        assert_eq!(SessionAddress::parse("#/sessions/a?tab=nowhere&line=x&&q"), SessionAddress::default());
    }

    #[test]
    fn tabs_wrap_around() {
        assert_eq!(Tab::Diagnostics.step(1), Tab::Diagram);
        assert_eq!(Tab::Diagram.step(Tab::ALL.len() - 1), Tab::Diagnostics);
    }
}
