//! Handoffs to show and fill in: the fields and flags of each, with their values in a file.

use super::{Field, Flag, Form, Handoff, form};
use crate::document::{ROOT, push_quoted};
use crate::{Agent, Completion, Json, Policy, Session};

/// Field or flag of a handoff.
///
/// See the example at [`Agent::handoff_fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandoffField {
    /// Name in the handoff.
    pub name: &'static str,
    /// Kind of value.
    pub kind: HandoffKind,
}

/// Kind of a handoff's field or flag.
///
/// See the example at [`Agent::handoff_fields`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HandoffKind {
    /// The path of a file.
    Path,
    /// A text or a number.
    Assessment,
    /// A list of texts.
    Texts,
    /// Scores by name, 0 to 1 each.
    Scores,
    /// A number, 0 or more.
    Number,
    /// A text.
    Text,
    /// A flag that the agent states.
    StatedFlag,
    /// A flag that is computed from the data.
    ComputedFlag,
}

/// Handoff in a session's file.
///
/// See the example at [`Session::handoffs`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct HandoffRecord {
    /// Agent that hands over.
    pub from: Agent,
    /// Agent that receives.
    pub to: Agent,
    /// True if the file has it.
    pub given: bool,
    /// Fields of the data with their JSON text; none if missing.
    pub data: Vec<(&'static str, Option<String>)>,
    /// Flags.
    pub flags: Vec<HandoffFlag>,
}

/// Flag of a handoff.
///
/// See the example at [`Session::handoffs`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct HandoffFlag {
    /// Name.
    pub name: &'static str,
    /// Value; none if it is neither stated nor computed.
    pub value: Option<bool>,
    /// True if the file states it; else it is computed.
    pub stated: bool,
    /// Reason why a computed flag is not true.
    pub why: Option<String>,
}

impl Agent {
    /// The fields and flags of the agent's handoff, data first; none for the last agent.
    ///
    /// ```
    /// use callboard_core::{Agent, HandoffKind};
    /// let fields = Agent::ScriptWriter.handoff_fields();
    /// assert_eq!((fields[1].name, fields[1].kind), ("word_count", HandoffKind::Number));
    /// assert_eq!((fields[4].name, fields[4].kind), ("script_complete", HandoffKind::ComputedFlag));
    /// assert!(Agent::AudioSynthesizer.handoff_fields().is_empty());
    /// ```
    pub fn handoff_fields(self) -> Vec<HandoffField> {
        let Some(form) = form(self) else { return Vec::new() };
        let data = form.data.iter().map(|(name, field)| HandoffField { name, kind: data_kind(field) });
        let flags = form.flags.iter().map(|(name, flag)| HandoffField {
            name,
            kind: if flag.is_stated() { HandoffKind::StatedFlag } else { HandoffKind::ComputedFlag },
        });
        data.chain(flags).collect()
    }

    /// Builds a handoff of this agent from typed texts: lists and scores (`name: 0.9`) one a line, flags as `true`.
    ///
    /// Empty texts and computed flags are left out. A text in place of a number is kept, so that the session refuses it
    /// by its name.
    ///
    /// ```
    /// use callboard_core::Agent;
    /// let typed = [("script_file", "a.md"), ("word_count", "3200"), ("format_valid", "true")];
    /// assert_eq!(
    ///     Agent::ScriptWriter.handoff_of(&typed).unwrap().text(),
    ///     r#"{"from": "script_writer", "to": "quality_evaluator", "data": {"script_file": "a.md", "word_count": 3200}, "validation": {"format_valid": true}}"#
    /// );
    /// ```
    pub fn handoff_of(self, typed: &[(&str, &str)]) -> Option<Json> {
        let next = self.stage().next()?.agent();
        let (mut data, mut flags) = (Vec::new(), Vec::new());
        for field in self.handoff_fields() {
            let Some((_, text)) = typed.iter().find(|(name, _)| *name == field.name) else { continue };
            let text = text.trim();
            match field.kind {
                HandoffKind::ComputedFlag => {}
                HandoffKind::StatedFlag if text == "true" => flags.push(member(field.name, "true")),
                HandoffKind::StatedFlag => {}
                _ if text.is_empty() => {}
                kind => data.push(member(field.name, &spelt(kind, text))),
            }
        }
        let text = format!(
            "{{\"from\": \"{self}\", \"to\": \"{next}\", \"data\": {{{}}}, \"validation\": {{{}}}}}",
            data.join(", "),
            flags.join(", ")
        );
        Some(Json::of(&text))
    }
}

fn data_kind(field: &Field) -> HandoffKind {
    match field {
        Field::Path => HandoffKind::Path,
        Field::Assessment => HandoffKind::Assessment,
        Field::Texts => HandoffKind::Texts,
        Field::Scores => HandoffKind::Scores,
        Field::Number => HandoffKind::Number,
        Field::Text => HandoffKind::Text,
    }
}

fn member(name: &str, value: &str) -> String {
    let mut out = String::new();
    push_quoted(&mut out, name);
    out.push_str(": ");
    out.push_str(value);
    out
}

/// Converts a typed text to JSON.
fn spelt(kind: HandoffKind, text: &str) -> String {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    match kind {
        HandoffKind::Number | HandoffKind::Assessment => number_or_text(text),
        HandoffKind::Texts => {
            let texts: Vec<String> = lines().map(crate::document::quote).collect();
            format!("[{}]", texts.join(", "))
        }
        HandoffKind::Scores => {
            let scores: Vec<String> = lines()
                .map(|line| {
                    let (name, score) = line.rsplit_once(':').unwrap_or((line, ""));
                    member(name.trim(), &number_or_text(score.trim()))
                })
                .collect();
            format!("{{{}}}", scores.join(", "))
        }
        _ => crate::document::quote(text),
    }
}

fn number_or_text(text: &str) -> String {
    let is_number = text.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    if is_number && Json::parse(text).is_ok() { text.to_owned() } else { crate::document::quote(text) }
}

impl Session {
    /// Reads the three handoffs of the pipeline.
    ///
    /// ```
    /// use callboard_core::{Policy, Session};
    /// let session = Session::parse(r#"{"session_id": "a", "agent_outputs": {"script_writer": {"handoff":
    ///     {"data": {"script_file": "a.md", "word_count": 3200}, "validation": {"format_valid": true}}}}}"#).unwrap();
    /// let handoffs = session.handoffs(&Policy::default());
    /// assert_eq!(handoffs.iter().map(|handoff| handoff.given).collect::<Vec<_>>(), [false, true, false]);
    /// let flags = &handoffs[1].flags;
    /// assert_eq!((flags[0].name, flags[0].value, flags[0].stated), ("script_complete", Some(true), false));
    /// assert_eq!((flags[2].name, flags[2].value), ("ready_for_evaluation", None));
    /// ```
    pub fn handoffs(&self, policy: &Policy) -> Vec<HandoffRecord> {
        Agent::ALL.into_iter().filter_map(|agent| self.handoff(agent, policy)).collect()
    }

    fn handoff(&self, from: Agent, policy: &Policy) -> Option<HandoffRecord> {
        let form = form(from)?;
        let to = from.stage().next()?.agent();
        let held = self.at(&["agent_outputs", from.name(), "handoff"]);
        let read = held.and_then(|held| Handoff::read(&Json::of(self.document().raw(held))).ok());
        let data = form.data.iter().map(|(name, _)| {
            let value = read.as_ref().and_then(|handoff| Some(handoff.0.raw(handoff.data(name)?).to_owned()));
            (*name, value)
        });
        let data = data.collect();
        let flags = form.flags.iter().map(|(name, flag)| self.flag(read.as_ref(), &form, from, name, *flag, policy));
        Some(HandoffRecord { from, to, given: read.is_some(), data, flags: flags.collect() })
    }

    fn flag(
        &self,
        handoff: Option<&Handoff>,
        form: &Form,
        agent: Agent,
        name: &'static str,
        flag: Flag,
        policy: &Policy,
    ) -> HandoffFlag {
        let unknown = HandoffFlag { name, value: None, stated: false, why: None };
        let Some(handoff) = handoff else { return unknown };
        let stated = handoff.find(ROOT, "validation").and_then(|flags| handoff.find(flags, name));
        if let Some(value) = stated {
            let value = match handoff.0.raw(value) {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            };
            return HandoffFlag { value, stated: true, ..unknown };
        }
        if flag.is_stated() {
            return unknown;
        }
        let computed = handoff.compute(flag, form, self, agent, &Completion::default(), policy);
        HandoffFlag { value: Some(computed.is_ok()), why: computed.err().map(|unmet| unmet.why), ..unknown }
    }
}
