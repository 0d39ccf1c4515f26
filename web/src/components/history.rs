//! What happened: the local changes, any of which can be stepped back to, and the file's own history.
use super::button::{Button, Weight};
use super::diff_view::{DiffView, Tally, tally};
use super::facts::TextOr;
use super::icon::{Glyph, Icon};
use super::moment::Ago;
use super::state_chip::at_work;
use super::virtual_rows::VirtualRows;
use crate::format::{count, money, title_case};
use crate::pages::session_address::At;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::HistoryEntry;
use callboard_workspace::Entry;
use callboard_workspace::{Version, VersionId};
use leptos::prelude::*;
use std::collections::HashSet;

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
    if record.versions.len() < 2 {
        return view! {
            <section aria-labelledby="local-title">
                <h3 id="local-title" class="section-title">"Changed here"</h3>
                <p class="muted">"Nothing yet. What you apply is listed here, and you can step back to any of it."</p>
            </section>
        }
        .into_any();
    }
    let id = entry.id().to_owned();
    // The newest first, as in the file's own history below. What was undone stands above and can come back.
    let undone: Vec<&Version> =
        record.ancestors(record.tip).take_while(|version| version.id != record.current).collect();
    let done: Vec<&Version> = record.ancestors(record.current).collect();
    let on_line: HashSet<VersionId> = undone.iter().chain(&done).map(|version| version.id).collect();
    let steps = undone.iter().map(|version| step(&id, version, Standing::Undone));
    let steps = steps.chain(
        done.iter()
            .enumerate()
            .map(|(at, version)| step(&id, version, if at == 0 { Standing::Current } else { Standing::Done })),
    );
    let steps = steps.collect_view();
    let others: Vec<_> = record.versions.iter().rev().filter(|version| !on_line.contains(&version.id)).collect();
    let others = (!others.is_empty()).then(|| {
        let steps = others.into_iter().map(|version| step(&id, version, Standing::Other)).collect_view();
        view! {
            <details class="fold">
                <summary>"Replaced versions"</summary>
                <ol class="steps">{steps}</ol>
            </details>
        }
    });
    let lines = entry.diff();
    let (added, removed) = tally(&lines);
    let changed = entry.changed();
    view! {
        <section aria-labelledby="local-title">
            <div class="section-head">
                <h3 id="local-title" class="section-title">"Changed here"</h3>
                {changed.then(|| view! { <Tally added removed/> })}
            </div>
            <ol class="steps">{steps}</ol>
            {others}
            {changed.then(|| view! {
                <details class="fold" open>
                    <summary>"The lines that differ from the file"</summary>
                    <DiffView lines label="Lines changed here"/>
                </details>
            })}
        </section>
    }
    .into_any()
}

/// The standing of a version beside the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// It was undone, and redo leads to it.
    Undone,
    /// It is shown.
    Current,
    /// The current one was made from it.
    Done,
    /// Another change replaced it after it was undone.
    Other,
}

fn step(id: &str, version: &Version, standing: Standing) -> impl IntoView + use<> {
    let workspace = use_workspace();
    let (here, undone) = (standing == Standing::Current, standing == Standing::Undone);
    let (id, target) = (id.to_owned(), version.id);
    let label = match (standing, version.parent) {
        (Standing::Undone, _) => "Redo to here",
        (Standing::Done, None) => "Undo all",
        (Standing::Done, Some(_)) => "Undo to here",
        (Standing::Current | Standing::Other, _) => "Restore",
    };
    let way = (!here).then(|| {
        view! { <Button label weight=Weight::Quiet on_press=move || workspace.go_to(&id, target)/> }
    });
    let words = if version.label.is_empty() { "The file as it was loaded".to_owned() } else { version.label.clone() };
    view! {
        <li class="step" class:step-here=here class:step-undone=undone aria-current=here.then_some("step")>
            <span class="step-mark" aria-hidden="true"></span>
            <span class="step-words">
                <bdi>{words}</bdi>
                {undone.then(|| view! { <span class="sr-only">" (undone)"</span> })}
            </span>
            <span class="muted nowrap">{version.parent.map(|_| view! { <Ago moment=Some(version.at)/> })}</span>
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
