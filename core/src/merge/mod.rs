//! Three-way merge of a session's text by key and list entry, keeping costs and history of both sides.

mod costs;
mod counts;
mod entries;
mod lists;
mod state;
mod writes;

use crate::document::{Document, Keys, Kind, NewValue, NodeId, ObjectPatch, ROOT, Style, same, same_member};
use crate::order::{Lookup, hash};
use crate::{Diagnostic, ParseError, Session, Severity, Timestamp};
use costs::Accounts;
use counts::Counts;
use entries::Changes;
use state::{MergeRule, Role, coupled, inconsistencies};
use writes::Writes;

/// Different changes of one value on both sides.
///
/// ```
/// let base = r#"{"session_id": "a", "episode": {"topic": "Tides"}}"#;
/// let (ours, theirs) = (base.replace("Tides", "Ebb"), base.replace("Tides", "Flood"));
/// let merged = callboard_core::merge(base, &ours, &theirs).unwrap();
/// let conflict = &merged.conflicts[0];
/// assert_eq!((conflict.path.as_str(), conflict.theirs.as_deref()), ("episode.topic", Some(r#""Flood""#)));
/// assert_eq!(merged.text, ours);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Conflict {
    /// Path in the file, keys joined by dots.
    pub path: String,
    /// JSON text before; none if it was missing.
    pub base: Option<String>,
    /// JSON text on our side, which the merged text has; none if we removed it.
    pub ours: Option<String>,
    /// JSON text on their side; none if they removed it.
    pub theirs: Option<String>,
}

/// Result of a merge.
///
/// See the example at [`merge`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Merged {
    /// Merged text in our layout, with our side of each conflict.
    pub text: String,
    /// Different changes of one value on both sides.
    pub conflicts: Vec<Conflict>,
    /// Errors and warnings that neither side had.
    pub diagnostics: Vec<Diagnostic>,
}

/// Greatest depth at which objects are merged key by key; deeper values are merged as a whole.
const DEEPEST: usize = 64;

/// Merges the changes of `ours` and `theirs` since `base`.
///
/// If only one side changed, its text is the result, byte by byte. Costs add up, the history keeps the entries of both
/// sides in the order of their times, and an equal edit on both sides counts once, as does an event with one key. Real
/// conflicts are listed with both values, and the text has ours: nothing is dropped silently.
///
/// If both sides moved the session on, its state comes from one side. If the history of one side continues the other's,
/// it is that side, and manual changes of the other are kept or conflict. Else it is ours, and each state value that
/// differs is a conflict. Failures, gate failures and, within one stage, retries are counted from both sides.
///
/// Different sessions are not merged: the only conflict is their `session_id`, and the text is ours.
///
/// # Errors
/// An error for a text that is not a session.
///
/// ```
/// let base = r#"{"session_id": "a", "cost_tracking": {"writing": 1.00, "total": 1.00}}"#;
/// let ours = base.replace("1.00", "1.50");
/// let theirs = base.replace("1.00", "1.25");
/// let merged = callboard_core::merge(base, &ours, &theirs).unwrap();
/// assert_eq!(merged.text, base.replace("1.00", "1.75"));
/// assert!(merged.conflicts.is_empty());
/// let other = theirs.replace(r#""a""#, r#""b""#);
/// let refused = callboard_core::merge(base, &ours, &other).unwrap();
/// assert_eq!((refused.conflicts[0].path.as_str(), refused.text), ("session_id", ours));
/// ```
pub fn merge(base: &str, ours: &str, theirs: &str) -> Result<Merged, ParseError> {
    merge_choosing(base, ours, theirs, &[])
}

/// Side of a conflict, as [`merge_choosing`] takes it.
///
/// See the example there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeSide {
    /// The value of `ours`, which a merge has by default.
    Ours,
    /// The value of `theirs`.
    Theirs,
}

/// Merges like [`merge`], with the chosen side of each conflict; ours where none is chosen.
///
/// Conflicts are named by [`Conflict::path`]; a path without a conflict changes nothing. The result lists every conflict,
/// decided or not.
///
/// # Errors
/// An error for a text that is not a session.
///
/// ```
/// use callboard_core::{MergeSide, merge_choosing};
/// let base = r#"{"session_id": "a", "episode": {"topic": "Tides"}}"#;
/// let (ours, theirs) = (base.replace("Tides", "Ebb"), base.replace("Tides", "Flood"));
/// let merged = merge_choosing(base, &ours, &theirs, &[("episode.topic", MergeSide::Theirs)]).unwrap();
/// assert_eq!(merged.text, theirs);
/// assert_eq!(merged.conflicts.len(), 1);
/// ```
pub fn merge_choosing(base: &str, ours: &str, theirs: &str, sides: &[(&str, MergeSide)]) -> Result<Merged, ParseError> {
    let base = Session::parse(base)?;
    let our_session = Session::parse(ours)?;
    let their_session = Session::parse(theirs)?;
    let mut conflicts = Vec::new();
    let text = if ours == theirs || theirs == base.text() {
        ours
    } else if ours == base.text() {
        theirs
    } else if let Some(conflict) = different(&base, &our_session, &their_session) {
        conflicts.push(conflict);
        ours
    } else {
        return combine(&base, &our_session, &their_session, sides);
    };
    Ok(Merged { text: text.to_owned(), conflicts, diagnostics: Vec::new() })
}

/// The entries of the history that a session has besides those of an earlier text, and the earlier ones that are gone,
/// each in the order of its file. Entries with one key are one event.
pub(crate) fn history_changes(before: &Session, after: &Session) -> (Vec<NodeId>, Vec<NodeId>) {
    let (old, new) = [before, after].map(|session| (session.document(), session.at(&["history"]))).into();
    let changes = Changes::of(old, old, new, true);
    (changes.there, changes.removed)
}

/// The conflict of texts of different sessions, which cannot be merged.
fn different(base: &Session, ours: &Session, theirs: &Session) -> Option<Conflict> {
    let ids = [base, ours, theirs].map(|session| {
        let id = session.at(&["session_id"])?;
        Some((session.document().raw(id).to_owned(), session.id()?))
    });
    let mut known = ids.iter().flatten();
    let first = known.next()?;
    if known.all(|(_, id)| *id == first.1) {
        return None;
    }
    let [base, ours, theirs] = ids.map(|id| id.map(|(raw, _)| raw));
    Some(Conflict { path: "session_id".to_owned(), base, ours, theirs })
}

fn combine(
    base: &Session,
    ours: &Session,
    theirs: &Session,
    sides: &[(&str, MergeSide)],
) -> Result<Merged, ParseError> {
    let list = |session: &Session| session.at(&["history"]);
    let [before, here, there] = [base, ours, theirs].map(|session| (session.document(), list(session)));
    let history = Changes::of(before, here, there, true);
    let (mut counts, mut writes) = (Counts::default(), Writes::default());
    for (&id, shared) in history.here.iter().zip(history.shared()) {
        counts.add_ours(ours, id, shared);
        writes.add(ours, id, shared);
    }
    for (&id, twin) in history.there.iter().zip(&history.twins) {
        counts.add_theirs(theirs, id, twin.is_some());
        writes.add(theirs, id, twin.is_some());
        if twin.is_some_and(|at| !same(ours.document(), history.here[at], theirs.document(), id)) {
            writes.add_redelivered(theirs, id);
        }
    }
    let rule = MergeRule::of(&history, counts.moved_by_each());
    let mut merger = Merger {
        base: base.document(),
        ours: ours.document(),
        theirs: theirs.document(),
        same_stage: ours.situation().position == theirs.situation().position,
        accounts: Accounts::of(base, ours, theirs, &history),
        counts,
        writes,
        rule,
        sides,
        conflicts: Vec::new(),
        torn: false,
        path: Vec::new(),
    };
    let mut session = within_budget(ours, theirs, merger.merge()?)?;
    let sides = [inconsistencies(ours), inconsistencies(theirs)];
    let broken = |session: &Session| {
        let inconsistencies = inconsistencies(session).into_iter().enumerate();
        inconsistencies
            .filter(|(_, inconsistency)| inconsistency.is_some())
            .any(|(at, inconsistency)| sides.iter().all(|side| side[at] != inconsistency))
    };
    // The histories do not show that both sides moved on, but the merged state does.
    if rule != MergeRule::Coupled && (merger.torn || broken(&session)) {
        merger.rule = MergeRule::Coupled;
        session = within_budget(ours, theirs, merger.merge()?)?;
    }
    let diagnostics = new_diagnostics(&session, [ours, theirs]);
    Ok(Merged { text: session.text().to_owned(), conflicts: merger.conflicts, diagnostics })
}

/// Diagnostics of the merged session that neither side had.
fn new_diagnostics(merged: &Session, sides: [&Session; 2]) -> Vec<Diagnostic> {
    let matters = |found: &Diagnostic| found.severity != Severity::Info;
    // Numbers are ignored: the merge itself changes indexes and amounts.
    let print = |found: &Diagnostic| {
        let text = format!("{} {} {}", found.code, found.path, found.message);
        hash(&text.replace(|letter: char| letter.is_ascii_digit(), ""))
    };
    let known = sides.map(Session::diagnostics).concat();
    let known = Lookup::of(known.iter().filter(|found| matters(found)).map(print));
    let mut found = merged.diagnostics();
    found.retain(|found| matters(found) && known.find(print(found)).is_empty());
    found
}

/// Sets `within_budget` by the merged total, unless a side already had it wrong.
fn within_budget(ours: &Session, theirs: &Session, merged: Session) -> Result<Session, ParseError> {
    let stated = |session: &Session| {
        let flag = session.at(&["cost_tracking", "within_budget"])?;
        match session.document().kind(flag) {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    };
    let right = |session: &Session| stated(session).is_some() && stated(session) == session.costs().within_budget;
    let (true, true, Some(flag)) = (right(ours), right(theirs), merged.costs().within_budget) else {
        return Ok(merged);
    };
    let mut patch = ObjectPatch::default();
    patch.object("cost_tracking").set("within_budget", NewValue::Flag(flag));
    let document = merged.document();
    let edits = patch.edits(document, &Style::of(document));
    Session::of_any(edits.apply(document.text()).0)
}

struct Merger<'a> {
    base: &'a Document,
    ours: &'a Document,
    theirs: &'a Document,
    /// True if both sides are in the same stage.
    same_stage: bool,
    accounts: Accounts,
    counts: Counts,
    writes: Writes,
    rule: MergeRule,
    /// The chosen sides of conflicts.
    sides: &'a [(&'a str, MergeSide)],
    conflicts: Vec<Conflict>,
    /// True if a conflict is about a coupled state value.
    torn: bool,
    path: Vec<String>,
}

impl<'a> Merger<'a> {
    /// Merges the three texts by the rule.
    fn merge(&mut self) -> Result<Session, ParseError> {
        self.conflicts.clear();
        let mut patch = ObjectPatch::exact();
        self.object(Some(ROOT), ROOT, ROOT, &mut patch);
        let edits = patch.edits(self.ours, &Style::of(self.ours));
        Session::of_any(edits.apply(self.ours.text()).0)
    }

    /// Merges one object key by key, and adds the changes of our text to `patch`.
    fn object(&mut self, base: Option<NodeId>, ours: NodeId, theirs: NodeId, patch: &mut ObjectPatch<'a>) {
        let before = base.map(|base| Keys::of(self.base, base));
        let (here, there) = (Keys::of(self.ours, ours), Keys::of(self.theirs, theirs));
        // Each key once, in the order of first occurrence; theirs after ours.
        let first = |keys: &Keys, document: &'a Document, object: NodeId| -> Vec<String> {
            let name = |key| document.string(key).unwrap_or_default();
            let members = document.members(object).map(|(key, _)| (key, name(key)));
            let first = members.filter(|(key, name)| keys.every(document, name).next() == Some(*key));
            first.map(|(_, name)| name.into_owned()).collect()
        };
        let mut keys = first(&here, self.ours, ours);
        let new = first(&there, self.theirs, theirs).into_iter();
        keys.extend(new.filter(|key| here.find(self.ours, key).is_none()));
        for key in keys {
            let b = before.as_ref().and_then(|before| before.find(self.base, &key));
            let o = here.find(self.ours, &key);
            let t = there.find(self.theirs, &key);
            self.path.push(key.clone());
            self.member(key, [b, o, t], patch);
            self.path.pop();
        }
    }

    /// Merges one member of an object.
    fn member(&mut self, key: String, [b, o, t]: [Option<NodeId>; 3], patch: &mut ObjectPatch<'a>) {
        let (base, ours, theirs) = (self.base, self.ours, self.theirs);
        let at: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let counted = at == ["pipeline_state", "retry_count"]
            && matches!(self.rule, MergeRule::ByKey | MergeRule::Coupled)
            && self.same_stage
            && self.counts.retries_told(!same_member(base, b, ours, o), !same_member(base, b, theirs, t));
        // Even equal values may each count a retry of their own.
        if counted && let Some(count) = self.count("retry_count", b, o, t) {
            if count_of(ours, o) != Some(count) {
                patch.set(key, NewValue::Count(count));
            }
            return;
        }
        match (self.rule.part(&at, &self.writes), o, t) {
            (Role::Other, ..) => {}
            (Role::Container, Some(o), Some(t)) if is_object(ours, o) && is_object(theirs, t) => {
                return self.object(b.filter(|&b| is_object(base, b)), o, t, patch.object(key));
            }
            (Role::Container, ..) if self.rule != MergeRule::Coupled => {}
            _ if same_member(ours, o, theirs, t) => return,
            _ => {
                return match (self.rule, t) {
                    (MergeRule::Theirs, Some(t)) => patch.set(key, NewValue::Json(theirs.raw(t).into())),
                    (MergeRule::Theirs, None) => patch.remove(key),
                    (MergeRule::Coupled, _) => self.conflict(key, [b, o, t], patch),
                    _ => {}
                };
            }
        }
        if same_member(base, b, theirs, t) {
            return;
        }
        if same_member(base, b, ours, o) {
            match t {
                Some(t) => patch.set(key, NewValue::Json(theirs.raw(t).into())),
                None => patch.remove(key),
            }
            return;
        }
        // Before the rule that equal values are one edit: two equal amounts can be two costs.
        if let ["cost_tracking", name] = at.as_slice()
            && let Some(settled) = self.accounts.settle(name)
        {
            if let Some(text) = settled {
                patch.set(key, NewValue::Spelt(text));
            }
            return;
        }
        // Two equal counts can be two failures.
        let two = match at.as_slice() {
            ["cost_tracking"] => true,
            ["pipeline_state"] => self.counts.any_counted_by_each(),
            ["pipeline_state", name] => self.counts.counted_by_each(name),
            _ => false,
        };
        if !two && same_member(ours, o, theirs, t) {
            return;
        }
        let (Some(o_id), Some(t_id)) = (o, t) else { return self.conflict(key, [b, o, t], patch) };
        match (ours.kind(o_id), theirs.kind(t_id)) {
            (Kind::Object, Kind::Object) if self.path.len() < DEEPEST => {
                let b = b.filter(|&b| base.kind(b) == Kind::Object);
                self.object(b, o_id, t_id, patch.object(key));
            }
            (Kind::Array, Kind::Array) if b.is_none_or(|b| base.kind(b) == Kind::Array) => {
                let history = self.path == ["history"];
                let list = lists::merge((base, b), (ours, o), (theirs, t), history, &Style::of(ours));
                patch.list(key, list);
            }
            _ => match self.settle(&at, b, o_id, t_id) {
                Some(Some(text)) => patch.set(key, NewValue::Spelt(text)),
                Some(None) => {}
                None => self.conflict(key, [b, o, t], patch),
            },
        }
    }

    /// Settles a value that both sides changed by its meaning. None if it does not decide; an inner none keeps ours.
    fn settle(&self, path: &[&str], b: Option<NodeId>, o: NodeId, t: NodeId) -> Option<Option<String>> {
        match path {
            ["timestamps", name] => {
                let time = |document: &Document, id| document.string(id).and_then(|text| Timestamp::parse(&text));
                let (ours, theirs) = (time(self.ours, o)?, time(self.theirs, t)?);
                // The first start is kept; of other times, the last.
                let first = name.ends_with("_started") || *name == "created";
                let theirs_holds = if first { theirs < ours } else { theirs > ours };
                Some(theirs_holds.then(|| self.theirs.raw(t).to_owned()))
            }
            // One event that each side applied at its own time.
            _ if self.writes.redelivered(path) => Some(None),
            ["pipeline_state", name @ ("failed_attempts" | "gate_failures")] => {
                self.count(name, b, Some(o), Some(t)).map(|sum| Some(sum.to_string()))
            }
            _ => None,
        }
    }

    /// The merged value of a counter; none if the histories do not decide. A missing counter is 0.
    fn count(&self, name: &str, b: Option<NodeId>, o: Option<NodeId>, t: Option<NodeId>) -> Option<u64> {
        let [base, ours, theirs] =
            [(self.base, b), (self.ours, o), (self.theirs, t)].map(|(text, id)| count_of(text, id));
        self.counts.count(name, base?, ours?, theirs?)
    }

    /// Lists a conflict about a member, and writes their value if it is the chosen one.
    fn conflict(&mut self, key: String, [b, o, t]: [Option<NodeId>; 3], patch: &mut ObjectPatch<'a>) {
        let at: Vec<&str> = self.path.iter().map(String::as_str).collect();
        // Two different errors still agree that there is one.
        let two_errors = matches!(at.as_slice(), ["agent_outputs", _, "error"]) && o.is_some() && t.is_some();
        self.torn |= coupled(&at) && !two_errors;
        let raw = |document: &Document, id: Option<NodeId>| id.map(|id| document.raw(id).to_owned());
        let path = self.path.join(".");
        if self.sides.contains(&(path.as_str(), MergeSide::Theirs)) {
            match t {
                Some(t) => patch.set(key, NewValue::Json(self.theirs.raw(t).into())),
                None => patch.remove(key),
            }
        }
        self.conflicts.push(Conflict {
            path,
            base: raw(self.base, b),
            ours: raw(self.ours, o),
            theirs: raw(self.theirs, t),
        });
    }
}

fn is_object(document: &Document, id: NodeId) -> bool {
    document.kind(id) == Kind::Object
}

fn count_of(document: &Document, id: Option<NodeId>) -> Option<u64> {
    id.map_or(Some(0), |id| document.whole(id))
}
