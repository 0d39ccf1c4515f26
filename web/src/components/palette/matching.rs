//! The results of the palette, ranked.
use super::commands::{Command, CommandContext, global_commands};
use super::files::FileSearch;
use super::fuzzy::{Vocabulary, best, score_corrected};
use crate::components::listbox::SessionSearch;

/// Maximum number of sessions offered.
const SESSIONS: usize = 8;

/// Maximum number of files offered.
const FILES: usize = 6;

/// Advantage of a command over a session that matches as well, and of a session over a file.
const ADVANTAGE: u32 = 30;

/// Everything that the palette offers.
pub struct PaletteSources<'a> {
    /// The commands of the current session.
    pub current: &'a [Command],
    /// The commands of filters and views, offered only for a search.
    pub filters: &'a [Command],
    /// The sessions.
    pub sessions: &'a SessionSearch,
    /// The words of sessions and commands.
    pub vocabulary: &'a Vocabulary,
    /// The conditions of global commands.
    pub context: CommandContext,
}

/// Returns the titles of all commands in lower case.
pub fn titles(current: &[Command], filters: &[Command], context: CommandContext) -> Vec<String> {
    let global = global_commands(true, context);
    let all = current.iter().chain(filters).chain(&global);
    all.map(|command| command.option.title.to_lowercase()).collect()
}

impl PaletteSources<'_> {
    /// Returns the options for a lower-case search, best match first. An empty search returns all commands but the
    /// filters, and the last changed sessions.
    pub fn matching(&self, search: &str, files: &FileSearch) -> Vec<Command> {
        let Self { current, filters, sessions, vocabulary, context, .. } = self;
        let commands = current.iter().cloned().chain(global_commands(!sessions.is_empty(), *context));
        if search.trim().is_empty() {
            return commands
                .chain(sessions.find(search).into_iter().take(SESSIONS / 2).map(Command::session))
                .collect();
        }
        let corrected = vocabulary.corrected(search);
        let scored = commands.chain(filters.iter().cloned()).filter_map(|command| {
            let score = score_corrected(&command.option.title.to_lowercase(), search, &corrected)?;
            Some((command, score + 2 * ADVANTAGE))
        });
        let mut found: Vec<(Command, u32)> = scored.collect();
        let matching = sessions.find_corrected(search, &corrected).into_iter().take(SESSIONS);
        found.extend(matching.map(|(session, score)| (Command::session(session), score + ADVANTAGE)));
        let mut paths = files.find(sessions.rows(), search, FILES);
        for search in corrected.iter().take(if paths.is_empty() { corrected.len() } else { 0 }) {
            paths.extend(files.find(sessions.rows(), search, FILES - paths.len().min(FILES)));
        }
        found.extend(paths);
        best(found.iter().map(|(command, score)| (command, Some(*score)))).into_iter().cloned().collect()
    }
}
