//! The files of the palette: session files, the outputs that they name, and imported files.
use super::commands::{Command, CommandAction};
use super::fuzzy::{best, score};
use crate::components::icon::Glyph;
use crate::components::listbox::ListOption;
use crate::format::session_title;
use crate::route::Route;
use crate::session_address::{SessionAddress, Tab};
use crate::store::search::SearchIndex;
use callboard_workspace::{Assembled, Listed};

/// Maximum number of matching files that are ranked.
const RANKED: usize = 400;

/// The target of a file.
#[derive(Clone, Debug)]
enum FileTarget {
    /// A session's own file, by the session's index.
    Own(usize),
    /// An output of a session, by the session's index and the output's.
    Output(usize, usize),
    /// An imported file, by its path.
    Imported(String),
}

/// The files with the text by which a search finds them.
#[derive(Clone, Debug, Default)]
pub struct FileSearch {
    index: SearchIndex,
    targets: Vec<FileTarget>,
}

impl FileSearch {
    /// Prepares a search over the files of sessions and imported files.
    pub fn new(sessions: &[Listed], imported: &Assembled) -> Self {
        let (mut targets, mut index) = (Vec::new(), SearchIndex::default());
        for (at, session) in sessions.iter().enumerate() {
            let Some(entry) = session.entry() else { continue };
            targets.push(FileTarget::Own(at));
            index.push_any_case(entry.path());
            for (output, path) in session.summary().outputs.iter().enumerate() {
                targets.push(FileTarget::Output(at, output));
                index.push_any_case(path);
            }
        }
        let mut paths: Vec<&str> = imported.files.keys().map(|path| &**path).collect();
        paths = crate::order::by_text(&paths).into_iter().map(|at| paths[at]).collect();
        for path in paths {
            targets.push(FileTarget::Imported(path.to_owned()));
            index.push_any_case(path);
        }
        Self { index, targets }
    }

    /// Returns the files that match every word of a lower-case search, best first, with their scores.
    pub fn find(&self, sessions: &[Listed], search: &str, limit: usize) -> Vec<(Command, u32)> {
        if search.trim().len() < 2 {
            return Vec::new();
        }
        let found = self.index.find(search);
        let scored: Vec<(usize, u32)> = found
            .iter(self.index.len())
            .filter_map(|at| Some((at, score(self.index.text(at), search)?)))
            .take(RANKED)
            .collect();
        let ranked = best(scored.iter().map(|found| (found, Some(found.1))));
        let command = |(at, score): &(usize, u32)| Some((self.command(sessions, *at)?, *score));
        ranked.into_iter().filter_map(command).take(limit).collect()
    }

    fn command(&self, sessions: &[Listed], at: usize) -> Option<Command> {
        let (path, note, href) = match self.targets.get(at)? {
            FileTarget::Own(at) => {
                let session = sessions.get(*at)?;
                let entry = session.entry()?;
                let address = SessionAddress { tab: Tab::Json, ..SessionAddress::default() };
                (entry.path().to_owned(), session_title(session.summary()), address.href(entry.id()))
            }
            FileTarget::Output(at, output) => {
                let session = sessions.get(*at)?;
                let path = session.summary().outputs.get(*output)?.to_string();
                let address = SessionAddress { output: Some(path.clone()), ..SessionAddress::default() };
                (path, format!("output of {}", session_title(session.summary())), address.href(session.key()))
            }
            FileTarget::Imported(path) => (path.clone(), "imported file".to_owned(), Route::Teach(path.clone()).href()),
        };
        let option = ListOption { glyph: Glyph::File, state: None, title: path, note };
        Some(Command { option, action: CommandAction::Navigate(href) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::{Session, Timestamp};
    use callboard_workspace::{Entry, Record};
    use std::sync::Arc;

    #[test]
    fn session_files_and_outputs_are_found_by_their_paths() {
        let text = r#"{"session_id": "ep_1", "episode": {"number": 1, "topic": "Tides"},
            "agent_outputs": {"script_writer": {"status": "complete", "output_file": "output/writing/ep001_Script.md"}}}"#;
        let session = Session::parse(text).unwrap();
        let record = Record::of_file("ep_1".into(), "show/ep001.json".into(), text.into(), Timestamp::from_unix(0));
        let sessions = [Listed::Own(Arc::new(Entry::new(record, &session)))];
        let files = FileSearch::new(&sessions, &Assembled::default());
        let find = |search: &str| {
            let found = files.find(&sessions, search, 5).into_iter();
            found.map(|(command, _)| (command.option.title, command.action)).collect::<Vec<_>>()
        };
        let address = |href: &str| CommandAction::Navigate(href.to_owned());
        let script = (
            "output/writing/ep001_Script.md".to_owned(),
            address("#/sessions/ep_1?output=output%2Fwriting%2Fep001_Script.md"),
        );
        assert_eq!(find("script.md"), [script]);
        assert_eq!(find("show ep001"), [("show/ep001.json".to_owned(), address("#/sessions/ep_1?tab=json"))]);
        assert_eq!(find("ep001").len(), 2);
        assert_eq!((find("nowhere").len(), find("e").len()), (0, 0));
    }
}
