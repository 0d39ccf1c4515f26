//! What happened: the local changes, any of which can be stepped back to, and the file's own history.
use super::button::{Button, Weight};
use super::diff_view::{DiffView, Tally, TextDiff};
use super::facts::TextOr;
use super::icon::{Glyph, Icon};
use super::moment::Ago;
use super::session_signals::SessionSignals;
use super::state_chip::at_work;
use super::virtual_rows::VirtualRows;
use crate::format::{count, money, title_case};
use crate::session_address::At;
use crate::store::workspace::use_workspace;
use callboard_core::{HistoryEntry, Timestamp};
use callboard_workspace::{Entry, Version, VersionId};
use leptos::prelude::*;
use std::collections::HashSet;

/// How high an entry is, in pixels.
const ROW: f64 = 44.0;

/// The tab of what happened.
#[component]
pub fn History(
    /// The session.
    session: SessionSignals,
    /// Where the page is.
    at: Memo<At>,
) -> impl IntoView {
    view! {
        <div class="history">
            <LocalChanges session/>
            <Told session at/>
        </div>
    }
}

/// The standing of a version beside the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Standing {
    /// It was undone, and redo leads to it.
    Undone,
    /// It is shown.
    Current,
    /// The current one was made from it.
    Done,
    /// Another change replaced it after it was undone.
    Replaced,
}

/// A version in the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Row {
    id: VersionId,
    label: String,
    /// The second of the step that led to it; none for a text that came from outside.
    at: Option<i64>,
}

/// The versions of a session, the newest first, as in the file's own history below.
fn versions(entry: &Entry) -> (Vec<Row>, Vec<Row>) {
    let record = entry.record();
    let row = |version: &Version| {
        let label = if version.label.is_empty() { "The file as it was loaded" } else { &version.label };
        Row { id: version.id, label: label.to_owned(), at: version.parent.map(|_| version.at.unix()) }
    };
    let undone: Vec<&Version> =
        record.ancestors(record.tip).take_while(|version| version.id != record.current).collect();
    let line: Vec<&Version> = undone.into_iter().chain(record.ancestors(record.current)).collect();
    let on_line: HashSet<VersionId> = line.iter().map(|version| version.id).collect();
    let replaced = record.versions.iter().rev().filter(|version| !on_line.contains(&version.id));
    (line.into_iter().map(row).collect(), replaced.map(row).collect())
}

/// The standing of a version.
fn standing(entry: &Entry, version: VersionId) -> Standing {
    let record = entry.record();
    if version == record.current {
        Standing::Current
    } else if record.is_ancestor(version, record.current) {
        Standing::Done
    } else if record.is_ancestor(version, record.tip) {
        Standing::Undone
    } else {
        Standing::Replaced
    }
}

#[component]
fn LocalChanges(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let versions = session.part_of_entry(versions);
    let is_empty = session.part_of_entry(|entry| entry.record().versions.len() < 2);
    let has_replaced = Memo::new(move |_| versions.with(|(_, replaced)| !replaced.is_empty()));
    let is_changed = session.part_of_entry(Entry::changed);
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
    let nothing = "Nothing yet. What you apply is listed here, and you can step back to any of it.";
    view! {
        <section aria-labelledby="local-title">
            <div class="section-head">
                <h3 id="local-title" class="section-title">"Changed here"</h3>
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
                    <summary>"The lines that differ from the file"</summary>
                    <DiffView diff label="Lines changed here"/>
                </details>
            })}
        </section>
    }
}

fn step(session: SessionSignals, row: Row) -> impl IntoView {
    let workspace = use_workspace();
    let Row { id, label, at } = row;
    let standing = session.part_of_entry(move |entry| standing(entry, id));
    let (is_here, is_undone) =
        (move || standing.get() == Standing::Current, move || standing.get() == Standing::Undone);
    let way = move || {
        (!is_here()).then(|| {
            let label = match (standing.get(), at) {
                (Standing::Undone, _) => "Redo to here",
                (Standing::Done, None) => "Undo all",
                (Standing::Done, Some(_)) => "Undo to here",
                (Standing::Current | Standing::Replaced, _) => "Restore",
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
            <span class="muted nowrap">{at.map(|at| view! { <Ago moment=Some(Timestamp::from_unix(at))/> })}</span>
            {way}
        </li>
    }
}

#[component]
fn Told(
    /// The session.
    session: SessionSignals,
    /// Where the page is.
    at: Memo<At>,
) -> impl IntoView {
    let history = session.large_part(|entry| entry.session().history());
    let number = Memo::new(move |_| history.with(|history| history.len()));
    let is_empty = Memo::new(move |_| number.get() == 0);
    let draw = move |row: usize| {
        history.with(|history| {
            let entry = history.len().checked_sub(row + 1).and_then(|place| history.get(place));
            entry.map_or_else(|| ().into_any(), |entry| told(&session.id(), entry, at).into_any())
        })
    };
    view! {
        <section aria-labelledby="told-title">
            <div class="section-head">
                <h3 id="told-title" class="section-title">"In the file"</h3>
                <span class="muted">{move || count(number.get(), "entry", "entries")}</span>
            </div>
            {move || match is_empty.get() {
                true => view! {
                    <p class="muted">"This file keeps no history; the first event applied here begins one."</p>
                }
                .into_any(),
                false => view! {
                    <div class="told-list">
                        <VirtualRows
                            count=number
                            row=ROW
                            label="The file's history, newest first"
                            target=Signal::stored(None)
                            draw
                        />
                    </div>
                }
                .into_any(),
            }}
        </section>
    }
}

/// The icon and the colour of an entry: an agent at work wears its own stage's.
fn look(entry: &HistoryEntry) -> (Glyph, &'static str) {
    match entry.event.as_str() {
        "complete" => (Glyph::Complete, "complete"),
        "fail" | "quality_failure" => (Glyph::Failed, "failed"),
        "retry" | "resume" => (Glyph::Retry, "retry"),
        "skip" => (Glyph::Skipped, "skipped"),
        "start" | "progress" => match entry.agent {
            Some(agent) => (Glyph::of_state(agent.stage().state()), at_work(agent.stage())),
            None => (Glyph::Running, "initialized"),
        },
        _ => (Glyph::Initialized, "initialized"),
    }
}

fn told(id: &str, entry: &HistoryEntry, at: Memo<At>) -> impl IntoView + use<> {
    let (glyph, state) = look(entry);
    let line = entry.line;
    let id = id.to_owned();
    let href = move || at.get().at_line(line).href(&id);
    let event = if entry.event.is_empty() { "unnamed".to_owned() } else { title_case(&entry.event) };
    let way = entry.from.clone().zip(entry.to.clone()).filter(|(from, to)| from != to);
    let words = entry.error.clone().or_else(|| entry.reason.clone());
    let is_error = entry.error.is_some();
    view! {
        <div class="told">
            <span class="state told-event" data-state=state>
                <Icon glyph/>
                <span class="state-word"><bdi>{event}</bdi></span>
            </span>
            <span class="told-agent mono" translate="no">{entry.agent.map_or("", callboard_core::Agent::name)}</span>
            <span class="told-way muted">
                {way.map(|(from, to)| view! { <bdi>{from}</bdi>" \u{2192} "<bdi>{to}</bdi> })}
            </span>
            <span class="told-figures muted">
                {entry.attempt.filter(|attempt| *attempt > 1).map(|attempt| format!("attempt {attempt}"))}
                " "
                {entry.cost.map(|cost| money(Some(cost)))}
            </span>
            <span class="told-words" class:told-error=is_error>
                {words.map(|words| {
                    // A row shows a line; the whole text is one step away.
                    let short: String = words.chars().take(300).collect();
                    view! { <TextOr text=Some(short) missing=""/> }
                })}
            </span>
            <a class="told-line mono muted" translate="no" href=href>"line "{line}</a>
            <span class="told-when muted nowrap"><Ago moment=entry.at/></span>
        </div>
    }
}
