//! Schedules and sessions that are created together.

use crate::support::*;
use callboard_core::{Date, DueStatus, Initialize, Money, Planning, Policy, Session, Timestamp};
use callboard_workspace::{Entry, NewSessions, Record, Schedule, ScheduledSession};
use std::sync::Arc;

fn entry(id: &str, stage: &str, due: Option<&str>, running: Option<&str>) -> Arc<Entry> {
    let planning = due.map_or_else(String::new, |due| format!(r#", "planning": {{"due": "{due}"}}"#));
    let outputs = running.map_or_else(String::new, |estimate| {
        format!(
            r#", "agent_outputs": {{"audio_synthesizer": {{"status": "in_progress", "estimated_completion": "{estimate}"}}}}"#
        )
    });
    let number = id.trim_start_matches("ep_");
    let text = format!(
        r#"{{"session_id": "{id}", "episode": {{"number": {number}}}, "pipeline_state": {{"current_stage": "{stage}"}}{outputs}{planning}}}"#
    );
    let record = Record::of_file(id.into(), format!("{id}.json"), text.as_str().into(), NOW);
    Arc::new(Entry::new(record, &Session::parse(text).unwrap()))
}

fn ids(sessions: &[ScheduledSession]) -> Vec<&str> {
    sessions.iter().map(|session| session.entry.id()).collect()
}

#[test]
fn sessions_are_in_the_week_and_day_of_their_due_date() {
    // A Wednesday.
    let now = Timestamp::parse("2026-12-02T12:00:00Z").unwrap();
    let entries = [
        entry("ep_9", "writing", Some("2026-12-24"), None),
        entry("ep_1", "writing", Some("2026-11-30"), None),
        entry("ep_2", "complete", Some("2026-11-30"), None),
        entry("ep_3", "complete", Some("2026-11-29"), None),
        entry("ep_5", "research", Some("2026-12-06"), None),
        entry("ep_4", "research", Some("2026-12-06"), None),
        entry("ep_6", "synthesis", None, Some("2026-12-02T13:00:00Z")),
        entry("ep_7", "synthesis", None, Some("2026-12-02T11:00:00Z")),
        entry("ep_8", "evaluation", None, None),
        entry("ep_10", "complete", None, None),
        entry("ep_11", "synthesis", Some("2026-12-02"), Some("2026-12-03T01:00:00Z")),
    ];
    let schedule = Schedule::of(&entries, now, 0, &Policy::default());
    assert_eq!(schedule.today.to_string(), "2026-12-02");
    assert_eq!(ids(&schedule.overdue), ["ep_1"]);
    assert_eq!(ids(&schedule.unscheduled), ["ep_8"]);
    let starts: Vec<String> = schedule.weeks.iter().map(|week| week.start.to_string()).collect();
    assert_eq!(starts, ["2026-11-30", "2026-12-07", "2026-12-21"]);
    let week = &schedule.weeks[0];
    let days: Vec<Vec<&str>> = week.days.iter().map(|day| ids(day)).collect();
    let empty = Vec::new;
    assert_eq!(
        days,
        [vec!["ep_2"], empty(), vec!["ep_6", "ep_7", "ep_11"], empty(), empty(), empty(), vec!["ep_4", "ep_5"]]
    );
    let statuses: Vec<Option<DueStatus>> = week.days[2].iter().map(|session| session.status).collect();
    assert_eq!(statuses, [Some(DueStatus::DueToday), Some(DueStatus::Late), Some(DueStatus::Late)]);
    assert_eq!((week.len(), week.late(), week.days[0][0].status), (6, 2, None));
    assert!(schedule.weeks[1].is_empty());
    assert_eq!(ids(&schedule.weeks[2].days[3]), ["ep_9"]);
}

#[test]
fn a_session_past_its_due_date_is_listed_as_such_whatever_its_state() {
    let now = Timestamp::parse("2026-12-02T12:00:00Z").unwrap();
    let entries = ["writing", "mixing", "complete"].map(|stage| entry("ep_1", stage, Some("2026-12-01"), None));
    let schedule = Schedule::of(&entries, now, 0, &Policy::default());
    let past: Vec<_> = schedule.overdue.iter().map(|session| session.past_due(schedule.today)).collect();
    assert_eq!(past, [Date::parse("2026-12-01"); 2]);
    assert_eq!(schedule.weeks[0].days[1][0].past_due(schedule.today), None, "it is complete");
}

#[test]
fn the_day_is_the_viewers() {
    let now = Timestamp::parse("2026-12-06T23:30:00Z").unwrap();
    let entries = [entry("ep_1", "writing", Some("2026-12-06"), None)];
    let schedule = Schedule::of(&entries, now, 0, &Policy::default());
    assert_eq!((ids(&schedule.overdue).len(), schedule.weeks[0].len()), (0, 1));
    // Half past midnight there: the day is over, and another week has begun.
    let schedule = Schedule::of(&entries, now, 60, &Policy::default());
    assert_eq!((ids(&schedule.overdue), schedule.weeks[0].start.to_string()), (vec!["ep_1"], "2026-12-07".into()));
}

#[test]
fn topics_are_read_one_per_line() {
    let check = |text: &str, expected: &[&str]| assert_eq!(NewSessions::topics(text), expected, "{text:?}");
    check("", &[]);
    check(" \n\n", &[]);
    check("Tides", &["Tides"]);
    check("Tides\r\nThe last telegram\r\n\r\n  Salt ", &["Tides", "The last telegram", "Salt"]);
    check("- Tides\n* Salt\n\u{2022} Maps\n1. One\n12) Twelve", &["Tides", "Salt", "Maps", "One", "Twelve"]);
    // These are no marks of a list.
    check("-Tides\n1984\n3.5 ways to wait\n*starred*", &["-Tides", "1984", "3.5 ways to wait", "*starred*"]);
}

#[test]
fn episodes_and_due_dates_follow_each_other() {
    let first = Initialize { budget: Money::parse("7"), ..Initialize::new(41, "") };
    let planning = Planning { owner: Some("Mira".into()), due: Date::parse("2026-12-24"), ..Planning::default() };
    let topics = NewSessions::topics("Tides\nSalt\nMaps");
    let new = NewSessions { first, topics, planning, interval: 7 };
    let each = new.each();
    let parts: Vec<(u64, &str, String)> = each
        .iter()
        .map(|(new, planning)| (new.episode, new.topic.as_str(), planning.due.unwrap().to_string()))
        .collect();
    let expected = [(41, "Tides", "2026-12-24"), (42, "Salt", "2026-12-31"), (43, "Maps", "2027-01-07")];
    assert_eq!(parts, expected.map(|(episode, topic, due)| (episode, topic, due.to_owned())));
    assert!(each.iter().all(|(new, planning)| new.budget == Money::parse("7") && planning.owner.is_some()));
    let undated = NewSessions { planning: Planning::default(), ..new };
    assert!(undated.each().iter().all(|(_, planning)| planning.due.is_none()));
}
