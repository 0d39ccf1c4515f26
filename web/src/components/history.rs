//! What happened: the local changes, any of which can be stepped back to, and the file's own history.
use super::button::{Button, Weight};
use super::diff_view::{DiffView, Tally, tally};
use super::icon::Glyph;
use super::moment::Ago;
use super::state_chip::at_work;
use super::virtual_list::{Holder, VirtualList};
use crate::format::{count, money, title_case};
use crate::pages::session_address::At;
use crate::platform::row_template::Slot::{Attribute, Content, Text};
use crate::platform::row_template::{Node, Row, icon_node, node};
use crate::store::edit::Edit;
use crate::store::entry::Entry;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::{HistoryEntry, Timestamp};
use leptos::prelude::*;
use std::borrow::Cow;
use std::ops::Range;

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
            <InFile entry at/>
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
    let lines = entry.diff();
    let (added, removed) = tally(&lines);
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
                    <DiffView lines label="Lines changed here"/>
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
fn InFile(
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
        let shown = move |range: Range<usize>| {
            let at = at.get();
            let told = |row: usize| {
                history
                    .with_value(|history| Some(HistoryRow::of(history.get((number - 1).checked_sub(row)?)?, &id, &at)))
            };
            range.filter_map(told).collect()
        };
        view! {
            <div class="virtual" data-scroller role="region" aria-label="The file's history, newest first" tabindex="0">
                <VirtualList holder=Holder::Lines count=number rows=shown/>
            </div>
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
    /// The states before and after it, where they differ.
    change: Option<(String, String)>,
    /// Number of the attempt, from the second on, and its cost.
    figures: String,
    /// The beginning of its error or its reason.
    words: Option<String>,
    is_error: bool,
    at: Option<Timestamp>,
}

impl HistoryRow {
    fn of(entry: &HistoryEntry, id: &str, at: &At) -> Self {
        let (glyph, state) = look(entry);
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
            // A row shows a line; the whole text is one step away.
            words: words.map(|words| words.chars().take(300).collect()),
            is_error: entry.error.is_some(),
            at: entry.at,
        }
    }
}

impl Row for HistoryRow {
    const TEMPLATE: Node<Self> = node!("div" ("class" = "told") {
        node!("span" ("class" = "state told-event")
            [Attribute("data-state", |row| Some(row.state.into()))]
            {
                icon_node!(|row| Some(row.glyph.path().into())),
                node!("span" ("class" = "state-word") { node!("bdi" [Text(|row| row.event.as_str().into())]) }),
            }
        ),
        node!("span" ("class" = "told-agent mono", "translate" = "no") [Text(|row| row.agent.into())]),
        node!("span" ("class" = "told-way muted") [Content(|row| {
            let change = row.change.clone();
            change.map(|(from, to)| view! { <bdi>{from}</bdi>" \u{2192} "<bdi>{to}</bdi> }).into_any()
        })]),
        node!("span" ("class" = "told-figures muted") [Text(|row| row.figures.as_str().into())]),
        node!("span"
            [
                Attribute("class", |row| Some(if row.is_error { "told-words told-error" } else { "told-words" }.into())),
                // Isolated: a text that runs from right to left turns nothing around it.
                Content(|row| row.words.clone().map(|words| view! { <bdi>{words}</bdi> }).into_any()),
            ]
        ),
        node!("a" ("class" = "told-line mono muted", "translate" = "no") [
            Attribute("href", |row| Some(row.href.as_str().into())),
            Text(|row| format!("line {}", row.line).into()),
        ]),
        node!("span" ("class" = "told-when muted nowrap") [Content(|row| view! { <Ago moment=row.at/> }.into_any())]),
    });

    fn key(&self) -> Cow<'_, str> {
        self.line.to_string().into()
    }
}
