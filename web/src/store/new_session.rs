//! New sessions: previewed, then created. The next export writes their files.
use super::workspace::{Workspace, policy};
use crate::export::path::home;
use callboard_core::{Initialize, Refusal, Session, Timestamp, ids};
use callboard_workspace::{Entry, Planned, Record, Sessions, joined};
use leptos::task::spawn_local;

/// The advice if a session with the same id exists.
const NEXT_MINUTE: &str = "The id is made from the minute, so try again in a minute.";

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

impl Workspace {
    /// Returns the session that would be created at `now`.
    ///
    /// # Errors
    /// The core's refusal as a sentence, or a message that its id exists.
    pub fn propose(self, new: &Initialize, now: Timestamp) -> Result<Proposed, String> {
        let session = Session::initialize(new, now, &policy()).map_err(|refusal: Refusal| refusal.to_string())?;
        self.sessions.with_untracked(|sessions| proposed(sessions, session, new.episode, now))
    }

    /// Creates a session; its file is exported with the other changes. `created` is called on success.
    pub fn create(self, proposed: Proposed, created: impl FnOnce() + 'static) {
        self.create_or_advise(proposed, NEXT_MINUTE, created);
    }

    /// Creates a session, with advice if another tab has just created one with its id.
    pub(super) fn create_or_advise(self, proposed: Proposed, advice: &'static str, created: impl FnOnce() + 'static) {
        let Proposed { session, id, folder, file, now } = proposed;
        let record = Record::created(id.clone(), joined(&folder, &file), session.text().into(), now);
        let entry = Entry::new(record, &session);
        spawn_local(async move {
            let outcome = self.commit(&id, |here| match here {
                None => {
                    Ok(Planned::put(entry.clone()).saying(format!("Created {id}. Export {file} to save the file.")))
                }
                Some(_) => Err(format!("{id} was not created: another tab just created it. {advice}")),
            });
            match outcome.await {
                Ok(planned) => {
                    created();
                    self.status.set(planned.message, None);
                }
                Err(why) => self.status.set(why, None),
            }
        });
    }
}

/// Chooses the id and file of a session that is created at `now`.
fn proposed(sessions: &Sessions, session: Session, episode: u64, now: Timestamp) -> Result<Proposed, String> {
    let id = ids::session_id(episode, now);
    if sessions.get(&id).is_some() {
        return Err(format!("{id} already exists. {NEXT_MINUTE}"));
    }
    let taken = |name: &str| sessions.iter().any(|entry| entry.file().eq_ignore_ascii_case(name));
    let names = [ids::file_name(episode, now), ids::second_file_name(episode, now)];
    let [first, second] = &names;
    let Some(file) = [first, second].into_iter().find(|name| !taken(name)) else {
        return Err(format!("{first} and {second} already exist. Try again in a minute."));
    };
    let folder = home(sessions.iter().map(|entry| entry.folder()));
    Ok(Proposed { session, id, folder, file: file.clone(), now })
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
        let Proposed { session, id, folder, file, .. } = proposed(sessions, session, episode, at(now)).unwrap();
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
        assert_eq!(proposed(&sessions, session(now), 1, now).unwrap().file, "ep001_session_20240811_1430.json");
        let second = "ep001_session_20240811_1430.json";
        put(&mut sessions, "another", second, &session(now));
        assert!(proposed(&sessions, session(now), 1, now).unwrap_err().contains("already exist"));
        made(&mut sessions, 1, "2024-08-11T14:31:00Z");
        let same_minute = at("2024-08-11T14:31:59Z");
        let why = proposed(&sessions, session(same_minute), 1, same_minute).unwrap_err();
        assert!(why.starts_with("ep_001_20240811_1431 already exists."), "{why}");
    }
}
