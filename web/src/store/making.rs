//! Sessions that are made here: proposed, made, and taken out again as long as they were handed back to nobody.
use super::entry::Entry;
use super::shelf::Shelf;
use super::workspace::{Same, WayBack, Workspace, policy};
use crate::export::path::home;
use crate::platform::database::{Durability, Written};
use callboard_core::{Initialize, Refusal, Session, Timestamp, ids};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What there is to do where a session of the same id is here.
const NEXT_MINUTE: &str = "An id holds its minute: in the next one another can be made.";

/// A new session as it would be made now.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The session.
    pub session: Session,
    /// Its id.
    pub id: String,
    /// Where its file belongs.
    pub folder: String,
    /// The name of its file.
    pub file: String,
}

impl Workspace {
    /// The session that would be made at `now`, or why none would. Nothing is made.
    ///
    /// # Errors
    /// The core's refusal as a sentence, or that a session of its id is here.
    pub fn propose(self, new: &Initialize, now: Timestamp) -> Result<Proposed, String> {
        let session = Session::initialize(new, now, &policy()).map_err(|refusal: Refusal| refusal.to_string())?;
        self.shelf.with_untracked(|shelf| proposed(shelf, session, new.episode, now))
    }

    /// Makes a session; its file waits in the tray. Then, when it is here, `made` is called.
    pub fn create(self, proposed: Proposed, made: impl FnOnce() + 'static) {
        let Proposed { session, id, folder, file } = proposed;
        let said = format!("{id} is made. Its file {file} waits in the tray.");
        let entry = Entry::new(id.clone(), file, folder, &session).with_disk("".into());
        self.ask_to_persist();
        spawn_local(async move {
            if self.add(entry).await {
                made();
                self.say(said, None);
            } else {
                self.say(format!("{id} was not made: another tab has just made it. {NEXT_MINUTE}"), None);
            }
        });
    }

    /// Adds a session. `false` where there is one of its id, which another tab has just stored: that is shown.
    async fn add(self, entry: Entry) -> bool {
        let turn = self.turn.get_value();
        let _guard = turn.lock().await;
        let id = entry.id().to_owned();
        let written = self.store(std::slice::from_ref(&entry), Durability::Strict).await;
        match written.map(|mut written| written.pop()) {
            Ok(Some(Written::Behind(theirs))) => {
                self.adopt(&id, *theirs);
                return false;
            }
            Ok(Some(Written::Stored(stamp))) => {
                self.put(entry.stamped(stamp));
                self.catch_up(std::slice::from_ref(&id)).await;
            }
            Ok(None) => self.put(entry),
            Err(why) => self.put_unstored(entry, why),
        }
        self.tell(vec![id]);
        true
    }

    /// Takes a session in again that was taken out, with all its changes.
    pub(super) fn take_in_again(self, entry: &Entry) {
        // It is stored nowhere.
        let entry = entry.clone().stamped(0);
        spawn_local(async move {
            let id = entry.id().to_owned();
            let said = if self.add(entry).await {
                format!("{id} is here again.")
            } else {
                format!("{id} stays taken out: another one of its id is here.")
            };
            self.say(said, None);
        });
    }

    /// Takes a session that was made here, and handed back to nobody, out of the workspace, as long as it is as it is
    /// seen here.
    ///
    /// Where another tab has moved it on in the meantime, it stays, and is shown as it is.
    pub fn discard(self, seen: Same<Entry>) {
        spawn_local(async move {
            let turn = self.turn.get_value();
            let _guard = turn.lock().await;
            let id = seen.id().to_owned();
            let changed = || {
                let why = "It was changed in another tab in the meantime, and stays: look at it again.";
                self.say(format!("{id} was not taken out. {why}"), None);
            };
            let Some(entry) = self.entry_now(&id) else { return };
            if entry.revision() != seen.revision() {
                return changed();
            }
            if let Some(database) = self.database.get_value() {
                match database.remove(&id, entry.record().stamp).await {
                    Ok(None) => {}
                    Ok(Some(theirs)) => {
                        self.adopt(&id, *theirs);
                        return changed();
                    }
                    Err(why) => return self.say(format!("{id} was not taken out. {why}"), None),
                }
            } else if let Some(why) = self.storage_error.get_untracked()
                && entry.record().stamp != 0
            {
                // Its record is out of reach: it would be here again with the next visit.
                return self.say(format!("{id} was not taken out. {why}"), None);
            }
            self.shelf.update(|shelf| shelf.remove([id.as_str()]));
            self.tell(vec![id.clone()]);
            self.unsaved.update_value(|unsaved| {
                unsaved.remove(&id);
            });
            let back = WayBack::Session(Same(entry));
            self.say(format!("{id} is taken out; it was never handed back."), Some(back));
        });
    }
}

/// Where a session that is made at `now` belongs beside those that are here.
fn proposed(shelf: &Shelf, session: Session, episode: u64, now: Timestamp) -> Result<Proposed, String> {
    let id = ids::session_id(episode, now);
    if shelf.get(&id).is_some() {
        return Err(format!("{id} is here already. {NEXT_MINUTE}"));
    }
    let taken = |name: &str| shelf.iter().any(|entry| entry.file().eq_ignore_ascii_case(name));
    let names = [ids::file_name(episode, now), ids::second_file_name(episode, now)];
    let [first, second] = &names;
    let file = [first, second].into_iter().find(|name| !taken(name));
    let Some(file) = file else {
        return Err(format!("Files named {first} and {second} are here already: in the next minute there is a name."));
    };
    let folder = home(shelf.iter().map(|entry| entry.record().folder.as_str()));
    Ok(Proposed { session, id, folder, file: file.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::Policy;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    /// Puts a session of this episode, made at this moment, where it is proposed to be; its id, folder and file.
    #[track_caller]
    fn made(shelf: &mut Shelf, episode: u64, now: &str) -> (String, String, String) {
        let session = Session::initialize(&Initialize::new(episode, "Tides"), at(now), &Policy::default()).unwrap();
        let Proposed { session, id, folder, file } = proposed(shelf, session, episode, at(now)).unwrap();
        shelf.put(Entry::new(id.clone(), file.clone(), folder.clone(), &session));
        (id, folder, file)
    }

    #[test]
    fn the_second_session_of_an_episodes_day_has_the_time_in_its_name() {
        let mut shelf = Shelf::default();
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
        let mut shelf = Shelf::default();
        let now = at("2024-08-11T14:30:00Z");
        // A file of that name, in other letters and of another session, is one too.
        shelf.put(Entry::new("other".into(), "EP001_Session_20240811.JSON".into(), String::new(), &session(now)));
        assert_eq!(proposed(&shelf, session(now), 1, now).unwrap().file, "ep001_session_20240811_1430.json");
        let second = "ep001_session_20240811_1430.json";
        shelf.put(Entry::new("another".into(), second.into(), String::new(), &session(now)));
        assert!(proposed(&shelf, session(now), 1, now).unwrap_err().contains("are here already"));
        made(&mut shelf, 1, "2024-08-11T14:31:00Z");
        let same_minute = at("2024-08-11T14:31:59Z");
        let why = proposed(&shelf, session(same_minute), 1, same_minute).unwrap_err();
        assert!(why.starts_with("ep_001_20240811_1431 is here already."), "{why}");
    }
}
