//! The undo history: the changes made here, over all sessions, each with its undo.
use super::button::{Button, IconButton, Weight};
use super::icon::Glyph;
use super::show_more::ShowMore;
use super::time::RelativeTime;
use crate::format::{count, session_title};
use crate::keys::use_panels;
use crate::platform::{dom, focus};
use crate::route::Route;
use crate::store::status::UndoAction;
use crate::store::workspace::use_workspace;
use callboard_core::Timestamp;
use callboard_workspace::{ChangeLog, LoggedChange, VersionId, VersionState};
use leptos::prelude::*;

/// Number of changes shown at first, and added by "Show more".
const STEP: usize = 50;

/// The panel, beside the page so that each undo is seen at once.
#[component]
pub fn ChangeHistory(
    /// True while it is shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if is {
            dom::focus_after_render("#history-panel h2");
        } else if was == Some(true) {
            focus::focus_if_lost("main h1, main");
        }
        is
    });
    move || open.get().then(|| view! { <OpenHistory open/> })
}

/// A change in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ChangeRow {
    id: String,
    title: String,
    version: VersionId,
    label: String,
    at: i64,
    state: VersionState,
    is_redo: bool,
}

impl ChangeRow {
    fn of(change: &LoggedChange) -> Self {
        Self {
            id: change.entry.id().to_owned(),
            title: session_title(change.entry.summary()),
            version: change.version.id,
            label: change.version.label.clone(),
            at: change.version.at.unix(),
            state: change.state,
            is_redo: change.is_redo,
        }
    }

    /// Returns the label of its button.
    fn action(&self) -> &'static str {
        match self.state {
            VersionState::Current => "Undo",
            VersionState::Done => "Undo to here",
            VersionState::Undone if self.is_redo => "Redo",
            VersionState::Undone => "Redo to here",
            VersionState::Replaced => "Restore",
        }
    }
}

#[component]
fn OpenHistory(
    /// True while the panel is shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    let workspace = use_workspace();
    let asked = RwSignal::new(STEP);
    let log = Memo::new(move |_| {
        let log = workspace.sessions.with(|sessions| ChangeLog::of(sessions.iter(), asked.get()));
        (log.changes.iter().map(ChangeRow::of).collect::<Vec<_>>(), log.total)
    });
    let total = Signal::derive(move || log.with(|(_, total)| *total));
    let is_empty = Memo::new(move |_| total.get() == 0);
    let list = move || {
        match is_empty.get() {
        true => view! {
            <p class="muted history-none">"No changes yet. Every change you make to a session is listed here and can be undone."</p>
        }
        .into_any(),
        false => view! {
            <ol class="changes-list">
                <For
                    each=move || log.with(|(rows, _)| rows.clone())
                    key=|row| (row.id.clone(), row.version)
                    children=move |row| change_row(row, log)
                />
            </ol>
            <ShowMore asked step=STEP total names=("change", "changes")/>
        }
        .into_any(),
    }
    };
    view! {
        <section class="side-panel" aria-labelledby="history-panel-title" id="history-panel">
            <div class="panel-head">
                <h2 id="history-panel-title" tabindex="-1">"Undo history"</h2>
                <span class="muted">{move || (!is_empty.get()).then(|| count(total.get(), "change", "changes"))}</span>
                <span class="spacer"></span>
                <IconButton label="Close undo history" glyph=Glyph::Close on_press=move || open.set(false)/>
            </div>
            <div class="side-panel-body" role="region" aria-label="Changes, newest first" tabindex="0">{list}</div>
        </section>
    }
}

/// A row, which stays the same element while its change is undone and redone, so that its button keeps the focus.
fn change_row(first: ChangeRow, log: Memo<(Vec<ChangeRow>, usize)>) -> impl IntoView {
    let workspace = use_workspace();
    let at = Timestamp::from_unix(first.at);
    let (label, title) = (first.label.clone(), first.title.clone());
    let href = Route::Session(first.id.clone()).href();
    let spoken = format!(", {title}: {label}");
    let row = Memo::new(move |_| {
        let is_same = |row: &&ChangeRow| row.id == first.id && row.version == first.version;
        log.with(|(rows, _)| rows.iter().find(is_same).cloned()).unwrap_or_else(|| first.clone())
    });
    let state = move || row.with(|row| row.state);
    let press = move |_| {
        let ChangeRow { id, version, state, is_redo, .. } = row.get_untracked();
        match state {
            VersionState::Current => workspace.undo_action(UndoAction::Version { id, version }),
            VersionState::Undone if is_redo => workspace.redo(&id),
            _ => workspace.go_to(&id, version),
        }
    };
    let word = move || match state() {
        VersionState::Undone => Some(view! { <span class="edited">"undone"</span> }),
        VersionState::Replaced => Some(view! { <span class="edited">"replaced"</span> }),
        VersionState::Current | VersionState::Done => None,
    };
    view! {
        <li
            class="change-row"
            class:change-undone=move || matches!(state(), VersionState::Undone | VersionState::Replaced)
        >
            <div class="change-words">
                <p class="change-label"><bdi>{label}</bdi></p>
                <p class="change-about muted">
                    <a href=href><bdi>{title}</bdi></a>
                    <span class="nowrap"><RelativeTime moment=Some(at)/></span>
                    {word}
                </p>
            </div>
            <button type="button" class="button button-quiet" on:click=press>
                <span>{move || row.with(ChangeRow::action)}</span>
                <span class="sr-only"><bdi>{spoken}</bdi></span>
            </button>
        </li>
    }
}

/// A button that opens the panel, while there is a change to show.
#[component]
pub fn OpenChangeHistory() -> impl IntoView {
    let (workspace, panels) = (use_workspace(), use_panels());
    let is_any = Memo::new(move |_| {
        workspace.sessions.with(|sessions| sessions.iter().any(|entry| entry.record().versions.len() > 1))
    });
    move || {
        is_any.get().then(|| {
            view! {
                <Button
                    label="Undo history"
                    glyph=Glyph::History
                    weight=Weight::Quiet
                    key_hint="h"
                    on_press=move || panels.history.update(|open| *open = !*open)
                />
            }
        })
    }
}
