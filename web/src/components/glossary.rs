//! The words of the framework, each explained once: beside the places where they appear, and as a list.
use leptos::prelude::*;

/// A word that is explained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// A session.
    Session,
    /// A stage of the pipeline.
    Stage,
    /// An attempt of an agent.
    Attempt,
    /// A retry.
    Retry,
    /// A quality gate.
    Gate,
    /// A session that failed gates sent back.
    SentBack,
    /// A handoff.
    Handoff,
    /// An escalation.
    Escalation,
    /// A stall.
    Stall,
    /// The budget and a stage's share of it.
    BudgetShare,
    /// Health, and what needs attention.
    Health,
    /// A policy.
    Policy,
    /// A change made here.
    Change,
    /// A conflict.
    Conflict,
}

impl Term {
    /// All terms in the order of the glossary.
    pub const ALL: [Self; 14] = [
        Self::Session,
        Self::Stage,
        Self::Attempt,
        Self::Retry,
        Self::Gate,
        Self::SentBack,
        Self::Handoff,
        Self::Escalation,
        Self::Stall,
        Self::BudgetShare,
        Self::Health,
        Self::Policy,
        Self::Change,
        Self::Conflict,
    ];

    /// Returns the word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Session => "Session",
            Self::Stage => "Stage",
            Self::Attempt => "Attempt",
            Self::Retry => "Retry",
            Self::Gate => "Quality gate",
            Self::SentBack => "Sent back",
            Self::Handoff => "Handoff",
            Self::Escalation => "Escalation",
            Self::Stall => "Stall",
            Self::BudgetShare => "Budget share",
            Self::Health => "Health",
            Self::Policy => "Policy",
            Self::Change => "Change",
            Self::Conflict => "Conflict",
        }
    }

    /// Returns the explanation.
    pub fn text(self) -> &'static str {
        match self {
            Self::Session => "The work on one episode, kept in one JSON file that the agents and you share.",
            Self::Stage => {
                "A step of the pipeline: research, writing, evaluation, synthesis. Each has one agent, and one stage runs at a time."
            }
            Self::Attempt => {
                "One run of an agent in its stage. A retry, or being sent back, begins the next attempt. Attempts are counted over the whole session."
            }
            Self::Retry => {
                "Another attempt after a failure. When a stage has used up its retries (3 unless Settings say otherwise), its next failure escalates."
            }
            Self::Gate => {
                "A minimum score that evaluation checks, such as 0.85 for comprehension. A score equal to the minimum passes; a lower one sends the episode back."
            }
            Self::SentBack => {
                "A quality gate failed, so the session returned to writing or research with feedback. After four such failures it escalates."
            }
            Self::Handoff => {
                "The files, figures and confirmations that an agent passes to the next one when it completes its stage. Every confirmation must be true."
            }
            Self::Escalation => {
                "The agents cannot continue by themselves: the retries are used up, or quality gates failed four times. Someone must decide: resume with \u{201c}Override the escalation\u{201d}, or change the script by hand."
            }
            Self::Stall => {
                "The running agent is more than an hour past its expected completion and has written no update since. Resume records the failure and prepares another attempt."
            }
            Self::BudgetShare => {
                "The part of a session's budget planned for one stage. A stage over its share marks the session as at risk; it blocks nothing."
            }
            Self::Health => {
                "Failed: escalated, needs a decision. Stalled: no update for too long. At risk: failed, sent back, late, waiting long, or close to its budget. Healthy: none of these."
            }
            Self::Policy => {
                "The limits that sessions are judged by: gate scores, budget, retries. They come from callboard.json, or from these settings."
            }
            Self::Change => "An edit or event made here. Not in the file yet. Undo, export or save it.",
            Self::Conflict => {
                "The file changed on disk while you had edits here. Keep yours, use the file, or merge both."
            }
        }
    }

    /// Returns the term that explains a reason of the core for a session's health.
    pub fn of_reason(code: &str) -> Option<Self> {
        Some(match code {
            "escalated" => Self::Escalation,
            "stalled" => Self::Stall,
            "failed" | "retry" => Self::Retry,
            "gates_failed" => Self::SentBack,
            "budget" | "stage_over_share" => Self::BudgetShare,
            "past_estimate" | "waiting" => Self::Health,
            _ => return None,
        })
    }

    /// Returns the question that its button asks.
    fn question(self) -> String {
        match self {
            Self::SentBack => "What does \u{201c}sent back\u{201d} mean?".into(),
            Self::Health => "What does health mean?".into(),
            Self::Attempt | Self::Escalation => format!("What is an {}?", self.name().to_lowercase()),
            _ => format!("What is a {}?", self.name().to_lowercase()),
        }
    }
}

/// A small button beside a word, whose tip explains it: on hover, on focus and when pressed.
#[component]
pub fn Help(
    /// The term.
    term: Term,
) -> impl IntoView {
    view! {
        <button type="button" class="help" aria-label=term.question() data-tip=term.text()>
            <span aria-hidden="true">"?"</span>
        </button>
    }
}

/// All terms with their explanations.
#[component]
pub fn Glossary() -> impl IntoView {
    let terms = Term::ALL.map(|term| {
        view! {
            <div class="term">
                <dt>{term.name()}</dt>
                <dd>{term.text()}</dd>
            </div>
        }
    });
    view! { <dl class="glossary">{terms.into_iter().collect_view()}</dl> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_explained_once_and_briefly() {
        for (at, term) in Term::ALL.into_iter().enumerate() {
            assert!(term.text().ends_with('.') && term.text().len() < 240, "{term:?}: {}", term.text().len());
            assert!(Term::ALL[at + 1..].iter().all(|other| other.name() != term.name()));
        }
    }

    #[test]
    fn questions_are_sentences() {
        assert_eq!(Term::Gate.question(), "What is a quality gate?");
        assert_eq!(Term::Escalation.question(), "What is an escalation?");
    }
}
