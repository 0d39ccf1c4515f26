//! What the overview shows of every session: read once when a session changes, in slices that never hold
//! the page up, and kept.

pub mod series;
pub mod spread;

use crate::format::UNREADABLE;
use crate::order;
use crate::platform::clock::millis;
use crate::store::preferences::learn;
use crate::store::workspace::Workspace;
use callboard_core::{Digest, Figures, HealthSummary, Policy, State, Timestamp};
use callboard_workspace::Entry;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// How long one slice of reading may hold the page up, in milliseconds.
const SLICE: f64 = 8.0;

/// What the overview keeps of one session.
#[derive(Debug)]
pub struct Row {
    /// The session's id.
    pub id: String,
    /// The episode's number.
    pub number: Option<u64>,
    /// What it is about.
    pub topic: Option<String>,
    /// The core's digest.
    pub digest: Digest,
    /// What the palette looks through, in small letters.
    pub words: String,
    /// The place of its state among [`series::STATES`].
    pub place: usize,
    /// Whether another text of it waits for a decision.
    pub waits: bool,
    revision: u64,
}

impl Row {
    fn of(entry: &Entry) -> Self {
        let summary = entry.summary();
        let topic = summary.topic.clone();
        let number = summary.number.map(|number| format!("ep {number} ")).unwrap_or_default();
        let words = format!("{number}{} {}", topic.as_deref().unwrap_or_default(), summary.id).to_lowercase();
        let state = summary.digest.state().map_or(UNREADABLE, State::name);
        Self {
            id: summary.id.clone(),
            number: summary.number,
            topic,
            digest: entry.summary().digest.clone(),
            words,
            place: series::STATES.iter().position(|name| *name == state).unwrap_or_default(),
            waits: summary.conflict,
            revision: entry.revision(),
        }
    }

    /// `ep 42`, or the id where the file has no number.
    pub fn label(&self) -> String {
        self.number.map_or_else(|| self.id.clone(), |number| format!("ep {number}"))
    }

    /// `ep 42 · Why octopuses dream`.
    pub fn title(&self) -> String {
        match &self.topic {
            Some(topic) => format!("{} \u{b7} {topic}", self.label()),
            None => self.label(),
        }
    }

    /// When it last changed, as seconds to compare by; what does not say when is the oldest.
    pub fn updated(&self) -> i64 {
        self.digest.last_updated.map_or(i64::MIN, Timestamp::unix)
    }

    /// The colour and the word of its state.
    pub fn state(&self) -> &'static str {
        series::STATES[self.place]
    }
}

/// Every session's row, the first created first. It is equal only to itself.
#[derive(Clone, Debug, Default)]
pub struct Rows(pub Arc<Vec<Arc<Row>>>);

impl PartialEq for Rows {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for Rows {
    type Target = [Arc<Row>];

    fn deref(&self) -> &[Arc<Row>] {
        &self.0
    }
}

impl Rows {
    /// The framework's figures at a moment, the viewer's days being `offset` minutes ahead of UTC.
    pub fn figures(&self, now: Timestamp, offset: i32) -> Figures {
        Figures::of(self.iter().map(|row| &row.digest), now, offset)
    }

    /// The rows that need somebody, the most urgent first, and of equals the last changed first. Those beside which
    /// a dropped text waits are among them, however they fare.
    pub fn needing(&self, now: Timestamp, policy: &Policy) -> Vec<(HealthSummary, Arc<Row>)> {
        let standing = |row: &Arc<Row>| (row.digest.health_summary(now, policy), row.clone());
        let needing: Vec<_> =
            self.iter().map(standing).filter(|(standing, row)| standing.urgency > 0 || row.waits).collect();
        let keys = needing.iter().map(|(standing, row)| (i64::from(standing.urgency), row.updated()));
        order::descending(keys).into_iter().map(|at| needing[at].clone()).collect()
    }
}

/// The overview of the workspace, handed down as context.
#[derive(Clone, Copy)]
pub struct Board {
    /// Every session's row.
    pub rows: RwSignal<Rows>,
    /// How many sessions are still to be read; 0 when `rows` is complete.
    pub pending: RwSignal<usize>,
    /// The rows in the order of the shelf.
    known: StoredValue<Vec<Arc<Row>>>,
    /// Counts the changes of the workspace: a reading that began before the last one stops.
    turn: StoredValue<u64>,
}

/// The overview of this page's workspace.
pub fn use_board() -> Board {
    expect_context()
}

impl Board {
    /// An overview that follows the workspace.
    pub fn follow(workspace: Workspace) -> Self {
        let board = Self {
            rows: RwSignal::new(Rows::default()),
            pending: RwSignal::new(0),
            known: StoredValue::new(Vec::new()),
            turn: StoredValue::new(0),
        };
        Effect::new(move |_| {
            let entries: Vec<Arc<Entry>> = workspace.sessions.with(|shelf| shelf.iter().cloned().collect());
            board.turn.update_value(|turn| *turn += 1);
            let turn = board.turn.get_value();
            // In a task of its own: all that follows the workspace hears of the change in this one.
            set_timeout(move || board.read(entries.into(), 0, turn), Duration::ZERO);
        });
        board
    }

    /// Reads what is unread from a place on for the length of a slice, then lets the page breathe and goes on.
    fn read(self, entries: Arc<[Arc<Entry>]>, mut at: usize, turn: u64) {
        if self.turn.try_get_value() != Some(turn) {
            return;
        }
        let until = millis() + SLICE;
        self.known.update_value(|known| {
            known.truncate(entries.len());
            while let Some(entry) = entries.get(at) {
                match known.get_mut(at) {
                    Some(row) if row.revision == entry.revision() => {}
                    // Reading the clock costs as much as a comparison: only reading is timed.
                    _ if millis() >= until => break,
                    Some(row) => *row = Arc::new(Row::of(entry)),
                    None => known.push(Arc::new(Row::of(entry))),
                }
                at += 1;
            }
        });
        let left = entries.len() - at;
        if self.pending.get_untracked() != left {
            self.pending.set(left);
        }
        if left == 0 {
            self.publish();
        } else {
            set_timeout(move || self.read(entries, at, turn), Duration::ZERO);
        }
    }

    fn publish(self) {
        let rows = self.known.get_value();
        learn(rows.iter().map(|row| &row.digest));
        let keys = rows.iter().map(|row| {
            let created = row.digest.created.map_or(i64::MAX, Timestamp::unix);
            (created, row.number.and_then(|number| i64::try_from(number).ok()).unwrap_or(i64::MAX))
        });
        let rows = order::ascending(keys).into_iter().map(|at| rows[at].clone()).collect();
        self.rows.set(Rows(Arc::new(rows)));
    }
}
