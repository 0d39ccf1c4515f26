//! New sessions: previewed, then created. The next export writes their files.
use super::status::UndoAction;
use super::workspace::{Workspace, policy};
use crate::arc_eq::ArcEq;
use crate::export::path::home;
use crate::format::count;
use callboard_core::{Initialize, Planning, Refusal, Session, Timestamp, ids};
use callboard_workspace::{Durability, Entry, NewSessions, Planned, Record, Sessions, joined};
use leptos::task::spawn_local;
use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;

/// The advice if a session with the same id exists.
const NEXT_MINUTE: &str = "Session ids contain the minute. Try again in a minute.";

/// The preview of a new session.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The session.
    pub session: Session,
    /// Its id.
    pub id: String,
    /// The folder of its file.
    pub folder: String,
    /// The name of its file.
    pub file: String,
    /// The time of its creation.
    pub now: Timestamp,
}

impl Proposed {
    fn entry(&self) -> Entry {
        let path = joined(&self.folder, &self.file);
        Entry::new(Record::created(self.id.clone(), path, self.session.text().into(), self.now), &self.session)
    }
}

/// The reason that a session cannot be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotProposed {
    /// The name of the value that is wrong, as in [`Initialize`]; `None` if it is none of them.
    pub field: Option<String>,
    /// The sentence that says why.
    pub message: String,
}

impl From<Refusal> for NotProposed {
    fn from(refusal: Refusal) -> Self {
        Self { field: refusal.field.map(Into::into), message: refusal.message }
    }
}

impl From<String> for NotProposed {
    fn from(message: String) -> Self {
        Self { field: None, message }
    }
}

impl Workspace {
    /// Returns the session that would be created at `now`.
    ///
    /// # Errors
    /// The core's refusal, or a message that its id exists.
    pub fn propose(self, new: &Initialize, planning: &Planning, now: Timestamp) -> Result<Proposed, NotProposed> {
        let session = initialized(new, planning, now)?;
        Ok(self.sessions.with_untracked(|sessions| Names::of(sessions).propose(session, new.episode, now))?)
    }

    /// Returns the sessions that would be created at `now`.
    ///
    /// # Errors
    /// The first error of a session, with its episode.
    pub fn propose_all(self, new: &NewSessions, now: Timestamp) -> Result<Vec<Proposed>, NotProposed> {
        self.sessions.with_untracked(|sessions| {
            let mut names = Names::of(sessions);
            let propose = |(new, planning): (Initialize, Planning)| {
                let session = initialized(&new, &planning, now)?;
                let proposed = names.propose(session, new.episode, now);
                proposed.map_err(|why| format!("Episode {}: {why}", new.episode).into())
            };
            new.each().into_iter().map(propose).collect()
        })
    }

    /// Creates a session; its file is exported with the other changes. `done` receives true on success.
    pub fn create(self, proposed: Proposed, done: impl FnOnce(bool) + 'static) {
        self.create_or_advise(proposed, NEXT_MINUTE, done);
    }

    /// Creates a session, with advice if another tab has just created one with its id.
    pub(super) fn create_or_advise(self, proposed: Proposed, advice: &'static str, done: impl FnOnce(bool) + 'static) {
        let (id, file, entry) = (proposed.id.clone(), proposed.file.clone(), proposed.entry());
        spawn_local(async move {
            let outcome = self.commit(&id, |here| match here {
                None => {
                    Ok(Planned::put(entry.clone()).saying(format!("Created {id}. Export {file} to save the file.")))
                }
                Some(_) => Err(format!("{id} was not created: another tab just created it. {advice}")),
            });
            match outcome.await {
                Ok(planned) => {
                    done(true);
                    self.status.set(planned.message, None);
                }
                Err(why) => {
                    done(false);
                    self.status.set(why, None);
                }
            }
        });
    }

    /// Creates sessions together. `done` receives true if all were created.
    pub fn create_all(self, proposed: &[Proposed], done: impl FnOnce(bool) + 'static) {
        self.ask_to_persist();
        let entries: HashMap<String, Entry> =
            proposed.iter().map(|proposed| (proposed.id.clone(), proposed.entry())).collect();
        let ids: Vec<String> = proposed.iter().map(|proposed| proposed.id.clone()).collect();
        spawn_local(async move {
            let plan = |id: &str, here: Option<&Arc<Entry>>| match (here, entries.get(id)) {
                (None, Some(entry)) => Ok(Planned::put(entry.clone())),
                _ => Err(format!("{id} was not created: another tab just created it. {NEXT_MINUTE}")),
            };
            let outcomes = self.store().commit(&ids, Durability::Strict, plan).await;
            let error = outcomes.iter().find_map(|outcome| outcome.as_ref().err().cloned());
            let is_created = |(id, outcome): (&String, &Result<_, _>)| match outcome {
                Ok(_) => self.entry_now(id).map(ArcEq),
                Err(_) => None,
            };
            let created: Vec<ArcEq<Entry>> = ids.iter().zip(&outcomes).filter_map(is_created).collect();
            let number = count(created.len(), "session", "sessions");
            let message = match error {
                None => format!("Created {number}. Export to save the files."),
                Some(why) => format!("Created {number} of {}. {why}", ids.len()),
            };
            done(created.len() == ids.len());
            let undo = (!created.is_empty()).then_some(UndoAction::Discard(created));
            self.status.set(message, undo);
        });
    }

    /// Discards sessions that were never exported, except those that changed since `seen`.
    pub(super) fn discard_all(self, seen: Vec<ArcEq<Entry>>) {
        spawn_local(async move {
            let ids: Vec<String> = seen.iter().map(|entry| entry.id().to_owned()).collect();
            let revision = |id: &str| seen.iter().find(|entry| entry.id() == id).map(|entry| entry.revision());
            let plan = |id: &str, here: Option<&Arc<Entry>>| match here {
                Some(here) if Some(here.revision()) == revision(id) => Ok(Planned::remove("")),
                _ => Err(String::new()),
            };
            let outcomes = self.store().commit(&ids, Durability::Strict, plan).await;
            let discarded = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
            let number = count(discarded, "session", "sessions");
            let message = match ids.len() - discarded {
                0 => format!("Discarded {number}. They were never exported."),
                kept => format!("Discarded {discarded}. Kept {kept} that changed since."),
            };
            self.status.set(message, None);
        });
    }
}

/// Creates the session of a file that does not exist yet.
fn initialized(new: &Initialize, planning: &Planning, now: Timestamp) -> Result<Session, NotProposed> {
    let mut session = Session::initialize(new, now, &policy())?;
    session.set_planning(planning)?;
    Ok(session)
}

/// The ids and file names that new sessions must not have.
struct Names {
    ids: HashSet<String>,
    files: HashSet<String>,
    folder: String,
}

impl Names {
    fn of(sessions: &Sessions) -> Self {
        Self {
            ids: sessions.iter().map(|entry| entry.id().to_owned()).collect(),
            files: sessions.iter().map(|entry| entry.file().to_ascii_lowercase()).collect(),
            folder: home(sessions.iter().map(|entry| entry.folder())),
        }
    }

    /// Chooses the id and file of a session that is created at `now`. The next one gets others.
    fn propose(&mut self, session: Session, episode: u64, now: Timestamp) -> Result<Proposed, String> {
        let id = ids::session_id(episode, now);
        if self.ids.contains(&id) {
            return Err(format!("{id} already exists. {NEXT_MINUTE}"));
        }
        let names = [ids::file_name(episode, now), ids::second_file_name(episode, now)];
        let [first, second] = &names;
        let Some(file) = [first, second].into_iter().find(|name| !self.files.contains(&name.to_ascii_lowercase()))
        else {
            return Err(format!("{first} and {second} already exist. Try again in a minute."));
        };
        self.ids.insert(id.clone());
        self.files.insert(file.to_ascii_lowercase());
        Ok(Proposed { session, id, folder: self.folder.clone(), file: file.clone(), now })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::Policy;
    use std::sync::Arc;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn put(sessions: &mut Sessions, id: &str, path: &str, session: &Session) {
        let record = Record::created(id.into(), path.into(), session.text().into(), at("2024-08-11T00:00:00Z"));
        sessions.put(Arc::new(Entry::new(record, session)));
    }

    /// Adds the proposed session of an episode at a time. Returns its id, folder and file.
    #[track_caller]
    fn made(sessions: &mut Sessions, episode: u64, now: &str) -> (String, String, String) {
        let session = Session::initialize(&Initialize::new(episode, "Tides"), at(now), &Policy::default()).unwrap();
        let Proposed { session, id, folder, file, .. } =
            Names::of(sessions).propose(session, episode, at(now)).unwrap();
        put(sessions, &id, &joined(&folder, &file), &session);
        (id, folder, file)
    }

    #[test]
    fn the_second_session_of_an_episodes_day_has_the_time_in_its_name() {
        let mut sessions = Sessions::default();
        let expected = |id: &str, file: &str| (id.to_owned(), ids::FOLDER.to_owned(), file.to_owned());
        let mut check = |episode, now, id, file| assert_eq!(made(&mut sessions, episode, now), expected(id, file));
        check(1, "2024-08-11T00:00:00Z", "ep_001_20240811_0000", "ep001_session_20240811.json");
        check(1, "2024-08-11T14:30:59Z", "ep_001_20240811_1430", "ep001_session_20240811_1430.json");
        check(1, "2024-08-11T14:31:00Z", "ep_001_20240811_1431", "ep001_session_20240811_1431.json");
        // Other episodes and other days in UTC do not conflict.
        check(2, "2024-08-11T14:31:00Z", "ep_002_20240811_1431", "ep002_session_20240811.json");
        check(1, "2024-08-12T00:00:00Z", "ep_001_20240812_0000", "ep001_session_20240812.json");
        check(1_234, "2024-08-11T14:31:00Z", "ep_1234_20240811_1431", "ep1234_session_20240811.json");
    }

    #[test]
    fn names_and_ids_are_unique() {
        let session = |now| Session::initialize(&Initialize::new(1, "Tides"), now, &Policy::default()).unwrap();
        let mut sessions = Sessions::default();
        let now = at("2024-08-11T14:30:00Z");
        // File names are compared ignoring case, also with other sessions.
        put(&mut sessions, "other", "EP001_Session_20240811.JSON", &session(now));
        assert_eq!(
            Names::of(&sessions).propose(session(now), 1, now).unwrap().file,
            "ep001_session_20240811_1430.json"
        );
        let second = "ep001_session_20240811_1430.json";
        put(&mut sessions, "another", second, &session(now));
        assert!(Names::of(&sessions).propose(session(now), 1, now).unwrap_err().contains("already exist"));
        made(&mut sessions, 1, "2024-08-11T14:31:00Z");
        let same_minute = at("2024-08-11T14:31:59Z");
        let why = Names::of(&sessions).propose(session(same_minute), 1, same_minute).unwrap_err();
        assert!(why.starts_with("ep_001_20240811_1431 already exists."), "{why}");
    }
}
