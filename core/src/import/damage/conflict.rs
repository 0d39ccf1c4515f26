//! The two sides of an unresolved git merge.

use crate::document::{Document, Kind, NodeId, ROOT, same};
use crate::{Conflict, Merged, ParseError, Session, merge};
use std::collections::BTreeSet;

/// The texts of both sides of an unresolved merge, and of what they come from where the markers hold it.
///
/// Each is a whole document, to be read by itself; [`ConflictSides::merge`] compares or merges them.
///
/// ```
/// let text = b"{\n<<<<<<< ours\n\"a\": 1\n=======\n\"a\": 2\n>>>>>>> theirs\n}\n";
/// let sides = callboard_core::import::mend(text).unwrap_err().sides.unwrap();
/// assert_eq!((sides.ours.as_str(), sides.theirs.as_str()), ("{\n\"a\": 1\n}\n", "{\n\"a\": 2\n}\n"));
/// assert_eq!((sides.ours_label.as_str(), sides.line, sides.base), ("ours", 2, None));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ConflictSides {
    /// Our side's text.
    pub ours: String,
    /// Their side's text.
    pub theirs: String,
    /// The text that both come from; none where the markers do not hold it.
    pub base: Option<String>,
    /// The name of our side.
    pub ours_label: String,
    /// The name of their side.
    pub theirs_label: String,
    /// The line of the first marker, from 1.
    pub line: u32,
}

impl ConflictSides {
    /// Merges both sides of a session's file, for a person to look at; nothing is chosen silently.
    ///
    /// With the text that both come from it is [`merge`]. Without it nobody knows which side changed a value: costs are
    /// not added up, and each value that differs is a conflict without a base, with our side's in the text. Only where the
    /// history of one side continues the other's, that side is the result.
    ///
    /// # Errors
    /// An error for a side that is not a session.
    ///
    /// ```
    /// use callboard_core::{Session, State, import::mend};
    /// let text = "{\"session_id\": \"a\", \"pipeline_state\": {\n<<<<<<< HEAD\n\"current_stage\": \"writing\"\n=======\n\
    ///     \"current_stage\": \"evaluation\"\n>>>>>>> agent\n}, \"cost_tracking\": {\"total\": 2}}";
    /// let sides = mend(text.as_bytes()).unwrap_err().sides.unwrap();
    /// // Both sides to choose from, by label and state.
    /// let state = |text: &str| Session::parse(text).unwrap().state().unwrap();
    /// assert_eq!((sides.ours_label.as_str(), state(&sides.ours)), ("HEAD", State::Writing));
    /// assert_eq!((sides.theirs_label.as_str(), state(&sides.theirs)), ("agent", State::Evaluating));
    /// let merged = sides.merge().unwrap();
    /// let conflict = &merged.conflicts[0];
    /// assert_eq!((merged.conflicts.len(), conflict.path.as_str()), (1, "pipeline_state.current_stage"));
    /// assert_eq!((conflict.base.as_ref(), conflict.theirs.as_deref()), (None, Some("\"evaluation\"")));
    /// assert_eq!(merged.text, sides.ours);
    /// ```
    pub fn merge(&self) -> Result<Merged, ParseError> {
        if let Some(base) = &self.base {
            return merge(base, &self.ours, &self.theirs);
        }
        let (ours, theirs) = (Session::parse(self.ours.as_str())?, Session::parse(self.theirs.as_str())?);
        let (here, there) = (history(&ours), history(&theirs));
        if here != there && there.starts_with(&here) && !here.is_empty() {
            return Ok(Merged { text: self.theirs.clone(), conflicts: Vec::new(), diagnostics: Vec::new() });
        }
        let mut conflicts = Vec::new();
        let is_ahead = here != there && here.starts_with(&there) && !there.is_empty();
        if !is_ahead {
            differences(ours.document(), ROOT, theirs.document(), ROOT, "", 0, &mut conflicts);
        }
        Ok(Merged { text: self.ours.clone(), conflicts, diagnostics: Vec::new() })
    }
}

/// The texts of a session's history entries.
fn history(session: &Session) -> Vec<&str> {
    let document = session.document();
    let list = document.find_set(ROOT, "history");
    list.map(|list| document.elements(list).map(|entry| document.raw(entry)).collect()).unwrap_or_default()
}

/// Greatest depth at which objects are compared key by key.
const DEEPEST: usize = 64;

/// Lists the values that differ.
fn differences(
    ours: &Document,
    one: NodeId,
    theirs: &Document,
    other: NodeId,
    path: &str,
    depth: usize,
    conflicts: &mut Vec<Conflict>,
) {
    let mut differ = |key: &str, one: Option<NodeId>, other: Option<NodeId>| {
        let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        let is_object = |document: &Document, node: NodeId| document.kind(node) == Kind::Object;
        match (one, other) {
            (Some(one), Some(other)) if same(ours, one, theirs, other) => {}
            (Some(one), Some(other)) if depth < DEEPEST && is_object(ours, one) && is_object(theirs, other) => {
                differences(ours, one, theirs, other, &path, depth + 1, conflicts);
            }
            (one, other) => conflicts.push(Conflict {
                path,
                base: None,
                ours: one.map(|node| ours.raw(node).to_owned()),
                theirs: other.map(|node| theirs.raw(node).to_owned()),
            }),
        }
    };
    let keys = |document: &Document, object: NodeId| -> Vec<String> {
        let text = |(key, _)| document.string(key).unwrap_or_default().into_owned();
        document.members(object).map(text).collect()
    };
    let mut seen = BTreeSet::new();
    for key in keys(ours, one).into_iter().chain(keys(theirs, other)) {
        let (here, there) = (ours.find_exact(one, &key), theirs.find_exact(other, &key));
        if seen.insert(key.clone()) {
            differ(&key, here, there);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    Ours,
    Base,
    Theirs,
}

/// The sides of a text with conflict markers; none where it has none, or not in their order.
pub(super) fn sides(text: &str) -> Option<ConflictSides> {
    let mut sides = ConflictSides {
        ours: String::with_capacity(text.len()),
        theirs: String::with_capacity(text.len()),
        base: None,
        ours_label: String::new(),
        theirs_label: String::new(),
        line: 0,
    };
    let mut base = String::new();
    let mut has_base = false;
    let mut side = Side::Both;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let marker = |marker: &str| {
            let rest = line.strip_prefix(marker)?;
            (rest.is_empty() || rest.starts_with([' ', '\r', '\n'])).then(|| rest.trim().to_owned())
        };
        if let Some(label) = marker("<<<<<<<") {
            if side != Side::Both {
                return None;
            }
            side = Side::Ours;
            if sides.line == 0 {
                (sides.line, sides.ours_label) = (number, label);
            }
        } else if marker("|||||||").is_some() && side == Side::Ours {
            (side, has_base) = (Side::Base, true);
        } else if marker("=======").is_some() && matches!(side, Side::Ours | Side::Base) {
            side = Side::Theirs;
        } else if let Some(label) = marker(">>>>>>>").filter(|_| side == Side::Theirs) {
            side = Side::Both;
            if sides.theirs_label.is_empty() {
                sides.theirs_label = label;
            }
        } else {
            if matches!(side, Side::Both | Side::Ours) {
                sides.ours.push_str(line);
            }
            if matches!(side, Side::Both | Side::Theirs) {
                sides.theirs.push_str(line);
            }
            if matches!(side, Side::Both | Side::Base) {
                base.push_str(line);
            }
        }
    }
    for (label, word) in [(&mut sides.ours_label, "ours"), (&mut sides.theirs_label, "theirs")] {
        if label.is_empty() {
            word.clone_into(label);
        }
    }
    sides.base = has_base.then_some(base);
    (side == Side::Both && sides.line > 0).then_some(sides)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_is_kept_where_the_markers_hold_it() {
        let text = "{\n<<<<<<< HEAD\n1\n||||||| 3f2a\n0\n=======\n2\n>>>>>>> topic\n}\n<<<<<<< HEAD\na\n||||||| 3f2a\nc\n=======\nb\n>>>>>>> topic\n";
        let sides = sides(text).unwrap();
        assert_eq!((sides.ours.as_str(), sides.theirs.as_str()), ("{\n1\n}\na\n", "{\n2\n}\nb\n"));
        assert_eq!(sides.base.as_deref(), Some("{\n0\n}\nc\n"));
        assert_eq!((sides.ours_label.as_str(), sides.theirs_label.as_str()), ("HEAD", "topic"));
    }

    #[test]
    fn markers_out_of_order_are_no_merge() {
        for text in
            ["{}", "=======\n", "<<<<<<< a\n", "<<<<<<< a\n=======\n", "<<<<<<< a\n<<<<<<< b\n=======\n>>>>>>> c\n"]
        {
            assert_eq!(sides(text), None, "{text}");
        }
    }
}
