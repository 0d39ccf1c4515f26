//! The rows of the list: what is written where.
use crate::components::facts::unstated;
use crate::components::icon::Glyph;
use crate::components::state_chip::Faring;
use crate::components::strip::{lamp, percentage, words};
use crate::format::{UNKNOWN, count, money, relative};
use crate::platform::pattern::Place::{Attribute, Checked, Text};
use crate::platform::pattern::{Tag, Value, own, plain};
use crate::route::Route;
use crate::store::listing::Row;
use callboard_core::{Policy, Timestamp};
use callboard_workspace::Entry;
use std::borrow::Cow;

/// An element: its name, its class, what differs, what is in it.
macro_rules! tag {
    ($name:literal $class:literal [$($values:expr),*] $($inside:expr),*) => {
        Tag { name: $name, fixed: &[("class", $class)], values: &[$($values),*], inside: &[$($inside),*] }
    };
}

/// A cell. It says that it is one: a row that is laid out as a grid is no table's row by itself.
macro_rules! cell {
    ($class:literal [$($values:expr),*] $($inside:expr),*) => {
        Tag {
            name: "td",
            fixed: &[("role", "cell"), ("class", $class)],
            values: &[$($values),*],
            inside: &[$($inside),*],
        }
    };
}

/// An icon; what differs is its path.
pub const ICON: Tag = Tag {
    name: "svg",
    fixed: &[("class", "icon"), ("viewBox", "0 0 16 16"), ("aria-hidden", "true")],
    values: &[],
    inside: &[Tag { name: "path", fixed: &[], values: &[Attribute("d")], inside: &[] }],
};
const LAMP: Tag = Tag { name: "i", fixed: &[], values: &[Attribute("class"), Attribute("data-state")], inside: &[] };
const LAMPS: Tag = Tag {
    name: "span",
    fixed: &[("class", "lamps"), ("role", "img")],
    values: &[Attribute("aria-label"), Attribute("title")],
    inside: &[LAMP, LAMP, LAMP, LAMP],
};
const BOX: Tag =
    Tag { name: "input", fixed: &[("type", "checkbox")], values: &[Attribute("aria-label"), Checked], inside: &[] };
/// What a cut topic says in full, the page's tip says.
const TOPIC: Tag =
    Tag { name: "bdi", fixed: &[("data-cut", "topic")], values: &[Attribute("data-tip"), Text], inside: &[] };
const EDITED: Tag = Tag {
    name: "span",
    fixed: &[("title", "Changed here; the file on the disk is as it was.")],
    values: &[Attribute("class"), Text],
    inside: &[],
};

const WAITS: Tag = Tag {
    name: "span",
    fixed: &[("title", "Another text of it waits beside the one that is shown: open it to decide.")],
    values: &[Attribute("class"), Text],
    inside: &[],
};

/// The rows' patterns: a session, and the head of an episode.
pub static PATTERNS: [Tag; 2] = [
    Tag {
        name: "tr",
        fixed: &[("role", "row")],
        values: &[Attribute("class"), Attribute("aria-rowindex"), Attribute("data-session")],
        inside: &[
            cell!("col-select" [] tag!("label" "tick" [] BOX)),
            cell!("col-state" []
                tag!("span" "state" [Attribute("data-state"), Attribute("data-tip")] ICON, tag!("span" "state-word" [Text]))),
            cell!("col-health" []
                tag!("span" "state health" [Attribute("data-state"), Attribute("title")]
                    ICON, tag!("span" "state-word" [Text]))),
            cell!("col-episode num" [] tag!("span" "" [Attribute("data-tip"), Text])),
            cell!("col-topic" [Attribute("title")]
                tag!("a" "row-link" [Attribute("href")] TOPIC),
                EDITED, WAITS),
            cell!("col-id mono"[Text]),
            cell!("col-progress" [] tag!("span" "strip" [] LAMPS, tag!("span" "strip-percent" [Text]))),
            cell!("col-cost num" []
                tag!("span" "spent" [Attribute("class"), Attribute("data-tip")]
                    tag!("span" "" [Text]), tag!("span" "spent-of" [Text]), tag!("span" "spent-word" [Text]))),
            cell!("col-updated" [] tag!("time" "moment" [Attribute("datetime"), Attribute("data-tip"), Text])),
        ],
    },
    Tag {
        name: "tr",
        fixed: &[("role", "row"), ("class", "row row-episode")],
        values: &[Attribute("aria-rowindex")],
        inside: &[cell!("" [] tag!("b" "" [Text]), tag!("span" "muted" [Text]))],
    },
];

/// What a row depends on beside its session.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// The time.
    pub now: Timestamp,
    /// The limits and thresholds in force.
    pub policy: Policy,
    /// Why a session fares as it does, where somebody has asked: its entry's revision, and the reason.
    pub why: Option<(u64, String)>,
}

/// The pattern of a row at a place of the list, from 0, and what is written into it.
pub fn row(
    at: usize,
    row: &Row,
    is_selected: impl Fn(&str) -> bool,
    circumstances: &Circumstances,
) -> (usize, Vec<Value>) {
    // The heads are the first row.
    let index = (at + 2).to_string();
    match row {
        Row::Episode { number, sessions } => {
            let values = [index, format!("Episode {number}"), format!(" {}", count(*sessions, "session", "sessions"))];
            (1, values.into_iter().map(own).collect())
        }
        Row::Session { entry, nested } => (0, session(index, entry, *nested, is_selected(entry.id()), circumstances)),
    }
}

fn session(index: String, entry: &Entry, nested: bool, selected: bool, circumstances: &Circumstances) -> Vec<Value> {
    let summary = entry.summary();
    let (state, glyph, unreadable) = match &summary.state {
        Ok(state) => (state.name(), Glyph::of_state(*state), None),
        Err(why) => ("UNREADABLE", Glyph::Warning, Some(why)),
    };
    let level = summary.digest.standing(circumstances.now, &circumstances.policy).health;
    let faring = Faring::of(level, unreadable.is_none());
    let why = circumstances.why.as_ref().filter(|(revision, _)| *revision == entry.revision());
    let over = summary.within_budget == Some(false);
    let unstated = unstated(summary.cost, summary.budget).and_then(plain);
    let said = words(summary.marks);
    let mut values = vec![
        plain(match (nested, selected) {
            (false, false) => "row",
            (true, false) => "row row-nested",
            (false, true) => "row row-selected",
            (true, true) => "row row-nested row-selected",
        }),
        own(index),
        own(entry.id()),
        own(format!("Select {}", summary.topic.as_deref().unwrap_or(entry.id()))),
        selected.then_some(Cow::Borrowed("")),
        own(state.to_lowercase()),
        unreadable.and_then(own),
        plain(glyph.path()),
        plain(state),
        plain(faring.colour),
        why.and_then(|(_, reason)| own(reason)),
        plain(faring.glyph.path()),
        plain(faring.words),
        summary.number.is_none().then_some(Cow::Borrowed("The file has no number.")),
        own(summary.number.map_or_else(|| UNKNOWN.to_owned(), |number| number.to_string())),
        summary.error.clone().map(Cow::Owned),
        own(Route::Session(summary.id.clone()).href()),
        summary.topic.is_none().then_some(Cow::Borrowed("The file names no topic.")),
        own(summary.topic.as_deref().unwrap_or(UNKNOWN)),
        summary.changed.then_some(Cow::Borrowed("edited")),
        summary.changed.then_some(Cow::Borrowed("edited")),
        summary.conflict.then_some(Cow::Borrowed("edited edited-waits")),
        summary.conflict.then_some(Cow::Borrowed("to decide")),
        own(entry.id()),
        own(said.clone()),
        own(said),
    ];
    for mark in summary.marks {
        let (class, colour) = lamp(mark);
        values.extend([plain(class), own(colour)]);
    }
    values.extend([
        own(percentage(summary.percent)),
        plain(if over { "spent spent-over" } else { "spent" }),
        unstated,
        own(money(summary.cost)),
        own(format!(" / {}", money(summary.budget))),
        over.then_some(Cow::Borrowed("over")),
        summary.updated.map(|moment| Cow::Owned(moment.to_string())),
        summary.updated.is_none().then_some(Cow::Borrowed("The file does not say when.")),
        own(summary.updated.map_or_else(|| UNKNOWN.to_owned(), |moment| relative(moment, circumstances.now))),
    ]);
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::Session;

    fn places(tag: &Tag) -> usize {
        tag.values.len() + tag.inside.iter().map(places).sum::<usize>()
    }

    #[test]
    fn a_row_has_a_value_for_every_place() {
        let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#;
        let entry =
            Entry::of_file("a".into(), "a.json".into(), &Session::parse(text).unwrap(), Timestamp::from_unix(0));
        let circumstances = Circumstances { now: Timestamp::from_unix(0), policy: Policy::default(), why: None };
        let rows = [
            Row::Session { entry: std::sync::Arc::new(entry), nested: false },
            Row::Episode { number: 1, sessions: 2 },
        ];
        for (at, item) in rows.iter().enumerate() {
            let (pattern, values) = row(at, item, |_| false, &circumstances);
            assert_eq!((pattern, values.len()), (at, places(&PATTERNS[at])));
        }
    }
}
