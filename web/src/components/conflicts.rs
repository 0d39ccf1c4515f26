//! The conflicts of a session: the source of each version, its differences, and the ways to resolve it.
use super::button::Button;
use super::diff_view::{DiffView, Tally, TextDiff};
use super::icon::{Glyph, Icon};
use super::session_signals::{SessionSignals, is_same_text};
use crate::store::workspace::use_workspace;
use callboard_core::{Conflict as ValueConflict, MergeSide};
use callboard_workspace::plan::{Resolution, merge_with};
use callboard_workspace::{Entry, Incoming, Source};
use leptos::prelude::*;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The labels of a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ConflictLabels {
    /// The title.
    title: &'static str,
    /// One sentence about the conflict.
    message: &'static str,
    /// The label of the button that accepts the incoming version.
    take: &'static str,
    /// The accessible name of the diff.
    diff_label: &'static str,
}

fn labels(source: Source, is_on_disk: bool) -> ConflictLabels {
    let of_file = |message| ConflictLabels {
        title: "Conflict with the file",
        message,
        take: "Use the file",
        diff_label: "From your version to the file's",
    };
    match source {
        Source::File if is_on_disk => {
            of_file("This file changed on disk while you had edits here. You see your version.")
        }
        Source::File => of_file(
            "A different version of this session was imported. You see the current one; the imported one may exist only here.",
        ),
        Source::Backup => ConflictLabels {
            title: "Conflict with a backup",
            message: "The backup has a different version of this session. You see the current one.",
            take: "Use the backup",
            diff_label: "From your version to the backup's",
        },
        Source::Tab => ConflictLabels {
            title: "Conflict with another tab",
            message: "Another tab changed this session while your changes could not be saved. You see \
                   your version.",
            take: "Use the other tab",
            diff_label: "From your version to the other tab's",
        },
    }
}

/// The identity of a conflict: its text.
#[derive(Clone, Debug)]
struct ConflictKey(Arc<str>);

impl PartialEq for ConflictKey {
    fn eq(&self, other: &Self) -> bool {
        is_same_text(&self.0, &other.0)
    }
}

impl Eq for ConflictKey {}

impl Hash for ConflictKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The texts are large and few, so their length suffices.
        self.0.len().hash(state);
    }
}

/// Shows a notice for each conflict, oldest first.
#[component]
pub fn Conflicts(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let keys = session.entry_part(|entry| {
        entry.record().conflicts().map(|conflict| ConflictKey(conflict.text.clone())).collect::<Vec<_>>()
    });
    view! { <For each=move || keys.get() key=Clone::clone children=move |ConflictKey(text)| view! { <Conflict session text/> }/> }
}

/// The content of a notice.
#[derive(Clone, Debug, PartialEq)]
struct ConflictNotice {
    source: Source,
    /// True if the session's file contains the incoming text.
    is_on_disk: bool,
    /// The paths of the incoming text and of the session's file, if they differ.
    paths: Option<(String, String)>,
    cautions: String,
    /// True if both versions can be merged.
    can_be_merged: bool,
    /// The values that both versions changed.
    values: Vec<ValueConflict>,
}

impl ConflictNotice {
    fn of(entry: &Entry, incoming: &Incoming) -> Self {
        let path = incoming.path.clone();
        let both = merge_with(entry, incoming, &[]);
        let cautions = match &both {
            None => String::new(),
            Some(Ok(merged)) => {
                let cautions = merged.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str());
                cautions.collect::<Vec<_>>().join(" ")
            }
            Some(Err(error)) => format!("The versions cannot be merged: {error}"),
        };
        let can_be_merged = both.as_ref().is_some_and(Result::is_ok);
        let values = both.and_then(Result::ok).map(|merged| merged.conflicts).unwrap_or_default();
        Self {
            source: incoming.source,
            is_on_disk: entry.record().is_on_disk(incoming),
            paths: (!entry.record().is_at(&path)).then(|| (path, entry.path().to_owned())),
            cautions,
            can_be_merged,
            values,
        }
    }

    fn labels(&self) -> ConflictLabels {
        labels(self.source, self.is_on_disk)
    }
}

#[component]
fn Conflict(
    /// The session.
    session: SessionSignals,
    /// The incoming text.
    text: Arc<str>,
) -> impl IntoView {
    let workspace = use_workspace();
    let notice = {
        let text = text.clone();
        Memo::new(move |before: Option<&Option<ConflictNotice>>| {
            session.entry.with(|entry| {
                let conflict = entry.record().conflicts().find(|conflict| is_same_text(&conflict.text, &text));
                // A resolved conflict keeps its content until it is removed.
                conflict.map(|conflict| ConflictNotice::of(entry, conflict)).or_else(|| before.cloned().flatten())
            })
        })
    };
    let diff = {
        let text = text.clone();
        Memo::new(move |_| session.text.with(|entry| TextDiff::between(entry.text(), &text, 2)))
    };
    let label = Memo::new(move |_| notice.with(|notice| notice.as_ref().map(ConflictNotice::labels)));
    let label =
        move |read: fn(&ConflictLabels) -> &'static str| move || label.with(|labels| labels.as_ref().map_or("", read));
    let (title, message, take, diff_label) = (
        label(|labels| labels.title),
        label(|labels| labels.message),
        label(|labels| labels.take),
        label(|labels| labels.diff_label),
    );
    let paths = move || {
        let paths = notice.with(|notice| notice.as_ref()?.paths.clone());
        paths.map(|(path, own)| view! {
            " The other version was imported from " <bdi class="mono break" translate="no">{path}</bdi> "; this session's file is "
            <bdi class="mono break" translate="no">{own}</bdi> ". Using the other version also changes the path."
        })
    };
    let cautions = move || {
        let labels = notice.with(|notice| notice.as_ref().map(|notice| notice.cautions.clone()));
        labels.filter(|labels| !labels.is_empty()).map(|labels| view! { " " <bdi>{labels}</bdi> })
    };
    let can_be_merged = Memo::new(move |_| notice.with(|notice| notice.as_ref().is_some_and(|it| it.can_be_merged)));
    let text = StoredValue::new(text);
    let resolve = move |resolution: Resolution| workspace.resolve(&session.id(), text.get_value(), resolution);
    let values =
        Memo::new(move |_| notice.with(|notice| notice.as_ref().map_or_else(Vec::new, |it| it.values.clone())));
    let chosen = RwSignal::new(HashMap::<String, MergeSide>::new());
    let merge = move || resolve(Resolution::Merge(chosen.get_untracked().into_iter().collect()));
    view! {
        <section class="notice notice-loud" aria-label=title>
            <div class="notice-head">
                <Icon glyph=Glyph::Warning/>
                <p>
                    {message}
                    {paths}
                    {cautions}
                </p>
                <Button label="Keep mine" on_press=move || resolve(Resolution::KeepCurrent)/>
                {move || view! { <Button label=take() on_press=move || resolve(Resolution::TakeIncoming)/> }}
                {move || can_be_merged.get().then(|| view! { <Button label="Merge both" on_press=merge/> })}
            </div>
            <Show when=move || values.with(|values| !values.is_empty())>
                <ConflictedValues values chosen source=Signal::derive(move || notice.with(|it| it.as_ref().map(|it| it.source)))/>
            </Show>
            <details class="fold">
                <summary>
                    "Compare versions "
                    {move || {
                        let (added, removed) = diff.with(TextDiff::tally);
                        view! { <Tally added removed/> }
                    }}
                </summary>
                <DiffView
                    diff
                    label=Signal::derive(move || diff_label().to_owned())
                />
            </details>
        </section>
    }
}

/// The values that both versions changed, with the choice between the two.
#[component]
fn ConflictedValues(
    /// The values.
    values: Memo<Vec<ValueConflict>>,
    /// The sides chosen so far, by path; ours where none is chosen.
    chosen: RwSignal<HashMap<String, MergeSide>>,
    /// The source of the other version.
    source: Signal<Option<Source>>,
) -> impl IntoView {
    let theirs = move || match source.get() {
        Some(Source::Backup) => "Backup",
        Some(Source::Tab) => "Other tab",
        Some(Source::File) | None => "File",
    };
    view! {
        <div class="conflict-values">
            <p>"Both versions changed these values. Choose one for each, then select Merge both."</p>
            <For each=move || values.get() key=|value| (value.path.clone(), value.ours.clone(), value.theirs.clone()) let:value>
                <ConflictedValue value chosen theirs=Signal::derive(theirs)/>
            </For>
        </div>
    }
}

/// One value that both versions changed.
#[component]
fn ConflictedValue(
    /// The value.
    value: ValueConflict,
    /// The sides chosen so far.
    chosen: RwSignal<HashMap<String, MergeSide>>,
    /// The name of the other version.
    theirs: Signal<&'static str>,
) -> impl IntoView {
    let ValueConflict { path, base, ours, theirs: their_value } = value;
    let side = {
        let path = path.clone();
        move || chosen.with(|chosen| chosen.get(&path).copied().unwrap_or(MergeSide::Ours))
    };
    let choice = |value: MergeSide, name: Signal<&'static str>, text: Option<String>| {
        let (group, path) = (format!("conflict-{path}"), path.clone());
        let side = side.clone();
        view! {
            <label class="conflict-choice">
                <input
                    type="radio"
                    name=group
                    prop:checked=move || side() == value
                    on:change=move |_| chosen.update(|chosen| {
                        chosen.insert(path.clone(), value);
                    })
                />
                <span class="conflict-side">{move || name.get()}</span>
                {shown_value(text)}
            </label>
        }
    };
    let before = base.map_or_else(|| "none".to_owned(), |base| shortened(&base));
    view! {
        <fieldset class="conflict-value">
            <legend>
                <bdi class="mono break" translate="no">{path.clone()}</bdi>
                <span class="muted">" before: " <bdi class="mono break" translate="no">{before}</bdi></span>
            </legend>
            {choice(MergeSide::Ours, Signal::derive(|| "Mine"), ours)}
            {choice(MergeSide::Theirs, theirs, their_value)}
        </fieldset>
    }
}

/// The JSON text of a value, or that there is none.
fn shown_value(text: Option<String>) -> AnyView {
    match text {
        Some(text) => view! { <bdi class="mono break" translate="no">{shortened(&text)}</bdi> }.into_any(),
        None => view! { <span class="muted">"removed"</span> }.into_any(),
    }
}

/// Shortens a JSON text to what fits in a row: the diff below has all of it.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 160;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['\u{2026}']).collect()
}
