//! Schedule: the sessions by the day on which they should be complete.

use crate::Entry;
use callboard_core::{Date, DueStatus, Outlook, Policy, Timestamp};
use std::sync::Arc;

/// Sessions by the day on which they should be complete, in the viewer's time zone.
///
/// The day is the due date, or without one the day of the estimate while an agent runs, as in
/// [`Outlook::due_day`].
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The viewer's day.
    pub today: Date,
    /// Sessions past their due date, the oldest date first.
    pub overdue: Vec<ScheduledSession>,
    /// The week of the viewer's day, the next one, and every later one with a session.
    pub weeks: Vec<ScheduleWeek>,
    /// Sessions without a day that are not complete, by episode.
    pub unscheduled: Vec<ScheduledSession>,
}

/// Week of a schedule.
#[derive(Clone, Debug)]
pub struct ScheduleWeek {
    /// Its Monday.
    pub start: Date,
    /// The sessions of each day, Monday first.
    pub days: [Vec<ScheduledSession>; 7],
}

/// Session of a schedule.
#[derive(Clone, Debug)]
pub struct ScheduledSession {
    /// The session.
    pub entry: Arc<Entry>,
    /// Its outlook.
    pub outlook: Outlook,
    /// The day on which it should be complete; none if it is not scheduled.
    pub day: Option<Date>,
    /// Its completion against the day; none if it is complete or not scheduled.
    pub status: Option<DueStatus>,
}

impl ScheduledSession {
    /// Returns the day, if it is before the viewer's and the session is not complete.
    pub fn past_due(&self, today: Date) -> Option<Date> {
        self.day.filter(|day| *day < today && !self.entry.digest().is_complete())
    }

    fn order(&self) -> (Option<Date>, u64, &str) {
        (self.day, self.entry.summary().number.unwrap_or(u64::MAX), self.entry.id())
    }
}

impl ScheduleWeek {
    /// Returns the number of its sessions.
    pub fn len(&self) -> usize {
        self.days.iter().map(Vec::len).sum()
    }

    /// Returns true if it has no session.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of its sessions that are late.
    pub fn late(&self) -> usize {
        self.days.iter().flatten().filter(|session| session.status == Some(DueStatus::Late)).count()
    }
}

impl Schedule {
    /// Schedules sessions at `now`. The viewer's time zone is `offset` minutes ahead of UTC.
    ///
    /// Complete sessions are in the days of their due dates from this week on; the others are past.
    pub fn of<'a>(
        entries: impl IntoIterator<Item = &'a Arc<Entry>>,
        now: Timestamp,
        offset: i32,
        policy: &Policy,
    ) -> Self {
        let today = Date::of(now, offset);
        let this_week = week_of(today);
        let session = |entry: &Arc<Entry>| {
            let outlook = entry.digest().outlook(now, policy);
            let day = outlook.due_day(offset).or(outlook.due);
            ScheduledSession { entry: entry.clone(), outlook, day, status: outlook.due_status(offset) }
        };
        let mut sessions: Vec<ScheduledSession> = entries.into_iter().map(session).collect();
        sessions.sort_by(|one, other| one.order().cmp(&other.order()));
        let (mut overdue, mut unscheduled) = (Vec::new(), Vec::new());
        let mut weeks: Vec<ScheduleWeek> = [this_week, this_week.plus_days(7)].map(ScheduleWeek::empty).into();
        for session in sessions {
            let digest = session.entry.digest();
            match session.day {
                _ if session.past_due(today).is_some() => overdue.push(session),
                Some(day) if day >= this_week => {
                    let start = week_of(day);
                    let at = weeks.iter().rposition(|week| week.start == start).unwrap_or_else(|| {
                        weeks.push(ScheduleWeek::empty(start));
                        weeks.len() - 1
                    });
                    weeks[at].days[usize::from(day.weekday())].push(session);
                }
                None if digest.is_active() => unscheduled.push(session),
                _ => {}
            }
        }
        Self { today, overdue, weeks, unscheduled }
    }
}

impl ScheduleWeek {
    fn empty(start: Date) -> Self {
        Self { start, days: Default::default() }
    }
}

/// Returns the Monday of a day's week.
fn week_of(day: Date) -> Date {
    day.plus_days(-i32::from(day.weekday()))
}
