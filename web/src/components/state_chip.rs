//! Chips that show a state as icon, word and colour.
use super::icon::{Glyph, Icon};
use crate::format::UNKNOWN;
use callboard_core::{AgentStatus, HealthLevel, Stage, State};
use leptos::prelude::*;

/// A session's state, or that it is unreadable.
#[component]
pub fn StateChip(
    /// The state, or the reason why it is unreadable.
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

/// An agent's status. A running agent has the colour of its stage.
#[component]
pub fn StatusChip(
    /// The status; `None` if the session's state is unknown.
    status: Option<AgentStatus>,
    /// The session's state while this agent runs.
    running: State,
) -> impl IntoView {
    let Some(status) = status else {
        return view! {
            <span class="state" data-state="unknown" title="No state in the file.">
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

/// Returns the colour of a running agent, which is its stage's.
pub fn stage_colour(stage: Stage) -> &'static str {
    ["researching", "writing", "evaluating", "synthesizing"][stage.index()]
}

/// The appearance of a health level, the same on all pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HealthStyle {
    /// The state that sets the colour.
    pub colour: &'static str,
    /// The icon.
    pub glyph: Glyph,
    /// The label.
    pub words: &'static str,
}

impl HealthStyle {
    /// Returns the appearance of a health level. Unreadable sessions are labelled as such, though the core counts
    /// them as failed.
    pub fn of(level: HealthLevel, readable: bool) -> Self {
        let (colour, glyph, words) = match level {
            _ if !readable => ("unreadable", Glyph::Warning, "Unreadable"),
            // Muted, as healthy sessions need no attention and green means complete.
            HealthLevel::Healthy => ("skipped", Glyph::Complete, "Healthy"),
            HealthLevel::Unknown => ("unknown", Glyph::Unknown, "Unknown"),
            HealthLevel::AtRisk => ("retry", Glyph::Warning, "At risk"),
            HealthLevel::Stalled => ("evaluating", Glyph::Stalled, "Stalled"),
            HealthLevel::Failed => ("failed", Glyph::Failed, "Escalated"),
        };
        Self { colour, glyph, words }
    }
}

/// A health level as icon, word and colour.
#[component]
pub fn HealthChip(
    /// The health level.
    health: HealthLevel,
    /// True if the session's state is readable.
    readable: bool,
) -> impl IntoView {
    let HealthStyle { colour, glyph, words } = HealthStyle::of(health, readable);
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
    fn unreadable_sessions_are_not_called_escalated() {
        assert_eq!(HealthStyle::of(HealthLevel::Failed, true).words, "Escalated");
        assert_eq!(HealthStyle::of(HealthLevel::Failed, false).words, "Unreadable");
    }
}
