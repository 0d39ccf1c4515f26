//! Tables of a report, with values that each format writes its own way.
use crate::format::{UNKNOWN, dollars, duration, money, one_line, score};
use callboard_core::{Money, Timestamp};

/// A value of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A value that is not known.
    Unknown,
    /// Text, which may come from a file.
    Text(String),
    /// A whole number.
    Count(u64),
    /// An exact amount of dollars.
    Money(Money),
    /// A mean of dollars.
    Dollars(f64),
    /// A score from 0 to 1.
    Score(f64),
    /// A percentage.
    Percent(u8),
    /// A time.
    Time(Timestamp),
    /// A time that is expected.
    Expected(Timestamp),
    /// A duration in seconds.
    Seconds(i64),
    /// A mean duration in minutes.
    Minutes(f64),
}

impl Cell {
    /// Wraps a text that may be missing.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Unknown, |text| Self::Text(text.into()))
    }

    /// Wraps a count that may be unknown.
    pub fn count(number: Option<u64>) -> Self {
        number.map_or(Self::Unknown, Self::Count)
    }

    /// Wraps an amount that may be unknown.
    pub fn money(amount: Option<Money>) -> Self {
        amount.map_or(Self::Unknown, Self::Money)
    }

    /// Wraps a score that may be unknown.
    pub fn score(score: Option<f64>) -> Self {
        score.map_or(Self::Unknown, Self::Score)
    }

    /// Wraps a time that may be unknown.
    pub fn time(moment: Option<Timestamp>) -> Self {
        moment.map_or(Self::Unknown, Self::Time)
    }

    /// Returns the value for programs: plain figures, times in UTC; `None` if unknown.
    pub fn raw(&self) -> Option<String> {
        Some(match self {
            Self::Unknown => return None,
            Self::Text(text) => text.clone(),
            Self::Count(number) => number.to_string(),
            Self::Money(amount) => amount.to_string(),
            Self::Dollars(amount) => format!("{amount:.2}"),
            Self::Score(score) => score.to_string(),
            Self::Percent(percent) => percent.to_string(),
            Self::Time(moment) | Self::Expected(moment) => moment.to_string(),
            Self::Seconds(seconds) => seconds.to_string(),
            Self::Minutes(minutes) => format!("{minutes:.1}"),
        })
    }

    /// Returns the value for people. `time` formats a time in their zone.
    pub fn shown(&self, time: impl Fn(Timestamp) -> String) -> String {
        match self {
            Self::Unknown => UNKNOWN.to_owned(),
            Self::Text(text) => one_line(text),
            Self::Count(number) => number.to_string(),
            Self::Money(amount) => money(Some(*amount)),
            Self::Dollars(amount) => dollars(*amount),
            Self::Score(value) => score(Some(*value)),
            Self::Percent(percent) => format!("{percent} %"),
            Self::Time(moment) => time(*moment),
            Self::Expected(moment) => format!("exp. {}", time(*moment)),
            Self::Seconds(seconds) => duration(*seconds),
            #[allow(clippy::cast_possible_truncation)]
            Self::Minutes(minutes) => duration((minutes * 60.0).round() as i64),
        }
    }
}

/// The readers of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// People and programs.
    All,
    /// People: programs get the parts of the value as columns of their own.
    People,
    /// Programs.
    Programs,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportColumn {
    /// The name for programs, with the unit: `cost_usd`.
    pub key: &'static str,
    /// The heading for people.
    pub label: &'static str,
    /// True if the values are figures, which line up at their end.
    pub is_figure: bool,
    /// The readers.
    pub readers: Readers,
    /// True if people do not see it where no row has a value.
    pub is_optional: bool,
    /// True if the value names the session of the row.
    pub is_name: bool,
}

impl ReportColumn {
    /// Creates a column of texts.
    pub const fn text(key: &'static str, label: &'static str) -> Self {
        Self { key, label, is_figure: false, readers: Readers::All, is_optional: false, is_name: false }
    }

    /// Returns true if its values may be broken over lines; others are words and figures.
    pub fn wraps(&self) -> bool {
        self.is_name || matches!(self.key, "reasons" | "owner" | "figure")
    }

    /// Creates a column of texts that people do not see where no row has one.
    pub const fn optional(key: &'static str, label: &'static str) -> Self {
        Self { is_optional: true, ..Self::text(key, label) }
    }

    /// Creates a column of figures.
    pub const fn figure(key: &'static str, label: &'static str) -> Self {
        Self { key, label, is_figure: true, readers: Readers::All, is_optional: false, is_name: false }
    }

    /// Creates a column that only programs read.
    pub const fn data(key: &'static str) -> Self {
        Self { key, label: "", is_figure: false, readers: Readers::Programs, is_optional: false, is_name: false }
    }

    /// Creates a column of texts that only people read.
    pub const fn people(label: &'static str) -> Self {
        Self { readers: Readers::People, ..Self::text("", label) }
    }

    /// Creates a column of the names of sessions, for people: programs read the parts of a name.
    pub const fn name(label: &'static str) -> Self {
        Self { is_name: true, ..Self::people(label) }
    }
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportTableRow {
    /// The key of the session that it is about, if any.
    pub session: Option<String>,
    /// The values, one per column.
    pub cells: Vec<Cell>,
}

/// A table of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportTable {
    /// The name of its file: `sessions`.
    pub name: &'static str,
    /// The heading.
    pub title: &'static str,
    /// The columns.
    pub columns: &'static [ReportColumn],
    /// The rows.
    pub rows: Vec<ReportTableRow>,
}

impl ReportTable {
    /// Creates a table without rows.
    pub fn new(name: &'static str, title: &'static str, columns: &'static [ReportColumn]) -> Self {
        Self { name, title, columns, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, session: Option<&str>, cells: Vec<Cell>) {
        self.rows.push(ReportTableRow { session: session.map(str::to_owned), cells });
    }

    /// Returns the columns that people read, with their indices.
    pub fn for_people(&self) -> Vec<(usize, &'static ReportColumn)> {
        let is_known = |at: usize| self.rows.iter().any(|row| row.cells.get(at).is_some_and(|it| *it != Cell::Unknown));
        let is_shown = |(at, column): &(usize, &'static ReportColumn)| {
            column.readers != Readers::Programs && (!column.is_optional || is_known(*at))
        };
        self.columns.iter().enumerate().filter(is_shown).collect()
    }

    /// Returns the columns that programs read, with their indices.
    pub fn for_programs(&self) -> impl Iterator<Item = (usize, &'static ReportColumn)> + Clone + use<> {
        let columns: &'static [ReportColumn] = self.columns;
        columns.iter().enumerate().filter(|(_, column)| column.readers != Readers::People)
    }
}
