//! State, progress, cost and resume point of a foreign session, derived from the values of its files.

use super::facts::ForeignStage;
use super::found::{Derived, Found, How, Origin};
use super::session::{Disagreement, ForeignProgress, ResumePoint};
use super::shape::ForeignStatus;
use crate::Money;

/// Stated values of a session that the rest is derived from.
pub(super) struct Stated<'a> {
    pub(super) state: Option<&'a Found<ForeignStatus>>,
    pub(super) stages: &'a [ForeignStage],
    pub(super) cost: Option<&'a Found<Money>>,
    pub(super) stages_cost: Option<&'a Found<Money>>,
    pub(super) percent: Option<&'a Found<f64>>,
    pub(super) completed: Option<&'a Found<u64>>,
    pub(super) total: Option<&'a Found<u64>>,
    pub(super) current: Option<&'a Found<String>>,
    /// Number of stages of the pipeline, if the files name all of them.
    pub(super) pipeline: Option<u64>,
    /// The names of the stages that end the pipeline.
    pub(super) last: &'a [String],
}

fn stated<T: Clone>(found: &Found<T>) -> Derived<T> {
    // What the shape alone says is no statement of the file.
    let how = if found.origin.line == 0 && found.assumed.is_some() { How::Computed } else { How::Stated };
    let note = found.assumed.clone().unwrap_or_default();
    Derived { value: found.value.clone(), how, from: vec![found.origin.clone()], note }
}

fn plural(count: u64, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

impl Stated<'_> {
    fn origins_of(&self, wanted: impl Fn(ForeignStatus) -> bool) -> Vec<Origin> {
        let statuses = self.stages.iter().filter_map(|stage| stage.status.as_ref());
        statuses.filter(|status| wanted(status.value)).map(|status| status.origin.clone()).collect()
    }

    /// True if a stage is known not to be done.
    fn any_open(&self) -> bool {
        self.stages.iter().any(|stage| stage.status.is_some() && !stage.is_done())
    }

    fn done(&self) -> u64 {
        self.stages.iter().filter(|stage| stage.is_done()).count() as u64
    }

    fn says_statuses(&self) -> bool {
        self.stages.iter().any(|stage| stage.status.is_some())
    }

    /// Number of stages, if known.
    fn total(&self) -> Option<u64> {
        let every = self.pipeline.filter(|_| self.says_statuses());
        self.total.map(|total| total.value).filter(|total| *total > 0).or(every)
    }

    /// The stated state, unless the stages contradict it. A session in which something was done has started.
    pub(super) fn state(&self, disagreements: &mut Vec<Disagreement>) -> Option<Derived<ForeignStatus>> {
        let state = self.state_by_statuses(disagreements)?;
        let Some((note, from)) = self.begun().filter(|_| state.value == ForeignStatus::NotStarted) else {
            return Some(state);
        };
        let message = format!("The file says not started, but work was done: in progress is used. {note}");
        let mut at = state.from;
        at.extend(from.iter().cloned());
        disagreements.push(Disagreement { code: "state", message, at });
        Some(Derived { value: ForeignStatus::InProgress, how: How::Computed, from, note })
    }

    /// A sign that a stage has begun, whatever its status says. A path of an output may be only planned, unless its stage
    /// has no status.
    fn begun(&self) -> Option<(String, Vec<Origin>)> {
        let spent = |cost: &Option<Found<Money>>| cost.clone().filter(|cost| cost.value > Money::ZERO);
        let sign = |stage: &ForeignStage| {
            if let Some(cost) = spent(&stage.cost) {
                return Some((format!("{} has cost {}.", stage.label, cost.value.usd()), vec![cost.origin]));
            }
            let time = stage.started.as_ref().or(stage.ended.as_ref()).map(|time| &time.origin);
            let tried = stage.attempts.as_ref().filter(|attempts| attempts.value > 0).map(|attempts| &attempts.origin);
            if let Some(origin) = time.or(tried) {
                return Some((format!("{} was started.", stage.label), vec![origin.clone()]));
            }
            let output = stage.outputs.first().filter(|_| stage.status.is_none())?;
            Some((format!("{} produced {}.", stage.label, output.value), vec![output.origin.clone()]))
        };
        let total = || {
            let cost = spent(&self.cost.cloned())?;
            Some((format!("The session has cost {}.", cost.value.usd()), vec![cost.origin]))
        };
        self.stages.iter().find_map(sign).or_else(total)
    }

    fn state_by_statuses(&self, disagreements: &mut Vec<Disagreement>) -> Option<Derived<ForeignStatus>> {
        let computed = self.state_of_stages();
        let Some(state) = self.state else { return computed.or_else(|| self.state_of_counts()) };
        let Some(computed) = computed else { return Some(stated(state)) };
        let contradicts = match (state.value, computed.value) {
            // A stage that failed outweighs the stated state of the whole.
            (stated, ForeignStatus::Failed) => stated != ForeignStatus::Failed,
            (ForeignStatus::NotStarted, found) => found != ForeignStatus::NotStarted,
            (ForeignStatus::Complete, found) => {
                if found != ForeignStatus::Complete && self.any_open() {
                    let message = format!("The file says complete, but not every stage is: {}", computed.note);
                    let mut at = vec![state.origin.clone()];
                    at.extend(self.origins_of(|status| !status.is_done()));
                    disagreements.push(Disagreement { code: "state", message, at });
                }
                false
            }
            _ => false,
        };
        if !contradicts {
            return Some(stated(state));
        }
        let message = format!(
            "The file says {}, but its stages say {}: the stages are used. {}",
            status_words(state.value),
            status_words(computed.value),
            computed.note
        );
        let mut at = vec![state.origin.clone()];
        at.extend(computed.from.iter().cloned());
        disagreements.push(Disagreement { code: "state", message, at });
        Some(computed)
    }

    fn state_of_stages(&self) -> Option<Derived<ForeignStatus>> {
        let derive = |value: ForeignStatus, note: String, from: Vec<Origin>| {
            Some(Derived { value, how: How::Computed, from, note })
        };
        let is = |status: ForeignStatus| {
            move |stage: &&ForeignStage| stage.status.as_ref().is_some_and(|s| s.value == status)
        };
        if let Some(failed) = self.stages.iter().find(is(ForeignStatus::Failed)) {
            let from = self.origins_of(|status| status == ForeignStatus::Failed);
            return derive(ForeignStatus::Failed, format!("{} failed.", failed.label), from);
        }
        let done = self.done();
        if done > 0 && self.total() == Some(done) {
            let note = format!("All {} are complete.", plural(done, "stage"));
            return derive(ForeignStatus::Complete, note, self.origins_of(ForeignStatus::is_done));
        }
        let ends = |stage: &&ForeignStage| stage.is_done() && self.last.contains(&stage.name);
        if let Some(last) = self.stages.iter().find(ends).filter(|_| !self.any_open()) {
            let from = last.status.iter().map(|status| status.origin.clone()).collect();
            let note = format!("{}, the last stage, is complete.", last.label);
            return derive(ForeignStatus::Complete, note, from);
        }
        if let Some(running) = self.stages.iter().find(is(ForeignStatus::InProgress)) {
            let from = self.origins_of(|status| status == ForeignStatus::InProgress);
            return derive(ForeignStatus::InProgress, format!("{} is in progress.", running.label), from);
        }
        if done > 0 {
            let verb = if done == 1 { "is" } else { "are" };
            let note = match self.total() {
                Some(total) if total >= done => format!("{done} of {} {verb} complete.", plural(total, "stage")),
                Some(total) => {
                    format!("{} {verb} complete, but a file says that there are {total}.", plural(done, "stage"))
                }
                None => format!("{} {verb} complete; the total is unknown.", plural(done, "stage")),
            };
            return derive(ForeignStatus::InProgress, note, self.origins_of(ForeignStatus::is_done));
        }
        let waiting = self.origins_of(|status| status == ForeignStatus::NotStarted);
        if !waiting.is_empty() && self.pipeline == Some(waiting.len() as u64) {
            return derive(ForeignStatus::NotStarted, "No stage has started.".to_owned(), waiting);
        }
        None
    }

    fn state_of_counts(&self) -> Option<Derived<ForeignStatus>> {
        let (completed, total) = (self.completed?, self.total?);
        let value = match completed.value {
            0 => ForeignStatus::NotStarted,
            done if done == total.value => ForeignStatus::Complete,
            done if done < total.value => ForeignStatus::InProgress,
            _ => return None,
        };
        let note = format!("{} of {} are complete.", completed.value, plural(total.value, "stage"));
        Some(Derived { value, how: How::Computed, from: vec![completed.origin.clone(), total.origin.clone()], note })
    }

    /// Progress by stages and by stated counts.
    pub(super) fn progress(
        &self,
        state: Option<ForeignStatus>,
        disagreements: &mut Vec<Disagreement>,
    ) -> Option<Derived<ForeignProgress>> {
        let done = self.says_statuses().then(|| self.done());
        let counted = self.completed.map(|completed| completed.value);
        let total = self.total();
        let mut from: Vec<Origin> = self.origins_of(ForeignStatus::is_done);
        from.extend(self.completed.iter().chain(&self.total).map(|count| count.origin.clone()));
        from.extend(self.percent.iter().map(|percent| percent.origin.clone()));
        if let (Some(done), Some(counted), Some(stated)) = (done, counted, self.completed)
            && done != counted
        {
            let of = self.total.map(|total| format!(" of {}", total.value)).unwrap_or_default();
            let message = format!(
                "A file says {counted}{of} stages, but {done} {} complete: the larger number is used.",
                if done == 1 { "is" } else { "are" }
            );
            let mut at = vec![stated.origin.clone()];
            at.extend(self.origins_of(ForeignStatus::is_done));
            disagreements.push(Disagreement { code: "progress", message, at });
        }
        // Each is evidence of so many: neither takes the other's back. None of an unknown number says nothing.
        let completed = done.into_iter().chain(counted).max().filter(|completed| *completed > 0 || total.is_some());
        if state == Some(ForeignStatus::Complete) && total.is_none() && self.percent.is_none() && !self.any_open() {
            let value = ForeignProgress { completed, total, percent: Some(100.0) };
            from.extend(self.state.iter().map(|state| state.origin.clone()));
            return Some(Derived { value, how: How::Computed, from, note: "The session is complete.".to_owned() });
        }
        let ratio = match (completed, total) {
            (Some(completed), Some(total)) if completed <= total => {
                Some(rounded(completed as f64 * 100.0 / total as f64))
            }
            _ => None,
        };
        let fits = completed.zip(total).is_none_or(|(completed, total)| completed <= total);
        let stated = self.percent.filter(|_| fits);
        if let (Some(ratio), Some(stated)) = (ratio, stated)
            && (ratio - stated.value).abs() > 1.0
        {
            let message = format!("A file says {} %, but its stages come to {ratio} %.", stated.value);
            disagreements.push(Disagreement { code: "progress", message, at: from.clone() });
        }
        let own = done.is_some() && ratio.is_some();
        let percent = if own { ratio } else { stated.map(|stated| stated.value).or(ratio) };
        let how = if !own && stated.is_some() { How::Stated } else { How::Computed };
        if completed.is_some() || percent.is_some() {
            let note = match (completed, total) {
                (Some(completed), Some(total)) if completed > total => {
                    format!("{completed} stages are complete, but a file says that there are {total}: no percentage.")
                }
                (Some(completed), Some(total)) => format!("{completed} of {}.", plural(total, "stage")),
                (Some(completed), None) => {
                    format!("{} complete; the total is unknown.", plural(completed, "stage"))
                }
                (None, _) => String::new(),
            };
            let value = ForeignProgress { completed, total, percent };
            return Some(Derived { value, how, from, note });
        }
        let started = state.filter(|state| *state == ForeignStatus::NotStarted).and(self.state)?;
        let value = ForeignProgress { completed: None, total: None, percent: Some(0.0) };
        let from = vec![started.origin.clone()];
        Some(Derived { value, how: How::Computed, from, note: "The session has not started.".to_owned() })
    }

    /// The stated total cost, else the sum of the stages.
    pub(super) fn cost(&self, disagreements: &mut Vec<Disagreement>) -> Option<Derived<Money>> {
        let costs: Vec<&Found<Money>> = self.stages.iter().filter_map(|stage| stage.cost.as_ref()).collect();
        let sum: Money = costs.iter().map(|cost| cost.value).sum();
        let stated_sum = self.stages_cost.or(self.cost);
        if let Some(total) = stated_sum.filter(|total| !costs.is_empty() && total.value != sum) {
            let kept = if self.stages_cost.is_some() { "both are kept" } else { "the total is used" };
            let message = format!(
                "The costs of the stages add up to {}, but the total says {}: {kept}.",
                sum.usd(),
                total.value.usd()
            );
            let mut at = vec![total.origin.clone()];
            at.extend(costs.iter().map(|cost| cost.origin.clone()));
            disagreements.push(Disagreement { code: "cost", message, at });
        }
        if let Some(cost) = self.cost.or(self.stages_cost) {
            return Some(stated(cost));
        }
        if costs.is_empty() {
            return None;
        }
        let all = self.stages.len();
        let note = match costs.len() {
            some if some < all => format!("The sum of {some} of {}.", plural(all as u64, "stage")),
            every => format!("The sum of {}.", plural(every as u64, "stage")),
        };
        let from = costs.iter().map(|cost| cost.origin.clone()).collect();
        Some(Derived { value: sum, how: How::Computed, from, note })
    }

    /// The resume point; none for a complete session, and if nothing is known of the stages.
    pub(super) fn resume(&self, state: Option<ForeignStatus>, spent: Option<Money>) -> Option<ResumePoint> {
        if state == Some(ForeignStatus::Complete) {
            return None;
        }
        if !self.says_statuses() {
            let next = self.current.map(|current| current.value.clone()).filter(|_| state.is_some());
            return next.map(|next| ResumePoint { next: Some(next), spent, ..ResumePoint::default() });
        }
        // A stage that no file says anything of is neither done nor to be done again.
        let told: Vec<&ForeignStage> = self.stages.iter().filter(|stage| stage.status.is_some()).collect();
        let open = told.iter().position(|stage| !stage.is_done()).unwrap_or(told.len());
        let (trusted, again) = told.split_at(open);
        let costs: Vec<Money> = again.iter().filter_map(|stage| stage.cost.as_ref()).map(|cost| cost.value).collect();
        let known = self.current.map(|current| current.value.clone());
        let next = again.first().map(|stage| stage.name.clone());
        // What the file states as current is next where no stage is left that the files know.
        let next = next.or_else(|| known.filter(|name| !self.stages.iter().any(|stage| stage.name == *name)));
        Some(ResumePoint {
            last_trusted: trusted.last().map(|stage| stage.name.clone()),
            next,
            spent,
            spent_again: (!costs.is_empty()).then(|| costs.into_iter().sum()),
        })
    }
}

/// A status in the words of a sentence.
pub(super) fn status_words(status: ForeignStatus) -> &'static str {
    match status {
        ForeignStatus::NotStarted => "not started",
        ForeignStatus::InProgress => "in progress",
        ForeignStatus::Failed => "failed",
        ForeignStatus::Complete => "complete",
        ForeignStatus::Skipped => "skipped",
    }
}

/// A percentage to one decimal.
fn rounded(percent: f64) -> f64 {
    (percent * 10.0).round() / 10.0
}
