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

/// A change in the list. Its key has all that is shown of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
                <For each=move || log.with(|(rows, _)| rows.clone()) key=Clone::clone children=change_row/>
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

fn change_row(row: ChangeRow) -> impl IntoView {
    let workspace = use_workspace();
    let action = row.action();
    let (state, label, at) = (row.state, row.label.clone(), Timestamp::from_unix(row.at));
    let (href, title) = (Route::Session(row.id.clone()).href(), row.title.clone());
    let spoken = format!(", {}: {}", row.title, row.label);
    let press = move || {
        match row.state {
            VersionState::Current => {
                workspace.undo_action(UndoAction::Version { id: row.id.clone(), version: row.version });
            }
            VersionState::Undone if row.is_redo => workspace.redo(&row.id),
            _ => workspace.go_to(&row.id, row.version),
        }
        // The row is replaced by one with another button.
        focus::focus_if_lost("#history-panel .side-panel-body");
    };
    let is_undone = matches!(state, VersionState::Undone | VersionState::Replaced);
    let word = match state {
        VersionState::Undone => Some("undone"),
        VersionState::Replaced => Some("replaced"),
        VersionState::Current | VersionState::Done => None,
    };
    view! {
        <li class="change-row" class:change-undone=is_undone>
            <div class="change-words">
                <p class="change-label"><bdi>{label}</bdi></p>
                <p class="change-about muted">
                    <a href=href><bdi>{title}</bdi></a>
                    <span class="nowrap"><RelativeTime moment=Some(at)/></span>
                    {word.map(|word| view! { <span class="edited">{word}</span> })}
                </p>
            </div>
            <button type="button" class="button button-quiet" on:click=move |_| press()>
                <span>{action}</span>
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
