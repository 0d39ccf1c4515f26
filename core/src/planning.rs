//! Planning of a session by people: owner, due date, labels and notes.
//!
//! The values are under the key `planning` of the session's file, so that they travel with it through git. They are no
//! part of the state machine: no event reads or writes them, and a change of them is no entry of the history and no sign
//! of life of an agent.

use crate::document::{Edits, Kind, ListPatch, NewValue, NodeId, ObjectPatch, Style, quote};
use crate::names::same_name;
use crate::refusal::Fault;
use crate::{Date, Refusal, Session, TextEdits};
use std::borrow::Cow;

/// Planning of a session by people.
///
/// See the example at [`Session::set_planning`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Planning {
    /// The person who takes care of the episode.
    pub owner: Option<String>,
    /// The day by which the session should be complete.
    pub due: Option<Date>,
    /// Labels, each once, in the order of the file.
    pub labels: Vec<String>,
    /// Free text.
    pub notes: Option<String>,
}

impl Planning {
    /// True if nothing is planned.
    ///
    /// ```
    /// assert!(callboard_core::Planning::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        *self == Planning::default()
    }

    /// Removes white space around the values, empty values and repeated labels.
    fn normalised(&self) -> Planning {
        let text = |text: &Option<String>| {
            let text = text.as_deref().map(str::trim).filter(|text| !text.is_empty());
            text.map(str::to_owned)
        };
        let mut labels: Vec<String> = Vec::new();
        for label in self.labels.iter().map(|label| label.trim()).filter(|label| !label.is_empty()) {
            if labels.iter().all(|known| known != label) {
                labels.push(label.to_owned());
            }
        }
        Planning { owner: text(&self.owner), due: self.due, labels, notes: text(&self.notes) }
    }
}

const KEY: &str = "planning";

impl Session {
    /// Reads the planning. A value of another type counts as missing; a label of another type is left out.
    ///
    /// See the example at [`Session::set_planning`].
    pub fn planning(&self) -> Planning {
        let Some(section) = self.at(&[KEY]) else { return Planning::default() };
        let document = self.document();
        let text = |name| document.find_set(section, name).and_then(|value| document.string(value));
        let owned = |name| text(name).map(Cow::into_owned);
        let labels = self.label_nodes().into_iter().map(|(_, label)| label).collect();
        let due = text("due").and_then(|due| Date::parse(&due));
        Planning { owner: owned("owner"), due, labels, notes: owned("notes") }.normalised()
    }

    /// Writes the planning, and changes only the lines of the values that differ. [`Session::undo`] reverts it.
    ///
    /// Empty values are removed, and the whole key when nothing remains in it. Other keys in it stay.
    ///
    /// # Errors
    /// `invalid_value` if the file's `planning` or its `labels` are something else.
    ///
    /// ```
    /// use callboard_core::{Date, Planning, Session};
    /// let text = "{\n  \"session_id\": \"ep_1\",\n  \"pipeline_state\": {\"current_stage\": \"writing\"}\n}\n";
    /// let mut session = Session::parse(text).unwrap();
    /// let planning = Planning {
    ///     owner: Some("Mira".into()),
    ///     due: Date::parse("2026-12-05"),
    ///     labels: vec!["season 2".into()],
    ///     notes: None,
    /// };
    /// session.set_planning(&planning).unwrap();
    /// assert_eq!(session.planning(), planning);
    /// assert!(session.text().contains("\"owner\": \"Mira\",\n    \"due\": \"2026-12-05\",\n    \"labels\": [\"season 2\"]"));
    /// session.set_planning(&Planning::default()).unwrap();
    /// assert_eq!(session.text(), text);
    /// ```
    pub fn set_planning(&mut self, planning: &Planning) -> Result<(), Refusal> {
        if let Some(edits) = self.planning_patch(planning)? {
            self.edit(edits);
        }
        Ok(())
    }

    /// Works out the edits of [`Session::set_planning`] without applying them; no edits if nothing differs.
    ///
    /// # Errors
    /// The errors of [`Session::set_planning`].
    ///
    /// ```
    /// use callboard_core::{Planning, Session};
    /// let session = Session::parse(r#"{"session_id": "ep_1"}"#).unwrap();
    /// let planning = Planning { owner: Some("Mira".into()), ..Planning::default() };
    /// let edits = session.preview_planning(&planning).unwrap();
    /// assert_eq!(edits.apply(session.text()).unwrap(), r#"{"session_id": "ep_1", "planning": {"owner": "Mira"}}"#);
    /// ```
    pub fn preview_planning(&self, planning: &Planning) -> Result<TextEdits, Refusal> {
        let edits = self.planning_patch(planning)?;
        Ok(edits.map(|edits| edits.of_text(self.text())).unwrap_or_default())
    }

    fn planning_patch(&self, planning: &Planning) -> Result<Option<Edits>, Refusal> {
        let (before, after) = (self.planning(), planning.normalised());
        if before == after {
            return Ok(None);
        }
        self.check_planning().map_err(|fault| fault.into_refusal(Vec::new()))?;
        let document = self.document();
        let style = Style::of(document);
        let mut patch = ObjectPatch::default();
        if after.is_empty() && !self.has_foreign_planning() {
            patch.remove(KEY);
        } else {
            let section = patch.object(KEY);
            set(section, "owner", before.owner.as_ref(), after.owner.as_ref(), |owner| owner.into());
            set(section, "due", before.due.as_ref(), after.due.as_ref(), |due| due.to_string().into());
            if before.labels != after.labels {
                if after.labels.is_empty() && !self.has_foreign_labels() {
                    section.remove("labels");
                } else {
                    section.list("labels", self.labels_patch(&after.labels));
                }
            }
            set(section, "notes", before.notes.as_ref(), after.notes.as_ref(), |notes| notes.into());
        }
        Ok(Some(patch.edits(document, &style)))
    }

    /// The labels of the file with their elements, without repetitions.
    fn label_nodes(&self) -> Vec<(NodeId, String)> {
        let Some(list) = self.at(&[KEY, "labels"]) else { return Vec::new() };
        let document = self.document();
        document.elements(list).filter_map(|id| document.string(id).map(|label| (id, label.into_owned()))).collect()
    }

    /// The changes that make the list of labels this one. Labels that stay in their order are not touched.
    fn labels_patch(&self, labels: &[String]) -> ListPatch {
        let mut known = self.label_nodes();
        let place = |label: &str| labels.iter().position(|wanted| wanted == label.trim());
        let stays: Vec<usize> = known.iter().filter_map(|(_, label)| place(label)).collect();
        // New labels go last; where that is not the wanted order, all are written again.
        let first_new = labels.iter().position(|label| known.iter().all(|(_, known)| known.trim() != label.as_str()));
        let keeps_order = stays.is_sorted() && first_new.is_none_or(|new| stays.iter().all(|stays| *stays < new));
        let all: Vec<NodeId> = known.iter().map(|(id, _)| *id).collect();
        if !keeps_order {
            known.clear();
        }
        let goes = |label: &str| place(label).is_none();
        let remove = match keeps_order {
            true => known.iter().filter(|(_, label)| goes(label)).map(|(id, _)| *id).collect(),
            false => all,
        };
        let is_new = |label: &&String| known.iter().all(|(_, known)| known.trim() != label.as_str());
        let insert = labels.iter().filter(is_new).map(|label| (None, Cow::Owned(quote(label)))).collect();
        ListPatch { remove, insert, lines: false }
    }

    fn check_planning(&self) -> Result<(), Fault> {
        let document = self.document();
        let check = |path: &[&str], expected: Kind| match self.at(path).map(|value| document.kind(value)) {
            Some(kind) if kind != expected => {
                let (name, expected, actual) = (path.join("."), expected.name(), kind.name());
                let message = format!("{name} must be {expected}, and is {actual}.");
                Err(Fault::invalid(message, expected, actual).hint("Correct it in the file's JSON first."))
            }
            _ => Ok(()),
        };
        check(&[KEY], Kind::Object)?;
        check(&[KEY, "labels"], Kind::Array)
    }

    /// True if the file's planning has values that are not read.
    fn has_foreign_planning(&self) -> bool {
        let Some(section) = self.at(&[KEY]) else { return false };
        let document = self.document();
        let is_read = |(key, value): (NodeId, NodeId)| {
            let name = document.string(key).unwrap_or_default();
            let text = document.string(value);
            match ["owner", "due", "labels", "notes"].into_iter().find(|known| same_name(known, &name)) {
                _ if document.kind(value) == Kind::Null => true,
                Some("labels") => document.kind(value) == Kind::Array && !self.has_foreign_labels(),
                Some("due") => text.is_some_and(|due| Date::parse(&due).is_some()),
                Some(_) => text.is_some(),
                None => false,
            }
        };
        !document.members(section).all(is_read)
    }

    /// True if the list of labels has elements of another type.
    fn has_foreign_labels(&self) -> bool {
        let document = self.document();
        let is_text = |id: NodeId| document.kind(id) == Kind::String;
        self.at(&[KEY, "labels"]).is_some_and(|labels| !document.elements(labels).all(is_text))
    }
}

/// Sets, changes or removes one member.
fn set<'a, T: PartialEq>(
    section: &mut ObjectPatch<'a>,
    name: &'static str,
    before: Option<&T>,
    after: Option<&'a T>,
    text: impl FnOnce(&'a T) -> Cow<'a, str>,
) {
    match after {
        _ if before == after => {}
        Some(after) => section.set(name, NewValue::Text(text(after))),
        None => section.remove(name),
    }
}
