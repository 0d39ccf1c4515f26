//! A row of the session list for a session that is only read.
use super::cells::{
    self, RowFacts, attempts_cell, created_cell, due_cell, expected_cost_cell, in_stage_cell, labels_cell, next_cell,
    owner_cell, quality_cell,
};
use super::row_context::RowContext;
use crate::components::icon::Glyph;
use crate::components::labelled_value::unknown_cost_reason;
use crate::components::state_chip::HealthStyle;
use crate::components::strip::{lamp, mark_at, percentage, words};
use crate::format::{UNKNOWN, money, relative, state_label, state_name};
use crate::platform::row_template::Slot::{Attribute, Text};
use crate::platform::row_template::{Node, Row, icon_node, node};
use crate::route::Route;
use crate::store::columns::{Column, ColumnSet};
use callboard_core::import::{Derived, ForeignSession};
use callboard_core::{Digest, Money, Outlook, Timestamp};
use callboard_workspace::{Listed, ReadOnlySession, Summary};
use std::borrow::Cow;
use std::sync::Arc;

/// The row of a session that is only read.
#[derive(Clone, Debug)]
pub struct ImportedRow {
    /// Row number in the table, from 1; the headings are the first row.
    index: usize,
    session: Arc<ReadOnlySession>,
    /// True below an episode's heading.
    nested: bool,
    /// None for a session of another pipeline: nothing is known of its agents.
    health: Option<HealthStyle>,
    outlook: Option<Outlook>,
    /// True if it is shown beside the list.
    open: bool,
    now: Timestamp,
    offset: i32,
    columns: ColumnSet,
}

impl PartialEq for ImportedRow {
    fn eq(&self, other: &Self) -> bool {
        let Self { index, session, nested, health, outlook, open, now, offset, columns } = self;
        Arc::ptr_eq(session, &other.session)
            && (*index, *nested, *now, *offset) == (other.index, other.nested, other.now, other.offset)
            && (*health, *outlook, *open, *columns) == (other.health, other.outlook, other.open, other.columns)
    }
}

impl RowFacts for ImportedRow {
    fn summary(&self) -> &Summary {
        self.session.summary()
    }

    fn digest(&self) -> Option<&Digest> {
        self.session.digest()
    }

    fn outlook(&self) -> Option<&Outlook> {
        self.outlook.as_ref()
    }

    fn expected_cost(&self) -> Option<Money> {
        None
    }

    fn shows(&self, column: Column) -> bool {
        self.columns.has(column)
    }

    fn clock(&self) -> (Timestamp, i32) {
        (self.now, self.offset)
    }
}

impl ImportedRow {
    /// Creates the row.
    pub fn of(index: usize, session: &Arc<ReadOnlySession>, nested: bool, context: &RowContext) -> Self {
        let health = session.digest().map(|digest| {
            let level = digest.health_summary(context.now, &context.policy).health;
            HealthStyle::of(level, digest.state().is_some())
        });
        let outlook = session.digest().map(|digest| digest.outlook(context.now, &context.policy));
        let open = matches!(&context.open, Some(Route::Imported(key)) if *key == session.key);
        let (now, offset, columns) = (context.now, context.offset, context.columns);
        Self { index, session: session.clone(), nested, health, outlook, open, now, offset, columns }
    }

    fn href(&self) -> String {
        Route::of(&Listed::ReadOnly(self.session.clone())).href()
    }

    fn lamp(&self, at: usize) -> Option<(&'static str, String)> {
        mark_at(&self.summary().marks, at).map(lamp)
    }

    /// Returns the mark beside the topic.
    fn tag(&self) -> &'static str {
        if self.summary().shape.is_some() { "other pipeline" } else { "read-only" }
    }

    fn tag_reason(&self) -> String {
        match &self.summary().shape {
            Some(shape) => format!("Read from another pipeline's files ({shape})."),
            None => "Read from a file that needed repair or holds several sessions.".to_owned(),
        }
    }

    /// Returns the place that a figure of another pipeline's session is from.
    fn source(&self, of: impl Fn(&ForeignSession) -> Option<String>) -> Option<Cow<'_, str>> {
        self.session.foreign_session().and_then(of).map(Cow::from)
    }

    /// Returns the state's label, which a narrow column cuts, with the place that it is from.
    fn state_source(&self) -> Option<String> {
        let unreadable = || self.summary().state.unreadable().map(str::to_owned);
        let known = || {
            let state = self.session.foreign_session()?.state.as_ref()?;
            Some(format!("{}. {}", self.summary().state_label.as_deref()?, state.source()))
        };
        known().or_else(unreadable)
    }

    fn is_over_budget(&self) -> bool {
        self.summary().within_budget == Some(false)
    }
}

/// Builds the lamp of a stage, hidden where the pipeline has fewer.
macro_rules! lamp {
    ($stage:literal) => {
        node!("i" [
            Attribute("class", |row| row.lamp($stage).map(|(class, _)| class.into())),
            Attribute("data-state", |row| row.lamp($stage).map(|(_, colour)| colour.into())),
            Attribute("hidden", |row| row.lamp($stage).is_none().then_some("".into())),
        ])
    };
}

// Explicit roles, as rows with a grid layout lose their implicit ones.
impl Row for ImportedRow {
    const TEMPLATE: Node<Self> = node!("tr" ("role" = "row")
        [
            Attribute("class", |row| Some(if row.nested { "row row-nested" } else { "row" }.into())),
            Attribute("aria-rowindex", |row| Some(row.index.to_string().into())),
            Attribute("data-imported", |row| Some(row.session.key.as_str().into())),
            Attribute("aria-current", |row| row.open.then_some("true".into())),
        ]
        {
            node!("td" ("role" = "cell", "class" = "col-select")),
            node!("td" ("role" = "cell", "class" = "col-state") {
                node!("span" ("class" = "state")
                    [
                        Attribute("data-state", |row| Some(state_name(row.summary()).to_lowercase().into())),
                        Attribute("data-tip", |row| row.state_source().map(Cow::from)),
                    ]
                    {
                        icon_node!(|row| Some(Glyph::of_list_state(&row.summary().state).path().into())),
                        node!("span" ("class" = "state-word") [Text(|row| state_label(row.summary()))]),
                    }
                ),
            }),
            node!("td" ("role" = "cell", "class" = "col-health") {
                node!("span" ("class" = "state health")
                    [
                        Attribute("data-state", |row| Some(row.health.map_or("unknown", |health| health.colour).into())),
                        Attribute("data-tip", |row| {
                            row.health.is_none().then_some("Not available for sessions of other pipelines.".into())
                        }),
                    ]
                    {
                        icon_node!(|row| row.health.map(|health| health.glyph.path().into())),
                        node!("span" ("class" = "state-word")
                            [Text(|row| row.health.map_or(UNKNOWN, |health| health.words).into())]),
                    }
                ),
            }),
            node!("td" ("role" = "cell", "class" = "col-episode num") {
                node!("span" [
                    Attribute("data-tip", |row| {
                        row.summary().number.is_none().then_some("No episode number in the files.".into())
                    }),
                    Text(|row| row.summary().number.map_or(UNKNOWN.into(), |number| number.to_string().into())),
                ]),
            }),
            node!("td" ("role" = "cell", "class" = "col-topic")
                [Attribute("title", |row| row.summary().error.as_ref().map(Cow::from))]
                {
                    node!("a" ("class" = "row-link")
                        [Attribute("href", |row| Some(row.href().into()))]
                        {
                            node!("bdi" ("data-cut" = "topic") [
                                Attribute("data-tip", |row| {
                                    row.summary().topic.is_none().then_some("No topic in the files.".into())
                                }),
                                Text(|row| row.summary().topic.as_deref().unwrap_or(UNKNOWN).into()),
                            ]),
                        }
                    ),
                    node!("span" ("class" = "edited edited-imported")
                        [Attribute("data-tip", |row| Some(row.tag_reason().into())), Text(|row| row.tag().into())]),
                }
            ),
            node!("td" ("role" = "cell", "class" = "col-id mono", "translate" = "no")
                [Text(|row| row.summary().id.as_str().into())]),
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
                        {
                            lamp!(0), lamp!(1), lamp!(2), lamp!(3), lamp!(4), lamp!(5),
                            lamp!(6), lamp!(7), lamp!(8), lamp!(9), lamp!(10), lamp!(11),
                        }
                    ),
                    node!("span" ("class" = "strip-percent") [
                        Attribute("data-tip", |row| row.source(|session| session.progress.as_ref().map(Derived::source))),
                        Text(|row| percentage(row.summary().percent).into()),
                    ]),
                }),
            }),
            quality_cell!(|row: &Self| Listed::ReadOnly(row.session.clone()).overall_quality()),
            node!("td" ("role" = "cell", "class" = "col-cost num") {
                node!("span"
                    [
                        Attribute("class", |row| {
                            Some(if row.is_over_budget() { "spent spent-over" } else { "spent" }.into())
                        }),
                        Attribute("data-tip", |row| {
                            let unknown = unknown_cost_reason(row.summary().cost, row.summary().budget).map(Cow::from);
                            row.source(|session| session.cost.as_ref().map(Derived::source)).or(unknown)
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
                        Some(if row.summary().updated.is_some() { "Updated" } else { "No time in the files." }.into())
                    }),
                    Text(|row| row.summary().updated.map_or(UNKNOWN.into(), |moment| relative(moment, row.now).into())),
                ]),
            }),
        }
    );

    fn key(&self) -> Cow<'_, str> {
        format!("\t{}", self.session.key).into()
    }
}
