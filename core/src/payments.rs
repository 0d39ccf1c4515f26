//! Payments of a session, with the time and the attempt.

use crate::history::LazyHistory;
use crate::session::Situation;
use crate::{CostTracking, HistoryEntry, Money, Session, Stage, Timestamp};

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
}

/// Cost of an event in the history.
struct CostEntry {
    stage: Stage,
    amount: Money,
    at: Option<Timestamp>,
    attempt: Option<u64>,
}

impl CostEntry {
    fn of(entry: &HistoryEntry) -> Option<CostEntry> {
        let amount = entry.cost.filter(|cost| *cost > Money::ZERO)?;
        Some(CostEntry { stage: entry.agent?.stage(), amount, at: entry.at, attempt: entry.attempt })
    }
}

impl Session {
    /// Lists the payments: by the history's events, the rest of a stage's cost when the stage ended.
    ///
    /// The amounts add up to the total cost. A session without failures and failed gates has no repeated attempts,
    /// whether its history says so or not.
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
        let has_one_attempt = situation.failed_attempts == 0 && situation.gate_failures == 0;
        let is_repeat = |attempt: Option<u64>| match attempt {
            _ if has_one_attempt => Some(false),
            attempt => attempt.map(|attempt| attempt > 1),
        };
        let entries: Vec<CostEntry> = history.entries().iter().filter_map(CostEntry::of).collect();
        let mut payments = Vec::new();
        for stage in Stage::ALL {
            let mut left = costs.stages[stage.index()].unwrap_or(Money::ZERO).micros();
            for entry in entries.iter().filter(|entry| entry.stage == stage) {
                let amount = entry.amount.micros().min(left);
                left -= amount;
                payments.push((amount, entry.at, is_repeat(entry.attempt)));
            }
            let time = |key: &str| self.time_at(&["timestamps", key]);
            let ended = || [stage.completed_key(), stage.failed_key(), stage.started_key()].into_iter().find_map(time);
            payments.push((left, ended().or_else(|| self.last_updated()), is_repeat(None)));
        }
        let of_stages: i64 = payments.iter().map(|(amount, ..)| *amount).fold(0, i64::saturating_add);
        let rest = costs.total.unwrap_or(Money::ZERO).micros().saturating_sub(of_stages);
        payments.push((rest, self.last_updated().or_else(|| self.created()), is_repeat(None)));
        let spent = payments.into_iter().filter(|(amount, ..)| *amount > 0);
        spent.map(|(amount, at, is_repeat)| Payment { amount: Money::from_micros(amount), at, is_repeat }).collect()
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
                paid("0.50", "12T10", Some(false))
            ]
        );
        let history = r#"{"at": "2024-08-11T11:00:00Z", "agent": "script_writer", "attempt": 2, "cost": 0.75}"#;
        assert_eq!(
            payments(r#""failed_attempts": 1"#, costs, history),
            [
                paid("1.00", "11T10", None),
                paid("0.75", "11T11", Some(true)),
                paid("1.25", "11T12", None),
                paid("0.50", "12T10", None)
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
}
