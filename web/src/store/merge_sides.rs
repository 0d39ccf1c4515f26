//! Both sides of an unresolved merge in an imported file, loaded as a session with a conflict.
use super::workspace::Workspace;
use crate::platform::{clock, dom};
use crate::route::Route;
use callboard_core::Session;
use callboard_core::import::{ConflictSides, Opened, mend};
use callboard_workspace::Planned;
use callboard_workspace::plan::{MergeSides, load_sides};
use leptos::task::spawn_local;

impl Workspace {
    /// Loads both sides of the unresolved merge in a file, and opens the session, where the conflict is resolved.
    pub fn load_sides(self, path: String) {
        spawn_local(async move {
            match self.loaded_sides(&path).await {
                Ok((id, message)) => {
                    self.status.set(message, None);
                    dom::navigate(&Route::Session(id).href());
                }
                Err(why) => self.status.set(why, None),
            }
        });
    }

    /// Loads both sides. Returns the session's id and the message.
    async fn loaded_sides(self, path: &str) -> Result<(String, String), String> {
        const GONE: &str = "This file is no longer in the workspace.";
        let bytes = self.imported.bytes(path).ok_or(GONE)?;
        let sides = mend(&bytes).err().and_then(|broken| broken.sides).ok_or("This file has no unresolved merge.")?;
        let text = std::str::from_utf8(&bytes).map_err(|_| "This file is not UTF-8: resolve the merge in git.")?;
        let base = base(&sides);
        let ConflictSides { ours, theirs, ours_label, theirs_label, .. } = sides;
        let ours = self.own_session(path, &ours, &ours_label)?;
        let theirs = self.own_session(path, &theirs, &theirs_label)?;
        let id = ours.id().unwrap_or_default();
        let sides = MergeSides { path, text, ours: &ours, theirs: &theirs, base: base.as_deref() };
        let planned = self.commit(&id, |here| load_sides(here.map(|here| &**here), &sides, clock::now())).await;
        planned.map(|Planned { message, .. }| (id, message))
    }

    /// Reads a side as a session of the framework's own shape.
    fn own_session(self, path: &str, text: &str, label: &str) -> Result<Session, String> {
        match self.imported.shapes().open(path, text.as_bytes()) {
            Opened::Session { session, .. } => Ok(*session),
            Opened::Other(_) => Err(format!(
                "The side \u{201c}{label}\u{201d} is not a session of Callboard's own shape: resolve the merge in git."
            )),
        }
    }
}

/// Returns the text that both sides come from: as the file has it, or the side whose history the other continues.
fn base(sides: &ConflictSides) -> Option<String> {
    sides.base.clone().or_else(|| {
        let merged = sides.merge().ok().filter(|merged| merged.conflicts.is_empty())?;
        Some(if merged.text == sides.ours { sides.theirs.clone() } else { sides.ours.clone() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::merge;

    #[test]
    fn without_a_base_the_older_side_is_one() {
        let side = |stage: &str, history: &str| {
            format!(
                r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "{stage}"}}, "history": [{history}]}}"#
            )
        };
        let older = side("writing", r#"{"event": "start"}"#);
        let newer = side("evaluation", r#"{"event": "start"}, {"event": "complete"}"#);
        let check = |ours: &str, theirs: &str, expected: Option<&str>| {
            let text = format!("<<<<<<< ours\n{ours}\n=======\n{theirs}\n>>>>>>> theirs\n");
            let sides = mend(text.as_bytes()).err().and_then(|broken| broken.sides).unwrap();
            let merged = base(&sides).map(|base| merge(&base, &sides.ours, &sides.theirs).unwrap().text);
            assert_eq!(merged.as_deref().map(str::trim), expected);
        };
        check(&older, &newer, Some(&newer));
        check(&newer, &older, Some(&newer));
        check(&older, &side("evaluation", r#"{"event": "fail"}"#), None);
    }
}
