//! A state: icon, word and colour together.
use super::icon::{Glyph, Icon};
use crate::format::UNKNOWN;
use callboard_core::{AgentStatus, HealthLevel, Stage, State};
use leptos::prelude::*;

/// A session's state, or that it cannot be read.
#[component]
pub fn StateChip(
    /// The state, or why it cannot be read.
    state: Result<State, String>,
) -> impl IntoView {
    let (name, glyph, why) = match state {
        Ok(state) => (state.name().to_owned(), Glyph::of_state(state), None),
        Err(why) => ("UNREADABLE".to_owned(), Glyph::Warning, Some(why)),
    };
    let colour = name.to_lowercase();
    view! {
        <span class="state" data-state=colour title=why>
            <Icon glyph/>
            <span class="state-word">{name}</span>
        </span>
    }
}

/// An agent's status: icon, word and colour. A running one wears its stage's colour.
#[component]
pub fn StatusChip(
    /// The status; none where the session's state is unknown.
    status: Option<AgentStatus>,
    /// The state that the session has while this agent runs.
    running: State,
) -> impl IntoView {
    let Some(status) = status else {
        return view! {
            <span class="state" data-state="unknown" title="The file does not say its state.">
                <Icon glyph=Glyph::Unknown/>
                <span class="state-word">{UNKNOWN}</span>
            </span>
        }
        .into_any();
    };
    let (glyph, colour) = match status {
        AgentStatus::Pending => (Glyph::Pending, "initialized".to_owned()),
        AgentStatus::InProgress => (Glyph::of_state(running), running.name().to_lowercase()),
        AgentStatus::Complete => (Glyph::Complete, "complete".to_owned()),
        AgentStatus::Failed => (Glyph::Failed, "failed".to_owned()),
        AgentStatus::Retry => (Glyph::Retry, "retry".to_owned()),
        AgentStatus::Skipped | AgentStatus::NotImplemented => (Glyph::Skipped, "skipped".to_owned()),
    };
    view! {
        <span class="state" data-state=colour>
            <Icon glyph/>
            <span class="state-word">{crate::format::title_case(status.name())}</span>
        </span>
    }
    .into_any()
}

/// The colour of an agent at work, which is that of its stage.
pub fn at_work(stage: Stage) -> &'static str {
    ["researching", "writing", "evaluating", "synthesizing"][stage.index()]
}

/// How a session fares, as it is shown: one wording and one colour in the list, on the session's page and
/// where it needs somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Faring {
    /// What its colour says, as the style sheet knows it.
    pub colour: &'static str,
    /// Its icon.
    pub glyph: Glyph,
    /// Its word.
    pub words: &'static str,
}

impl Faring {
    /// At a level of health, or that the session cannot be read: it counts as failed, and has not failed.
    pub fn of(level: HealthLevel, readable: bool) -> Self {
        let (colour, glyph, words) = match level {
            _ if !readable => ("unreadable", Glyph::Warning, "Unreadable"),
            // Quiet: what needs nobody is not what the eye is to find, and green says that one is complete.
            HealthLevel::Healthy => ("skipped", Glyph::Complete, "Healthy"),
            HealthLevel::Unknown => ("unknown", Glyph::Unknown, "Unknown"),
            HealthLevel::AtRisk => ("retry", Glyph::Warning, "At risk"),
            HealthLevel::Stalled => ("evaluating", Glyph::Stalled, "Stalled"),
            HealthLevel::Failed => ("failed", Glyph::Failed, "Escalated"),
        };
        Self { colour, glyph, words }
    }
}

/// How a session fares: icon, word and colour.
#[component]
pub fn HealthChip(
    /// How.
    health: HealthLevel,
    /// Whether its file can be read.
    readable: bool,
) -> impl IntoView {
    let Faring { colour, glyph, words } = Faring::of(health, readable);
    view! {
        <span class="state health" data-state=colour>
            <Icon glyph/>
            <span class="state-word">{words}</span>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_not_called_escalated() {
        assert_eq!(Faring::of(HealthLevel::Failed, true).words, "Escalated");
        assert_eq!(Faring::of(HealthLevel::Failed, false).words, "Unreadable");
    }
}
