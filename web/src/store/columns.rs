//! ColumnSet of the session list, and those that fit in its width. Pure.

/// A column of the list, by which it can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Column {
    /// The session's state, in the order of the pipeline.
    State,
    /// The session's health level.
    Health,
    /// The episode's number.
    Episode,
    /// The episode's topic.
    Topic,
    /// The session's id.
    Id,
    /// The time for which the session has been in its phase: running, ready, failed.
    InStage,
    /// The agent that acts next.
    Next,
    /// The planned due date, or the expected completion.
    Due,
    /// Percentage of the pipeline that is done.
    Progress,
    /// The overall quality.
    Quality,
    /// The total cost.
    Cost,
    /// The expected total cost.
    ExpectedCost,
    /// Number of failed attempts.
    Attempts,
    /// The person in charge.
    Owner,
    /// The labels.
    Labels,
    /// The time of creation.
    Created,
    /// The time of the last change.
    Updated,
}

impl Column {
    /// All columns in display order.
    pub const ALL: [Self; 17] = [
        Self::State,
        Self::Health,
        Self::Episode,
        Self::Topic,
        Self::Id,
        Self::InStage,
        Self::Next,
        Self::Due,
        Self::Progress,
        Self::Quality,
        Self::Cost,
        Self::ExpectedCost,
        Self::Attempts,
        Self::Owner,
        Self::Labels,
        Self::Created,
        Self::Updated,
    ];

    /// The columns that are left out first where the list is too narrow.
    const LEAST_NEEDED: [Self; 15] = [
        Self::Created,
        Self::ExpectedCost,
        Self::Attempts,
        Self::Quality,
        Self::Next,
        Self::Progress,
        Self::InStage,
        Self::Labels,
        Self::Updated,
        Self::Cost,
        Self::Owner,
        Self::Episode,
        Self::Due,
        Self::Health,
        Self::State,
    ];

    /// Returns its name in the address, in storage and in style sheets.
    pub fn name(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Health => "health",
            Self::Episode => "episode",
            Self::Topic => "topic",
            Self::Id => "id",
            Self::InStage => "in-stage",
            Self::Next => "next",
            Self::Due => "due",
            Self::Progress => "progress",
            Self::Quality => "quality",
            Self::Cost => "cost",
            Self::ExpectedCost => "expected-cost",
            Self::Attempts => "attempts",
            Self::Owner => "owner",
            Self::Labels => "labels",
            Self::Created => "created",
            Self::Updated => "updated",
        }
    }

    /// Returns its heading.
    pub fn label(self) -> &'static str {
        match self {
            Self::State => "State",
            Self::Health => "Health",
            Self::Episode => "Ep.",
            Self::Topic => "Topic",
            Self::Id => "Session",
            Self::InStage => "In stage",
            Self::Next => "Next agent",
            Self::Due => "Due",
            Self::Progress => "Progress",
            Self::Quality => "Quality",
            Self::Cost => "Cost / budget",
            Self::ExpectedCost => "Expected",
            Self::Attempts => "Failures",
            Self::Owner => "Owner",
            Self::Labels => "Labels",
            Self::Created => "Created",
            Self::Updated => "Updated",
        }
    }

    /// Returns its label where there is more room than in a heading.
    pub fn long_label(self) -> &'static str {
        match self {
            Self::Episode => "Episode",
            Self::Id => "Session ID",
            Self::InStage => "Time in stage",
            Self::Due => "Due or expected",
            Self::Cost => "Cost",
            Self::ExpectedCost => "Expected cost",
            Self::Attempts => "Failed attempts",
            other => other.label(),
        }
    }

    /// Returns true if the column first sorts in descending order.
    pub fn descends(self) -> bool {
        matches!(
            self,
            Self::Health
                | Self::InStage
                | Self::Cost
                | Self::ExpectedCost
                | Self::Attempts
                | Self::Created
                | Self::Updated
        )
    }

    /// Returns the width in pixels: with all details, compact, and as a mark only.
    fn widths(self) -> [u32; 3] {
        match self {
            Self::State => [152, 152, 152],
            Self::Health => [112, 104, 32],
            Self::Episode => [58, 58, 58],
            Self::Topic => [200, 200, 200],
            Self::Id => [180, 180, 180],
            Self::InStage => [128, 128, 128],
            Self::Next => [156, 156, 156],
            Self::Due => [112, 112, 112],
            Self::Progress => [144, 96, 96],
            Self::Quality => [76, 76, 76],
            Self::Cost => [148, 104, 104],
            Self::ExpectedCost => [92, 92, 92],
            Self::Attempts => [84, 84, 84],
            Self::Owner => [112, 112, 112],
            Self::Labels => [160, 160, 160],
            Self::Created => [96, 96, 96],
            Self::Updated => [96, 92, 92],
        }
    }
}

/// A set of columns; the topic, which identifies a row, is always among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnSet(u32);

impl Default for ColumnSet {
    fn default() -> Self {
        let rarely = [
            Column::Next,
            Column::Quality,
            Column::ExpectedCost,
            Column::Attempts,
            Column::Owner,
            Column::Labels,
            Column::Created,
        ];
        Self(Column::ALL.into_iter().filter(|column| !rarely.contains(column)).fold(0, |set, column| set | bit(column)))
    }
}

fn bit(column: Column) -> u32 {
    1 << column as u32
}

impl ColumnSet {
    /// Creates the set of these columns and the topic.
    pub fn of(columns: &[Column]) -> Self {
        Self(columns.iter().fold(bit(Column::Topic), |set, column| set | bit(*column)))
    }

    /// Parses names separated by commas, ignoring unknown ones.
    pub fn parse(text: &str) -> Self {
        let is_named = |column: &Column| text.split(',').any(|name| name == column.name());
        Self::of(&Column::ALL.into_iter().filter(is_named).collect::<Vec<_>>())
    }

    /// Formats the names, separated by commas.
    pub fn text(self) -> String {
        self.names(",")
    }

    /// Returns the names with this text between them.
    pub fn names(self, between: &str) -> String {
        self.iter().map(Column::name).collect::<Vec<_>>().join(between)
    }

    /// Returns true if the column is in the set.
    pub fn has(self, column: Column) -> bool {
        self.0 & bit(column) != 0
    }

    /// Returns the set with a column added, or removed if it was in the set.
    #[must_use]
    pub fn toggled(self, column: Column) -> Self {
        Self((self.0 ^ bit(column)) | bit(Column::Topic))
    }

    /// Returns the columns in display order.
    pub fn iter(self) -> impl Iterator<Item = Column> {
        Column::ALL.into_iter().filter(move |column| self.has(*column))
    }

    fn without(self, column: Column) -> Self {
        Self(self.0 & !bit(column) | bit(Column::Topic))
    }

    fn width(self, density: Density) -> u32 {
        SELECT + self.iter().map(|column| column.widths()[density as usize]).sum::<u32>()
    }
}

/// Width of the check boxes in pixels.
const SELECT: u32 = 32;

/// The amount of detail in the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Density {
    /// All details.
    Full,
    /// Costs without their budget, and progress without its percentage.
    Compact,
    /// Compact, and health as a mark only.
    Marks,
}

impl Density {
    /// Returns its name in style sheets.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Compact => "compact",
            Self::Marks => "marks",
        }
    }
}

/// The columns that fit in a list, and their amount of detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FittedColumns {
    /// The columns.
    pub columns: ColumnSet,
    /// The amount of detail.
    pub density: Density,
}

impl FittedColumns {
    /// Returns the columns that fit in a width in pixels. The id goes first, then details, then whole columns.
    pub fn of(chosen: ColumnSet, width: f64) -> Self {
        let fits = |fitted: &Self| f64::from(fitted.columns.width(fitted.density)) <= width;
        let fitted = |columns, density| Self { columns, density };
        let short = chosen.without(Column::Id);
        let details = [
            fitted(chosen, Density::Full),
            fitted(short, Density::Full),
            fitted(short, Density::Compact),
            fitted(short, Density::Marks),
        ];
        let fewer = Column::LEAST_NEEDED.into_iter().scan(short, |left, column| {
            *left = left.without(column);
            Some(fitted(*left, Density::Marks))
        });
        let least = fitted(ColumnSet::of(&[]), Density::Marks);
        details.into_iter().chain(fewer).find(fits).unwrap_or(least)
    }

    /// Returns the tracks of the rows' grid.
    pub fn tracks(self) -> String {
        let track = |column: Column| match column.widths()[self.density as usize] {
            _ if column == Column::Topic => "minmax(0, 1fr)".to_owned(),
            width => format!("{width}px"),
        };
        let tracks: Vec<String> = self.columns.iter().map(track).collect();
        format!("{SELECT}px {}", tracks.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_topic_is_always_shown() {
        assert!(ColumnSet::parse("").has(Column::Topic));
        assert_eq!(ColumnSet::of(&[Column::Topic]).toggled(Column::Topic), ColumnSet::of(&[]));
        let columns = ColumnSet::parse("owner,due,nowhere");
        assert_eq!(columns.text(), "topic,due,owner");
        assert_eq!(ColumnSet::parse(&columns.text()), columns);
        assert_eq!(columns.toggled(Column::Due).toggled(Column::Due), columns);
    }

    #[test]
    fn the_columns_that_fit_are_shown() {
        let fitted = |width| FittedColumns::of(ColumnSet::default(), width);
        assert_eq!(fitted(2_000.0), FittedColumns { columns: ColumnSet::default(), density: Density::Full });
        assert!(!fitted(1_200.0).columns.has(Column::Id));
        assert_eq!((fitted(1_200.0).density, fitted(1_100.0).density), (Density::Full, Density::Compact));
        let narrow = fitted(640.0).columns;
        assert!(narrow.has(Column::State) && narrow.has(Column::Due) && !narrow.has(Column::Cost));
        assert_eq!(fitted(0.0).columns, ColumnSet::of(&[]));
    }

    #[test]
    fn no_columns_are_wider_than_the_list() {
        let all = ColumnSet::of(&Column::ALL);
        for chosen in [all, ColumnSet::default(), ColumnSet::parse("owner,labels,next")] {
            let mut before = 0;
            for width in (260..2_400).step_by(20) {
                let fitted = FittedColumns::of(chosen, f64::from(width));
                assert!(fitted.columns.width(fitted.density) <= width);
                let number = fitted.columns.iter().count();
                assert!(number + 1 >= before, "a wider list has no fewer columns");
                before = number;
            }
        }
    }

    #[test]
    fn tracks_follow_the_columns() {
        let fitted = FittedColumns { columns: ColumnSet::parse("state,cost"), density: Density::Compact };
        assert_eq!(fitted.tracks(), "32px 152px minmax(0, 1fr) 104px");
    }
}
