//! Events as agents send them: `{"type", "agent", …}`, unknown fields refused.

use super::{Action, AgentName, Completion, Event, EventKind, GateReport, Json, Metric};
use crate::document::{Document, Kind, NodeId, ROOT};
use crate::money::is_negative;
use crate::names::{closest, same_name};
use crate::refusal::Fault;
use crate::session::whole;
use crate::{Agent, AgentStatus, Money, Policy, Refusal, Session, Timestamp};

impl Event {
    /// Reads an event from its JSON text.
    ///
    /// # Errors
    /// `invalid_value`, saying which field, what it wants and what it has. A field that is `null` counts as
    /// not given. An agent nobody knows is refused only by [`crate::Session::check`]. The agent of a `quality_failure`
    /// may be left out, and a session knows that of `retry` and `resume` too. What would be accepted is a session's to
    /// say ([`Session::event`]): here nothing is `allowed`.
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
    /// Reads an event for this session from its JSON text: as [`Event::from_json`], and `update` too, the
    /// form that agents have always sent (its `type` may be left out where it has a `status`). An update is read
    /// by its `status`: `in_progress` starts the agent, or reports progress where it runs or an attempt is named;
    /// `complete` and `failed` say so; none is progress. An object as its `quality_score` is read as `metrics`. One whose
    /// key is in the history is read as what it was then, so that it is known again. `retry` and `resume` without an
    /// agent are for the one of the current stage.
    ///
    /// # Errors
    /// As [`Event::from_json`], and with the events that would be accepted now: `now` and `policy` are asked for
    /// no other reason.
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

/// The session that an event is read for, asked only where the event leaves something to it.
struct Context<'a> {
    session: Option<&'a Session>,
}

impl Context<'_> {
    fn runs(&self, agent: &AgentName) -> bool {
        let status = |agent: Agent| self.session.map(|session| session.situation().status(agent));
        matches!(agent, AgentName::Known(agent) if status(*agent) == Some(AgentStatus::InProgress))
    }

    /// The kind and agent of the history entry that has a key.
    fn recorded(&self, key: Option<&str>) -> Option<(EventKind, Agent)> {
        let session = self.session?;
        let entry = session.entry_with_key(key?)?;
        let text = |name| session.document().find_set(entry, name).and_then(|value| session.document().string(value));
        Some((EventKind::parse(&text("event")?)?, Agent::parse(&text("agent")?)?))
    }

    /// The agent that is meant where an event names none.
    fn agent(&self, kind: EventKind, key: Option<&str>) -> Option<Agent> {
        match kind {
            EventKind::QualityFailure => Some(Agent::QualityEvaluator),
            EventKind::Retry | EventKind::Resume => {
                let known = self.recorded(key).filter(|(recorded, _)| *recorded == kind);
                known
                    .map(|(_, agent)| agent)
                    .or_else(|| self.session.map(|session| session.situation().current_agent()))
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
            // A start gets its attempt; who names one has it.
            _ => attempt.is_none() && !context.runs(&agent),
        };
        let kind = updated(&fields, begins)?;
        let known: Vec<&str> = known_fields(kind).iter().copied().chain(["status"]).collect();
        fields.only(&known)?;
        let mut event = Event { agent, action: action(kind, &fields)?, attempt, key };
        if recorded == Some(EventKind::Progress) && kind != EventKind::Progress {
            // Its cost alone was recorded, as a late bill.
            event.action = Action::Progress { cost: event.cost(), estimated_completion: None };
        }
        return Ok(event);
    }
    let kind = EventKind::parse(&name).ok_or_else(|| unknown_type(&name))?;
    let meant = || context.agent(kind, key.as_deref()).map(AgentName::Known);
    let agent = agent.or_else(meant).ok_or_else(no_agent)?;
    fields.only(known_fields(kind))?;
    Ok(Event { agent, action: action(kind, &fields)?, attempt, key })
}

/// The type of the form that agents have always sent; a status without a type is one too.
const UPDATE: &str = "update";

/// The kind of event that an update means.
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

fn known_fields(kind: EventKind) -> &'static [&'static str] {
    match kind {
        EventKind::Start => &["type", "agent", "estimated_completion", "key"],
        EventKind::Progress => &["type", "agent", "cost", "estimated_completion", "attempt", "key"],
        EventKind::Complete => &[
            "type",
            "agent",
            "output_file",
            "cost",
            "quality_score",
            "execution_time",
            "handoff",
            "metrics",
            "attempt",
            "key",
        ],
        EventKind::Fail => &["type", "agent", "error", "cost", "attempt", "key"],
        EventKind::Retry => &["type", "agent", "key"],
        EventKind::Resume => &["type", "agent", "override", "reason", "key"],
        EventKind::QualityFailure => &["type", "agent", "report", "cost", "execution_time", "attempt", "key"],
        EventKind::Skip => &["type", "agent", "reason", "key"],
    }
}

fn action(kind: EventKind, fields: &Fields<'_>) -> Result<Action, Fault> {
    Ok(match kind {
        EventKind::Start => Action::Start { estimated_completion: fields.time("estimated_completion")? },
        EventKind::Progress => {
            Action::Progress { cost: fields.money("cost")?, estimated_completion: fields.time("estimated_completion")? }
        }
        EventKind::Complete => Action::Complete(completion(fields)?),
        EventKind::Fail => Action::Fail { error: fields.required("error")?, cost: fields.money("cost")? },
        EventKind::Retry => Action::Retry,
        EventKind::Resume => Action::Resume {
            override_escalation: fields.flag("override")?.unwrap_or(false),
            reason: fields.text("reason")?,
        },
        EventKind::QualityFailure => Action::QualityFailure {
            report: report(fields)?,
            cost: fields.money("cost")?,
            execution_time: fields.number("execution_time")?,
        },
        EventKind::Skip => Action::Skip { reason: fields.required("reason")? },
    })
}

fn completion(fields: &Fields<'_>) -> Result<Completion, Fault> {
    let mut metrics = Vec::new();
    let scores = fields.set("quality_score").filter(|&value| fields.document.kind(value) == Kind::Object);
    let scores = scores.filter(|_| fields.is_update() && fields.set("metrics").is_none());
    let (by_name, quality_score) = match scores {
        Some(object) => (Some(Fields { document: fields.document, object, of: "quality_score" }), None),
        None => (fields.object("metrics")?, fields.number("quality_score")?),
    };
    if let Some(object) = by_name {
        Fields { of: "metric", ..object }.only(&Metric::ALL.map(Metric::name))?;
        for metric in Metric::ALL {
            metrics.extend(object.number(metric.name())?.map(|score| (metric, score)));
        }
    }
    Ok(Completion {
        output_file: fields.text("output_file")?,
        cost: fields.money("cost")?,
        quality_score,
        execution_time: fields.number("execution_time")?,
        handoff: fields.object("handoff")?.map(|object| Json::of(object.document.raw(object.object))),
        metrics,
    })
}

fn report(fields: &Fields<'_>) -> Result<GateReport, Fault> {
    let Some(report) = fields.object("report")? else {
        return Err(Fault::invalid(
            "A quality failure needs the report of the evaluation.",
            "a field \"report\"",
            "none",
        ));
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

/// No object that a caller hands in has more fields.
const MOST_FIELDS: usize = 16;

/// An object that a caller hands in, or one inside it, read field by field.
pub(crate) struct Fields<'a> {
    pub(crate) document: &'a Document,
    pub(crate) object: NodeId,
    /// What the object is, for messages.
    pub(crate) of: &'static str,
}

impl<'a> Fields<'a> {
    /// Reads a text that must be one JSON object; `shape` says so where it is not.
    pub(crate) fn document(text: &str, of: &str, shape: &str) -> Result<Document, Fault> {
        let document = Document::parse(text.to_owned()).map_err(|error| {
            Fault::invalid(format!("The {of} cannot be read: {error}"), "a JSON object", "text that is not JSON")
        })?;
        match document.kind(ROOT) {
            Kind::Object => Ok(document),
            kind => Err(Fault::invalid(shape, "an object", kind_name(kind))),
        }
    }

    /// The value of a field that is given and not null.
    pub(crate) fn set(&self, name: &str) -> Option<NodeId> {
        self.document.find_set(self.object, name)
    }

    /// Whether the event is an update, which need not say so.
    fn is_update(&self) -> bool {
        self.set("type").and_then(|value| self.document.string(value)).is_none_or(|text| text == UPDATE)
    }

    /// Refuses a field that is none of `known`, and one that is given twice, whatever its spelling: only one of
    /// the two would count.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), Fault> {
        let mut given = [false; MOST_FIELDS];
        for (key, _) in self.document.members(self.object) {
            let name = self.document.string(key).unwrap_or_default();
            let Some(at) = known.iter().position(|known| same_name(known, &name)) else {
                return Err(unknown_field(self.of, &name, known));
            };
            match given.get_mut(at) {
                Some(given) if *given => return Err(twice(known[at], &name)),
                Some(given) => *given = true,
                None => {}
            }
        }
        Ok(())
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn wrong(&self, name: &str, expected: &str, value: NodeId) -> Fault {
        let raw = self.document.raw(value);
        let actual = if raw.len() > 80 { kind_name(self.document.kind(value)).to_owned() } else { raw.to_owned() };
        Fault::invalid(format!("{name} must be {expected}, not {actual}."), expected, actual)
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Fault> {
        let Some(value) = self.set(name) else { return Ok(None) };
        match self.document.string(value) {
            Some(text) => Ok(Some(text.into_owned())),
            None => Err(self.wrong(name, "a text", value)),
        }
    }

    /// The field `key`. Its length is checked with the event.
    pub(crate) fn key(&self) -> Result<Option<String>, Fault> {
        let Some(value) = self.set("key") else { return Ok(None) };
        let Some(key) = self.document.string(value) else { return Err(self.wrong("key", "a text", value)) };
        // Half a surrogate pair reads as this character: two keys would become one.
        if key.contains('\u{fffd}') {
            return Err(self.wrong("key", "a text that UTF-8 can hold", value));
        }
        Ok(Some(key.into_owned()))
    }

    /// The field `attempt`: a whole number from 1.
    fn attempt(&self) -> Result<Option<u64>, Fault> {
        let Some(value) = self.set("attempt") else { return Ok(None) };
        let attempt = whole(self.document, value).filter(|attempt| *attempt > 0);
        attempt.map(Some).ok_or_else(|| self.wrong("attempt", "a whole number from 1", value))
    }

    pub(crate) fn required(&self, name: &str) -> Result<String, Fault> {
        self.text(name)?.ok_or_else(|| {
            Fault::invalid(format!("The {} has no {name}.", self.of), format!("a field \"{name}\""), "none")
        })
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        let Some(value) = self.set(name) else { return Ok(None) };
        match self.document.kind(value) {
            Kind::True => Ok(Some(true)),
            Kind::False => Ok(Some(false)),
            _ => Err(self.wrong(name, "true or false", value)),
        }
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<f64>, Fault> {
        self.set(name).map(|value| self.number_at(name, value)).transpose()
    }

    fn number_at(&self, name: &str, value: NodeId) -> Result<f64, Fault> {
        self.document.number(value).ok_or_else(|| self.wrong(name, "a number", value))
    }

    /// A whole number of at most `most`.
    pub(crate) fn whole(&self, name: &str, most: u64) -> Result<Option<u64>, Fault> {
        let Some(value) = self.set(name) else { return Ok(None) };
        let number = whole(self.document, value).filter(|number| *number <= most);
        number.map(Some).ok_or_else(|| self.wrong(name, "a whole number", value))
    }

    pub(crate) fn money(&self, name: &str) -> Result<Option<Money>, Fault> {
        let Some(value) = self.set(name) else { return Ok(None) };
        let raw = self.document.raw(value);
        let money = if self.document.kind(value) == Kind::Number { Money::parse(raw) } else { None };
        if money == Some(Money::ZERO) && is_negative(raw) {
            // Rounded, it no longer shows.
            let shown = shorten(raw);
            return Err(Fault::invalid(format!("{name} must not be negative, and is {shown}."), "0 or more", shown));
        }
        money.map(Some).ok_or_else(|| self.wrong(name, "an amount in dollars", value))
    }

    /// An amount that is not negative.
    pub(crate) fn amount(&self, name: &str) -> Result<Option<Money>, Fault> {
        match self.set(name) {
            Some(value) if is_negative(self.document.raw(value)) => {
                Err(self.wrong(name, "an amount of 0 dollars or more", value))
            }
            _ => self.money(name),
        }
    }

    fn time(&self, name: &str) -> Result<Option<Timestamp>, Fault> {
        let Some(value) = self.set(name) else { return Ok(None) };
        let time = self.document.string(value).and_then(|text| Timestamp::parse(&text));
        time.map(Some).ok_or_else(|| self.wrong(name, "a time such as 2024-08-11T14:30:00Z", value))
    }

    pub(crate) fn object(&self, name: &'static str) -> Result<Option<Fields<'a>>, Fault> {
        let Some(value) = self.set(name) else { return Ok(None) };
        if self.document.kind(value) != Kind::Object {
            return Err(self.wrong(name, "an object", value));
        }
        Ok(Some(Fields { document: self.document, object: value, of: name }))
    }
}

pub(crate) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Object => "an object",
        Kind::Array => "a list",
        Kind::Key | Kind::String => "a text",
        Kind::Number => "a number",
        Kind::True | Kind::False => "true or false",
        Kind::Null => "null",
    }
}

#[cold]
#[inline(never)]
fn unknown_type(name: &str) -> Fault {
    let names = EventKind::ALL.map(EventKind::name);
    let shown = shorten(name);
    if name == "initialize" {
        return Fault::invalid("initialize makes a new session, and this one exists.", names.join(", "), shown);
    }
    let fault = Fault::invalid(format!("No event is called \"{shown}\"."), names.join(", "), shown);
    match closest(name, names) {
        Some(meant) => fault.hint(format!("Did you mean \"{meant}\"?")),
        None => fault,
    }
}

#[cold]
#[inline(never)]
fn twice(name: &str, spelt: &str) -> Fault {
    let (name, spelt) = (shorten(name), shorten(spelt));
    let again = if name == spelt { String::new() } else { format!(", the second time as \"{spelt}\"") };
    Fault::invalid(format!("{name} is given twice{again}."), format!("{name} once"), spelt)
}

#[cold]
#[inline(never)]
fn unknown_field(of: &str, name: &str, known: &[&str]) -> Fault {
    let shown = shorten(name);
    let fault = Fault::invalid(format!("The {of} has an unknown field \"{shown}\"."), known.join(", "), shown);
    match closest(name, known.iter().copied()) {
        Some(meant) => fault.hint(format!("Did you mean \"{meant}\"?")),
        None => fault,
    }
}

/// A name as a message shows it: whole unless it is absurdly long.
pub(crate) fn shorten(name: &str) -> String {
    match name.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
}
