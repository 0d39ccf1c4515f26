//! Diagnostics of a session file.

mod duplicates;
mod keys;
mod state;
mod values;

use super::Session;
use super::shape::{self, Wants};
use crate::document::{NodeId, Positions, quote};
use crate::names::closest;
use crate::order::by_number;
use crate::{Diagnostic, Fix, Severity};

/// Finds the diagnostics of a session, in the order of the file.
pub(super) fn diagnostics(session: &Session) -> Vec<Diagnostic> {
    let mut found = Finder { session, diagnostics: Vec::new() };
    found.state();
    found.lists();
    found.status();
    found.keys();
    found.quoted();
    found.scores();
    found.duplicates();
    found.times();
    found.costs();
    found.planning();
    let mut diagnostics = found.diagnostics;
    by_number(&mut diagnostics, |found| found.line.into());
    let mut positions = Positions::of(session.text());
    for found in &mut diagnostics {
        (found.line, found.column) = positions.at(found.line as usize);
    }
    diagnostics
}

struct Finder<'a> {
    session: &'a Session,
    /// Diagnostics with their byte offset as line, until all lines are counted in one pass.
    diagnostics: Vec<Diagnostic>,
}

impl Finder<'_> {
    fn add(&mut self, severity: Severity, code: &'static str, path: &str, at: NodeId, message: String) {
        self.add_with_fix(severity, code, path, at, message, None);
    }

    fn add_with_fix(
        &mut self,
        severity: Severity,
        code: &'static str,
        path: &str,
        at: NodeId,
        message: String,
        fix: Option<Fix>,
    ) {
        let line = self.session.document().node(at).start;
        self.diagnostics.push(Diagnostic { severity, code, message, path: path.to_owned(), line, column: 0, fix });
    }

    /// The correction of a value that is a misspelt one of `names`.
    fn meant(&self, value: NodeId, names: &[&'static str]) -> Option<Fix> {
        let document = self.session.document();
        let meant = document.string(value).and_then(|name| closest(&name, names.iter().copied()))?;
        let at = document.node(value);
        Some(Fix::new(format!("Change it to \"{meant}\""), at.start, at.end, quote(meant)))
    }

    /// The correction of a number or flag in quotes, if its text is certainly one.
    fn unquoted(&self, value: NodeId, wants: Wants) -> Option<Fix> {
        let document = self.session.document();
        let text = shape::unquoted(&document.string(value)?, wants)?;
        let at = document.node(value);
        Some(Fix::new(format!("Change it to {text}"), at.start, at.end, text))
    }
}
