//! Payments of a session, with the time and the attempt.

use crate::history::LazyHistory;
use crate::session::Situation;
use crate::{Agent, CostTracking, EventKind, HistoryEntry, Money, Session, Stage, Timestamp};

/// Money that a session spent.
///
/// See the example at [`Session::payments`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    /// The amount.
    pub amount: Money,
    /// The time; none if the file has none.
    pub at: Option<Timestamp>,
    /// True if an attempt after the first one of its stage spent it; none if the file does not say.
    pub is_repeat: Option<bool>,
    /// The stage; none if the file assigns it to none.
    pub stage: Option<Stage>,
}

/// Cost of an event in the history.
struct CostEntry {
    stage: Stage,
    amount: Money,
    at: Option<Timestamp>,
    is_repeat: Option<bool>,
}

/// Costs of the stages, and whether each is of a first attempt.
struct AttemptCosts {
    /// True if each stage had one attempt at most.
    is_first: bool,
    /// The costs in the history, each with its attempt.
    costs: Vec<CostEntry>,
}

impl AttemptCosts {
    fn of(situation: &Situation, history: &[HistoryEntry]) -> AttemptCosts {
        // An override resets the count of failed gates, but not the history.
        let is_repeated = |entry: &HistoryEntry| {
            let kind = EventKind::parse(&entry.event);
            matches!(kind, Some(EventKind::QualityFailure | EventKind::Fail | EventKind::Retry | EventKind::Resume))
                || entry.attempt.is_some_and(|attempt| attempt > 1)
        };
        let is_first =
            situation.failed_attempts == 0 && situation.gate_failures == 0 && !history.iter().any(is_repeated);
        let mut has_ended = [false; 4];
        let mut costs = Vec::new();
        for entry in history {
            let Some(stage) = entry.agent.map(Agent::stage) else { continue };
            let kind = EventKind::parse(&entry.event);
            // An evaluation that fails again without a start keeps its number. A late cost is of any attempt.
            let is_later = has_ended[stage.index()] && kind.is_some() && kind != Some(EventKind::Progress);
            let is_repeat = match entry.attempt {
                _ if is_first => Some(false),
                _ if is_later => Some(true),
                attempt => attempt.map(|attempt| attempt > 1),
            };
            let amount = entry.cost.filter(|cost| *cost > Money::ZERO);
            costs.extend(amount.map(|amount| CostEntry { stage, amount, at: entry.at, is_repeat }));
            has_ended[stage.index()] |=
                matches!(kind, Some(EventKind::Complete | EventKind::Fail | EventKind::QualityFailure));
        }
        AttemptCosts { is_first, costs }
    }
}

impl Session {
    /// Lists the payments: by the history's events, the rest of a stage's cost when the stage last ended.
    ///
    /// The amounts add up to the total cost. What a stated total has beyond the costs of the stages is a payment of no
    /// stage and no time; a file without costs of stages has one payment, of the time of its completion or last change.
    /// If the stages cost more than a stated total, the amounts add up to the stages' costs: the file does not say which
    /// of them is too high.
    ///
    /// A session without failures and failed gates has no repeated attempts, whether its history numbers them or not.
    ///
    /// ```
    /// use callboard_core::{Money, Payment, Session};
    /// let session = Session::parse(r#"{"session_id": "a",
    ///     "pipeline_state": {"current_stage": "evaluation", "completed_stages": ["writing"], "failed_attempts": 1},
    ///     "cost_tracking": {"writing": 1.50}, "history": [
    ///     {"at": "2024-08-11T15:00:00Z", "event": "fail", "agent": "script_writer", "attempt": 1, "cost": 0.50},
    ///     {"at": "2024-08-11T16:00:00Z", "event": "complete", "agent": "script_writer", "attempt": 2, "cost": 1.00}]}"#).unwrap();
    /// let payments: Vec<Payment> = session.payments();
    /// assert_eq!(payments[0].is_repeat, Some(false));
    /// assert_eq!((Some(payments[1].amount), payments[1].is_repeat), (Money::parse("1.00"), Some(true)));
    /// ```
    pub fn payments(&self) -> Vec<Payment> {
        self.payments_in(&self.situation(), &self.costs(), &LazyHistory::of(self))
    }

    /// Lists the payments from parts that were read before. See [`Session::payments`].
    pub(crate) fn payments_in(
        &self,
        situation: &Situation,
        costs: &CostTracking,
        history: &LazyHistory<'_>,
    ) -> Vec<Payment> {
        let attempts = AttemptCosts::of(situation, history.entries());
        let unknown = attempts.is_first.then_some(false);
        let time = |key: &str| self.time_at(&["timestamps", key]);
        let mut payments = Vec::new();
        let mut of_stages = 0_i64;
        for stage in Stage::ALL {
            let mut left = costs.stages[stage.index()].unwrap_or(Money::ZERO).micros();
            of_stages = of_stages.saturating_add(left);
            for entry in attempts.costs.iter().filter(|entry| entry.stage == stage) {
                let amount = entry.amount.micros().min(left);
                left -= amount;
                payments.push((amount, entry.at, entry.is_repeat, Some(stage)));
            }
            // A stage that was sent back keeps the time of its completion, and may have failed since.
            let ended = || time(stage.completed_key()).max(time(stage.failed_key()));
            let known = || ended().or_else(|| time(stage.started_key())).or_else(|| self.last_updated());
            payments.push((left, if left > 0 { known() } else { None }, unknown, Some(stage)));
        }
        let rest = costs.total.unwrap_or(Money::ZERO).micros().saturating_sub(of_stages);
        let whole = || self.completed().or_else(|| self.last_updated()).or_else(|| self.created());
        payments.push((rest, if of_stages == 0 { whole() } else { None }, unknown, None));
        let spent = payments.into_iter().filter(|(amount, ..)| *amount > 0);
        let payment =
            |(amount, at, is_repeat, stage)| Payment { amount: Money::from_micros(amount), at, is_repeat, stage };
        spent.map(payment).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payments(state: &str, costs: &str, history: &str) -> Vec<(String, Option<String>, Option<bool>)> {
        let text = format!(
            r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "evaluation", {state}}},
            "cost_tracking": {{{costs}}}, "history": [{history}], "timestamps": {{"last_updated": "2024-08-12T10:00:00Z",
            "research_completed": "2024-08-11T10:00:00Z", "writing_failed": "2024-08-11T12:00:00Z"}}}}"#
        );
        let payments = Session::parse(text).unwrap().payments();
        let words = |payment: &Payment| {
            let at = payment.at.map(|at| at.to_string()[8..13].to_owned());
            (payment.amount.to_string(), at, payment.is_repeat)
        };
        payments.iter().map(words).collect()
    }

    fn paid(amount: &str, at: &str, is_repeat: Option<bool>) -> (String, Option<String>, Option<bool>) {
        (amount.to_owned(), Some(at.to_owned()), is_repeat)
    }

    #[test]
    fn the_history_dates_what_it_has_and_the_stage_dates_the_rest() {
        let costs = r#""research": 1.00, "writing": 2.00, "total": 3.50"#;
        assert_eq!(
            payments(r#""failed_attempts": 0"#, costs, ""),
            [
                paid("1.00", "11T10", Some(false)),
                paid("2.00", "11T12", Some(false)),
                ("0.50".to_owned(), None, Some(false))
            ]
        );
        let history = r#"{"at": "2024-08-11T11:00:00Z", "agent": "script_writer", "attempt": 2, "cost": 0.75}"#;
        assert_eq!(
            payments(r#""failed_attempts": 1"#, costs, history),
            [
                paid("1.00", "11T10", None),
                paid("0.75", "11T11", Some(true)),
                paid("1.25", "11T12", None),
                ("0.50".to_owned(), None, None)
            ]
        );
    }

    #[test]
    fn a_history_that_states_more_than_the_stage_cost_is_limited_by_it() {
        let entry = r#"{"at": "2024-08-11T11:00:00Z", "agent": "script_writer", "attempt": 1, "cost": 5}"#;
        let found = payments(r#""failed_attempts": 1"#, r#""writing": 2.00"#, entry);
        assert_eq!(found, [paid("2.00", "11T11", Some(false))]);
        assert_eq!(payments(r#""failed_attempts": 1"#, r#""writing": 0.00"#, entry), []);
    }

    #[test]
    fn a_total_that_differs_from_the_stages_is_assigned_to_none_of_them() {
        let sum = |costs: &str| {
            let text = format!(
                r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "synthesis"}}, "cost_tracking": {{{costs}}},
                "timestamps": {{"last_updated": "2024-08-12T10:00:00Z", "completed": "2024-08-11T10:00:00Z"}}}}"#
            );
            let payments = Session::parse(text).unwrap().payments();
            let unassigned = payments.iter().filter(|payment| payment.stage.is_none());
            let words =
                |payment: &Payment| (payment.amount.to_string(), payment.at.map(|at| at.to_string()[8..10].to_owned()));
            let sum: Money = payments.iter().map(|payment| payment.amount).sum();
            (sum.to_string(), unassigned.map(words).collect::<Vec<_>>())
        };
        let rest = |amount: &str, day: Option<&str>| vec![(amount.to_owned(), day.map(str::to_owned))];
        assert_eq!(sum(r#""writing": 2.00, "total": 3.50"#), ("3.50".to_owned(), rest("1.50", None)));
        assert_eq!(sum(r#""writing": 2.00, "total": 2.00"#), ("2.00".to_owned(), Vec::new()));
        // Which of the stages' costs is too high is not known.
        assert_eq!(sum(r#""research": 1.00, "writing": 2.00, "total": 2.50"#), ("3.00".to_owned(), Vec::new()));
        // The whole cost of a session without costs of stages is of the day it was completed.
        assert_eq!(sum(r#""writing": 0.00, "total": 3.50"#), ("3.50".to_owned(), rest("3.50", Some("11"))));
    }

    #[test]
    fn attempts_after_an_override_are_repeats() {
        let mut session = Session::parse(
            r#"{"session_id": "a", "pipeline_state": {"current_stage": "evaluation", "completed_stages": ["research", "writing"]}}"#,
        )
        .unwrap();
        let gates = r#"{"type": "quality_failure", "cost": 0.25, "report": {"failures": ["technical"]}}"#;
        let write = r#"{"type": "complete", "agent": "script_writer", "cost": 0.50}"#;
        let resume = r#"{"type": "resume", "agent": "quality_evaluator", "override": true}"#;
        let pass = r#"{"type": "complete", "agent": "quality_evaluator", "cost": 1.00}"#;
        let policy = crate::Policy::default();
        for (at, text) in [gates, write, gates, write, gates, write, gates, resume, pass].into_iter().enumerate() {
            let now = Timestamp::from_unix(60 * at as i64);
            let event = session.event(text, now, &policy).unwrap();
            session.apply(&event, now, &policy).unwrap();
        }
        let situation = session.situation();
        assert_eq!((situation.failed_attempts, situation.gate_failures), (0, 0), "the override reset the count");
        let payments = session.payments();
        let of = |stage: Stage| -> Vec<Option<bool>> {
            payments.iter().filter(|it| it.stage == Some(stage)).map(|it| it.is_repeat).collect()
        };
        assert_eq!(of(Stage::Evaluation), [Some(false), Some(true), Some(true), Some(true), Some(true)]);
        assert_eq!(of(Stage::Writing), [Some(false), Some(true), Some(true)]);
    }

    #[test]
    fn the_rest_of_a_stage_is_of_the_time_when_it_last_ended() {
        let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing", "failed_attempts": 1},
            "cost_tracking": {"writing": 2.00}, "timestamps": {"writing_started": "2024-08-10T09:00:00Z",
            "writing_completed": "2024-08-10T10:00:00Z", "writing_failed": "2024-09-01T10:00:00Z"}}"#;
        let payments = Session::parse(text).unwrap().payments();
        assert_eq!(payments[0].at, Timestamp::parse("2024-09-01T10:00:00Z"));
    }
}
