//! Events as agents send them: `{"type", "agent", …}`, with unknown fields refused.

use crate::document::{Kind, ROOT};
use crate::event::AgentName;
use crate::fields::{Fields, twice};
use crate::names::{closest, same_name, shorten};
use crate::refusal::Fault;
use crate::{
    Action, Agent, AgentStatus, Completion, Event, EventField, EventKind, GateReport, Json, Metric, Policy, Refusal,
    Session, Timestamp,
};

impl Event {
    /// Reads an event from its JSON text.
    ///
    /// # Errors
    /// `invalid_value`, with the field, the value it needs and the value it has. A `null` field counts as not given. An
    /// unknown agent is refused only by [`Session::check`]. The agent of a `quality_failure` may be left out. The refusal
    /// lists no `allowed` events; see [`Session::event`] for that.
    ///
    /// ```
    /// use callboard_core::Event;
    /// let refusal = Event::from_json(r#"{"type": "progress", "agent": "script_writer", "cots": 1}"#).unwrap_err();
    /// assert_eq!(refusal.code.name(), "invalid_value");
    /// assert!(refusal.hint.unwrap().contains("cost"));
    /// ```
    pub fn from_json(text: &str) -> Result<Event, Refusal> {
        read(text, &Context { session: None }).map_err(|fault| fault.into_refusal(Vec::new()))
    }
}

impl Session {
    /// Reads an event for this session from its JSON text, or an `update`, the older form of agents' reports.
    ///
    /// An update is read by its `status`: `in_progress` starts the agent, or is progress if the agent is running or an
    /// attempt is named; `complete` and `failed` are events of these kinds; without a status it is progress. Its `type`
    /// may be left out if it has a `status`, and an object as its `quality_score` is read as `metrics`. An update with a
    /// key of the history is read as the recorded event. `retry` and `resume` without an agent are for the current one.
    ///
    /// # Errors
    /// The refusals of [`Event::from_json`], with the events that would be accepted now. `now` and `policy` are used for
    /// these only.
    ///
    /// ```
    /// use callboard_core::{EventKind, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#).unwrap();
    /// let read = |text: &str| session.event(text, Timestamp::from_unix(0), &Policy::default());
    /// let event = read(r#"{"type": "update", "agent": "script_writer", "status": "completed", "cost": 1.2}"#).unwrap();
    /// assert_eq!(event.kind(), EventKind::Complete);
    /// let refusal = read(r#"{"type": "strat", "agent": "script_writer"}"#).unwrap_err();
    /// assert_eq!(refusal.allowed[0].kind, EventKind::Start);
    /// ```
    pub fn event(&self, text: &str, now: Timestamp, policy: &Policy) -> Result<Event, Refusal> {
        read(text, &Context { session: Some(self) }).map_err(|fault| self.refused(fault, now, policy))
    }
}

/// The session that an event is read for, used to complete the event.
struct Context<'a> {
    session: Option<&'a Session>,
}

impl Context<'_> {
    fn runs(&self, agent: &AgentName) -> bool {
        let status = |agent: Agent| self.session.map(|session| session.situation().status(agent));
        matches!(agent, AgentName::Known(agent) if status(*agent) == Some(AgentStatus::InProgress))
    }

    /// The kind and agent of the history entry with a key.
    fn recorded(&self, key: Option<&str>) -> Option<(EventKind, Agent)> {
        let session = self.session?;
        let entry = session.entry_with_key(key?)?;
        let text = |name| session.document().find_set(entry, name).and_then(|value| session.document().string(value));
        Some((EventKind::parse(&text("event")?)?, Agent::parse(&text("agent")?)?))
    }

    /// The agent of an event that names none.
    fn agent(&self, kind: EventKind, key: Option<&str>) -> Option<Agent> {
        match kind {
            EventKind::QualityFailure => Some(Agent::QualityEvaluator),
            EventKind::Retry | EventKind::Resume => {
                let known = self.recorded(key).filter(|(recorded, _)| *recorded == kind);
                known
                    .map(|(_, agent)| agent)
                    .or_else(|| self.session.map(|session| session.situation().position.agent()))
            }
            _ => None,
        }
    }
}

fn read(text: &str, context: &Context<'_>) -> Result<Event, Fault> {
    let document = Fields::document(text, "event", "An event is a JSON object with type and agent.")?;
    let fields = Fields { document: &document, object: ROOT, of: "event" };
    let name = match fields.text("type")? {
        Some(name) => name,
        None if fields.set("status").is_some() => UPDATE.to_owned(),
        None => return Err(Fault::invalid("The event has no type.", "a field \"type\"", "none")),
    };
    let agent = fields.text("agent")?.map(|agent| match Agent::parse(&agent) {
        Some(agent) => AgentName::Known(agent),
        None => AgentName::Unknown(agent),
    });
    let no_agent = || Fault::invalid("The event has no agent.", "a field \"agent\"", "none");
    let key = fields.key()?;
    let attempt = fields.attempt()?;
    if name == UPDATE {
        let agent = agent.ok_or_else(no_agent)?;
        let recorded = context.recorded(key.as_deref()).map(|(kind, _)| kind);
        let begins = || match recorded {
            Some(kind @ (EventKind::Start | EventKind::Progress)) => kind == EventKind::Start,
            // Only a running agent knows its attempt.
            _ => attempt.is_none() && !context.runs(&agent),
        };
        let kind = updated(&fields, begins)?;
        only_known(&fields, kind, &["status"])?;
        let mut event = Event { agent, action: action(kind, &fields)?, attempt, key };
        if recorded == Some(EventKind::Progress) && kind != EventKind::Progress {
            // Only its cost was recorded, as a late cost.
            event.action = Action::Progress { cost: event.cost(), estimated_completion: None };
        }
        return Ok(event);
    }
    let kind = EventKind::parse(&name).ok_or_else(|| unknown_type(&name))?;
    let meant = || context.agent(kind, key.as_deref()).map(AgentName::Known);
    let agent = agent.or_else(meant).ok_or_else(no_agent)?;
    only_known(&fields, kind, &[])?;
    Ok(Event { agent, action: action(kind, &fields)?, attempt, key })
}

/// Type of an update. An object with a status and no type is one too.
const UPDATE: &str = "update";

/// The kind of event that an update stands for.
fn updated(fields: &Fields<'_>, begins: impl FnOnce() -> bool) -> Result<EventKind, Fault> {
    let Some(status) = fields.text("status")? else { return Ok(EventKind::Progress) };
    match AgentStatus::parse(&status) {
        Some(AgentStatus::InProgress) if begins() => Ok(EventKind::Start),
        Some(AgentStatus::InProgress) => Ok(EventKind::Progress),
        Some(AgentStatus::Complete) => Ok(EventKind::Complete),
        Some(AgentStatus::Failed) => Ok(EventKind::Fail),
        _ => {
            let shown = shorten(&status);
            let expected = "in_progress, complete or failed";
            Err(Fault::invalid(format!("An update's status must be {expected}, not \"{shown}\"."), expected, shown))
        }
    }
}

/// Refuses a field that is not of a kind of event.
fn only_known(fields: &Fields<'_>, kind: EventKind, more: &[&str]) -> Result<(), Fault> {
    let names = kind.fields().iter().map(|field| field.name());
    let known: Vec<&str> = ["type", "agent"].into_iter().chain(names).chain(more.iter().copied()).collect();
    fields.only(&known)
}

fn action(kind: EventKind, fields: &Fields<'_>) -> Result<Action, Fault> {
    Ok(match kind {
        EventKind::Start => {
            Action::Start { estimated_completion: fields.time(EventField::EstimatedCompletion.name())? }
        }
        EventKind::Progress => Action::Progress {
            cost: fields.money(EventField::Cost.name())?,
            estimated_completion: fields.time(EventField::EstimatedCompletion.name())?,
        },
        EventKind::Complete => Action::Complete(completion(fields)?),
        EventKind::Fail => Action::Fail {
            error: fields.required(EventField::Error.name())?,
            cost: fields.money(EventField::Cost.name())?,
        },
        EventKind::Retry => Action::Retry,
        EventKind::Resume => Action::Resume {
            override_escalation: fields.flag(EventField::Override.name())?.unwrap_or(false),
            reason: fields.text(EventField::Reason.name())?,
        },
        EventKind::QualityFailure => Action::QualityFailure {
            report: report(fields)?,
            cost: fields.money(EventField::Cost.name())?,
            execution_time: fields.number(EventField::ExecutionTime.name())?,
        },
        EventKind::Skip => Action::Skip { reason: fields.required(EventField::Reason.name())? },
    })
}

fn completion(fields: &Fields<'_>) -> Result<Completion, Fault> {
    let mut metrics = Vec::new();
    let scores =
        fields.set(EventField::QualityScore.name()).filter(|&value| fields.document.kind(value) == Kind::Object);
    let scores = scores.filter(|_| is_update(fields) && fields.set(EventField::Metrics.name()).is_none());
    let (by_name, quality_score) = match scores {
        Some(object) => (Some(Fields { document: fields.document, object, of: EventField::QualityScore.name() }), None),
        None => (fields.object(EventField::Metrics.name())?, fields.number(EventField::QualityScore.name())?),
    };
    if let Some(object) = by_name {
        Fields { of: "metric", ..object }.only(&Metric::ALL.map(Metric::name))?;
        for metric in Metric::ALL {
            metrics.extend(object.number(metric.name())?.map(|score| (metric, score)));
        }
    }
    Ok(Completion {
        output_file: fields.text(EventField::OutputFile.name())?,
        cost: fields.money(EventField::Cost.name())?,
        quality_score,
        execution_time: fields.number(EventField::ExecutionTime.name())?,
        handoff: fields.object(EventField::Handoff.name())?.map(|object| Json::of(object.document.raw(object.object))),
        metrics,
    })
}

/// True if the event is an update, which may leave out its type.
fn is_update(fields: &Fields<'_>) -> bool {
    fields.set("type").and_then(|value| fields.document.string(value)).is_none_or(|text| text == UPDATE)
}

fn report(fields: &Fields<'_>) -> Result<GateReport, Fault> {
    let Some(report) = fields.object(EventField::Report.name())? else {
        return Err(Fault::invalid("The event has no report.", "a field \"report\"", "none"));
    };
    report.only(&["failures", "scores", "recommendations", "technical_fixes"])?;
    let mut failures = Vec::new();
    if let Some(array) = report.set("failures") {
        if report.document.kind(array) != Kind::Array {
            return Err(report.wrong("failures", "a list of gate names", array));
        }
        for element in report.document.elements(array) {
            let name = report.document.string(element).filter(|name| !name.is_empty());
            failures.push(name.ok_or_else(|| report.wrong("failures", "gate names", element))?.into_owned());
        }
    }
    let mut scores = Vec::new();
    if let Some(object) = report.object("scores")? {
        for (key, value) in object.document.members(object.object) {
            let name = object.document.string(key).unwrap_or_default();
            if object.document.kind(value) != Kind::Null {
                let score = object.number_at(&name, value)?;
                if let Some((first, _)) = scores.iter().find(|(known, _): &&(String, f64)| same_name(known, &name)) {
                    return Err(twice(first, &name));
                }
                scores.push((name.into_owned(), score));
            }
        }
    }
    let verbatim = |name: &str| report.set(name).map(|value| Json::of(report.document.raw(value)));
    Ok(GateReport {
        failures,
        scores,
        recommendations: verbatim("recommendations"),
        technical_fixes: verbatim("technical_fixes"),
    })
}

#[cold]
#[inline(never)]
fn unknown_type(name: &str) -> Fault {
    let names = EventKind::ALL.map(EventKind::name);
    let shown = shorten(name);
    if name == "initialize" {
        return Fault::invalid("initialize creates a session, but this one already exists.", names.join(", "), shown);
    }
    let fault = Fault::invalid(format!("No event is called \"{shown}\"."), names.join(", "), shown);
    match closest(name, names) {
        Some(meant) => fault.hint(format!("Did you mean \"{meant}\"?")),
        None => fault,
    }
}
