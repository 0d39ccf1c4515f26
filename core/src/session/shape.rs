//! Keys of the format with the shapes of their values, which make a correction certain.

use crate::document::{Document, Kind, NodeId, ROOT};
use crate::names::same_name;
use crate::stage::is_complete_word;
use crate::{Agent, AgentStatus, Date, Metric, Money, Stage, Timestamp, ids};

/// Key of the format with the shape of its value.
pub(super) type Known = (&'static str, Wants);

pub(super) const ROOT_KEYS: &[Known] = &[
    ("session_id", Wants::Id),
    ("episode", Wants::ObjectWith(Section::Episode)),
    ("pipeline_state", Wants::ObjectWith(Section::Pipeline)),
    ("agent_outputs", Wants::ObjectWith(Section::Outputs)),
    ("quality_metrics", Wants::ObjectWith(Section::Metrics)),
    ("cost_tracking", Wants::ObjectWith(Section::Costs)),
    ("timestamps", Wants::ObjectWith(Section::Times)),
    ("feedback", Wants::Any),
    ("adjustments_needed", Wants::Any),
    ("history", Wants::History),
    ("planning", Wants::ObjectWith(Section::Planning)),
];
pub(super) const PLANNING_KEYS: &[Known] =
    &[("owner", Wants::Text), ("due", Wants::Date), ("labels", Wants::Texts), ("notes", Wants::Text)];
pub(super) const EPISODE_KEYS: &[Known] = &[
    ("number", Wants::Count),
    ("topic", Wants::Text),
    ("complexity_target", Wants::Count),
    ("duration_target", Wants::Number),
    ("target_audience", Wants::Text),
];
pub(super) const PIPELINE_KEYS: &[Known] = &[
    ("current_stage", Wants::Place),
    ("completed_stages", Wants::Stages),
    ("pending_stages", Wants::Stages),
    ("failed_attempts", Wants::Count),
    ("retry_count", Wants::Count),
    ("skipped_stages", Wants::Stages),
    ("gate_failures", Wants::Count),
    ("escalation", Wants::ObjectWith(Section::Escalation)),
];
pub(super) const AGENT_KEYS: &[Known] = &[
    ("status", Wants::Status),
    ("start_time", Wants::Time),
    ("estimated_completion", Wants::Time),
    ("output_file", Wants::Text),
    ("execution_time", Wants::Number),
    ("cost", Wants::Money),
    ("quality_score", Wants::Score),
    ("error", Wants::Text),
    ("handoff", Wants::ObjectWith(Section::Handoff)),
];
pub(super) const ESCALATION_KEYS: &[Known] =
    &[("stage", Wants::Stage), ("agent", Wants::Stage), ("error", Wants::Text), ("at", Wants::Time)];

/// The keys of `timestamps`.
pub(super) fn timestamp_keys() -> impl Iterator<Item = &'static str> {
    let times =
        Stage::ALL.into_iter().flat_map(|stage| [stage.started_key(), stage.completed_key(), stage.failed_key()]);
    times.chain(["created", "last_updated", "completed"])
}

/// Shape that the value of a key must have.
#[derive(Clone, Copy)]
pub(super) enum Wants {
    Text,
    /// An id without placeholders.
    Id,
    /// A stage, or a name for the position before the first or after the last.
    Place,
    Stage,
    Status,
    Time,
    Date,
    Number,
    /// A number from 0 to 100, the widest scale.
    Score,
    Money,
    /// A whole number.
    Count,
    Flag,
    /// A list of stages.
    Stages,
    /// A list of texts.
    Texts,
    /// A list of events.
    History,
    /// An object with one of the keys of this section.
    ObjectWith(Section),
    /// Anything but null.
    Any,
}

/// Section of the file that is an object.
#[derive(Clone, Copy)]
pub(super) enum Section {
    Episode,
    Pipeline,
    Outputs,
    Agent,
    Handoff,
    Metrics,
    Costs,
    Times,
    Escalation,
    Planning,
}

impl Wants {
    /// True if a value has this shape. Null has none.
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
            Wants::Date => is(&|date| Date::parse(date).is_some()),
            Wants::Number => number().is_some(),
            Wants::Score => number().is_some_and(|score| (0.0..=100.0).contains(&score)),
            Wants::Money => kind == Kind::Number && Money::parse(document.raw(value)).is_some(),
            Wants::Count => document.whole(value).is_some(),
            Wants::Flag => matches!(kind, Kind::True | Kind::False),
            Wants::Stages => {
                let stage = |element| document.string(element).is_some_and(|name| Stage::parse(&name).is_some());
                kind == Kind::Array && document.elements(value).all(stage)
            }
            Wants::Texts => {
                let is_text = |element| document.kind(element) == Kind::String;
                kind == Kind::Array && document.elements(value).all(is_text)
            }
            Wants::History => {
                let event = |entry| document.find_set(entry, "event").is_some();
                kind == Kind::Array && document.elements(value).all(event)
            }
            Wants::ObjectWith(part) => part.is_in(document, value),
        }
    }
}

impl Section {
    /// True if a value is an object with one of this section's keys, not null.
    pub(super) fn is_in(self, document: &Document, value: NodeId) -> bool {
        let has = |key: &str| document.find_set(value, key).is_some();
        let known = |keys: &[(&str, Wants)]| keys.iter().any(|(key, _)| has(key));
        match self {
            Section::Episode => known(EPISODE_KEYS),
            Section::Pipeline => known(PIPELINE_KEYS),
            Section::Outputs => Agent::ALL.iter().any(|agent| has(agent.name())),
            Section::Agent => known(AGENT_KEYS),
            Section::Handoff => ["from", "to", "data", "validation"].into_iter().any(has),
            Section::Metrics => Metric::ALL.iter().any(|metric| has(metric.name())),
            Section::Costs => {
                let stages = Stage::ALL.iter().flat_map(|stage| stage.aliases());
                stages.chain(["total", "budget"]).any(has)
            }
            Section::Times => timestamp_keys().any(has),
            Section::Escalation => known(ESCALATION_KEYS),
            Section::Planning => known(PLANNING_KEYS),
        }
    }
}

/// The number or flag that a quoted text certainly is, as JSON. Money may have a dollar sign.
pub(super) fn unquoted(text: &str, wants: Wants) -> Option<String> {
    let text = text.trim();
    let bare = |amount: &str| amount.strip_prefix('$').unwrap_or(amount).to_owned();
    let spelt = match (wants, text.strip_prefix('-')) {
        (Wants::Money, Some(amount)) => format!("-{}", bare(amount)),
        (Wants::Money, None) => bare(text),
        (Wants::Count | Wants::Number | Wants::Score | Wants::Flag, _) => text.to_owned(),
        _ => return None,
    };
    // A spelling that JSON does not have (`03`, `+3`, `.5`) is not certain.
    let document = Document::parse(spelt.clone()).ok()?;
    wants.takes(&document, ROOT).then_some(spelt)
}
