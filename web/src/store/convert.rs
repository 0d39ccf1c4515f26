//! Sessions of the workspace that are made of sessions that are only read, beside their files.
use super::new_session::Proposed;
use super::workspace::Workspace;
use callboard_core::import::NotConvertible;
use callboard_core::{Session, Timestamp, ids};
use callboard_workspace::{OwnCopy, ReadOnlyContent, ReadOnlySession, joined, split};
use leptos::prelude::*;

/// The advice if another tab has just created the session.
const OPEN_IT: &str = "Open that session.";

/// The preview of a session that is made of one that is only read.
#[derive(Clone, Debug)]
pub struct Conversion {
    /// The new session and its file.
    pub proposed: Proposed,
    /// Assumptions, or repairs, that were needed to make it: a sentence each.
    pub assumptions: Vec<String>,
    /// Values that the new session has no place for: a sentence each.
    pub left_out: Vec<String>,
}

/// The reason why no session can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoConversion {
    /// The reason, in one or two sentences.
    pub message: String,
    /// The id of the session that is in the workspace already.
    pub existing: Option<String>,
}

impl NoConversion {
    fn because(message: impl Into<String>) -> Self {
        Self { message: message.into(), existing: None }
    }
}

impl Workspace {
    /// Returns the session that would be made of one that is only read; reactive. It never replaces a session or a file.
    ///
    /// # Errors
    /// The core's refusal, or a session with its id is in the workspace.
    pub fn propose_conversion(self, read: &ReadOnlySession, now: Timestamp) -> Result<Conversion, NoConversion> {
        let Draft { id, text, file, beside, assumptions, left_out } = match &read.content {
            ReadOnlyContent::Foreign(session) => {
                let made = session.convert(now).map_err(|why: NotConvertible| NoConversion::because(why.message))?;
                let id = Session::parse(made.text.as_str()).ok().and_then(|session| session.id());
                let beside = session.files.first().map(|file| file.path.to_string()).unwrap_or_default();
                Draft {
                    id: id.unwrap_or_default(),
                    text: made.text,
                    file: made.file_name,
                    beside,
                    assumptions: made.assumptions,
                    left_out: made.left_out,
                }
            }
            ReadOnlyContent::Own(own) => self.draft_of(own, now),
        };
        let session = Session::parse(text.as_str()).map_err(|why| NoConversion::because(why.to_string()))?;
        if self.sessions.with(|sessions| sessions.get(&id).is_some()) {
            let message = format!("{id} is already in the workspace, and is not replaced.");
            return Err(NoConversion { message, existing: Some(id) });
        }
        let folder = split(&beside).0.to_owned();
        let is_taken = |file: &str| {
            let path = joined(&folder, file);
            let own =
                self.sessions.with(|sessions| sessions.iter().any(|entry| entry.path().eq_ignore_ascii_case(&path)));
            own || self.imported.assembled.with(|all| all.files.keys().any(|known| known.eq_ignore_ascii_case(&path)))
        };
        let file = free_name(&file, is_taken);
        Ok(Conversion { proposed: Proposed { session, id, folder, file, now }, assumptions, left_out })
    }

    /// Creates the session of a preview; its file is exported with the other changes. `created` is called on success.
    pub fn convert(self, conversion: Conversion, created: impl FnOnce() + 'static) {
        let done = |is_done| {
            if is_done {
                created();
            }
        };
        self.create_or_advise(conversion.proposed, OPEN_IT, done);
    }

    fn draft_of(self, own: &OwnCopy, now: Timestamp) -> Draft {
        let OwnCopy { session, path, place } = own;
        let repairs = self.imported.assembled.with(|all| all.file(path).map(|file| file.repairs.clone()));
        let created = session.created().unwrap_or(now);
        Draft {
            id: place.id.clone(),
            text: session.text().to_string(),
            file: ids::name_file(&place.id, session.episode().number, created),
            beside: path.to_string(),
            assumptions: repairs.unwrap_or_default().iter().map(ToString::to_string).collect(),
            left_out: Vec::new(),
        }
    }
}

/// A session before its file is placed.
struct Draft {
    id: String,
    text: String,
    file: String,
    /// The path of the file beside which the new one goes.
    beside: String,
    assumptions: Vec<String>,
    left_out: Vec<String>,
}

/// Returns a file's name, with a number if it is taken.
fn free_name(file: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let stem = file.strip_suffix(".json").unwrap_or(file);
    let numbered = (2..).map(|number| format!("{stem}_{number}.json"));
    // Unbounded: one of them is free.
    std::iter::once(file.to_owned()).chain(numbered).find(|file| !is_taken(file)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let name = |taken: &[&str]| free_name("ep001.json", |file| taken.contains(&file));
        assert_eq!(name(&[]), "ep001.json");
        assert_eq!(name(&["ep001.json", "ep001_2.json"]), "ep001_3.json");
    }
}
