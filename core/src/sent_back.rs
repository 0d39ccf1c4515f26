//! Failed evaluation of a session: the gates, and what the evaluator asks for, until the next evaluation completes.

use crate::document::{Document, Kind, NodeId};
use crate::history::{LazyHistory, is_gate_failure};
use crate::names::shorten;
use crate::quality::GATES_FAILED;
use crate::session::PipelinePosition;
use crate::{Agent, AgentStatus, EventKind, FailedGate, Gate, HistoryEntry, Metric, Policy, Session, Stage, Timestamp};
use std::fmt;

/// Failed evaluation that the session still has to answer.
///
/// See the example at [`Session::sent_back`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct SentBack {
    /// The current stage, if it was sent back and has not completed since; none once it has, and if the evaluation was
    /// escalated.
    pub stage: Option<Stage>,
    /// Time of the evaluation; none if the file has no record of it.
    pub at: Option<Timestamp>,
    /// The gates that failed; empty if the file does not name them.
    pub gates: Vec<FailedGate>,
    /// The evaluator's recommendations, one text each.
    pub feedback: Vec<String>,
    /// The technical corrections it asks for, one text each.
    pub adjustments: Vec<String>,
}

impl SentBack {
    /// Describes the evaluation in one sentence. See the example at [`Session::sent_back`].
    pub fn sentence(&self) -> String {
        let failed = gate_list(&self.gates);
        match (self.stage, failed.is_empty()) {
            (Some(_), false) => format!("Sent back by evaluation: {failed}."),
            (Some(_), true) => "Sent back by evaluation.".to_owned(),
            (None, false) => format!("The last evaluation failed: {failed}."),
            (None, true) => "The last evaluation failed.".to_owned(),
        }
    }
}

impl fmt::Display for FailedGate {
    /// Writes the gate's name with its score and threshold, such as `brand_consistency 0.82 < 0.90`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.score, self.threshold) {
            (Some(score), Some(threshold)) => {
                // Two decimals, or as many as it takes to tell them apart.
                let differs = |digits: &usize| format!("{score:.digits$}") != format!("{threshold:.digits$}");
                let digits = (2..6).find(differs).unwrap_or(6);
                write!(f, "{} {score:.digits$} < {threshold:.digits$}", self.name)
            }
            _ => f.write_str(&self.name),
        }
    }
}

/// The gates in words, shortened.
pub(crate) fn gate_list(gates: &[FailedGate]) -> String {
    let words: Vec<String> = gates.iter().map(FailedGate::to_string).collect();
    shorten(&words.join(", "))
}

/// Pairs the name of a failed gate with its threshold, and with its score if that is below it.
pub(crate) fn failed_gate(name: &str, scores: &[Option<f64>; 5], policy: &Policy) -> FailedGate {
    let gate = Gate::parse(name);
    let threshold = gate.map(|gate| policy.thresholds.of(gate));
    let index = gate.and_then(|gate| Gate::ALL.into_iter().position(|other| other == gate));
    let score = index.and_then(|index| scores.get(index).copied().flatten());
    let score = score.filter(|score| threshold.is_some_and(|threshold| *score < threshold));
    FailedGate { name: name.to_owned(), gate, score, threshold }
}

/// Number of texts of a feedback that are read, and depth of its lists: a file may hold anything.
const MOST_NOTES: usize = 200;
const DEEPEST: usize = 4;

impl Session {
    /// The last failed evaluation, until the next one completes; none without one.
    ///
    /// The feedback and the adjustments are any JSON in the file, read as a list of texts: an object in a list as one
    /// text, `key: value` by `key: value`.
    ///
    /// ```
    /// use callboard_core::{Policy, Session, Stage};
    /// let session = Session::parse(r#"{"session_id": "a",
    ///     "pipeline_state": {"current_stage": "writing", "gate_failures": 1},
    ///     "quality_metrics": {"brand_consistency": 0.82},
    ///     "feedback": ["Warmer opening", {"part": 2, "issue": "too long"}],
    ///     "history": [{"at": "2024-08-11T15:12:00Z", "event": "quality_failure", "agent": "quality_evaluator",
    ///         "from": "EVALUATING", "to": "WRITING", "error": "quality gates failed: brand_consistency"}]}"#).unwrap();
    /// let sent_back = session.sent_back(&Policy::default()).unwrap();
    /// assert_eq!(sent_back.stage, Some(Stage::Writing));
    /// assert_eq!(sent_back.sentence(), "Sent back by evaluation: brand_consistency 0.82 < 0.90.");
    /// assert_eq!(sent_back.feedback, ["Warmer opening", "part: 2; issue: too long"]);
    /// ```
    pub fn sent_back(&self, policy: &Policy) -> Option<SentBack> {
        let history = LazyHistory::of(self);
        let inputs = self.health_inputs_in(self.situation(), &history);
        let situation = &inputs.situation;
        let is_over = match situation.position {
            PipelinePosition::At(stage) => stage > Stage::Evaluation,
            PipelinePosition::Initialized => false,
            PipelinePosition::Complete => true,
        };
        if situation.unreadable.is_some() || is_over {
            return None;
        }
        let (feedback, adjustments) = (self.notes("feedback"), self.notes("adjustments_needed"));
        let stage = inputs.sent_back();
        let last = history.last_gate_failure();
        let completed = |entry: &HistoryEntry| {
            entry.agent == Some(Agent::QualityEvaluator) && entry.event == EventKind::Complete.name()
        };
        // A retry of an escalated evaluation still has it before it.
        let is_last = history
            .entries()
            .iter()
            .rev()
            .find(|entry| is_gate_failure(entry) || completed(entry))
            .is_some_and(is_gate_failure);
        if stage.is_none() && feedback.is_empty() && adjustments.is_empty() && !is_last {
            return None;
        }
        let scores = self.gate_scores();
        let names = last.into_iter().flat_map(HistoryEntry::failed_gates);
        let gates = names.map(|name| failed_gate(name, &scores, policy)).collect();
        Some(SentBack { stage, at: last.and_then(|entry| entry.at), gates, feedback, adjustments })
    }

    /// The texts of a member of the file: `feedback` or `adjustments_needed`.
    fn notes(&self, key: &str) -> Vec<String> {
        let mut texts = Vec::new();
        if let Some(value) = self.at(&[key]) {
            collect_notes(self.document(), value, 0, &mut texts);
        }
        texts
    }

    /// True if the file asks for changes. An empty list, object or text asks for none.
    pub(crate) fn has_notes(&self) -> bool {
        ["feedback", "adjustments_needed"].iter().any(|key| !self.notes(key).is_empty())
    }

    /// True if an agent's last error is that of failed gates, which the agent keeps until it completes.
    pub(crate) fn failed_at_gates(&self, agent: Agent) -> bool {
        let error = self.string_at(&["agent_outputs", agent.name(), "error"]);
        error.is_some_and(|error| error.starts_with(GATES_FAILED))
    }

    /// True if an agent's recorded results are those of an attempt before the current one.
    ///
    /// An agent that starts again keeps its output, score, duration and metrics in the file until it completes.
    ///
    /// ```
    /// use callboard_core::{Agent, Session};
    /// let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing", "completed_stages": ["research"]},
    ///     "agent_outputs": {"script_writer": {"status": "in_progress", "quality_score": 0.8}},
    ///     "timestamps": {"writing_completed": "2024-08-11T15:00:00Z"}}"#;
    /// let session = Session::parse(text).unwrap();
    /// assert!(session.has_previous_results(Agent::ScriptWriter));
    /// assert!(!session.has_previous_results(Agent::ResearchCoordinator));
    /// ```
    pub fn has_previous_results(&self, agent: Agent) -> bool {
        let situation = self.situation();
        let stage = agent.stage();
        if situation.unreadable.is_some() || situation.done(stage) || situation.position == PipelinePosition::Complete {
            return false;
        }
        let is_evaluator = agent == Agent::QualityEvaluator;
        let has_failed_gates = is_evaluator && self.failed_at_gates(agent);
        if has_failed_gates && situation.status(agent) == AgentStatus::Failed {
            // The escalated evaluation is its last attempt; a failure of the agent itself has no results.
            return false;
        }
        // Completed once, and not now; no event removes the timestamp.
        let completed = self.at(&["timestamps", stage.completed_key()]).is_some();
        // An override resets the count.
        let is_evaluated = has_failed_gates
            || is_evaluator && (situation.gate_failures > 0 || self.history().iter().any(is_gate_failure));
        completed || is_evaluated
    }

    /// True if a quality metric is of an attempt before the current one.
    ///
    /// ```
    /// use callboard_core::{Metric, Session};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing", "gate_failures": 1},
    ///     "quality_metrics": {"overall_quality": 0.8}}"#).unwrap();
    /// assert!(session.is_previous_metric(Metric::OverallQuality) && !session.is_previous_metric(Metric::ResearchQuality));
    /// ```
    pub fn is_previous_metric(&self, metric: Metric) -> bool {
        self.has_previous_results(metric.agent())
    }

    /// True if an agent's recorded error is that of an attempt before the current one.
    ///
    /// ```
    /// use callboard_core::{Agent, Session};
    /// let of = |status: &str| Session::parse(format!(r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "writing"}},
    ///     "agent_outputs": {{"script_writer": {{"status": "{status}", "error": "timeout"}}}}}}"#)).unwrap();
    /// assert!(of("in_progress").has_previous_error(Agent::ScriptWriter));
    /// assert!(!of("failed").has_previous_error(Agent::ScriptWriter));
    /// ```
    pub fn has_previous_error(&self, agent: Agent) -> bool {
        let status = self.situation().status(agent);
        status != AgentStatus::Failed && self.at(&["agent_outputs", agent.name(), "error"]).is_some()
    }
}

/// Collects the texts of any JSON value.
fn collect_notes(document: &Document, value: NodeId, depth: usize, texts: &mut Vec<String>) {
    if texts.len() >= MOST_NOTES || depth > DEEPEST {
        return;
    }
    match document.kind(value) {
        // `false` asks for nothing.
        Kind::Null | Kind::False => {}
        Kind::String => {
            let text = document.string(value).unwrap_or_default();
            let lines = text.lines().map(|line| line.trim().trim_start_matches(['-', '*', '\u{2022}']).trim());
            texts.extend(lines.filter(|line| !line.is_empty()).map(str::to_owned));
        }
        Kind::Array => {
            for element in document.elements(value) {
                if document.kind(element) == Kind::Object {
                    let mut members = Vec::new();
                    collect_notes(document, element, depth + 1, &mut members);
                    texts.extend((!members.is_empty()).then(|| members.join("; ")));
                } else {
                    collect_notes(document, element, depth + 1, texts);
                }
            }
        }
        Kind::Object => {
            for (key, member) in document.members(value) {
                let mut notes = Vec::new();
                collect_notes(document, member, depth + 1, &mut notes);
                let key = document.string(key).unwrap_or_default();
                texts.extend(notes.into_iter().map(|note| format!("{key}: {note}")));
            }
        }
        _ => texts.push(document.raw(value).to_owned()),
    }
    texts.truncate(MOST_NOTES);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn notes(feedback: &str, expected: &[&str]) {
        let text = format!(
            r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "writing"}}, "feedback": {feedback}}}"#
        );
        let sent_back = Session::parse(text).unwrap().sent_back(&Policy::default());
        assert_eq!(sent_back.map(|it| it.feedback).unwrap_or_default(), expected, "{feedback}");
    }

    #[test]
    fn feedback_of_any_form_is_a_list_of_texts() {
        notes(r#""Shorten part two""#, &["Shorten part two"]);
        notes(r#""- Shorten part two\n\n* Name the source""#, &["Shorten part two", "Name the source"]);
        notes(r#"["a", null, 3, ["b"]]"#, &["a", "3", "b"]);
        notes(
            r#"{"brand": ["warmer", "shorter"], "pace": "slow"}"#,
            &["brand: warmer", "brand: shorter", "pace: slow"],
        );
        notes(r#"[{"gate": "brand", "issue": "cold"}, {}]"#, &["gate: brand; issue: cold"]);
        notes("null", &[]);
        notes("false", &[]);
        notes("[[[[[[[[1]]]]]]]]", &[]);
        let long = format!("[{}]", vec!["1"; 5000].join(","));
        notes(&long, &["1"; MOST_NOTES]);
    }

    #[test]
    fn scores_are_told_apart_from_their_thresholds() {
        let scores = [Some(0.82), Some(0.8996), Some(0.9), None, None];
        let words = |name: &str| failed_gate(name, &scores, &Policy::default()).to_string();
        assert_eq!(words("comprehension"), "comprehension 0.82 < 0.85");
        assert_eq!(words("brand-consistency"), "brand-consistency 0.8996 < 0.9000");
        assert_eq!(words("engagement"), "engagement", "its score passes, so it is of another evaluation");
        assert_eq!((words("technical").as_str(), words("accuracy").as_str()), ("technical", "accuracy"));
    }

    #[test]
    fn empty_feedback_is_no_record_of_failed_gates() {
        for (empty, key) in ["\"\"", "\" \\n\"", "[]", "{}", "[\"\", {}]", "false", "null"]
            .into_iter()
            .flat_map(|empty| [(empty, "feedback"), (empty, "adjustments_needed")])
        {
            let text =
                format!(r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "writing"}}, "{key}": {empty}}}"#);
            let session = Session::parse(text).unwrap();
            assert_eq!(session.sent_back(&Policy::default()), None, "{key}: {empty}");
            assert_eq!(session.digest().sent_back(), None, "{key}: {empty}");
        }
    }

    #[test]
    fn results_after_an_escalation_are_those_of_the_attempt_that_made_them() {
        let previous = |events: &[&str]| after(events).0.has_previous_results(Agent::QualityEvaluator);
        let gates = r#"{"type": "quality_failure", "report": {"failures": ["technical"]}}"#;
        let write = r#"{"type": "complete", "agent": "script_writer"}"#;
        let (fail, retry) = (
            r#"{"type": "fail", "agent": "quality_evaluator", "error": "timeout"}"#,
            r#"{"type": "retry", "agent": "quality_evaluator"}"#,
        );
        // The evaluator itself failed four times after its first evaluation: the scores are those of that one.
        assert!(previous(&[gates, write, fail, retry, fail, retry, fail, retry, fail]));
        let escalated = [gates, write, gates, write, gates, write, gates];
        assert!(!previous(&escalated));
        let resume = r#"{"type": "resume", "override": true}"#;
        assert!(previous(&[&escalated[..], &[resume]].concat()));
        // Another writer's file has no history.
        let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "evaluation", "gate_failures": 0},
            "agent_outputs": {"quality_evaluator": {"status": "retry", "error": "quality gates failed: technical"}}}"#;
        assert!(Session::parse(text).unwrap().has_previous_results(Agent::QualityEvaluator));
    }

    /// A session after events, with what is said of its last evaluation.
    fn after(events: &[&str]) -> (Session, Option<String>) {
        let policy = Policy::default();
        let mut session = Session::parse(
            r#"{"session_id": "a", "pipeline_state": {"current_stage": "evaluation", "completed_stages": ["research", "writing"]}}"#,
        )
        .unwrap();
        for (at, text) in events.iter().enumerate() {
            let now = Timestamp::from_unix(60 * at as i64);
            let event = session.event(text, now, &policy).unwrap();
            session.apply(&event, now, &policy).unwrap();
        }
        let said = session.sent_back(&policy).map(|it| it.sentence());
        (session, said)
    }

    #[test]
    fn a_failed_evaluation_counts_until_the_next_one_completes() {
        let fail = r#"{"type": "quality_failure", "report": {"failures": ["technical"], "scores": {"brand_consistency": 0.8},
            "recommendations": ["Warmer"], "technical_fixes": ["Normalise"]}}"#;
        let write = r#"{"type": "complete", "agent": "script_writer", "quality_score": 0.9}"#;
        let start = r#"{"type": "start", "agent": "script_writer"}"#;
        let pass = r#"{"type": "complete", "agent": "quality_evaluator", "metrics": {"brand_consistency": 0.95}}"#;
        let said = "technical, brand_consistency 0.80 < 0.90.";
        let previous = |session: &Session| Agent::ALL.map(|agent| session.has_previous_results(agent));
        assert_eq!(after(&[]).1, None);
        let (session, sentence) = after(&[fail, start]);
        assert_eq!(sentence, Some(format!("Sent back by evaluation: {said}")));
        assert_eq!(previous(&session), [false, false, true, false], "the file has no time of the script");
        let sent_back = session.sent_back(&Policy::default()).unwrap();
        assert_eq!(
            (sent_back.feedback, sent_back.adjustments),
            (vec!["Warmer".to_owned()], vec!["Normalise".to_owned()])
        );
        assert_eq!(sent_back.at, Some(Timestamp::from_unix(0)));
        let (session, sentence) = after(&[fail, write]);
        assert_eq!(sentence, Some(format!("The last evaluation failed: {said}")));
        assert_eq!(previous(&session), [false, false, true, false]);
        let (session, _) = after(&[fail, write, fail]);
        assert_eq!(previous(&session), [false, true, true, false]);
        let (session, sentence) = after(&[fail, write, pass]);
        assert_eq!((sentence, previous(&session)), (None, [false; 4]));
        let escalated = [fail, write, fail, write, fail, write, fail];
        let (session, sentence) = after(&escalated);
        assert_eq!(sentence, Some(format!("The last evaluation failed: {said}")));
        assert_eq!(previous(&session), [false, false, false, false], "its scores are those that need a decision");
    }
}
