//! The cells that rows of both kinds share: the outlook, and what people planned.
use crate::format::{UNKNOWN, day, money, relative, score, short_duration};
use crate::store::columns::Column;
use crate::store::listing;
use callboard_core::{Agent, Date, Digest, DueStatus, Money, Outlook, Phase, Timestamp};
use callboard_workspace::Summary;
use std::borrow::Cow;

/// The facts of a row that its shared cells show.
pub(super) trait RowFacts {
    /// Returns the figures that lists show.
    fn summary(&self) -> &Summary;
    /// Returns the facts of a session of the framework's shape.
    fn digest(&self) -> Option<&Digest>;
    /// Returns the outlook of a session of the framework's shape.
    fn outlook(&self) -> Option<&Outlook>;
    /// Returns the expected total cost, if its column is chosen and it is known.
    fn expected_cost(&self) -> Option<Money>;
    /// Returns true if a column is chosen; hidden cells stay empty, as writing them takes time.
    fn shows(&self, column: Column) -> bool;
    /// Returns the time, and the minutes by which the zone in force is ahead of UTC.
    fn clock(&self) -> (Timestamp, i32);
}

const FOREIGN: &str = "Not available for sessions of other pipelines.";

/// Returns a phase as a word.
pub(super) fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Ready => "Ready",
        Phase::Running => "Running",
        Phase::Failed => "Failed",
        Phase::Retry => "Retry",
        Phase::Escalated => "Escalated",
        Phase::Complete => "Complete",
        Phase::Unknown => UNKNOWN,
    }
}

/// Returns the phase and its length: `Running 12 min`.
pub(super) fn in_stage(row: &impl RowFacts) -> String {
    if !row.shows(Column::InStage) {
        return String::new();
    }
    let Some(outlook) = row.outlook().filter(|outlook| is_open(outlook.phase)) else { return UNKNOWN.into() };
    let word = phase_word(outlook.phase);
    match outlook.since {
        Some(since) => format!("{word} {}", short_duration(row.clock().0.unix() - since.unix())),
        None => word.into(),
    }
}

/// Returns the explanation of the phase.
pub(super) fn in_stage_tip(row: &impl RowFacts) -> Option<Cow<'static, str>> {
    if !row.shows(Column::InStage) {
        return None;
    }
    let Some(outlook) = row.outlook() else { return Some(FOREIGN.into()) };
    let agent = outlook.agent.map(Agent::name).unwrap_or_default();
    let (words, before) = match outlook.phase {
        Phase::Ready => ("ready", " since"),
        Phase::Running => ("running", " since"),
        Phase::Failed => ("failed", ""),
        Phase::Retry => ("retry pending", " since"),
        Phase::Escalated => ("needs a decision", " since"),
        Phase::Complete => return None,
        Phase::Unknown => return Some("The file does not say its state.".into()),
    };
    Some(match outlook.since {
        Some(_) => format!("{agent} {words}{before}").into(),
        None => format!("{agent} {words}. The file does not say since when.").into(),
    })
}

/// Returns the beginning of the phase.
pub(super) fn in_stage_since(row: &impl RowFacts) -> Option<Timestamp> {
    row.outlook().filter(|outlook| row.shows(Column::InStage) && outlook.phase != Phase::Complete)?.since
}

/// Returns the agent that acts next.
pub(super) fn next(row: &impl RowFacts) -> &'static str {
    match row.outlook().and_then(listing::next_agent) {
        _ if !row.shows(Column::Next) => "",
        Some(agent) => agent.name(),
        None => UNKNOWN,
    }
}

/// Returns true if something is left to do.
fn is_open(phase: Phase) -> bool {
    !matches!(phase, Phase::Complete | Phase::Unknown)
}

/// Returns the due date or the expected completion: `in 35 min`, `20 min late`, `5 Dec`.
pub(super) fn due(row: &impl RowFacts) -> String {
    if !row.shows(Column::Due) {
        return String::new();
    }
    let (now, offset) = row.clock();
    row.outlook().and_then(|outlook| due_words(outlook, now, offset)).unwrap_or_else(|| UNKNOWN.into())
}

fn due_words(outlook: &Outlook, now: Timestamp, offset: i32) -> Option<String> {
    let today = Date::of(now, offset);
    let status = outlook.due_status(offset);
    let Some(due) = outlook.due else {
        return match outlook.overdue() {
            Some(seconds) => Some(format!("{} late", short_duration(seconds))),
            None => outlook.due_day(offset).and(outlook.estimate).map(|estimate| relative(estimate, now)),
        };
    };
    Some(match (status, today.days_since(due)) {
        (Some(DueStatus::Late), 1) => "1 day late".to_owned(),
        (Some(DueStatus::Late), days) if days > 1 => format!("{days} days late"),
        (Some(DueStatus::Late), _) => format!("{}, late", day(due, today)),
        _ => day(due, today),
    })
}

/// Returns the words before the exact time of the estimate, or the reason why nothing is expected.
pub(super) fn due_tip(row: &impl RowFacts) -> Option<Cow<'static, str>> {
    if !row.shows(Column::Due) {
        return None;
    }
    let Some(outlook) = row.outlook() else { return Some(FOREIGN.into()) };
    let (now, offset) = row.clock();
    let planned = outlook.due.map(|due| format!("Due {}.", day(due, Date::of(now, offset))));
    let expected = match (due_moment(row), outlook.overdue(), outlook.phase) {
        (Some(_), Some(_), _) => "Stage expected",
        (Some(_), None, _) => "Expected",
        (None, _, Phase::Ready | Phase::Retry) => "Not started: no estimate yet.",
        (None, _, Phase::Failed | Phase::Escalated) => "Stopped: no estimate until it resumes.",
        (None, _, Phase::Unknown) => "The file does not say its state.",
        (None, ..) => "",
    };
    let words = [planned.as_deref().unwrap_or_default(), expected];
    let words = words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ");
    (!words.is_empty()).then(|| words.into())
}

/// Returns the time at which the running agent, or the session, should be done.
pub(super) fn due_moment(row: &impl RowFacts) -> Option<Timestamp> {
    let outlook = row.outlook().filter(|outlook| row.shows(Column::Due) && outlook.phase == Phase::Running)?;
    if outlook.overdue().is_some() { outlook.stage_estimate } else { outlook.estimate }
}

/// Returns the name of the due date's status for the style sheet.
pub(super) fn due_status(row: &impl RowFacts) -> Option<&'static str> {
    row.outlook().filter(|_| row.shows(Column::Due))?.due_status(row.clock().1).map(DueStatus::name)
}

/// Returns the owner.
pub(super) fn owner(row: &impl RowFacts) -> &str {
    match row.digest().and_then(|digest| digest.planning.owner.as_deref()) {
        _ if !row.shows(Column::Owner) => "",
        owner => owner.unwrap_or(UNKNOWN),
    }
}

/// Returns the overall quality, formatted.
pub(super) fn quality(row: &impl RowFacts, quality: Option<f64>) -> String {
    if row.shows(Column::Quality) { score(quality) } else { String::new() }
}

/// Returns the number of failed attempts.
pub(super) fn attempts(row: &impl RowFacts) -> Cow<'static, str> {
    match row.digest() {
        _ if !row.shows(Column::Attempts) => "".into(),
        Some(digest) => digest.failed_attempts().to_string().into(),
        None => UNKNOWN.into(),
    }
}

/// Returns the expected total cost, formatted.
pub(super) fn expected_cost(row: &impl RowFacts) -> String {
    if row.shows(Column::ExpectedCost) { money(row.expected_cost()) } else { String::new() }
}

/// Returns true if a session is expected to exceed its budget.
fn is_over_budget(row: &impl RowFacts) -> bool {
    let budget = row.digest().and_then(|digest| digest.costs().budget);
    row.expected_cost().zip(budget).is_some_and(|(expected, budget)| expected > budget)
}

/// Returns the name of the status of the expected total cost for the style sheet.
pub(super) fn expected_cost_status(row: &impl RowFacts) -> Option<&'static str> {
    is_over_budget(row).then_some("over")
}

/// Returns what the expected total cost is, or the reason why there is none.
pub(super) fn expected_cost_tip(row: &impl RowFacts) -> Option<Cow<'static, str>> {
    if !row.shows(Column::ExpectedCost) {
        return None;
    }
    Some(match (row.digest(), row.expected_cost()) {
        (None, _) => FOREIGN.into(),
        (_, None) => "The file does not say its state or its cost.".into(),
        (Some(digest), Some(_)) if is_over_budget(row) => {
            format!("Exceeds the budget of {}.", money(digest.costs().budget)).into()
        }
        _ => "Cost so far and the median cost of the stages left.".into(),
    })
}

/// Returns the time of creation.
pub(super) fn created(row: &impl RowFacts) -> Option<Timestamp> {
    row.summary().created.filter(|_| row.shows(Column::Created))
}

/// Returns the time since creation.
pub(super) fn created_words(row: &impl RowFacts) -> String {
    match created(row) {
        _ if !row.shows(Column::Created) => String::new(),
        Some(moment) => relative(moment, row.clock().0),
        None => UNKNOWN.into(),
    }
}

/// Returns the labels.
pub(super) fn labels(row: &impl RowFacts) -> &[String] {
    let digest = row.digest().filter(|_| row.shows(Column::Labels));
    digest.map(|digest| digest.planning.labels.as_slice()).unwrap_or_default()
}

/// Number of labels that a row has room for.
pub(super) const LABELS: usize = 2;

/// Returns all labels, if the row has no room for them.
pub(super) fn labels_tip(row: &impl RowFacts) -> Option<String> {
    let labels = labels(row);
    (labels.len() > LABELS).then(|| labels.join(", "))
}

/// Builds the cell of the time in the stage.
macro_rules! in_stage_cell {
    () => {
        node!("td" ("role" = "cell", "class" = "col-in-stage") {
            node!("time" ("class" = "moment") [
                Attribute("datetime", |row| cells::in_stage_since(row).map(|since| since.to_string().into())),
                Attribute("data-tip", |row| cells::in_stage_tip(row)),
                Text(|row| cells::in_stage(row).into()),
            ]),
        })
    };
}

/// Builds the cell of the agent that acts next.
macro_rules! next_cell {
    () => {
        node!("td" ("role" = "cell", "class" = "col-next", "translate" = "no") {
            node!("span" ("data-cut" = "next") [Text(|row| cells::next(row).into())]),
        })
    };
}

/// Builds the cell of the due date.
macro_rules! due_cell {
    () => {
        node!("td" ("role" = "cell", "class" = "col-due") {
            node!("time" ("class" = "moment due") [
                Attribute("datetime", |row| cells::due_moment(row).map(|moment| moment.to_string().into())),
                Attribute("data-due", |row| cells::due_status(row).map(Cow::from)),
                Attribute("data-tip", |row| cells::due_tip(row)),
                Text(|row| cells::due(row).into()),
            ]),
        })
    };
}

/// Builds the cell of the overall quality.
macro_rules! quality_cell {
    ($quality:expr) => {
        node!("td" ("role" = "cell", "class" = "col-quality num") {
            node!("span" [
                Attribute("data-tip", |row| {
                    let is_unknown = row.shows(Column::Quality) && ($quality)(row).is_none();
                    is_unknown.then_some("Not evaluated yet.".into())
                }),
                Text(|row| cells::quality(row, ($quality)(row)).into()),
            ]),
        })
    };
}

/// Builds the cell of the number of failed attempts.
macro_rules! attempts_cell {
    () => {
        node!("td" ("role" = "cell", "class" = "col-attempts num") {
            node!("span" [Text(|row| cells::attempts(row))]),
        })
    };
}

/// Builds the cell of the expected total cost.
macro_rules! expected_cost_cell {
    () => {
        node!("td" ("role" = "cell", "class" = "col-expected-cost num") {
            node!("span" [
                Attribute("data-expected", |row| cells::expected_cost_status(row).map(Cow::from)),
                Attribute("data-tip", |row| cells::expected_cost_tip(row)),
                Text(|row| cells::expected_cost(row).into()),
            ]),
        })
    };
}

/// Builds the cell of the owner.
macro_rules! owner_cell {
    () => {
        node!("td" ("role" = "cell", "class" = "col-owner") {
            node!("bdi" ("data-cut" = "owner") [Text(|row| cells::owner(row).into())]),
        })
    };
}

/// Builds a label in its cell.
macro_rules! label_node {
    ($at:literal) => {
        node!("bdi" ("class" = "label-chip") [
            Attribute("hidden", |row| cells::labels(row).get($at).is_none().then_some("".into())),
            Text(|row| cells::labels(row).get($at).map(String::as_str).unwrap_or_default().into()),
        ])
    };
}

/// Builds the cell of the labels.
macro_rules! labels_cell {
    () => {
        node!("td" ("role" = "cell", "class" = "col-labels") {
            node!("span" ("class" = "label-chips")
                [Attribute("data-tip", |row| cells::labels_tip(row).map(Cow::from))]
                {
                    cells::label_node!(0), cells::label_node!(1),
                    node!("span" ("class" = "muted") [Text(|row| {
                        match cells::labels(row).len().checked_sub(cells::LABELS) {
                            Some(more) if more > 0 => format!("+{more}").into(),
                            _ => "".into(),
                        }
                    })]),
                }
            ),
        })
    };
}

/// Builds the cell of the time of creation.
macro_rules! created_cell {
    () => {
        node!("td" ("role" = "cell", "class" = "col-created") {
            node!("time" ("class" = "moment") [
                Attribute("datetime", |row| cells::created(row).map(|moment| moment.to_string().into())),
                Attribute("data-tip", |row| {
                    let words = if cells::created(row).is_some() { "Created" } else { "No time in the file." };
                    row.shows(Column::Created).then_some(words.into())
                }),
                Text(|row| cells::created_words(row).into()),
            ]),
        })
    };
}

pub(super) use {
    attempts_cell, created_cell, due_cell, expected_cost_cell, in_stage_cell, label_node, labels_cell, next_cell,
    owner_cell, quality_cell,
};

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::{Policy, Session};

    #[track_caller]
    fn check(state: &str, planning: &str, minutes: i64, expected: Option<&str>) {
        let text = format!(
            r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "synthesis"}},
            "agent_outputs": {{"audio_synthesizer": {{{state}}}}}, "planning": {{{planning}}}}}"#
        );
        let now = Timestamp::parse("2026-12-04T12:00:00Z").unwrap().plus(minutes * 60);
        let outlook = Session::parse(text).unwrap().outlook(now, &Policy::default());
        assert_eq!(due_words(&outlook, now, 0).as_deref(), expected, "{state} {planning} {minutes}");
    }

    #[test]
    fn the_due_date_goes_before_the_estimate() {
        let running = r#""status": "in_progress", "start_time": "2026-12-04T12:00:00Z",
            "estimated_completion": "2026-12-04T12:35:00Z""#;
        check(running, "", 0, Some("in 35 min"));
        check(running, "", 55, Some("20 min late"));
        check(running, r#""due": "2026-12-06""#, 0, Some("6 Dec"));
        check(running, r#""due": "2026-12-04""#, 0, Some("today"));
        check(running, r#""due": "2026-12-02""#, 0, Some("2 days late"));
        check(running, r#""due": "2026-12-04""#, 11 * 60 + 59, Some("today"));
        check(r#""status": "pending""#, "", 0, None);
        check(r#""status": "failed""#, r#""due": "2026-12-05""#, 0, Some("tomorrow"));
        check(r#""status": "pending""#, r#""due": "2026-12-04""#, 11 * 60 + 59, Some("today, late"));
    }
}
