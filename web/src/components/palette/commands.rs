//! What the palette offers, and what each of it does.
use super::fuzzy::{best, score};
use crate::components::answers::{Answer, sessions};
use crate::components::icon::Glyph;
use crate::components::needs_you::event;
use crate::figures::{Row, Rows};
use crate::format::title_case;
use crate::keys::Panels;
use crate::platform::dom;
use crate::route::Route;
use crate::store::export::ExportFormat;
use crate::store::preferences::{Theme, set_theme};
use crate::store::workspace::{Workspace, policy};
use callboard_core::{Agent, EventKind};
use leptos::prelude::*;

/// How many sessions are offered at once.
const SESSIONS: usize = 8;

/// What a command does.
#[derive(Clone, Debug, PartialEq)]
pub enum Does {
    /// Goes to an address.
    Go(String),
    /// Applies an event that needs nothing but its agent.
    Apply(String, EventKind, Agent),
    /// Opens an event's form on the session's page.
    Ask(String, EventKind),
    /// Takes the session's last change back.
    Undo(String),
    /// Makes it again.
    Redo(String),
    /// Downloads the session's file.
    Export(String),
    /// Hands back what is in the tray.
    ExportChanged(ExportFormat),
    /// Downloads how production stands.
    Report(Written),
    /// Downloads the workspace as one file.
    BackUp,
    /// Wears a theme.
    Wear(Theme),
    /// Shows the keys.
    Keys,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// For tables.
    Csv,
    /// For people.
    Markdown,
}

/// One line of the palette.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// What it says.
    pub answer: Answer,
    /// What it does.
    pub does: Does,
}

impl Command {
    fn new(glyph: Glyph, title: impl Into<String>, note: impl Into<String>, does: Does) -> Self {
        Self { answer: Answer { glyph, state: None, title: title.into(), note: note.into() }, does }
    }

    fn session(row: &Row) -> Self {
        Self { answer: Answer::session(row), does: Does::Go(Route::Session(row.id.clone()).href()) }
    }

    /// Does it.
    pub fn run(&self, workspace: Workspace, panels: Panels) {
        match &self.does {
            Does::Go(href) => dom::go(href),
            Does::Apply(id, kind, agent) => {
                if let Some(event) = event(*kind, *agent) {
                    workspace.apply(id, &event, workspace.clock.second.get_untracked(), || {});
                }
            }
            Does::Ask(id, kind) => {
                dom::go(&Route::Session(id.clone()).href());
                panels.asked.set(Some((id.clone(), *kind)));
            }
            Does::Undo(id) => workspace.undo(id),
            Does::Redo(id) => workspace.redo(id),
            Does::Export(id) => workspace.export(id),
            Does::ExportChanged(parcel) => workspace.export_changed(*parcel),
            Does::Report(Written::Csv) => workspace.status.download_report("csv", &workspace.production().csv()),
            Does::Report(Written::Markdown) => {
                workspace.status.download_report("md", &workspace.production().markdown())
            }
            Does::BackUp => workspace.back_up(),
            Does::Wear(theme) => set_theme(*theme),
            Does::Keys => panels.keys.set(true),
        }
    }
}

/// What can be done with the session that is shown or has the focus.
pub fn of_session(workspace: Workspace, id: &str) -> Vec<Command> {
    let Some(entry) = workspace.sessions.with_untracked(|shelf| shelf.get(id).cloned()) else { return Vec::new() };
    let session = entry.session();
    let policy = policy();
    let escalated = session.escalated(&policy);
    let choices = session.choices(workspace.clock.second.get_untracked(), &policy);
    let allowed = choices.into_iter().filter(|choice| choice.refusal.is_none());
    let mut commands: Vec<Command> = allowed
        .map(|choice| {
            let (kind, agent) = (choice.kind, choice.agent);
            let at_once = !escalated && event(kind, agent).is_some();
            let name = title_case(kind.name());
            let note = if at_once { "applied at once; u takes it back" } else { "opens its form" };
            let title = format!("{name}{} {agent}", if at_once { "" } else { "\u{2026}" });
            let does = if at_once { Does::Apply(id.into(), kind, agent) } else { Does::Ask(id.into(), kind) };
            Command::new(Glyph::of_event(kind), title, note, does)
        })
        .collect();
    let steps = [
        entry.last().map(|edit| Command::new(Glyph::Undo, "Undo", edit.label.clone(), Does::Undo(id.into()))),
        entry.next().map(|edit| Command::new(Glyph::Redo, "Redo", edit.label.clone(), Does::Redo(id.into()))),
        Some(Command::new(Glyph::Export, "Export", entry.file(), Does::Export(id.into()))),
    ];
    commands.extend(steps.into_iter().flatten());
    commands
}

/// What can be done anywhere; what needs sessions or changes, where there are any.
fn everywhere(loaded: bool, changed: bool) -> Vec<Command> {
    let go = |glyph, title, route: Route, keys| Command::new(glyph, title, keys, Does::Go(route.href()));
    let mut commands = vec![
        go(Glyph::Dashboard, "Go to the dashboard", Route::Dashboard, "g d"),
        go(Glyph::Sessions, "Go to sessions", Route::Sessions, "g s"),
        go(Glyph::Changes, "Go to changes", Route::Changes, "g c"),
        go(Glyph::Add, "Go to the import report", Route::Import, "g i"),
        go(Glyph::New, "New session", Route::New, "g n"),
        go(Glyph::Settings, "Go to settings", Route::Settings, "g ,"),
    ];
    if changed {
        let export = |title, parcel| Command::new(Glyph::Export, title, "", Does::ExportChanged(parcel));
        commands
            .extend([export("Export changed files", ExportFormat::Files), export("Export patch", ExportFormat::Patch)]);
    }
    if loaded {
        let note = "how production stands";
        let report = |title, written| Command::new(Glyph::Export, title, note, Does::Report(written));
        commands.extend([
            report("Report as CSV", Written::Csv),
            report("Report as Markdown", Written::Markdown),
            Command::new(Glyph::Export, "Back up to one file", "every session with its edits", Does::BackUp),
        ]);
    }
    commands.extend(Theme::ALL.map(|theme| {
        let title = format!("Theme: {}", theme.label().to_lowercase());
        Command::new(Glyph::Theme, title, "", Does::Wear(theme))
    }));
    commands.push(Command::new(Glyph::Keys, "Show the keys", "?", Does::Keys));
    commands
}

/// What answers a search (in small letters), the best first: commands of the current session, of the app,
/// then sessions. Without a search, all commands, and the sessions that changed last.
pub fn answers(current: &[Command], rows: &Rows, changed: bool, search: &str) -> Vec<Command> {
    let commands = current.iter().cloned().chain(everywhere(!rows.is_empty(), changed));
    let found = sessions(rows, search).into_iter().map(|row| Command::session(row));
    if search.trim().is_empty() {
        return commands.chain(found.take(SESSIONS / 2)).collect();
    }
    let commands: Vec<Command> = commands.collect();
    let of_words = best(commands.iter(), |command| score(&command.answer.title.to_lowercase(), search));
    of_words.into_iter().cloned().chain(found.take(SESSIONS)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_out_is_offered_where_there_is_any() {
        let titles = |loaded, changed| {
            let out = |does: &Does| matches!(does, Does::ExportChanged(_) | Does::Report(_) | Does::BackUp);
            let commands = everywhere(loaded, changed).into_iter().filter(|command| out(&command.does));
            commands.map(|command| command.answer.title).collect::<Vec<_>>()
        };
        let reports = ["Report as CSV", "Report as Markdown", "Back up to one file"];
        assert!(titles(false, false).is_empty());
        assert_eq!(titles(true, false), reports);
        assert_eq!(titles(true, true), [&["Export changed files", "Export patch"], &reports[..]].concat());
    }
}
