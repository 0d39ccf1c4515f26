//! The rows of the session list.
use super::cells::{
    self, RowFacts, attempts_cell, created_cell, due_cell, expected_cost_cell, in_stage_cell, labels_cell, next_cell,
    owner_cell, quality_cell,
};
use super::imported_row::ImportedRow;
use super::row_context::RowContext;
use crate::components::icon::Glyph;
use crate::components::labelled_value::unknown_cost_reason;
use crate::components::state_chip::HealthStyle;
use crate::components::strip::{lamp, mark_at, percentage, words};
use crate::format::{UNKNOWN, count, money, relative, state_name};
use crate::platform::row_pool;
use crate::platform::row_template::Slot::{Attribute, Checked, Text};
use crate::platform::row_template::{AnyRow, Node, Row, icon_node, node};
use crate::route::Route;
use crate::store::columns::{Column, ColumnSet};
use crate::store::listing;
use crate::store::unseen::NewsMark;
use callboard_core::{Digest, HealthLevel, Money, Outlook, Phase, Timestamp};
use callboard_workspace::{Entry, Listed, Mark, Summary};
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

/// A row of the list.
#[derive(Clone, Debug, PartialEq)]
pub enum SessionListRow {
    /// A session of the workspace.
    Session(SessionRow),
    /// A session that is only read.
    Imported(ImportedRow),
    /// The heading of an episode with several sessions.
    Episode(EpisodeRow),
}

/// The heading of an episode.
#[derive(Clone, Debug, PartialEq)]
pub struct EpisodeRow {
    /// Row number in the table, from 1; the headings are the first row.
    index: usize,
    number: u64,
    sessions: usize,
}

/// A session's row.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Row number in the table, from 1; the headings are the first row.
    index: usize,
    entry: Arc<Entry>,
    /// True below an episode's heading.
    nested: bool,
    selected: bool,
    health: HealthLevel,
    /// The reason for its health, once hovered.
    why: Option<String>,
    /// The changes since the user last looked.
    news: Option<NewsMark>,
    outlook: Outlook,
    /// The reason for which failed quality gates sent it back.
    sent_back: Option<String>,
    /// The expected total cost, if its column is chosen and it is known.
    expected_cost: Option<Money>,
    /// True if it is shown beside the list.
    open: bool,
    now: Timestamp,
    offset: i32,
    columns: ColumnSet,
}

impl PartialEq for SessionRow {
    fn eq(&self, other: &Self) -> bool {
        let Self {
            index,
            entry,
            nested,
            selected,
            health,
            why,
            news,
            outlook,
            sent_back,
            expected_cost,
            open,
            now,
            offset,
            columns,
        } = self;
        Arc::ptr_eq(entry, &other.entry)
            && (*index, *nested, *selected, *open) == (other.index, other.nested, other.selected, other.open)
            && (*health, why, news, *now) == (other.health, &other.why, &other.news, other.now)
            && (*outlook, sent_back, *expected_cost, *offset, *columns)
                == (other.outlook, &other.sent_back, other.expected_cost, other.offset, other.columns)
    }
}

impl RowFacts for SessionRow {
    fn summary(&self) -> &Summary {
        self.entry.summary()
    }

    fn digest(&self) -> Option<&Digest> {
        Some(self.entry.digest())
    }

    fn outlook(&self) -> Option<&Outlook> {
        Some(&self.outlook)
    }

    fn expected_cost(&self) -> Option<Money> {
        self.expected_cost
    }

    fn shows(&self, column: Column) -> bool {
        self.columns.has(column)
    }

    fn clock(&self) -> (Timestamp, i32) {
        (self.now, self.offset)
    }
}

impl SessionListRow {
    /// Creates the row at an index of the list.
    pub fn of(at: usize, row: &listing::ListItem, selected: &HashSet<String>, context: &RowContext) -> Self {
        let index = at + 2;
        match row {
            listing::ListItem::Episode { number, sessions } => {
                Self::Episode(EpisodeRow { index, number: *number, sessions: *sessions })
            }
            listing::ListItem::Session { session: Listed::ReadOnly(session), nested } => {
                Self::Imported(ImportedRow::of(index, session, *nested, context))
            }
            listing::ListItem::Session { session: Listed::Own(entry), nested } => Self::Session(SessionRow {
                index,
                entry: entry.clone(),
                nested: *nested,
                selected: selected.contains(entry.id()),
                health: entry.digest().health_summary(context.now, &context.policy).health,
                why: context
                    .why
                    .as_ref()
                    .filter(|(revision, _)| *revision == entry.revision())
                    .map(|(_, why)| why.clone()),
                news: context.news.mark(entry.id()),
                outlook: entry.digest().outlook(context.now, &context.policy),
                sent_back: sent_back(entry, context),
                expected_cost: context.typical.and_then(|typical| entry.digest().expected_total(&typical)),
                open: matches!(&context.open, Some(Route::Session(id)) if id == entry.id()),
                now: context.now,
                offset: context.offset,
                columns: context.columns,
            }),
        }
    }
}

impl row_pool::ListRow for SessionListRow {
    fn row(&self) -> &dyn AnyRow {
        match self {
            Self::Session(row) => row,
            Self::Imported(row) => row,
            Self::Episode(row) => row,
        }
    }
}

// Explicit roles, as rows with a grid layout lose their implicit ones.
impl Row for EpisodeRow {
    const TEMPLATE: Node<Self> = node!("tr" ("role" = "row", "class" = "row row-episode")
        [Attribute("aria-rowindex", |row| Some(row.index.to_string().into()))]
        {
            node!("td" ("role" = "cell") {
                node!("b" [Text(|row| format!("Episode {}", row.number).into())]),
                node!("span" ("class" = "muted")
                    [Text(|row| format!(" {}", count(row.sessions, "session", "sessions")).into())]),
            }),
        }
    );

    fn key(&self) -> Cow<'_, str> {
        format!("\n{}", self.number).into()
    }
}

/// Returns the reason for which failed quality gates sent a session back.
fn sent_back(entry: &Entry, context: &RowContext) -> Option<String> {
    entry.digest().sent_back()?;
    let health = entry.digest().health(context.now, &context.policy);
    health.reasons.into_iter().find(|reason| reason.code == "gates_failed").map(|reason| reason.message)
}

impl SessionRow {
    fn class(&self) -> &'static str {
        match (self.nested, self.selected) {
            (false, false) => "row",
            (true, false) => "row row-nested",
            (false, true) => "row row-selected",
            (true, true) => "row row-nested row-selected",
        }
    }

    /// Returns the name of its state, in capitals.
    fn state(&self) -> &'static str {
        state_name(self.summary())
    }

    /// Returns the icon of its state; a stage that waits for its start has a hollow one.
    fn state_icon(&self) -> &'static str {
        match self.outlook.phase {
            Phase::Ready => Glyph::Pending.path(),
            _ => Glyph::of_list_state(&self.summary().state).path(),
        }
    }

    fn state_tip(&self) -> Option<Cow<'_, str>> {
        match (self.summary().state.unreadable(), self.outlook.agent) {
            (Some(why), _) => Some(why.into()),
            (None, Some(agent)) if self.outlook.phase == Phase::Ready => {
                Some(format!("Ready: {agent} has not been started.").into())
            }
            _ => None,
        }
    }

    fn health(&self) -> HealthStyle {
        HealthStyle::of(self.health, self.summary().state.unreadable().is_none())
    }

    /// Returns its topic, or the placeholder.
    fn topic(&self) -> &str {
        self.summary().topic.as_deref().unwrap_or(UNKNOWN)
    }

    /// Returns the changes since the user last looked, with their time.
    fn news(&self) -> Option<String> {
        self.news.as_ref().map(|news| news.text(self.now))
    }

    fn mark(&self, stage: usize) -> Mark {
        mark_at(&self.summary().marks, stage).unwrap_or(Mark::Unknown)
    }

    fn is_over_budget(&self) -> bool {
        self.summary().within_budget == Some(false)
    }
}

/// Builds the lamp of a stage.
macro_rules! lamp {
    ($stage:literal) => {
        node!("i" [
            Attribute("class", |row| Some(lamp(row.mark($stage)).0.into())),
            Attribute("data-state", |row| Some(lamp(row.mark($stage)).1.into())),
        ])
    };
}

impl Row for SessionRow {
    const TEMPLATE: Node<Self> = node!("tr" ("role" = "row")
        [
            Attribute("class", |row| Some(row.class().into())),
            Attribute("aria-rowindex", |row| Some(row.index.to_string().into())),
            Attribute("data-session", |row| Some(row.entry.id().into())),
            Attribute("aria-current", |row| row.open.then_some("true".into())),
        ]
        {
            node!("td" ("role" = "cell", "class" = "col-select") {
                node!("label" ("class" = "tick") {
                    node!("input" ("type" = "checkbox") [
                        Attribute("aria-label", |row| {
                            Some(format!("Select {}", row.summary().topic.as_deref().unwrap_or(row.entry.id())).into())
                        }),
                        Checked(|row| row.selected),
                    ]),
                }),
            }),
            node!("td" ("role" = "cell", "class" = "col-state") {
                node!("span" ("class" = "state")
                    [
                        Attribute("data-state", |row| Some(row.state().to_lowercase().into())),
                        Attribute("data-phase", |row| Some(row.outlook.phase.name().into())),
                        Attribute("data-tip", |row| row.state_tip()),
                    ]
                    {
                        icon_node!(|row| Some(row.state_icon().into())),
                        node!("span" ("class" = "state-word") [Text(|row| row.state().into())]),
                    }
                ),
            }),
            node!("td" ("role" = "cell", "class" = "col-health") {
                node!("span" ("class" = "state health")
                    [
                        Attribute("data-state", |row| Some(row.health().colour.into())),
                        Attribute("title", |row| row.why.as_ref().map(Cow::from)),
                    ]
                    {
                        icon_node!(|row| Some(row.health().glyph.path().into())),
                        node!("span" ("class" = "state-word") [Text(|row| row.health().words.into())]),
                    }
                ),
            }),
            node!("td" ("role" = "cell", "class" = "col-episode num") {
                node!("span" [
                    Attribute("data-tip", |row| {
                        row.summary().number.is_none().then_some("No episode number in the file.".into())
                    }),
                    Text(|row| row.summary().number.map_or(UNKNOWN.into(), |number| number.to_string().into())),
                ]),
            }),
            node!("td" ("role" = "cell", "class" = "col-topic")
                [Attribute("title", |row| row.summary().error.as_ref().map(Cow::from))]
                {
                    node!("span"
                        [
                            Attribute("class", |row| row.news.as_ref().map(|_| "news-dot".into())),
                            Attribute("hidden", |row| row.news.is_none().then_some("".into())),
                            Attribute("data-state", |row| row.news.as_ref()?.colour().map(Cow::from)),
                            Attribute("data-tip", |row| row.news().map(Cow::from)),
                        ]
                        {
                            node!("span" ("class" = "sr-only") [Text(|row| {
                                row.news().map_or_else(|| "".into(), |news| format!("Changed: {news}. ").into())
                            })]),
                        }
                    ),
                    node!("a" ("class" = "row-link")
                        [Attribute("href", |row| Some(Route::Session(row.entry.id().to_owned()).href().into()))]
                        {
                            // The page's tip shows the full text of a truncated topic.
                            node!("bdi" ("data-cut" = "topic") [
                                Attribute("data-tip", |row| {
                                    row.summary().topic.is_none().then_some("No topic in the file.".into())
                                }),
                                Text(|row| row.topic().into()),
                            ]),
                        }
                    ),
                    node!("span"
                        [
                            Attribute("class", |row| row.sent_back.as_ref().map(|_| "edited edited-sent-back".into())),
                            Attribute("hidden", |row| row.sent_back.is_none().then_some("".into())),
                            Attribute("data-tip", |row| row.sent_back.as_deref().map(Cow::from)),
                        ]
                        {
                            icon_node!(|row| row.sent_back.as_ref().map(|_| Glyph::SentBack.path().into())),
                            node!("span" [Text(|row| {
                                if row.sent_back.is_some() { "sent back".into() } else { "".into() }
                            })]),
                        }
                    ),
                    node!("span" ("title" = "Has unexported changes.") [
                        Attribute("class", |row| row.summary().changed.then_some("edited".into())),
                        Text(|row| if row.summary().changed { "edited".into() } else { "".into() }),
                    ]),
                    node!("span"
                        ("title" = "Has a conflict: open the session to resolve it.")
                        [
                            Attribute("class", |row| row.summary().conflict.then_some("edited edited-conflict".into())),
                            Text(|row| if row.summary().conflict { "conflict".into() } else { "".into() }),
                        ]
                    ),
                }
            ),
            node!("td" ("role" = "cell", "class" = "col-id mono", "translate" = "no")
                [Text(|row| row.entry.id().into())]),
            in_stage_cell!(),
            next_cell!(),
            due_cell!(),
            node!("td" ("role" = "cell", "class" = "col-progress") {
                node!("span" ("class" = "strip") {
                    node!("span" ("class" = "lamps", "role" = "img")
                        [
                            Attribute("aria-label", |row| Some(words(&row.summary().marks).into())),
                            Attribute("title", |row| Some(words(&row.summary().marks).into())),
                        ]
                        { lamp!(0), lamp!(1), lamp!(2), lamp!(3) }
                    ),
                    node!("span" ("class" = "strip-percent") [Text(|row| percentage(row.summary().percent).into())]),
                }),
            }),
            quality_cell!(|row: &Self| row.entry.digest().quality.overall_quality),
            node!("td" ("role" = "cell", "class" = "col-cost num") {
                node!("span"
                    [
                        Attribute("class", |row| {
                            Some(if row.is_over_budget() { "spent spent-over" } else { "spent" }.into())
                        }),
                        Attribute("data-tip", |row| {
                            unknown_cost_reason(row.summary().cost, row.summary().budget).map(Cow::from)
                        }),
                    ]
                    {
                        node!("span" [Text(|row| money(row.summary().cost).into())]),
                        node!("span" ("class" = "spent-of")
                            [Text(|row| format!(" / {}", money(row.summary().budget)).into())]),
                        node!("span" ("class" = "spent-word")
                            [Text(|row| if row.is_over_budget() { "over".into() } else { "".into() })]),
                    }
                ),
            }),
            expected_cost_cell!(),
            attempts_cell!(),
            owner_cell!(),
            labels_cell!(),
            created_cell!(),
            node!("td" ("role" = "cell", "class" = "col-updated") {
                node!("time" ("class" = "moment") [
                    Attribute("datetime", |row| row.summary().updated.map(|moment| moment.to_string().into())),
                    Attribute("data-tip", |row| {
                        Some(if row.summary().updated.is_some() { "Updated" } else { "No time in the file." }.into())
                    }),
                    Text(|row| row.summary().updated.map_or(UNKNOWN.into(), |moment| relative(moment, row.now).into())),
                ]),
            }),
        }
    );

    fn key(&self) -> Cow<'_, str> {
        self.entry.id().into()
    }
}
