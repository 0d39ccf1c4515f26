//! New sessions that are created together: consecutive episodes with due dates at equal intervals.

use callboard_core::{Date, Initialize, Planning};

/// New sessions that are created together.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSessions {
    /// The values of the first session; the others differ in episode and topic.
    pub first: Initialize,
    /// The topic of each session.
    pub topics: Vec<String>,
    /// The planning of the first session; the others differ in the due date.
    pub planning: Planning,
    /// Days from one due date to the next.
    pub interval: u16,
}

impl NewSessions {
    /// Returns the topics of a text: one per line, without empty lines and the marks of a list (`-`, `*`, `1.`).
    pub fn topics(text: &str) -> Vec<String> {
        let topic = |line: &str| {
            let line = line.trim();
            let bare = line.strip_prefix(['-', '*', '\u{2022}']).filter(|rest| rest.starts_with(char::is_whitespace));
            let digits = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
            let numbered = if digits.len() < line.len() {
                digits.strip_prefix(['.', ')']).filter(|rest| rest.starts_with(char::is_whitespace))
            } else {
                None
            };
            bare.or(numbered).unwrap_or(line).trim().to_owned()
        };
        text.lines().map(topic).filter(|topic| !topic.is_empty()).collect()
    }

    /// Returns the values and the planning of each session, in the order of the topics.
    pub fn each(&self) -> Vec<(Initialize, Planning)> {
        let session = |(at, topic): (i32, &String)| {
            let new = Initialize {
                episode: self.first.episode.saturating_add(at.unsigned_abs().into()),
                topic: topic.clone(),
                ..self.first.clone()
            };
            let due = |due: Date| due.plus_days(i32::from(self.interval).saturating_mul(at));
            let planning = Planning { due: self.planning.due.map(due), ..self.planning.clone() };
            (new, planning)
        };
        (0..).zip(&self.topics).map(session).collect()
    }
}
