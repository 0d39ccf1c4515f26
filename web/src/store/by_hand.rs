//! Local changes that are no event: a certain fix, a text edited by hand, a way back through the changes.
use super::entry::Entry;
use super::keeping::Step;
use super::workspace::Workspace;
use crate::platform::clock;
use callboard_core::{Fix, Session};
use leptos::prelude::*;
use leptos::task::spawn_local;

impl Workspace {
    /// Makes a certain correction of a session's text.
    pub fn fix(self, id: &str, fix: &Fix) {
        let fix = fix.clone();
        self.act(id, move |entry| {
            let mut session = entry.reread();
            if session.fix(&fix) {
                Ok(Step::of(entry.edited(&session, format!("{}.", fix.title), clock::now())))
            } else {
                Err("The text has changed in the meantime, and the fix is none of it any more.".into())
            }
        });
    }

    /// Takes a session's text as someone has written it over another one: `text`, of what is in the field. The draft
    /// ends only when it is taken: what is refused stays in its field, and so does what is written meanwhile.
    pub fn rewrite(self, id: &str, over: String, field: String, text: String) {
        let id = id.to_owned();
        spawn_local(async move {
            let step = |entry: &Entry| {
                // Where another tab has been quicker, what was written is not what it was written over.
                if **entry.text() != *over {
                    return Err("The session was changed elsewhere while you were writing. \
                                What you wrote is kept: see what has changed, then decide."
                        .to_owned());
                }
                let session = rewritten(entry.session(), text.clone())?;
                Ok(Step::of(entry.edited(&session, "The text was edited by hand.".into(), clock::now())))
            };
            match self.change(&id, step).await {
                Ok(step) => {
                    let is_stored = !self.unsaved.with_value(|unsaved| unsaved.contains(&id));
                    self.drafts.applied(&id, &field, step.entry.text(), is_stored);
                    let back = step.way_back();
                    self.say(step.said, back);
                }
                Err(why) => self.say(why, None),
            }
        });
    }

    /// Goes to where so many of a session's local changes stand, back or forward.
    pub fn step_to(self, id: &str, done: usize) {
        self.act(id, move |entry| {
            let mut at = entry.clone();
            while at.standing().len() > done {
                let Some(before) = at.undone() else { break };
                at = before;
            }
            while at.standing().len() < done {
                let Some(after) = at.redone() else { break };
                at = after;
            }
            let said = match (at.last(), at.next()) {
                (None, _) => "Every local change is taken back; each can be made again.".to_owned(),
                (Some(last), Some(_)) => format!("Back to: {}", last.sentence),
                (Some(last), None) => format!("Forward to: {}", last.sentence),
            };
            Ok(Step { entry: at, said, undo: false })
        });
    }
}

/// What a text written by hand makes of a session.
///
/// # Errors
/// One sentence: where it cannot be read, or that it is another session's.
pub fn rewritten(before: &Session, text: String) -> Result<Session, String> {
    let after = Session::parse(text).map_err(|error| error.to_string())?;
    if after.id() == before.id() {
        Ok(after)
    } else {
        Err("Its session_id would be another one, and by that a session is known: leave it as it is.".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_by_hand_stays_the_same_session() {
        let before = Session::parse(r#"{"session_id": "a"}"#).unwrap();
        let rewrite = |text: &str| rewritten(&before, text.into()).map(|session| session.text().to_owned());
        assert_eq!(rewrite(r#"{"session_id": "a", "n": 1}"#), Ok(r#"{"session_id": "a", "n": 1}"#.into()));
        assert!(rewrite(r#"{"session_id": "b"}"#).unwrap_err().contains("session_id"));
        assert!(rewrite("{\n \"session_id\": }").unwrap_err().contains("line 2, column 16"));
    }
}
