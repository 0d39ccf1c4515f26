//! The rows of the sessions that need attention, formatted. No row reads the clock itself, so that all agree.
use crate::components::icon::Glyph;
use crate::components::time::format_time;
use crate::format::session_title;
use crate::platform::intl::Style;
use crate::route::Route;
use callboard_core::{AttentionKind, EventKind, HealthLevel, Policy, Remedy, Stage, State, Timestamp};
use callboard_workspace::{AttentionGroup, AttentionItem, AttentionList};
use std::collections::HashMap;

/// Maximum number of rows and groups; the list shows all sessions.
const SHOWN: usize = 8;

/// Number of rows that an expanded group shows at first, and of those that it adds.
pub const MEMBERS: usize = 10;

/// A session that needs attention.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionNeed {
    /// The session's id.
    pub id: String,
    /// The session's name with its topic.
    pub title: String,
    /// The address of its page.
    pub href: String,
    /// The kind of attention.
    pub kind: AttentionKind,
    /// The health level.
    pub health: HealthLevel,
    /// The state; none if it cannot be read.
    pub state: Option<State>,
    /// The current stage.
    pub stage: Option<Stage>,
    /// The reason that comes first.
    pub why: String,
    /// The other reasons, in one text.
    pub others: String,
    /// The time since which it is so, and how long that is.
    pub since: Option<(Timestamp, String)>,
    /// The next event; none with a conflict.
    pub remedy: Option<Remedy>,
    /// True if the session has a conflict.
    pub has_conflict: bool,
}

impl SessionNeed {
    fn of(item: &AttentionItem, now: Timestamp, policy: &Policy) -> Self {
        let AttentionItem { entry, attention } = item;
        let reasons = entry.digest().reasons(now, policy, &|at| clock_time(at, now));
        let conflict = item.has_conflict().then(|| "This session has a conflict: choose a version.".to_owned());
        let mut messages = conflict.into_iter().chain(reasons.into_iter().map(|reason| reason.message));
        let why = messages.next().unwrap_or_default();
        Self {
            id: entry.id().to_owned(),
            title: session_title(entry.summary()),
            href: Route::Session(entry.id().to_owned()).href(),
            kind: attention.kind,
            health: entry.digest().health_summary(now, policy).health,
            state: entry.digest().state(),
            stage: entry.digest().stage(),
            why,
            others: messages.collect::<Vec<_>>().join(" "),
            since: attention.since.zip(attention.age(now).map(|age| unbroken(&age))),
            remedy: entry.session().remedy(now, policy).filter(|_| !item.has_conflict()),
            has_conflict: item.has_conflict(),
        }
    }
}

/// Returns a text whose numbers stay on the line of their units.
fn unbroken(text: &str) -> String {
    let after_digit = |at: usize| text[..at].ends_with(|letter: char| letter.is_ascii_digit());
    text.char_indices().map(|(at, letter)| if letter == ' ' && after_digit(at) { '\u{a0}' } else { letter }).collect()
}

/// Returns a time of day, with the day unless it is today.
fn clock_time(at: Timestamp, now: Timestamp) -> String {
    let (day, time) = (format_time(at, Style::Day), format_time(at, Style::Time));
    if day == format_time(now, Style::Day) { time } else { format!("{day} {time}") }
}

/// Sessions that need attention for one reason.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupNeed {
    /// The name by which the group is known while its sessions change.
    pub key: String,
    /// The kind of attention.
    pub kind: AttentionKind,
    /// The shared reason.
    pub cause: Option<String>,
    /// The time of the latest session, and how long ago that is.
    pub since: Option<(Timestamp, String)>,
    /// The event that applies to all.
    pub remedy: Option<EventKind>,
    /// The ids of all sessions.
    pub ids: Vec<String>,
    /// True if the sessions are shown.
    pub is_expanded: bool,
    /// The rows of the sessions that are shown.
    pub rows: Vec<SessionNeed>,
}

impl GroupNeed {
    fn of(group: &AttentionGroup, expanded: Option<usize>, now: Timestamp, policy: &Policy) -> Self {
        let latest = group.items.first().map(|item| &item.attention);
        let rows = group.items.iter().take(expanded.unwrap_or_default());
        Self {
            key: group.key(),
            kind: group.kind,
            cause: group.cause.clone(),
            since: latest.and_then(|latest| latest.since.zip(latest.age(now).map(|age| unbroken(&age)))),
            remedy: group.remedy(now, policy),
            ids: group.items.iter().map(|item| item.entry.id().to_owned()).collect(),
            is_expanded: expanded.is_some(),
            rows: rows.map(|item| SessionNeed::of(item, now, policy)).collect(),
        }
    }

    /// Returns the heading, such as `Failed: model timeout`, in two parts: the kind, which its chip shows too, and the
    /// reason.
    pub fn title(&self) -> (String, String) {
        match &self.cause {
            Some(cause) => (format!("{}: ", self.kind.label()), cause.clone()),
            None => (format!("{} ", self.kind.label()), String::new()),
        }
    }
}

/// A row of the section.
#[derive(Clone, Debug, PartialEq)]
pub enum Need {
    /// A session.
    Session(SessionNeed),
    /// A group of sessions.
    Group(GroupNeed),
}

impl Need {
    /// Returns the name by which the row is known while it changes.
    pub fn key(&self) -> String {
        match self {
            Self::Session(session) => session.id.clone(),
            Self::Group(group) => group.key.clone(),
        }
    }
}

/// A number of sessions with a link to them: the value of the list's filter, the words, the number.
pub type Tally = (&'static str, &'static str, usize);

/// The rows of the section, and the numbers of all sessions that need attention.
#[derive(Clone, Debug, PartialEq)]
pub struct Needs {
    /// The rows that are shown.
    pub rows: Vec<Need>,
    /// True if there are more.
    pub has_more: bool,
    /// Numbers by health.
    pub by: [Tally; 5],
    /// Number of sessions with a conflict.
    pub conflicts: usize,
}

impl Needs {
    /// Formats the sessions that need attention. `expanded` has the number of rows of each expanded group; the group of
    /// the session `open`, whose form is open, is expanded too.
    pub fn of(
        list: &AttentionList,
        expanded: &HashMap<String, usize>,
        open: Option<&str>,
        now: Timestamp,
        policy: &Policy,
    ) -> Self {
        let items = || list.groups.iter().flat_map(|group| &group.items);
        let (mut escalated, mut unreadable, mut stalled, mut at_risk, mut over) = (0, 0, 0, 0, 0);
        for item in items() {
            let digest = item.entry.digest();
            let health = digest.health_summary(now, policy);
            over += usize::from(health.over_budget);
            match health.health {
                // Unreadable sessions count as failed, but must be repaired before any decision.
                HealthLevel::Failed if digest.state().is_none() => unreadable += 1,
                HealthLevel::Failed => escalated += 1,
                HealthLevel::Stalled => stalled += 1,
                HealthLevel::AtRisk => at_risk += 1,
                HealthLevel::Healthy | HealthLevel::Unknown => {}
            }
        }
        let row = |group: &AttentionGroup| match group.items.as_slice() {
            [item] => Need::Session(SessionNeed::of(item, now, policy)),
            items => {
                let opened = items.iter().position(|item| Some(item.entry.id()) == open);
                let rows = expanded.get(&group.key()).copied().max(opened.map(|at| MEMBERS.max(at + 1)));
                Need::Group(GroupNeed::of(group, rows, now, policy))
            }
        };
        Self {
            rows: list.groups.iter().take(SHOWN).map(row).collect(),
            has_more: list.groups.len() > SHOWN,
            by: [
                ("failed", "escalated", escalated),
                ("failed", "unreadable", unreadable),
                ("stalled", "stalled", stalled),
                ("at_risk", "at risk", at_risk),
                ("failed,stalled,at_risk&over=1", "over budget", over),
            ],
            conflicts: list.conflicts,
        }
    }

    /// Returns the number of sessions that are not healthy. Healthy ones with a conflict are in no such filter.
    pub fn unhealthy(&self) -> usize {
        self.by[..4].iter().map(|(_, _, number)| number).sum()
    }
}

/// Returns the state that sets a kind's colour, and its icon.
pub fn style(kind: AttentionKind) -> (&'static str, Glyph) {
    match kind {
        AttentionKind::Escalated | AttentionKind::Failed => ("failed", Glyph::Failed),
        AttentionKind::Unreadable => ("unreadable", Glyph::Warning),
        AttentionKind::SentBack | AttentionKind::Rework => ("retry", Glyph::Undo),
        AttentionKind::OverBudget | AttentionKind::Budget | AttentionKind::Conflict => ("retry", Glyph::Warning),
        AttentionKind::Stalled | AttentionKind::Late => ("evaluating", Glyph::Stalled),
        AttentionKind::Waiting => ("initialized", Glyph::Pending),
        AttentionKind::Retry => ("retry", Glyph::Retry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_with_their_units() {
        assert_eq!(unbroken("failed 2 h 41 min ago"), "failed 2\u{a0}h 41\u{a0}min ago");
        assert_eq!(unbroken("failed just now"), "failed just now");
    }
}
