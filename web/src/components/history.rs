//! The history of a session: local versions, which can be restored, and the file's own entries.
use super::button::{Button, Weight};
use super::diff_view::{DiffView, Tally, TextDiff};
use super::icon::Glyph;
use super::session_signals::SessionSignals;
use super::state_chip::stage_colour;
use super::time::RelativeTime;
use super::virtual_list::{ListContainer, VirtualList};
use crate::format::{count, money, title_case};
use crate::platform::row_template::Slot::{Attribute, Content, Text};
use crate::platform::row_template::{Node, Row, icon_node, node};
use crate::session_address::SessionAddress;
use crate::store::workspace::use_workspace;
use callboard_core::{HistoryEntry, Timestamp};
use callboard_workspace::{Entry, Version, VersionId, VersionState};
use leptos::prelude::*;
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// The history tab.
#[component]
pub fn History(
    /// The session.
    session: SessionSignals,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    view! {
        <div class="history">
            <LocalChanges session/>
            <FileHistory session at/>
        </div>
    }
}

/// A version in the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct VersionRow {
    id: VersionId,
    label: String,
    /// The time of the step that led to it, in seconds; `None` for imported text.
    at: Option<i64>,
}

/// Returns a session's versions, newest first: those on the undo line, and the replaced ones.
fn versions(entry: &Entry) -> (Vec<VersionRow>, Vec<VersionRow>) {
    let record = entry.record();
    let row = |version: &Version| {
        let label = if version.label.is_empty() { "Loaded file" } else { &version.label };
        VersionRow { id: version.id, label: label.to_owned(), at: version.parent.map(|_| version.at.unix()) }
    };
    let undone: Vec<&Version> =
        record.ancestors(record.tip).take_while(|version| version.id != record.current).collect();
    let line: Vec<&Version> = undone.into_iter().chain(record.ancestors(record.current)).collect();
    let on_line: HashSet<VersionId> = line.iter().map(|version| version.id).collect();
    let replaced = record.versions.iter().rev().filter(|version| !on_line.contains(&version.id));
    (line.into_iter().map(row).collect(), replaced.map(row).collect())
}

#[component]
fn LocalChanges(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let versions = session.entry_part(versions);
    let is_empty = session.entry_part(|entry| entry.record().versions.len() < 2);
    let has_replaced = Memo::new(move |_| versions.with(|(_, replaced)| !replaced.is_empty()));
    let is_changed = session.entry_part(Entry::changed);
    let diff = Memo::new(move |_| session.entry.with(|entry| TextDiff::of_session(entry, 2)));
    let tally = Memo::new(move |_| diff.with(TextDiff::tally));
    let list = move || {
        view! {
            <ol class="steps">
                <For
                    each=move || versions.with(|(line, _)| line.clone())
                    key=Clone::clone
                    children=move |row| step(session, row)
                />
            </ol>
            {move || has_replaced.get().then(|| view! {
                <details class="fold">
                    <summary>"Replaced versions"</summary>
                    <ol class="steps">
                        <For
                            each=move || versions.with(|(_, replaced)| replaced.clone())
                            key=Clone::clone
                            children=move |row| step(session, row)
                        />
                    </ol>
                </details>
            })}
        }
    };
    let nothing = "No local changes yet. Each change you apply is listed here and can be undone.";
    view! {
        <section aria-labelledby="local-title">
            <div class="section-head">
                <h3 id="local-title" class="section-title">"Local changes"</h3>
                {move || is_changed.get().then(|| {
                    let (added, removed) = tally.get();
                    view! { <Tally added removed/> }
                })}
            </div>
            {move || match is_empty.get() {
                true => view! { <p class="muted">{nothing}</p> }.into_any(),
                false => list().into_any(),
            }}
            {move || is_changed.get().then(|| view! {
                <details class="fold" open>
                    <summary>"Changed lines"</summary>
                    <DiffView diff label="Lines changed locally"/>
                </details>
            })}
        </section>
    }
}

fn step(session: SessionSignals, row: VersionRow) -> impl IntoView {
    let workspace = use_workspace();
    let VersionRow { id, label, at } = row;
    let version_state = session.entry_part(move |entry| entry.record().state_of(id));
    let (is_here, is_undone) =
        (move || version_state.get() == VersionState::Current, move || version_state.get() == VersionState::Undone);
    let button = move || {
        (!is_here()).then(|| {
            let label = match (version_state.get(), at) {
                (VersionState::Undone, _) => "Redo to here",
                (VersionState::Done, None) => "Undo all",
                (VersionState::Done, Some(_)) => "Undo to here",
                (VersionState::Current | VersionState::Replaced, _) => "Restore",
            };
            view! { <Button label weight=Weight::Quiet on_press=move || workspace.go_to(&session.id(), id)/> }
        })
    };
    view! {
        <li
            class="step"
            class:step-here=is_here
            class:step-undone=is_undone
            aria-current=move || is_here().then_some("step")
        >
            <span class="step-mark" aria-hidden="true"></span>
            <span class="step-words">
                <bdi>{label}</bdi>
                {move || is_undone().then(|| view! { <span class="sr-only">" (undone)"</span> })}
            </span>
            <span class="muted nowrap">{at.map(|at| view! { <RelativeTime moment=Some(Timestamp::from_unix(at))/> })}</span>
            {button}
        </li>
    }
}

#[component]
fn FileHistory(
    /// The session.
    session: SessionSignals,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    let history = session.large_part(|entry| entry.session().history());
    let number = Memo::new(move |_| history.with(|history| history.len()));
    let is_empty = Memo::new(move |_| number.get() == 0);
    let shown = move |range: Range<usize>| {
        let (id, at) = (session.id(), at.get());
        history.with(|history| {
            let row = |row: usize| Some(HistoryRow::of(history.get(history.len().checked_sub(row + 1)?)?, &id, &at));
            range.filter_map(row).collect()
        })
    };
    view! {
        <section aria-labelledby="told-title">
            <div class="section-head">
                <h3 id="told-title" class="section-title">"File history"</h3>
                <span class="muted">{move || count(number.get(), "entry", "entries")}</span>
            </div>
            {move || match is_empty.get() {
                true => view! {
                    <p class="muted">"This file has no history. The first event you apply starts one."</p>
                }
                .into_any(),
                false => view! {
                    <div class="history-list">
                        <div class="virtual" data-scroller role="region" aria-label="The file's history, newest first" tabindex="0">
                            <VirtualList container=ListContainer::Lines count=number rows=shown/>
                        </div>
                    </div>
                }
                .into_any(),
            }}
        </section>
    }
}

/// Returns the icon and colour of an entry; a running agent has its stage's.
fn entry_style(entry: &HistoryEntry) -> (Glyph, &'static str) {
    match entry.event.as_str() {
        "complete" => (Glyph::Complete, "complete"),
        "fail" | "quality_failure" => (Glyph::Failed, "failed"),
        "retry" | "resume" => (Glyph::Retry, "retry"),
        "skip" => (Glyph::Skipped, "skipped"),
        "start" | "progress" => match entry.agent {
            Some(agent) => (Glyph::of_state(agent.stage().state()), stage_colour(agent.stage())),
            None => (Glyph::Running, "initialized"),
        },
        _ => (Glyph::Initialized, "initialized"),
    }
}

/// An entry of the file's history.
#[derive(Debug, PartialEq)]
struct HistoryRow {
    /// Line of the file, from 1.
    line: u32,
    /// Address of that line.
    href: String,
    event: String,
    glyph: Glyph,
    state: &'static str,
    agent: &'static str,
    /// The states before and after, if they differ.
    change: Option<(String, String)>,
    /// The attempt's number, if not the first, and its cost.
    figures: String,
    /// The beginning of its error or reason.
    words: Option<String>,
    is_error: bool,
    at: Option<Timestamp>,
}

impl HistoryRow {
    fn of(entry: &HistoryEntry, id: &str, at: &SessionAddress) -> Self {
        let (glyph, state) = entry_style(entry);
        let words = entry.error.as_ref().or(entry.reason.as_ref());
        let attempt = entry.attempt.filter(|attempt| *attempt > 1).map(|attempt| format!("attempt {attempt}"));
        let cost = entry.cost.map(|cost| money(Some(cost)));
        Self {
            line: entry.line,
            href: at.at_line(entry.line).href(id),
            event: if entry.event.is_empty() { "unnamed".to_owned() } else { title_case(&entry.event) },
            glyph,
            state,
            agent: entry.agent.map_or("", callboard_core::Agent::name),
            change: entry.from.clone().zip(entry.to.clone()).filter(|(from, to)| from != to),
            figures: attempt.into_iter().chain(cost).collect::<Vec<_>>().join(" "),
            // The row shows one line; the JSON tab has the whole text.
            words: words.map(|words| words.chars().take(300).collect()),
            is_error: entry.error.is_some(),
            at: entry.at,
        }
    }
}

impl Row for HistoryRow {
    const TEMPLATE: Node<Self> = node!("div" ("class" = "history-row") {
        node!("span" ("class" = "state history-event")
            [Attribute("data-state", |row| Some(row.state.into()))]
            {
                icon_node!(|row| Some(row.glyph.path().into())),
                node!("span" ("class" = "state-word") { node!("bdi" [Text(|row| row.event.as_str().into())]) }),
            }
        ),
        node!("span" ("class" = "history-agent mono", "translate" = "no") [Text(|row| row.agent.into())]),
        node!("span" ("class" = "history-transition muted") [Content(|row| {
            let change = row.change.clone();
            change.map(|(from, to)| view! { <bdi>{from}</bdi>" \u{2192} "<bdi>{to}</bdi> }).into_any()
        })]),
        node!("span" ("class" = "history-figures muted") [Text(|row| row.figures.as_str().into())]),
        node!("span"
            [
                Attribute("class", |row| Some(if row.is_error { "history-text history-error" } else { "history-text" }.into())),
                // Isolated, so that right-to-left text does not affect its surroundings.
                Content(|row| row.words.clone().map(|words| view! { <bdi>{words}</bdi> }).into_any()),
            ]
        ),
        node!("a" ("class" = "history-line mono muted", "translate" = "no") [
            Attribute("href", |row| Some(row.href.as_str().into())),
            Text(|row| format!("line {}", row.line).into()),
        ]),
        node!("span" ("class" = "history-when muted nowrap") [Content(|row| view! { <RelativeTime moment=row.at/> }.into_any())]),
    });

    fn key(&self) -> Cow<'_, str> {
        self.line.to_string().into()
    }
}
