//! The shapes of the format's values: a correction is certain only where the value has the shape of its key.

use super::keys::{AGENT_KEYS, EPISODE_KEYS, ESCALATION_KEYS, marks};
use crate::document::{Document, Kind, NodeId, ROOT};
use crate::event::Metric;
use crate::names::same_name;
use crate::session::{says_a_state, whole};
use crate::stage::is_complete_word;
use crate::{Agent, AgentStatus, Money, Stage, Timestamp, ids};

/// What the value of a key must be.
#[derive(Clone, Copy)]
pub(super) enum Wants {
    Text,
    /// An id that is no template's.
    Id,
    /// A stage, or what stands for being before the first or after the last.
    Place,
    Stage,
    Status,
    Time,
    Number,
    /// A number from 0 to 100, the widest scale.
    Score,
    Money,
    /// A whole number.
    Count,
    Flag,
    /// A list of stages.
    Stages,
    /// A list of events.
    History,
    /// An object with one of the keys that this part of the file has.
    ObjectWith(Part),
    /// Anything, but not nothing.
    Any,
}

/// A part of the file that is an object.
#[derive(Clone, Copy)]
pub(super) enum Part {
    Episode,
    Pipeline,
    Outputs,
    Agent,
    Handoff,
    Metrics,
    Costs,
    Times,
    Escalation,
}

impl Wants {
    /// True if a value has the shape of what stands under the key. Null has none.
    pub(super) fn takes(self, document: &Document, value: NodeId) -> bool {
        let kind = document.kind(value);
        let text = document.string(value);
        let is = |test: &dyn Fn(&str) -> bool| kind == Kind::String && text.as_deref().is_some_and(test);
        let number = || document.number(value);
        match self {
            Wants::Any => kind != Kind::Null,
            Wants::Text => kind == Kind::String,
            Wants::Id => is(&|id| !id.trim().is_empty() && ids::placeholder(id).is_none()),
            Wants::Place => {
                is(&|name| Stage::parse(name).is_some() || is_complete_word(name) || same_name(name, "initialized"))
            }
            Wants::Stage => is(&|name| Stage::parse(name).is_some()),
            Wants::Status => is(&|name| AgentStatus::parse(name).is_some()),
            Wants::Time => is(&|time| Timestamp::parse(time).is_some()),
            Wants::Number => number().is_some(),
            Wants::Score => number().is_some_and(|score| (0.0..=100.0).contains(&score)),
            Wants::Money => kind == Kind::Number && Money::parse(document.raw(value)).is_some(),
            Wants::Count => whole(document, value).is_some(),
            Wants::Flag => matches!(kind, Kind::True | Kind::False),
            Wants::Stages => {
                let stage = |element| document.string(element).is_some_and(|name| Stage::parse(&name).is_some());
                kind == Kind::Array && document.elements(value).all(stage)
            }
            Wants::History => {
                let event = |entry| document.find_set(entry, "event").is_some();
                kind == Kind::Array && document.elements(value).all(event)
            }
            Wants::ObjectWith(part) => part.is_in(document, value),
        }
    }
}

impl Part {
    /// True if a value is an object with one of this part's keys, and not only with null.
    fn is_in(self, document: &Document, value: NodeId) -> bool {
        let has = |key: &str| document.find_set(value, key).is_some();
        let known = |keys: &[(&str, Wants)]| keys.iter().any(|(key, _)| has(key));
        match self {
            Part::Episode => known(EPISODE_KEYS),
            Part::Pipeline => says_a_state(document, value),
            Part::Outputs => Agent::ALL.iter().any(|agent| has(agent.name())),
            Part::Agent => known(AGENT_KEYS),
            Part::Handoff => ["from", "to", "data", "validation"].into_iter().any(has),
            Part::Metrics => Metric::ALL.iter().any(|metric| has(metric.name())),
            Part::Costs => {
                let stages = Stage::ALL.iter().flat_map(|stage| stage.aliases());
                stages.chain(["total", "budget"]).any(has)
            }
            Part::Times => marks().any(has),
            Part::Escalation => known(ESCALATION_KEYS),
        }
    }
}

/// The number or flag that a text in quotes is without doubt, as JSON spells it. Money may have its sign.
pub(super) fn unquoted(text: &str, wants: Wants) -> Option<String> {
    let text = text.trim();
    let bare = |amount: &str| amount.strip_prefix('$').unwrap_or(amount).to_owned();
    let spelt = match (wants, text.strip_prefix('-')) {
        (Wants::Money, Some(amount)) => format!("-{}", bare(amount)),
        (Wants::Money, None) => bare(text),
        (Wants::Count | Wants::Number | Wants::Score | Wants::Flag, _) => text.to_owned(),
        _ => return None,
    };
    // What JSON does not spell so (`03`, `+3`, `.5`) is not certain.
    let document = Document::parse(spelt.clone()).ok()?;
    wants.takes(&document, ROOT).then_some(spelt)
}
