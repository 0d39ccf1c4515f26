//! The disk with the session files, on which agents write and where exports are put.

use callboard_core::{Event, Policy, Session, Timestamp};
use callboard_workspace::same_file;

/// The paths of each session, and whether its files may be dropped with fewer or more folders.
const FILES: [(&str, &[&str], bool); 3] = [
    ("ep_1", &["s/a1.json", "t/b1.json"], true),
    ("ep_2", &["x/c2.json", "y/c2.json"], false),
    ("ep_3", &["a3.json"], true),
];

/// The number of older texts of a file that can be checked out.
const OLDER: usize = 6;

#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) session: String,
    /// The newest last.
    texts: Vec<String>,
}

impl File {
    pub(crate) fn text(&self) -> &str {
        self.texts.last().map(String::as_str).unwrap_or_default()
    }

    fn write(&mut self, text: String) {
        self.texts.push(text);
        if self.texts.len() > OLDER {
            self.texts.remove(0);
        }
    }

    /// The path as it is dropped.
    pub(crate) fn dropped(&self, manner: usize) -> String {
        let is_plain = FILES.iter().any(|(id, _, plain)| *id == self.session && *plain);
        match manner % 4 {
            1 if is_plain => self.path.rsplit('/').next().unwrap_or_default().to_owned(),
            2 if is_plain => format!("repo/{}", self.path),
            _ => self.path.clone(),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Disk {
    pub(crate) files: Vec<File>,
}

impl Default for Disk {
    fn default() -> Self {
        let file = |(id, paths, _): &(&str, &[&str], bool)| File {
            path: paths[0].to_owned(),
            session: (*id).to_owned(),
            texts: vec![text(id, "t0")],
        };
        Self { files: FILES.iter().map(file).collect() }
    }
}

/// A session's text.
pub(crate) fn text(id: &str, topic: &str) -> String {
    format!(
        r#"{{"session_id": "{id}", "episode": {{"topic": "{topic}"}}, "pipeline_state": {{"current_stage": "writing"}}}}"#
    )
}

/// The text with another topic, or with a misspelled stage.
pub(crate) fn with_topic(text: &str, number: usize) -> String {
    if number % 8 == 7 {
        return text.replacen("\"writing\"", "\"writting\"", 1);
    }
    let Some((head, rest)) = text.split_once("\"topic\": \"") else { return text.to_owned() };
    let Some((_, tail)) = rest.split_once('"') else { return text.to_owned() };
    format!("{head}\"topic\": \"t{}\"{tail}", number % 5)
}

/// The `number`-th event that a session takes.
pub(crate) fn event(session: &Session, number: usize, now: Timestamp) -> Option<Event> {
    let choices = session.choices(now, &Policy::default());
    let open: Vec<_> = choices.into_iter().filter(|choice| choice.refusal.is_none()).collect();
    let choice = open.get(number % open.len().max(1))?;
    Some(Event::minimal(choice.kind, choice.agent))
}

impl Disk {
    /// The file to which a session's path leads.
    pub(crate) fn file_at(&self, session: &str, path: &str) -> Option<usize> {
        let of = |file: &File| file.session == session;
        let exact = self.files.iter().position(|file| of(file) && file.path == path);
        exact.or_else(|| self.files.iter().position(|file| of(file) && same_file(&file.path, path)))
    }

    /// Puts an exported file in its place.
    pub(crate) fn put(&mut self, session: &str, path: &str, text: &str) {
        match self.file_at(session, path) {
            Some(at) => self.files[at].write(text.to_owned()),
            None => {
                let path = path.strip_prefix("repo/").unwrap_or(path).to_owned();
                self.files.push(File { path, session: session.to_owned(), texts: vec![text.to_owned()] });
            }
        }
    }

    /// An agent applies an event to a file.
    pub(crate) fn apply(&mut self, at: usize, number: usize, now: Timestamp) {
        let file = &mut self.files[at];
        let Ok(mut session) = Session::parse(file.text()) else { return };
        let Some(event) = event(&session, number, now) else { return };
        if session.apply(&event, now, &Policy::default()).is_ok() {
            file.write(session.text().to_owned());
        }
    }

    /// An agent writes another topic into a file.
    pub(crate) fn edit(&mut self, at: usize, number: usize) {
        let text = with_topic(self.files[at].text(), number);
        self.files[at].write(text);
    }

    /// An older text of a file is checked out.
    pub(crate) fn revert(&mut self, at: usize, number: usize) {
        let file = &mut self.files[at];
        let text = file.texts[number % file.texts.len()].clone();
        file.write(text);
    }

    /// A file is copied to the session's other path.
    pub(crate) fn copy(&mut self, at: usize) {
        let File { session, texts, path } = self.files[at].clone();
        let Some((_, paths, _)) = FILES.iter().find(|(id, ..)| *id == session) else { return };
        let Some(other) = paths.iter().find(|other| **other != path) else { return };
        let text = texts.last().cloned().unwrap_or_default();
        match self.files.iter_mut().find(|file| file.session == session && file.path == **other) {
            Some(file) => file.write(text),
            None => self.files.push(File { path: (*other).to_owned(), session, texts: vec![text] }),
        }
    }
}
