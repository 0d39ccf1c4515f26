//! Forecast of costs: typical costs of the stages, expected totals of sessions, and the month.

use crate::dashboard::ENOUGH;
use crate::import::{ForeignSession, ForeignStage, ForeignStatus};
use crate::order::by_number;
use crate::session::PipelinePosition;
use crate::time::days_from_civil;
use crate::{Bar, BarKind, Digest, Money, Payment, Policy, Stage, State, Timestamp};

/// Typical cost of each stage.
///
/// See the example at [`TypicalCosts::of`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypicalCosts {
    /// The cost of each stage, in pipeline order.
    pub stages: [Money; 4],
    /// Number of costs known of each stage; the policy's share is taken for a stage with less than three.
    pub n: [usize; 4],
}

impl TypicalCosts {
    /// Computes the median cost of each stage in the sessions that completed it, or the policy's share of the budget
    /// for a stage with less than three such costs.
    ///
    /// A new session states 0.00 for each stage, so that a cost of 0 counts as one that nobody reported.
    ///
    /// ```
    /// use callboard_core::{Policy, Session, TypicalCosts};
    /// let digest = |cost: &str| Session::parse(format!(r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "writing",
    ///     "completed_stages": ["research"]}}, "cost_tracking": {{"research": {cost}}}}}"#)).unwrap().digest();
    /// let sessions = [digest("1.00"), digest("1.50"), digest("9.00"), digest("0.00")];
    /// let typical = TypicalCosts::of(&sessions, &Policy::default());
    /// assert_eq!((typical.stages[0].to_string().as_str(), typical.n[0]), ("1.50", 3));
    /// assert_eq!((typical.stages[1].to_string().as_str(), typical.n[1]), ("2.50", 0));
    /// ```
    pub fn of<'a>(digests: impl IntoIterator<Item = &'a Digest>, policy: &Policy) -> TypicalCosts {
        let mut costs = [const { Vec::new() }; 4];
        for digest in digests {
            for stage in Stage::ALL {
                let cost = digest.costs().stages[stage.index()].filter(|cost| *cost > Money::ZERO);
                costs[stage.index()].extend(cost.filter(|_| digest.has_completed(stage)).map(Money::micros));
            }
        }
        let n = [0, 1, 2, 3].map(|at: usize| costs[at].len());
        let typical = |stage: Stage| match &mut costs[stage.index()] {
            few if few.len() < ENOUGH => policy.share(stage),
            costs => median(costs),
        };
        TypicalCosts { stages: Stage::ALL.map(typical), n }
    }

    /// True if enough costs of the stage are known for a median. See the example at [`TypicalCosts::of`].
    pub const fn is_median(&self, stage: Stage) -> bool {
        self.n[stage.index()] >= ENOUGH
    }

    /// The typical cost of a stage. See the example at [`TypicalCosts::of`].
    pub const fn stage(&self, stage: Stage) -> Money {
        self.stages[stage.index()]
    }
}

/// The median of some amounts, none of them negative.
fn median(micros: &mut Vec<i64>) -> Money {
    by_number(micros, |micros| micros.unsigned_abs());
    let middle = micros.len() / 2;
    Money::from_micros(match micros.len() % 2 {
        1 => micros[middle],
        _ => i64::midpoint(micros[middle - 1], micros[middle]),
    })
}

impl Digest {
    /// The expected total cost: what was spent, and the typical cost of what is left; the total of a complete session.
    /// None if the state or the cost so far is not known.
    ///
    /// The first attempt of the current stage is expected to cost the typical amount less what it has cost; a later one
    /// is expected to cost the typical amount once more. No further failure is expected, however many retries the policy
    /// allows, so the total is finite.
    ///
    /// ```
    /// use callboard_core::{Policy, Session, TypicalCosts};
    /// let expected = |status: &str| {
    ///     let session = Session::parse(format!(r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "writing",
    ///         "completed_stages": ["research"]}}, "agent_outputs": {{"script_writer": {{"status": "{status}"}}}},
    ///         "cost_tracking": {{"research": 3.20, "writing": 0.50}}}}"#)).unwrap();
    ///     let typical = TypicalCosts::of([], &Policy::default());
    ///     session.digest().expected_total(&typical).unwrap().to_string()
    /// };
    /// assert_eq!(expected("in_progress"), "9.20");
    /// assert_eq!(expected("retry"), "9.70");
    /// ```
    pub fn expected_total(&self, typical: &TypicalCosts) -> Option<Money> {
        let total = self.costs().total?;
        self.remaining_cost(typical).map(|remaining| total.saturating_add(remaining))
    }

    /// The expected total cost and the budget, if the session is in flight and expected to exceed it, but has not yet.
    ///
    /// ```
    /// use callboard_core::{Policy, Session, Timestamp, TypicalCosts};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
    ///     "cost_tracking": {"total": 4.00, "budget": 9.00}}"#).unwrap();
    /// let typical = TypicalCosts::of([], &Policy::default());
    /// let (now, policy) = (Timestamp::from_unix(0), Policy::default());
    /// let (expected, budget) = session.digest().expected_over_budget(&typical, now, &policy).unwrap();
    /// assert_eq!((expected.to_string().as_str(), budget.to_string().as_str()), ("10.00", "9.00"));
    /// ```
    pub fn expected_over_budget(
        &self,
        typical: &TypicalCosts,
        now: Timestamp,
        policy: &Policy,
    ) -> Option<(Money, Money)> {
        let (total, budget) = self.costs().total.zip(self.costs().budget)?;
        let expected = self.expected_total(typical).filter(|_| self.is_in_flight(now, policy))?;
        (expected > budget && total <= budget).then_some((expected, budget))
    }

    /// True if the session is begun or ready to begin, and has not stopped. A retry that nobody starts stops it as well.
    fn is_in_flight(&self, now: Timestamp, policy: &Policy) -> bool {
        self.is_active() && !self.inputs().has_stopped(now, policy)
    }

    /// The typical cost of what is left; zero for a complete session, none if the state is not known.
    fn remaining_cost(&self, typical: &TypicalCosts) -> Option<Money> {
        let situation = &self.inputs().situation;
        if situation.unreadable.is_some() {
            return None;
        }
        let current = match situation.position {
            PipelinePosition::Complete => return Some(Money::ZERO),
            PipelinePosition::Initialized => Stage::Research,
            PipelinePosition::At(stage) => stage,
        };
        let is_over = |bar: &Bar| !matches!(bar.kind, BarKind::Running | BarKind::Skipped);
        let is_repeat = situation.retry_count > 0
            || self
                .timeline
                .lanes
                .iter()
                .filter(|lane| lane.stage == current)
                .any(|lane| lane.bars.iter().any(is_over))
            || matches!(situation.state(), State::Failed | State::Retry)
            || self.inputs().sent_back().is_some();
        let spent = self.costs().stages[current.index()].filter(|_| !is_repeat).unwrap_or(Money::ZERO);
        let of_current = typical.stage(current).micros().saturating_sub(spent.micros()).max(0);
        let later = Stage::ALL.into_iter().filter(|stage| *stage > current).map(|stage| typical.stage(stage));
        Some(later.fold(Money::from_micros(of_current), Money::saturating_add))
    }
}

/// Costs of the current month: spent, and expected by its end.
///
/// See the example at [`MonthCosts::of`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthCosts {
    /// The first second of the month.
    pub from: Timestamp,
    /// The first second of the next month.
    pub until: Timestamp,
    /// Spending of all sessions in the month.
    pub spent: Money,
    /// Number of sessions that spent in the month.
    pub sessions: usize,
    /// Number of sessions with costs of no known time, which are not counted.
    pub undated: usize,
    /// Spending of attempts after the first one of a stage in the month.
    pub repeats: Money,
    /// Number of sessions of which it is not known what such attempts spent.
    pub repeats_unknown: usize,
    /// Expected cost of what is left of the sessions in flight that should complete in the month.
    pub remaining: Money,
    /// Number of sessions in flight: begun or ready, and neither failed, stalled nor waiting for long, be it for a start
    /// or for a retry.
    pub in_flight: usize,
    /// Number of sessions in flight that are expected to complete after the month; what is left of them is not counted.
    pub later: usize,
    /// Number of sessions of which the month's cost or what is left is not known: those that are neither complete nor
    /// in flight, those of other pipelines that are not complete, and those without a cost that may be of the month.
    pub left_out: usize,
    /// Number of sessions in flight that are expected to exceed their budget, and have not yet.
    pub over_budget: usize,
}

impl MonthCosts {
    /// Computes the costs of the month of `now`. The viewer's time zone is `offset` minutes ahead of UTC at a
    /// time.
    ///
    /// The cost of another pipeline's session counts when it was completed, or last changed.
    ///
    /// ```
    /// use callboard_core::{Money, MonthCosts, Policy, Session, Timestamp, TypicalCosts};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "synthesis",
    ///     "completed_stages": ["research", "writing", "evaluation"]},
    ///     "cost_tracking": {"research": 3.00, "writing": 2.50, "evaluation": 1.00},
    ///     "timestamps": {"research_completed": "2024-07-31T23:30:00Z", "writing_completed": "2024-08-01T00:30:00Z",
    ///     "evaluation_completed": "2024-08-01T01:00:00Z"}}"#).unwrap();
    /// let (now, digest) = (Timestamp::parse("2024-08-01T02:00:00Z").unwrap(), session.digest());
    /// let typical = TypicalCosts::of([&digest], &Policy::default());
    /// let policy = Policy::default();
    /// let month = MonthCosts::of([&digest], [], now, &|_| 0, &typical, &policy);
    /// assert_eq!((month.spent.to_string().as_str(), month.expected().to_string().as_str()), ("3.50", "5.50"));
    /// assert_eq!((month.sessions, month.in_flight, month.repeats), (1, 1, Money::ZERO));
    /// let in_berlin = MonthCosts::of([&digest], [], now, &|_| 120, &typical, &policy);
    /// assert_eq!(in_berlin.spent.to_string(), "6.50");
    /// ```
    pub fn of<'a>(
        digests: impl IntoIterator<Item = &'a Digest>,
        foreign: impl IntoIterator<Item = &'a ForeignSession>,
        now: Timestamp,
        offset: &dyn Fn(Timestamp) -> i32,
        typical: &TypicalCosts,
        policy: &Policy,
    ) -> MonthCosts {
        let (from, until) = month_of(now, offset);
        let mut month = MonthCosts {
            from,
            until,
            spent: Money::ZERO,
            sessions: 0,
            undated: 0,
            repeats: Money::ZERO,
            repeats_unknown: 0,
            remaining: Money::ZERO,
            in_flight: 0,
            later: 0,
            left_out: 0,
            over_budget: 0,
        };
        for digest in digests {
            month.add(&digest.payments);
            month.add_expected(digest, typical, now, policy);
        }
        for session in foreign.into_iter().filter(|session| !session.is_dry_run()) {
            let at = session.completed.as_ref().or(session.updated.as_ref()).map(|at| at.value);
            let cost = session.cost.as_ref().map(|cost| cost.value).filter(|cost| *cost > Money::ZERO);
            let is_repeat = has_first_attempts_only(session).then_some(false);
            month.add(cost.map(|amount| Payment { amount, at, is_repeat, stage: None }).as_slice());
            let is_unknown = session.is_complete() && session.cost.is_none() && month.may_include(at);
            month.left_out += usize::from(session.is_active() || session.state.is_none() || is_unknown);
        }
        month
    }

    /// The expected cost by the month's end: spent, and what is left of the sessions in flight. See the example at
    /// [`MonthCosts::of`].
    pub const fn expected(&self) -> Money {
        self.spent.saturating_add(self.remaining)
    }

    fn add(&mut self, payments: &[Payment]) {
        let is_now = |payment: &&Payment| payment.at.is_some_and(|at| at >= self.from && at < self.until);
        let here: Vec<Payment> = payments.iter().filter(is_now).copied().collect();
        self.undated += usize::from(payments.iter().any(|payment| payment.at.is_none()));
        self.sessions += usize::from(!here.is_empty());
        self.repeats_unknown += usize::from(here.iter().any(|payment| payment.is_repeat.is_none()));
        for payment in here {
            self.spent = self.spent.saturating_add(payment.amount);
            if payment.is_repeat == Some(true) {
                self.repeats = self.repeats.saturating_add(payment.amount);
            }
        }
    }

    /// True unless a time is known to be outside the month.
    fn may_include(&self, at: Option<Timestamp>) -> bool {
        at.is_none_or(|at| at >= self.from && at < self.until)
    }

    fn add_expected(&mut self, digest: &Digest, typical: &TypicalCosts, now: Timestamp, policy: &Policy) {
        if digest.is_complete() {
            let at = digest.completed.or(digest.last_updated);
            self.left_out += usize::from(digest.costs().total.is_none() && self.may_include(at));
            return;
        }
        let expected = digest.expected_total(typical).filter(|_| digest.is_in_flight(now, policy));
        let Some((expected, total)) = expected.zip(digest.costs().total) else {
            self.left_out += 1;
            return;
        };
        self.in_flight += 1;
        let is_later = digest.outlook(now, policy).estimate.is_some_and(|completes| completes >= self.until);
        self.later += usize::from(is_later);
        if !is_later {
            self.remaining = self.remaining.saturating_add(Money::from_micros(expected.micros() - total.micros()));
        }
        self.over_budget += usize::from(digest.expected_over_budget(typical, now, policy).is_some());
    }
}

/// True if every stage that another pipeline's session has begun states a single attempt.
///
/// Most pipelines state no attempts, and none states what each of several attempts cost.
fn has_first_attempts_only(session: &ForeignSession) -> bool {
    let is_begun = |stage: &&ForeignStage| {
        stage.status.as_ref().is_none_or(|status| status.value != ForeignStatus::NotStarted)
            || stage.cost.is_some()
            || stage.attempts.is_some()
    };
    let mut begun = session.stages.iter().filter(is_begun).peekable();
    begun.peek().is_some() && begun.all(|stage| stage.attempts.as_ref().is_some_and(|attempts| attempts.value <= 1))
}

/// The first second of the month of a time, and of the next month.
fn month_of(now: Timestamp, offset: &dyn Fn(Timestamp) -> i32) -> (Timestamp, Timestamp) {
    let seconds = |at| i64::from(offset(at)) * 60;
    let (year, month, ..) = now.plus(seconds(now)).civil();
    let first = |year, month| {
        let midnight = Timestamp::from_unix(days_from_civil(year, month, 1) * 86_400);
        // The offset at the boundary itself, where clocks may have changed since.
        midnight.plus(-seconds(midnight.plus(-seconds(midnight))))
    };
    (first(year, month), if month == 12 { first(year + 1, 1) } else { first(year, month + 1) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Session;

    fn digest(stage: &str, status: &str, more: &str) -> Digest {
        let text = format!(
            r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "{stage}", "completed_stages": ["research"]}},
            "agent_outputs": {{"script_writer": {{"status": "{status}"}}}}{more}}}"#
        );
        Session::parse(text).unwrap().digest()
    }

    fn policy_costs() -> TypicalCosts {
        TypicalCosts::of([], &Policy::default())
    }

    #[test]
    fn the_median_of_an_even_number_is_between_the_middle_two() {
        let micros = |dollars: &[i64]| median(&mut dollars.iter().map(|dollars| dollars * 1_000_000).collect());
        assert_eq!(micros(&[4, 1, 3, 2]).to_string(), "2.50");
        assert_eq!(micros(&[5, 1, 3]).to_string(), "3.00");
    }

    #[test]
    fn only_completed_stages_are_typical() {
        let costs = r#", "cost_tracking": {"research": 1.00, "writing": 0.10}"#;
        let digests = [(); 3].map(|()| digest("writing", "in_progress", costs));
        let typical = TypicalCosts::of(&digests, &Policy::default());
        assert_eq!(typical.n, [3, 0, 0, 0]);
        assert_eq!(typical.stages.map(|cost| cost.to_string()), ["1.00", "2.50", "1.50", "2.00"]);
    }

    #[test]
    fn an_expected_total_is_known_where_state_and_cost_are() {
        let expected = |digest: &Digest| digest.expected_total(&policy_costs()).map(|total| total.to_string());
        let costs = r#", "cost_tracking": {"total": 4.00}"#;
        assert_eq!(expected(&digest("complete", "complete", costs)).as_deref(), Some("4.00"));
        assert_eq!(expected(&digest("initialized", "pending", costs)).as_deref(), Some("10.00"));
        assert_eq!(expected(&digest("mixing", "pending", costs)), None);
        assert_eq!(expected(&digest("writing", "pending", "")), None);
        // More than typical is spent on the first attempt.
        let much = r#", "cost_tracking": {"writing": 4.00}"#;
        assert_eq!(expected(&digest("writing", "in_progress", much)).as_deref(), Some("7.50"));
        // Sent back: the stage is paid again, and so is the evaluation.
        let back = r#", "cost_tracking": {"writing": 2.00, "evaluation": 1.00}, "feedback": ["x"]"#;
        assert_eq!(expected(&digest("writing", "in_progress", back)).as_deref(), Some("9.00"));
    }

    #[test]
    fn the_month_counts_what_it_knows() {
        let now = Timestamp::parse("2024-12-01T00:30:00Z").unwrap();
        let at = |at: &str, costs: &str| {
            format!(r#", "cost_tracking": {{{costs}}}, "timestamps": {{"last_updated": "{at}"}}"#)
        };
        let spent = |status: &str, time: &str, costs: &str| digest("writing", status, &at(time, costs));
        let digests = [
            spent("in_progress", "2024-12-01T00:00:00Z", r#""research": 2.00, "budget": 5.00"#),
            spent("in_progress", "2024-11-30T23:59:59Z", r#""research": 2.00, "budget": 9.00"#),
            spent("failed", "2024-12-02T00:00:00Z", r#""research": 1.00"#),
            digest("writing", "in_progress", r#", "cost_tracking": {"research": 7.00}"#),
            digest("writing", "in_progress", ""),
            digest("complete", "complete", ""),
        ];
        let policy = Policy::default();
        let month = MonthCosts::of(&digests, [], now, &|_| 0, &policy_costs(), &policy);
        assert_eq!((month.spent.to_string().as_str(), month.sessions, month.undated), ("3.00", 2, 1));
        // The failed one, and two without a cost, of which one is complete at a time that is not known.
        assert_eq!((month.in_flight, month.left_out, month.over_budget), (3, 3, 1));
        assert_eq!((month.remaining.to_string().as_str(), month.later), ("18.00", 0));
        let last = Timestamp::parse("2024-12-31T23:30:00Z").unwrap();
        let last = MonthCosts::of(&digests, [], last, &|_| 0, &policy_costs(), &policy);
        // By then two have stalled, and the third completes in the next month.
        assert_eq!((last.remaining, last.in_flight, last.later, last.left_out), (Money::ZERO, 1, 1, 5));
        assert_eq!(
            (month.from.to_string(), month.until.to_string()),
            ("2024-12-01T00:00:00Z".into(), "2025-01-01T00:00:00Z".into())
        );
    }

    #[test]
    fn sessions_that_may_be_of_the_month_are_counted() {
        let now = Timestamp::parse("2024-12-15T00:00:00Z").unwrap();
        let left_out = |text: &str| {
            let digests = [Session::parse(format!(r#"{{"session_id": "a", {text}}}"#)).unwrap().digest()];
            MonthCosts::of(&digests, [], now, &|_| 0, &policy_costs(), &Policy::default()).left_out
        };
        assert_eq!(left_out(r#""status": "completed""#), 1, "its state is not known");
        assert_eq!(left_out(r#""pipeline_state": {"current_stage": "mixing"}"#), 1);
        let complete = |at: &str| {
            format!(r#""pipeline_state": {{"current_stage": "complete"}}, "timestamps": {{"completed": "{at}"}}"#)
        };
        assert_eq!(left_out(&complete("2024-12-01T00:00:00Z")), 1, "its cost is not known");
        assert_eq!(left_out(&complete("2024-11-30T00:00:00Z")), 0, "it is of another month");
        assert_eq!(
            left_out(&format!(r#"{}, "cost_tracking": {{"total": 0.00}}"#, complete("2024-12-01T00:00:00Z"))),
            0
        );
    }

    #[test]
    fn sessions_of_other_pipelines_count_repeats_where_they_state_their_attempts() {
        use crate::import::{Shape, Shapes, assemble};
        let shape = r#"{"name": "plain", "title": "Plain", "version": 1, "kind": "session",
            "recognise": {"has": {"/plain": "text"}}, "id": "/plain", "cost": "/cost", "completed": "/to",
            "state": {"at": "/state", "words": {"on": "in_progress", "done": "complete", "dropped": "skipped"}},
            "stages": {"each": "/stages/*", "status": {"at": "s", "words": {"0": "not_started", "2": "complete"}},
            "attempts": "n"}, "maps_to": {"read": "research", "write": "writing"}}"#;
        let shapes = Shapes::built_in().with(vec![Shape::parse(shape).unwrap()]);
        let month = |more: &str| {
            let text = format!(r#"{{"plain": "a", "to": "2024-12-10T00:00:00Z", {more}}}"#);
            let sessions = assemble(vec![shapes.read("a.json", text.as_bytes())]).sessions;
            assert_eq!(sessions.len(), 1, "{text}");
            let now = Timestamp::parse("2024-12-15T00:00:00Z").unwrap();
            let month = MonthCosts::of([], &sessions, now, &|_| 0, &policy_costs(), &Policy::default());
            assert_eq!(month.repeats, Money::ZERO);
            (month.spent.to_string(), month.repeats_unknown, month.left_out)
        };
        let spent = |unknown: usize| ("4.00".to_owned(), unknown, 0);
        assert_eq!(month(r#""state": "done", "cost": 4"#), spent(1));
        let stages = |read: &str, write: &str| {
            month(&format!(r#""state": "done", "cost": 4, "stages": {{"read": {{{read}}}, "write": {{{write}}}}}"#))
        };
        assert_eq!(stages(r#""s": "2", "n": 1"#, r#""s": "2", "n": 1"#), spent(0));
        assert_eq!(stages(r#""s": "2", "n": 1"#, r#""s": "0""#), spent(0), "the other one has not begun");
        assert_eq!(stages(r#""s": "2", "n": 1"#, r#""s": "2", "n": 3"#), spent(1));
        assert_eq!(stages(r#""s": "2", "n": 1"#, r#""s": "2""#), spent(1));
        assert_eq!(month(r#""state": "on", "cost": 4"#).2, 1, "what is left of it is not known");
        assert_eq!(month(r#""state": "done""#).2, 1, "its cost is not known");
        assert_eq!(month(r#""state": "dropped", "cost": 4"#).2, 0);
    }

    #[test]
    fn retries_without_end_have_a_finite_expected_cost() {
        let policy = Policy { retry_limit: u32::MAX, ..Policy::default() };
        let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing", "completed_stages": ["research"],
            "failed_attempts": 4000000000, "retry_count": 4000000000},
            "agent_outputs": {"script_writer": {"status": "retry"}}, "cost_tracking": {"writing": 100.00, "total": 100.00},
            "timestamps": {"last_updated": "2024-12-01T00:00:00Z"}, "history": [
            {"at": "2024-12-01T00:00:00Z", "event": "retry", "agent": "script_writer", "from": "FAILED", "to": "RETRY"}]}"#;
        let digest = Session::parse(text).unwrap().digest();
        // One more attempt, and the two stages after it.
        assert_eq!(digest.expected_total(&policy_costs()).unwrap().to_string(), "106.00");
        let month = |now: &str| {
            let month = MonthCosts::of([&digest], [], Timestamp::parse(now).unwrap(), &|_| 0, &policy_costs(), &policy);
            (month.remaining.to_string(), month.in_flight, month.left_out)
        };
        assert_eq!(month("2024-12-01T20:00:00Z"), ("6.00".to_owned(), 1, 0));
        // Nobody has started the retry for more than a day.
        assert_eq!(month("2024-12-03T00:00:00Z"), ("0.00".to_owned(), 0, 1));
    }

    #[test]
    fn a_month_ends_by_the_clocks_of_its_end() {
        // In Berlin summer time begins on 29 March 2026, and ends on 25 October.
        let summer =
            [Timestamp::parse("2026-03-29T01:00:00Z").unwrap(), Timestamp::parse("2026-10-25T01:00:00Z").unwrap()];
        let berlin = |at: Timestamp| if at >= summer[0] && at < summer[1] { 120 } else { 60 };
        let check = |now: &str, from: &str, until: &str| {
            let month = month_of(Timestamp::parse(now).unwrap(), &berlin);
            assert_eq!((month.0.to_string(), month.1.to_string()), (from.to_owned(), until.to_owned()), "{now}");
        };
        check("2026-03-10T12:00:00Z", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z");
        check("2026-10-30T12:00:00Z", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z");
        check("2026-12-31T23:30:00Z", "2026-12-31T23:00:00Z", "2027-01-31T23:00:00Z");
    }

    #[test]
    fn rework_is_paid_again_in_every_stage_that_it_passes() {
        let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "evaluation", "gate_failures": 1,
            "completed_stages": ["research", "writing"]},
            "cost_tracking": {"research": 3.00, "writing": 5.00, "evaluation": 1.50}, "history": [
            {"at": "2024-08-11T15:00:00Z", "event": "start", "agent": "quality_evaluator", "stage": "evaluation", "to": "EVALUATING"},
            {"at": "2024-08-11T15:10:00Z", "event": "quality_failure", "agent": "quality_evaluator", "to": "WRITING"},
            {"at": "2024-08-11T15:40:00Z", "event": "complete", "agent": "script_writer", "to": "EVALUATING"}]}"#;
        let digest = Session::parse(text).unwrap().digest();
        assert_eq!(digest.expected_total(&policy_costs()).unwrap().to_string(), "13.00");
    }

    #[test]
    fn repeated_attempts_are_counted_apart() {
        let text = |history: &str| {
            format!(
                r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "writing", "failed_attempts": 1}},
                "cost_tracking": {{"writing": 1.50}}, "history": [{history}],
                "timestamps": {{"last_updated": "2024-08-11T16:00:00Z"}}}}"#
            )
        };
        let entries = r#"{"at": "2024-08-11T15:00:00Z", "event": "fail", "agent": "script_writer", "attempt": 1, "cost": 0.50},
            {"at": "2024-08-11T16:00:00Z", "event": "complete", "agent": "script_writer", "attempt": 2, "cost": 1.00}"#;
        let now = Timestamp::parse("2024-08-12T10:00:00Z").unwrap();
        let digests = [entries, ""].map(|history| Session::parse(text(history)).unwrap().digest());
        let month = MonthCosts::of(&digests, [], now, &|_| 0, &policy_costs(), &Policy::default());
        assert_eq!((month.repeats.to_string().as_str(), month.repeats_unknown), ("1.00", 1));
    }
}
