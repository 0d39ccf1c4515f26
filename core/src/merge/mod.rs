//! Three-way merge of one session's text: by key and by list entry, costs and history from both sides kept.

mod costs;
mod lists;

use crate::document::{Document, Kind, NewValue, NodeId, ObjectPatch, ROOT, Style, same_member};
use crate::{Diagnostic, ParseError, Session, Severity, Timestamp};
use costs::Accounts;

/// What both sides changed, differently.
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
    /// Where: keys joined by dots.
    pub path: String,
    /// The JSON text before; none where it was not there.
    pub base: Option<String>,
    /// The JSON text on our side, which stands in the merged text; none where we removed it.
    pub ours: Option<String>,
    /// The JSON text on their side; none where they removed it.
    pub theirs: Option<String>,
}

/// Two sides made one.
///
/// See the example at [`merge`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Merged {
    /// The merged text: in our layout, with our side where the two conflict.
    pub text: String,
    /// What both sides changed, differently.
    pub conflicts: Vec<Conflict>,
    /// What the merged session cannot be: errors that neither side had.
    pub diagnostics: Vec<Diagnostic>,
}

/// How deep objects are merged key by key; what lies deeper is merged as one value.
const DEEPEST: usize = 64;

/// Merges what `ours` and `theirs` made of `base`.
///
/// A side that changed nothing gives way to the other, to the byte. Costs add up, the history keeps the
/// entries of both in the order of their times, and the same edit on both sides counts once. What truly
/// conflicts is listed with both values, and ours stands in the text: nothing is dropped silently.
///
/// # Errors
/// Where one of the three texts is no session.
///
/// ```
/// let base = r#"{"session_id": "a", "cost_tracking": {"writing": 1.00, "total": 1.00}}"#;
/// let ours = base.replace("1.00", "1.50");
/// let theirs = base.replace("1.00", "1.25");
/// let merged = callboard_core::merge(base, &ours, &theirs).unwrap();
/// assert_eq!(merged.text, base.replace("1.00", "1.75"));
/// assert!(merged.conflicts.is_empty());
/// ```
pub fn merge(base: &str, ours: &str, theirs: &str) -> Result<Merged, ParseError> {
    let base = Session::parse(base)?;
    let our_session = Session::parse(ours)?;
    let their_session = Session::parse(theirs)?;
    let text = if ours == theirs || theirs == base.text() {
        ours.to_owned()
    } else if ours == base.text() {
        theirs.to_owned()
    } else {
        return combine(&base, &our_session, &their_session);
    };
    Ok(Merged { text, conflicts: Vec::new(), diagnostics: Vec::new() })
}

fn combine(base: &Session, ours: &Session, theirs: &Session) -> Result<Merged, ParseError> {
    let mut merger = Merger {
        base: base.document(),
        ours: ours.document(),
        theirs: theirs.document(),
        accounts: Accounts::of(base, ours, theirs),
        conflicts: Vec::new(),
        path: Vec::new(),
    };
    let mut patch = ObjectPatch::exact();
    merger.object(Some(ROOT), ROOT, ROOT, &mut patch);
    let style = Style::of(ours.document());
    let (text, _) = patch.edits(ours.document(), ROOT, &style).apply(ours.text());
    let session = within_budget(ours, theirs, Session::of_any(text)?)?;
    let known: Vec<&str> = [ours, theirs]
        .iter()
        .flat_map(|side| side.diagnostics())
        .filter(|diagnostic| diagnostic.severity != Severity::Info)
        .map(|diagnostic| diagnostic.code)
        .collect();
    let diagnostics = session.diagnostics().into_iter();
    let diagnostics = diagnostics
        .filter(|diagnostic| diagnostic.severity != Severity::Info && !known.contains(&diagnostic.code))
        .collect();
    Ok(Merged { text: session.text().to_owned(), conflicts: merger.conflicts, diagnostics })
}

/// Where both sides stayed within the budget, their sum may not have: the flag follows the merged total. A
/// flag that a side had wrong already is left as it is.
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
    let edits = patch.edits(document, ROOT, &Style::of(document));
    Session::of_any(edits.apply(document.text()).0)
}

struct Merger<'a> {
    base: &'a Document,
    ours: &'a Document,
    theirs: &'a Document,
    accounts: Accounts,
    conflicts: Vec<Conflict>,
    path: Vec<String>,
}

impl<'a> Merger<'a> {
    /// Merges one object, key by key; `patch` is what to change in ours.
    fn object(&mut self, base: Option<NodeId>, ours: NodeId, theirs: NodeId, patch: &mut ObjectPatch<'a>) {
        let mut keys: Vec<String> = Vec::new();
        for (document, object) in [(self.ours, ours), (self.theirs, theirs)] {
            for (key, _) in document.members(object) {
                let key = document.string(key).unwrap_or_default();
                if !keys.iter().any(|known| *known == key) {
                    keys.push(key.into_owned());
                }
            }
        }
        for key in keys {
            let b = base.and_then(|base| self.base.find_exact(base, &key));
            let o = self.ours.find_exact(ours, &key);
            let t = self.theirs.find_exact(theirs, &key);
            self.path.push(key.clone());
            self.member(key, [b, o, t], patch);
            self.path.pop();
        }
    }

    /// Merges one member of an object.
    fn member(&mut self, key: String, [b, o, t]: [Option<NodeId>; 3], patch: &mut ObjectPatch<'a>) {
        let (base, ours, theirs) = (self.base, self.ours, self.theirs);
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
        let at: Vec<&str> = self.path.iter().map(String::as_str).collect();
        // Before two equal values count as one edit: two equal amounts can be two bills.
        if let ["cost_tracking", name] = at.as_slice()
            && let Some(settled) = self.accounts.settle(name)
        {
            if let Some(text) = settled {
                patch.set(key, NewValue::Spelt(text));
            }
            return;
        }
        // And two equal counts two failures.
        let two = match at.as_slice() {
            ["cost_tracking"] => true,
            ["pipeline_state"] => self.accounts.any_counted_by_each(),
            ["pipeline_state", name] => self.accounts.counted_by_each(name),
            _ => false,
        };
        if !two && same_member(ours, o, theirs, t) {
            return;
        }
        let (Some(o_id), Some(t_id)) = (o, t) else { return self.conflict(b, o, t) };
        match (ours.kind(o_id), theirs.kind(t_id)) {
            (Kind::Object, Kind::Object) if self.path.len() < DEEPEST => {
                let b = b.filter(|&b| base.kind(b) == Kind::Object);
                self.object(b, o_id, t_id, patch.object(key));
            }
            (Kind::Array, Kind::Array) if b.is_none_or(|b| base.kind(b) == Kind::Array) => {
                let history = self.path == ["history"];
                let list = lists::merge((base, b), (ours, o_id), (theirs, t_id), history, &Style::of(ours));
                patch.list(key, list);
            }
            _ => match self.settle(&at, b, o_id, t_id) {
                Some(Some(text)) => patch.set(key, NewValue::Spelt(text)),
                Some(None) => {}
                None => self.conflict(b, o, t),
            },
        }
    }

    /// A value that both sides changed and whose meaning says which holds: none where it does not, and
    /// none inside where ours stands.
    fn settle(&self, path: &[&str], b: Option<NodeId>, o: NodeId, t: NodeId) -> Option<Option<String>> {
        match path {
            ["timestamps", name] => {
                let time = |document: &Document, id| document.string(id).and_then(|text| Timestamp::parse(&text));
                let (ours, theirs) = (time(self.ours, o)?, time(self.theirs, t)?);
                // The first beginning stands; of all else, the last occurrence.
                let first = name.ends_with("_started") || *name == "created";
                let theirs_holds = if first { theirs < ours } else { theirs > ours };
                Some(theirs_holds.then(|| self.theirs.raw(t).to_owned()))
            }
            ["pipeline_state", name @ ("failed_attempts" | "gate_failures")] => {
                let count = |document: &Document, id| document.raw(id).parse::<u64>().ok();
                let base = b.map_or(Some(0), |b| count(self.base, b))?;
                let (ours, theirs) = (count(self.ours, o)?, count(self.theirs, t)?);
                self.accounts.count(name, base, ours, theirs).map(|sum| Some(sum.to_string()))
            }
            _ => None,
        }
    }

    fn conflict(&mut self, b: Option<NodeId>, o: Option<NodeId>, t: Option<NodeId>) {
        let raw = |document: &Document, id: Option<NodeId>| id.map(|id| document.raw(id).to_owned());
        self.conflicts.push(Conflict {
            path: self.path.join("."),
            base: raw(self.base, b),
            ours: raw(self.ours, o),
            theirs: raw(self.theirs, t),
        });
    }
}
