//! What happened: the local changes, any of which can be stepped back to, and the file's own history.
use super::button::{Button, Weight};
use super::diff_view::{DiffView, Tally};
use super::facts::TextOr;
use super::icon::{Glyph, Icon};
use super::moment::Ago;
use super::state_chip::at_work;
use super::virtual_rows::VirtualRows;
use crate::format::{count, money, title_case};
use crate::pages::session_address::At;
use crate::store::edit::Edit;
use crate::store::entry::Entry;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::HistoryEntry;
use leptos::prelude::*;

/// How high an entry is, in pixels.
const ROW: f64 = 44.0;

/// The tab of what happened.
#[component]
pub fn History(
    /// The session.
    entry: Same<Entry>,
    /// Where the page is.
    at: Memo<At>,
) -> impl IntoView {
    view! {
        <div class="history">
            <LocalChanges entry=entry.clone()/>
            <Told entry at/>
        </div>
    }
}

#[component]
fn LocalChanges(
    /// The session.
    entry: Same<Entry>,
) -> impl IntoView {
    let record = entry.record();
    if record.edits.is_empty() {
        return view! {
            <section aria-labelledby="local-title">
                <h3 id="local-title" class="section-title">"Changed here"</h3>
                <p class="muted">"Nothing yet. What you apply is listed here, and you can step back to any of it."</p>
            </section>
        }
        .into_any();
    }
    let done = record.done;
    let id = entry.id().to_owned();
    // The newest first, as in the file's own history below; what was undone stands above and can come back.
    let steps = record.edits.iter().enumerate().rev().map(|(at, edit)| step(&id, edit, at + 1, done)).collect_view();
    let start = first_step(&id, done);
    let diff = entry.diff(2);
    let (added, removed) = (diff.added, diff.removed);
    let old = record.disk.clone();
    let changed = entry.changed();
    view! {
        <section aria-labelledby="local-title">
            <div class="section-head">
                <h3 id="local-title" class="section-title">"Changed here"</h3>
                {changed.then(|| view! { <Tally added removed/> })}
            </div>
            <ol class="steps">{steps}{start}</ol>
            {changed.then(|| view! {
                <details class="fold" open>
                    <summary>"The lines that differ from the file"</summary>
                    <DiffView diff old label="Lines changed here"/>
                </details>
            })}
        </section>
    }
    .into_any()
}

fn step(id: &str, edit: &Edit, number: usize, done: usize) -> impl IntoView + use<> {
    let workspace = use_workspace();
    let (here, undone) = (number == done, number > done);
    let id = id.to_owned();
    let way = (!here).then(|| {
        let label = if undone { "Make it again, up to here" } else { "Back to here" };
        view! { <Button label weight=Weight::Quiet on_press=move || workspace.step_to(&id, number)/> }
    });
    view! {
        <li class="step" class:step-here=here class:step-undone=undone aria-current=here.then_some("step")>
            <span class="step-mark" aria-hidden="true"></span>
            <span class="step-words">
                <bdi>{edit.sentence.clone()}</bdi>
                {undone.then(|| view! { <span class="sr-only">" (undone)"</span> })}
            </span>
            <span class="muted nowrap"><Ago moment=Some(edit.made)/></span>
            {way}
        </li>
    }
}

/// The file as it came.
fn first_step(id: &str, done: usize) -> impl IntoView + use<> {
    let workspace = use_workspace();
    let id = id.to_owned();
    let here = done == 0;
    let way = (!here).then(|| {
        view! { <Button label="Back to the start" weight=Weight::Quiet on_press=move || workspace.step_to(&id, 0)/> }
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
    entry: Same<Entry>,
    /// Where the page is.
    at: Memo<At>,
) -> impl IntoView {
    let history = entry.session().history();
    let number = history.len();
    let id = entry.id().to_owned();
    let list = (number > 0).then(|| {
        let history = StoredValue::new(history);
        view! {
            <VirtualRows
                count=number
                row=ROW
                label="The file's history, newest first"
                target=Signal::stored(None)
                draw=move |row| history.with_value(|history| match history.get(number - 1 - row) {
                    Some(entry) => told(&id, entry, at).into_any(),
                    None => ().into_any(),
                })
            />
        }
    });
    view! {
        <section aria-labelledby="told-title">
            <div class="section-head">
                <h3 id="told-title" class="section-title">"In the file"</h3>
                <span class="muted">{count(number, "entry", "entries")}</span>
            </div>
            {list.map_or_else(
                || view! { <p class="muted">"This file keeps no history; the first event applied here begins one."</p> }.into_any(),
                |list| view! { <div class="told-list">{list}</div> }.into_any(),
            )}
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
