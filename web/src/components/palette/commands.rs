//! The commands of the palette.
use crate::components::icon::Glyph;
use crate::components::listbox::ListOption;
use crate::components::needs_attention::event;
use crate::format::title_case;
use crate::keys::Panels;
use crate::platform::dom;
use crate::route::Route;
use crate::store::export::ExportFormat;
use crate::store::live::Live;
use crate::store::preferences::{Theme, set_theme};
use crate::store::production_report::ReportFormat;
use crate::store::workspace::{Workspace, policy};
use callboard_core::{Agent, EventKind};
use callboard_workspace::Listed;
use leptos::prelude::*;

/// The action of a command.
#[derive(Clone, Debug, PartialEq)]
pub enum CommandAction {
    /// Navigates to an address.
    Navigate(String),
    /// Applies an event that needs no input.
    Apply(String, EventKind, Agent),
    /// Opens an event's form on the session's page.
    OpenForm(String, EventKind),
    /// Undoes the session's last change.
    Undo(String),
    /// Redoes the session's last undone change.
    Redo(String),
    /// Saves the session into its file.
    Save(String),
    /// Saves all changed sessions into their files.
    SaveAll,
    /// Asks for a folder and follows it.
    OpenFolder,
    /// Downloads the session's file.
    Export(String),
    /// Exports all changed files.
    ExportChanged(ExportFormat),
    /// Downloads the production report.
    Report(ReportFormat),
    /// Downloads a backup of the workspace.
    BackUp,
    /// Applies a theme.
    SetTheme(Theme),
    /// Shows the keyboard shortcuts and the glossary.
    Keys,
    /// Shows the undo history of all sessions.
    History,
    /// Opens the tour of the sample sessions.
    Tour,
}

/// A command of the palette.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Its option in the list.
    pub option: ListOption,
    /// Its action.
    pub action: CommandAction,
}

impl Command {
    /// Creates a command.
    pub fn new(glyph: Glyph, title: impl Into<String>, note: impl Into<String>, action: CommandAction) -> Self {
        Self { option: ListOption { glyph, state: None, title: title.into(), note: note.into() }, action }
    }

    /// Creates the command that opens a session.
    pub fn session(session: &Listed) -> Self {
        Self { option: ListOption::session(session), action: CommandAction::Navigate(Route::of(session).href()) }
    }

    /// Runs the action.
    pub fn run(&self, workspace: Workspace, live: Live, panels: Panels) {
        match &self.action {
            CommandAction::Navigate(href) => dom::navigate(href),
            CommandAction::Apply(id, kind, agent) => {
                if let Some(event) = event(*kind, *agent) {
                    workspace.apply(id, &event, workspace.clock.second.get_untracked(), || {});
                }
            }
            CommandAction::OpenForm(id, kind) => {
                dom::navigate(&Route::Session(id.clone()).href());
                panels.requested_form.set(Some((id.clone(), *kind)));
            }
            CommandAction::Undo(id) => workspace.undo(id),
            CommandAction::Redo(id) => workspace.redo(id),
            CommandAction::Save(id) => live.save(id),
            CommandAction::SaveAll => live.save_all(),
            CommandAction::OpenFolder => live.open_folder(),
            CommandAction::Export(id) => workspace.export(id),
            CommandAction::ExportChanged(format) => workspace.export_changed(*format),
            CommandAction::Report(format) => workspace.export_report(*format),
            CommandAction::BackUp => workspace.back_up(),
            CommandAction::SetTheme(theme) => set_theme(*theme),
            CommandAction::Keys => panels.keys.set(true),
            CommandAction::History => panels.history.set(true),
            CommandAction::Tour => panels.open_tour(),
        }
    }
}

/// Returns the commands for a session.
pub fn session_commands(workspace: Workspace, id: &str, can_save: bool) -> Vec<Command> {
    let Some(entry) = workspace.sessions.with_untracked(|sessions| sessions.get(id).cloned()) else {
        return Vec::new();
    };
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
            let note = if at_once { "applies immediately, u to undo" } else { "opens a form" };
            let title = format!("{name}{} {agent}", if at_once { "" } else { "\u{2026}" });
            let action = if at_once {
                CommandAction::Apply(id.into(), kind, agent)
            } else {
                CommandAction::OpenForm(id.into(), kind)
            };
            Command::new(Glyph::of_event(kind), title, note, action)
        })
        .collect();
    let steps = [
        entry.last().map(|edit| Command::new(Glyph::Undo, "Undo", edit.label.clone(), CommandAction::Undo(id.into()))),
        entry.next().map(|edit| Command::new(Glyph::Redo, "Redo", edit.label.clone(), CommandAction::Redo(id.into()))),
        (can_save && entry.changed())
            .then(|| Command::new(Glyph::Save, "Save", entry.file(), CommandAction::Save(id.into()))),
        Some(Command::new(Glyph::Export, "Export", entry.file(), CommandAction::Export(id.into()))),
    ];
    commands.extend(steps.into_iter().flatten());
    commands
}

/// The conditions of global commands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommandContext {
    /// Sessions have changes.
    pub changed: bool,
    /// The sessions' files can be written in place.
    pub can_save: bool,
    /// The browser can open a folder.
    pub can_open_folder: bool,
}

/// Returns the global commands; some need loaded sessions or changes.
pub fn global_commands(loaded: bool, context: CommandContext) -> Vec<Command> {
    let CommandContext { changed, can_save, can_open_folder } = context;
    let go = |glyph, title, route: Route, keys| Command::new(glyph, title, keys, CommandAction::Navigate(route.href()));
    let mut commands = vec![
        go(Glyph::Dashboard, "Go to dashboard", Route::Dashboard, "g d"),
        go(Glyph::Sessions, "Go to sessions", Route::Sessions, "g s"),
        go(Glyph::Timeline, "Go to timeline", Route::Timeline, "g t"),
        go(Glyph::Schedule, "Go to schedule", Route::Schedule, "g w"),
        go(Glyph::Changes, "Go to changes", Route::Changes, "g c"),
        go(Glyph::Report, "Go to production report", Route::Report, "g r"),
        go(Glyph::Add, "Go to import", Route::Import, "g i"),
        go(Glyph::New, "New session", Route::New, "g n"),
        go(Glyph::Settings, "Go to settings", Route::Settings, "g ,"),
    ];
    if can_open_folder {
        commands.push(Command::new(Glyph::Folder, "Open folder", "follow its files", CommandAction::OpenFolder));
    }
    if changed && can_save {
        commands.push(Command::new(Glyph::Save, "Save all files", "", CommandAction::SaveAll));
    }
    if changed {
        let export = |title, format| Command::new(Glyph::Export, title, "", CommandAction::ExportChanged(format));
        commands
            .extend([export("Export changed files", ExportFormat::Files), export("Export patch", ExportFormat::Patch)]);
    }
    if loaded {
        let note = "production report";
        let report = |title, written| Command::new(Glyph::Export, title, note, CommandAction::Report(written));
        commands.extend([
            report("Report as CSV", ReportFormat::Csv),
            report("Report as HTML", ReportFormat::Html),
            report("Report as Markdown", ReportFormat::Markdown),
            Command::new(Glyph::Export, "Download backup", "all sessions and edits", CommandAction::BackUp),
        ]);
    }
    commands.extend(Theme::ALL.map(|theme| {
        let title = format!("Theme: {}", theme.label().to_lowercase());
        Command::new(Glyph::Theme, title, "", CommandAction::SetTheme(theme))
    }));
    commands.extend([
        Command::new(Glyph::History, "Undo history", "h", CommandAction::History),
        Command::new(Glyph::Keys, "Keyboard shortcuts", "?", CommandAction::Keys),
        Command::new(Glyph::Keys, "Glossary", "?", CommandAction::Keys),
        Command::new(Glyph::Next, "Take the tour", "sample sessions", CommandAction::Tour),
    ]);
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn export_commands_need_something_to_export() {
        let titles = |loaded, changed| {
            let out = |action: &CommandAction| {
                matches!(action, CommandAction::ExportChanged(_) | CommandAction::Report(_) | CommandAction::BackUp)
            };
            let context = CommandContext { changed, ..CommandContext::default() };
            let commands = global_commands(loaded, context).into_iter().filter(|command| out(&command.action));
            commands.map(|command| command.option.title).collect::<Vec<_>>()
        };
        let reports = ["Report as CSV", "Report as HTML", "Report as Markdown", "Download backup"];
        assert!(titles(false, false).is_empty());
        assert_eq!(titles(true, false), reports);
        assert_eq!(titles(true, true), [&["Export changed files", "Export patch"], &reports[..]].concat());
    }
}
