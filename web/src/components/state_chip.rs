//! A state: icon, word and colour together.
use super::icon::{Glyph, Icon};
use callboard_core::{AgentStatus, HealthLevel, State};
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
    /// The status.
    status: AgentStatus,
    /// The state that the session has while this agent runs.
    running: State,
) -> impl IntoView {
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
}

/// How a session fares: icon, word and colour.
#[component]
pub fn HealthChip(
    /// How.
    health: HealthLevel,
) -> impl IntoView {
    let colour = match health {
        HealthLevel::Healthy => "complete",
        HealthLevel::AtRisk => "retry",
        HealthLevel::Stalled => "evaluating",
        HealthLevel::Failed => "failed",
    };
    view! {
        <span class="state health" data-state=colour>
            <Icon glyph=health_glyph(health)/>
            <span class="state-word">{health_words(health)}</span>
        </span>
    }
}

/// The words for a level of health.
pub fn health_words(level: HealthLevel) -> &'static str {
    match level {
        HealthLevel::Healthy => "Healthy",
        HealthLevel::AtRisk => "At risk",
        HealthLevel::Stalled => "Stalled",
        HealthLevel::Failed => "Escalated",
    }
}

/// The icon of a level of health.
pub fn health_glyph(level: HealthLevel) -> Glyph {
    match level {
        HealthLevel::Healthy => Glyph::Complete,
        HealthLevel::AtRisk => Glyph::Warning,
        HealthLevel::Stalled => Glyph::Stalled,
        HealthLevel::Failed => Glyph::Failed,
    }
}
