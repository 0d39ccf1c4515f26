//! What happened: the local changes, any of which can be stepped back to, and the file's own history.
use super::button::{Button, Weight};
use super::diff_view::{DiffView, Tally, changed_lines, tally};
use super::facts::TextOr;
use super::icon::{Glyph, Icon};
use super::moment::Ago;
use super::session_signals::SessionSignals;
use super::state_chip::at_work;
use super::virtual_rows::VirtualRows;
use crate::format::{count, money, title_case};
use crate::pages::session_address::At;
use crate::store::entry::Entry;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::{HistoryEntry, Timestamp};
use leptos::prelude::*;
use std::sync::Arc;

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

/// A local change in the list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Change {
    /// Its number, from 1.
    number: usize,
    sentence: String,
    /// The second in which it was made.
    made: i64,
}

/// The local changes, the newest first, as in the file's own history below; what was undone stands above and can come
/// back.
fn changes(entry: &Entry) -> Vec<Change> {
    let edits = entry.record().edits.iter().enumerate().rev();
    edits.map(|(at, edit)| Change { number: at + 1, sentence: edit.sentence.clone(), made: edit.made.unix() }).collect()
}

#[component]
fn LocalChanges(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let changes = session.part_of_entry(changes);
    let is_empty = Memo::new(move |_| changes.with(Vec::is_empty));
    let done = session.part_of_entry(|entry| entry.record().done);
    let is_changed = session.part_of_entry(Entry::changed);
    let lines = Memo::new(move |_| Same(Arc::new(session.entry.with(|entry| changed_lines(entry)))));
    let tally = Memo::new(move |_| lines.with(|lines| tally(lines)));
    let list = move || {
        view! {
            <ol class="steps">
                <For
                    each=move || changes.get()
                    key=Clone::clone
                    children=move |change| step(session, change, done)
                />
                {move || first_step(session, done.get())}
            </ol>
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
                    {move || view! { <DiffView lines=lines.with(|lines| (**lines).clone()) label="Lines changed here"/> }}
                </details>
            })}
        </section>
    }
}

fn step(session: SessionSignals, change: Change, done: Memo<usize>) -> impl IntoView {
    let workspace = use_workspace();
    let Change { number, sentence, made } = change;
    let place = Memo::new(move |_| number.cmp(&done.get()));
    let (is_here, is_undone) = (move || place.get().is_eq(), move || place.get().is_gt());
    let way = move || {
        (!is_here()).then(|| {
            let label = if is_undone() { "Make it again, up to here" } else { "Back to here" };
            let press = move || workspace.step_to(&session.id(), number);
            view! { <Button label weight=Weight::Quiet on_press=press/> }
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
                <bdi>{sentence}</bdi>
                {move || is_undone().then(|| view! { <span class="sr-only">" (undone)"</span> })}
            </span>
            <span class="muted nowrap"><Ago moment=Some(Timestamp::from_unix(made))/></span>
            {way}
        </li>
    }
}

/// The file as it came.
fn first_step(session: SessionSignals, done: usize) -> impl IntoView {
    let workspace = use_workspace();
    let here = done == 0;
    let way = (!here).then(|| {
        let press = move || workspace.step_to(&session.id(), 0);
        view! { <Button label="Back to the start" weight=Weight::Quiet on_press=press/> }
    });
    view! {
        <li class="step" class:step-here=here aria-current=here.then_some("step")>
            <span class="step-mark" aria-hidden="true"></span>
            <span class="step-words">"The file as it was dropped"</span>
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
