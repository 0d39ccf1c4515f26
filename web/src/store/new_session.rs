//! New sessions: proposed, then created. Their files are written by the next export.
use super::workspace::{Workspace, policy};
use crate::export::path::home;
use callboard_core::{Initialize, Refusal, Session, Timestamp, ids};
use callboard_workspace::{Entry, Planned, Record, Sessions, joined};
use leptos::task::spawn_local;

/// The advice where a session of the same id is here.
const NEXT_MINUTE: &str = "An id holds its minute: create it in the next one.";

/// A new session as it would be created now.
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
    /// The core's refusal as a sentence, or that a session of its id is here.
    pub fn propose(self, new: &Initialize, now: Timestamp) -> Result<Proposed, String> {
        let session = Session::initialize(new, now, &policy()).map_err(|refusal: Refusal| refusal.to_string())?;
        self.sessions.with_untracked(|sessions| proposed(sessions, session, new.episode, now))
    }

    /// Creates a session; its file is exported with the changes. `created` is called once it is here.
    pub fn create(self, proposed: Proposed, created: impl FnOnce() + 'static) {
        let Proposed { session, id, folder, file, now } = proposed;
        let record = Record::created(id.clone(), joined(&folder, &file), session.text().into(), now);
        let entry = Entry::new(record, &session);
        spawn_local(async move {
            let outcome = self.commit(&id, |here| match here {
                None => Ok(Planned::put(entry.clone()).saying(format!("Created {id}. Export {file} to write it."))),
                Some(_) => Err(format!("{id} was not created: another tab just created it. {NEXT_MINUTE}")),
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

/// Returns the place of a session that is created at `now` beside those that are here.
fn proposed(sessions: &Sessions, session: Session, episode: u64, now: Timestamp) -> Result<Proposed, String> {
    let id = ids::session_id(episode, now);
    if sessions.get(&id).is_some() {
        return Err(format!("{id} is here already. {NEXT_MINUTE}"));
    }
    let taken = |name: &str| sessions.iter().any(|entry| entry.file().eq_ignore_ascii_case(name));
    let names = [ids::file_name(episode, now), ids::second_file_name(episode, now)];
    let [first, second] = &names;
    let Some(file) = [first, second].into_iter().find(|name| !taken(name)) else {
        return Err(format!("Files named {first} and {second} are here already. Create it in the next minute."));
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

    /// Puts a session of this episode, made at this moment, where it is proposed to be; its id, folder and file.
    #[track_caller]
    fn made(shelf: &mut Sessions, episode: u64, now: &str) -> (String, String, String) {
        let session = Session::initialize(&Initialize::new(episode, "Tides"), at(now), &Policy::default()).unwrap();
        let Proposed { session, id, folder, file, .. } = proposed(shelf, session, episode, at(now)).unwrap();
        put(shelf, &id, &joined(&folder, &file), &session);
        (id, folder, file)
    }

    #[test]
    fn the_second_session_of_an_episodes_day_has_the_time_in_its_name() {
        let mut shelf = Sessions::default();
        let expected = |id: &str, file: &str| (id.to_owned(), ids::FOLDER.to_owned(), file.to_owned());
        let mut check = |episode, now, id, file| assert_eq!(made(&mut shelf, episode, now), expected(id, file));
        check(1, "2024-08-11T00:00:00Z", "ep_001_20240811_0000", "ep001_session_20240811.json");
        check(1, "2024-08-11T14:30:59Z", "ep_001_20240811_1430", "ep001_session_20240811_1430.json");
        check(1, "2024-08-11T14:31:00Z", "ep_001_20240811_1431", "ep001_session_20240811_1431.json");
        // Another episode, and another day of UTC, begin anew.
        check(2, "2024-08-11T14:31:00Z", "ep_002_20240811_1431", "ep002_session_20240811.json");
        check(1, "2024-08-12T00:00:00Z", "ep_001_20240812_0000", "ep001_session_20240812.json");
        check(1_234, "2024-08-11T14:31:00Z", "ep_1234_20240811_1431", "ep1234_session_20240811.json");
    }

    #[test]
    fn no_name_and_no_id_is_given_twice() {
        let session = |now| Session::initialize(&Initialize::new(1, "Tides"), now, &Policy::default()).unwrap();
        let mut shelf = Sessions::default();
        let now = at("2024-08-11T14:30:00Z");
        // A file of that name, in other letters and of another session, is one too.
        put(&mut shelf, "other", "EP001_Session_20240811.JSON", &session(now));
        assert_eq!(proposed(&shelf, session(now), 1, now).unwrap().file, "ep001_session_20240811_1430.json");
        let second = "ep001_session_20240811_1430.json";
        put(&mut shelf, "another", second, &session(now));
        assert!(proposed(&shelf, session(now), 1, now).unwrap_err().contains("are here already"));
        made(&mut shelf, 1, "2024-08-11T14:31:00Z");
        let same_minute = at("2024-08-11T14:31:59Z");
        let why = proposed(&shelf, session(same_minute), 1, same_minute).unwrap_err();
        assert!(why.starts_with("ep_001_20240811_1431 is here already."), "{why}");
    }
}
