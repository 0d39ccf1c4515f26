//! The fields of each event's form, and their conversion to an event. Pure.
use crate::format::{exact_duration, money, title_case};
use crate::typed;
use callboard_core::{
    Action, Agent, Completion, Event, EventField, EventKind, Gate, GateReport, HandoffKind, Json, Metric, Money,
    Refusal, Suggestions, Timestamp,
};

/// A field of an event's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The attempt's cost.
    Cost,
    /// The quality score.
    Quality,
    /// The path of the output.
    Output,
    /// The execution time.
    Duration,
    /// The error message.
    Error,
    /// The reason.
    Reason,
    /// Overrides an escalation.
    Override,
    /// The names of failed gates without a threshold.
    Failures,
    /// Marks a gate as failed, with or without a score.
    Failed(Gate),
    /// A gate's score.
    Score(Gate),
    /// Recommendations to the writer or researcher, one per line.
    Recommendations,
    /// Technical fixes for the script, one per line.
    Fixes,
    /// The brand consistency.
    Brand,
    /// The time that the agent will take.
    Expected,
}

impl Field {
    /// Returns the fields of an event's form.
    pub fn of(kind: EventKind, agent: Agent) -> &'static [Self] {
        match kind {
            EventKind::Start => &[Self::Expected],
            EventKind::Progress => &[Self::Cost, Self::Expected],
            EventKind::Complete if agent == Agent::QualityEvaluator => {
                &[Self::Cost, Self::Quality, Self::Brand, Self::Duration, Self::Output]
            }
            EventKind::Complete => &[Self::Cost, Self::Quality, Self::Duration, Self::Output],
            EventKind::Fail => &[Self::Error, Self::Cost],
            EventKind::Resume => &[Self::Reason, Self::Override],
            EventKind::Skip => &[Self::Reason],
            EventKind::QualityFailure => &[
                Self::Score(Gate::Comprehension),
                Self::Score(Gate::BrandConsistency),
                Self::Score(Gate::Engagement),
                Self::Score(Gate::Technical),
                Self::Score(Gate::Overall),
                Self::Failures,
                Self::Recommendations,
                Self::Fixes,
                Self::Cost,
                Self::Duration,
            ],
            _ => &[],
        }
    }

    /// Returns the name of the event's field.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Quality => "quality_score",
            Self::Output => "output_file",
            Self::Duration => "execution_time",
            Self::Error => "error",
            Self::Reason => "reason",
            Self::Override => "override",
            Self::Failures => "failures",
            Self::Score(gate) | Self::Failed(gate) => gate.name(),
            Self::Recommendations => "recommendations",
            Self::Fixes => "technical_fixes",
            Self::Brand => "brand_consistency",
            Self::Expected => "estimated_completion",
        }
    }

    /// Returns the label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cost => "Cost",
            Self::Quality => "Quality",
            Self::Output => "Output file",
            Self::Duration => "Duration",
            Self::Error => "Error",
            Self::Reason => "Reason",
            Self::Override => "Override the escalation",
            Self::Failures => "Other failed gates",
            Self::Score(gate) | Self::Failed(gate) => gate.label(),
            Self::Recommendations => "Recommendations",
            Self::Fixes => "Technical fixes",
            Self::Brand => "Brand consistency",
            Self::Expected => "Expected to take",
        }
    }

    /// Returns the format of a field that has one, to show beside its label.
    pub fn format(self) -> &'static str {
        match self {
            Self::Recommendations | Self::Fixes => "one per line",
            Self::Failures => "by name, comma-separated",
            _ => "",
        }
    }

    /// Returns an example of what to enter.
    pub fn example(self) -> &'static str {
        match self {
            Self::Cost => "1.20",
            Self::Quality | Self::Brand => "0.90",
            Self::Duration | Self::Expected => "20 min",
            _ => "",
        }
    }

    /// Returns the id of the field's control.
    pub fn control(self) -> String {
        match self {
            Self::Failed(gate) => format!("failed-{}", gate.name()),
            _ => format!("field-{}", self.name()),
        }
    }

    /// Returns true for a number.
    pub fn is_figure(self) -> bool {
        matches!(self, Self::Cost | Self::Quality | Self::Brand | Self::Duration | Self::Expected | Self::Score(_))
    }

    /// Returns true for a list of lines.
    pub fn is_lines(self) -> bool {
        matches!(self, Self::Recommendations | Self::Fixes)
    }

    /// Returns the field of the core's event that this one fills, wholly or in part.
    fn event_field(self) -> EventField {
        match self {
            Self::Cost => EventField::Cost,
            Self::Quality => EventField::QualityScore,
            Self::Output => EventField::OutputFile,
            Self::Duration => EventField::ExecutionTime,
            Self::Error => EventField::Error,
            Self::Reason => EventField::Reason,
            Self::Override => EventField::Override,
            Self::Failures | Self::Failed(_) | Self::Score(_) | Self::Recommendations | Self::Fixes => {
                EventField::Report
            }
            Self::Brand => EventField::Metrics,
            Self::Expected => EventField::EstimatedCompletion,
        }
    }

    /// Returns true if every event that has the field requires it. Each part of a report is optional.
    pub fn is_required(self) -> bool {
        let field = self.event_field();
        let mut kinds = EventKind::ALL.into_iter().filter(|kind| kind.fields().contains(&field));
        field != EventField::Report && kinds.all(|kind| kind.requires(field))
    }
}

/// The id of the group of gates.
pub const GATES: &str = "field-report";

/// The error of a report without a failed gate.
const NO_GATE: &str =
    "Enter a score below its threshold, or mark a gate as failed. If all gates passed, complete the stage instead.";

/// An error, shown at a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The id of the field's control.
    pub control: String,
    /// The sentence that says what to enter.
    pub message: String,
}

/// The text in each field of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventInput {
    fields: Vec<(Field, String)>,
    /// The handoff's data and flags by name; `None` without a handoff.
    handoff: Option<Vec<(&'static str, String)>>,
    /// The local time of the event, as `2024-08-11T14:30`; empty for now.
    when: String,
}

impl EventInput {
    /// Creates the initial input: only facts from the file, no guesses.
    pub fn known(kind: EventKind, known: &Suggestions) -> Self {
        let mut typed = Self::default();
        if let (EventKind::Complete, Some(path)) = (kind, &known.output_file) {
            typed.set(Field::Output, path.clone());
        }
        if kind == EventKind::Complete && known.hands_over {
            typed.set_hands_over(true);
            for (name, value) in &known.handoff {
                typed.suggest_handed(name, value);
            }
        }
        typed
    }

    /// Sets the text of a field.
    pub fn set(&mut self, field: Field, text: String) {
        self.fields.retain(|(other, _)| *other != field);
        self.fields.push((field, text));
    }

    /// Returns the text of a field.
    pub fn get(&self, field: Field) -> String {
        self.raw(field).to_owned()
    }

    /// Returns the default duration in seconds that the core uses if the field is empty: a start has an estimate, a
    /// progress event keeps the existing one.
    pub fn usual(kind: EventKind, field: Field, known: &Suggestions, now: Timestamp) -> Option<i64> {
        let asked = (kind, field) == (EventKind::Start, Field::Expected);
        Some(known.estimated_completion.filter(|_| asked)?.unix() - now.unix()).filter(|seconds| *seconds > 0)
    }

    /// Returns true if the event includes a handoff.
    pub fn hands_over(&self) -> bool {
        self.handoff.is_some()
    }

    /// Adds or removes the handoff.
    pub fn set_hands_over(&mut self, on: bool) {
        self.handoff = on.then(Vec::new);
    }

    /// Sets a field of the handoff.
    pub fn set_handed(&mut self, name: &'static str, text: String) {
        let handoff = self.handoff.get_or_insert_default();
        handoff.retain(|(other, _)| *other != name);
        handoff.push((name, text));
    }

    /// Suggests the value of a handoff's field; the entered output path takes precedence over the file's.
    pub fn suggest_handed(&mut self, name: &'static str, text: &str) {
        let typed = self.text(Field::Output).map(str::to_owned);
        let is_output = matches!(name, "research_package" | "script_file" | "quality_report");
        let text = typed.filter(|_| is_output).unwrap_or_else(|| text.to_owned());
        if !text.is_empty() {
            self.set_handed(name, text);
        }
    }

    /// Returns a field of the handoff.
    pub fn handed(&self, name: &str) -> String {
        let parts = self.handoff.iter().flatten();
        parts.rev().find(|(other, _)| *other == name).map(|(_, text)| text.clone()).unwrap_or_default()
    }

    fn raw(&self, field: Field) -> &str {
        let typed = self.fields.iter().find(|(other, _)| *other == field);
        typed.map_or("", |(_, text)| text)
    }

    /// Returns the trimmed text of a field; `None` if it is empty.
    fn text(&self, field: Field) -> Option<&str> {
        Some(self.raw(field).trim()).filter(|text| !text.is_empty())
    }

    /// Returns the local time of the event; empty for now.
    pub fn when(&self) -> &str {
        &self.when
    }

    /// Sets the local time of the event; empty for now.
    pub fn set_when(&mut self, when: String) {
        self.when = when;
    }

    /// Returns how a field was understood, if it is spelt otherwise.
    pub fn understood(&self, field: Field) -> Option<String> {
        let text = self.text(field)?;
        match field {
            Field::Duration | Field::Expected => respelt(text, exact_duration(typed::duration(text).ok()?)),
            Field::Cost if Money::parse(text).is_none() => respelt(text, money(Some(typed::money(text).ok()?))),
            Field::Quality | Field::Brand | Field::Score(_) if text.parse::<f64>().is_err() => {
                respelt(text, typed::score(text).ok()?.to_string())
            }
            _ => None,
        }
    }

    /// Returns how a number of the handoff was understood, if it is spelt otherwise.
    pub fn understood_handed(&self, name: &str) -> Option<String> {
        let text = self.handed(name);
        let text = text.trim();
        match name {
            ESTIMATED_DURATION => respelt(text, exact_duration(typed::duration(text).ok()?)),
            _ if text.parse::<u64>().is_err() => respelt(text, typed::count(text).ok()?.to_string()),
            _ => None,
        }
    }

    /// Returns true if the score of a gate is below its threshold.
    pub fn is_below(&self, gate: Gate, threshold: f64) -> bool {
        let score = self.text(Field::Score(gate)).and_then(|text| typed::score(text).ok());
        score.is_some_and(|score| score < threshold)
    }

    /// Returns the field that a refusal of the event is about, with what to enter.
    pub fn field_error(&self, refusal: &Refusal) -> Option<FieldError> {
        let path = refusal.field.as_deref()?;
        let error = |control: String, message: &str| Some(FieldError { control, message: message.to_owned() });
        if let Some(name) = path.strip_prefix("handoff.validation.") {
            let label = title_case(name);
            return error(handoff_control(name), &format!("Confirm \u{201c}{label}\u{201d} to hand over."));
        }
        if let Some(name) = path.strip_prefix("handoff.data.") {
            let message = match self.handed(name).trim() {
                "" => format!("Enter the {} to hand over.", name.replace('_', " ")),
                _ => refusal.reason.to_string(),
            };
            return error(handoff_control(name), &message);
        }
        let name = path.rsplit('.').next().unwrap_or(path);
        let is_empty = |field| self.text(field).is_none();
        match name {
            "error" => error(Field::Error.control(), "Say what went wrong."),
            "reason" => error(Field::Reason.control(), "Say why you skip the stage."),
            "report" => error(GATES.to_owned(), NO_GATE),
            "quality_score" if self.hands_over() && is_empty(Field::Quality) => {
                error(Field::Quality.control(), "Enter the quality to hand over.")
            }
            "brand_consistency" if self.hands_over() && is_empty(Field::Brand) => {
                error(Field::Brand.control(), "Enter the brand consistency to hand over.")
            }
            name => error(format!("field-{name}"), &refusal.reason),
        }
    }

    fn report(&self, reader: &mut Reader<'_>) -> GateReport {
        let mut scores = Vec::new();
        for gate in Gate::ALL {
            if let Some(score) = reader.read(Field::Score(gate), typed::score) {
                scores.push((gate.name().to_owned(), score));
            }
        }
        let marked = Gate::ALL.into_iter().filter(|gate| self.text(Field::Failed(*gate)).is_some());
        let named = self.raw(Field::Failures).split(',').map(str::trim).filter(|name| !name.is_empty());
        GateReport {
            failures: marked.map(|gate| gate.name().to_owned()).chain(named.map(str::to_owned)).collect(),
            scores,
            recommendations: self.lines(Field::Recommendations),
            technical_fixes: self.lines(Field::Fixes),
        }
    }

    /// Returns the lines of a field as a JSON array of strings.
    fn lines(&self, field: Field) -> Option<Json> {
        let lines: Vec<Json> = self.text(field)?.lines().map(|line| Json::string(line.trim())).collect();
        let texts: Vec<&str> = lines.iter().map(Json::text).filter(|text| *text != "\"\"").collect();
        Json::parse(format!("[{}]", texts.join(", "))).ok()
    }

    fn handoff(&self, agent: Agent, reader: &mut Reader<'_>) -> Option<Json> {
        let kinds = agent.handoff_fields();
        let mut parts: Vec<(&str, String)> = Vec::new();
        for (name, text) in self.handoff.as_ref()? {
            let kind = kinds.iter().find(|field| field.name == *name).map(|field| field.kind);
            let text = match kind {
                Some(HandoffKind::Number) if !text.trim().is_empty() => reader.handed(name, text),
                Some(HandoffKind::Scores) => scores_as_decimals(text),
                _ => text.clone(),
            };
            parts.push((name, text));
        }
        let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        agent.handoff_of(&parts)
    }

    /// Converts the input to an event that happened `at` a time. The core checks whether it is allowed.
    ///
    /// # Errors
    /// The fields whose text is not what they ask for.
    pub fn event(&self, kind: EventKind, agent: Agent, at: Timestamp) -> Result<Event, Vec<FieldError>> {
        let owned = |field| self.text(field).map(str::to_owned);
        let mut reader = Reader { input: self, errors: Vec::new() };
        #[allow(clippy::cast_precision_loss)]
        let duration = |text: &str| typed::duration(text).map(|seconds| seconds as f64);
        let estimate = |text: &str| typed::duration(text).map(|seconds| at.plus(seconds));
        let action = match kind {
            EventKind::Progress => Action::Progress {
                cost: reader.read(Field::Cost, typed::money),
                estimated_completion: reader.read(Field::Expected, estimate),
            },
            EventKind::Complete => Action::Complete(Completion {
                output_file: owned(Field::Output),
                cost: reader.read(Field::Cost, typed::money),
                quality_score: reader.read(Field::Quality, typed::score),
                metrics: reader
                    .read(Field::Brand, typed::score)
                    .map(|brand| (Metric::BrandConsistency, brand))
                    .into_iter()
                    .collect(),
                execution_time: reader.read(Field::Duration, duration),
                handoff: self.handoff(agent, &mut reader),
            }),
            EventKind::Fail => {
                Action::Fail { error: self.raw(Field::Error).to_owned(), cost: reader.read(Field::Cost, typed::money) }
            }
            EventKind::Retry => Action::Retry,
            EventKind::Resume => Action::Resume {
                override_escalation: self.text(Field::Override).is_some(),
                reason: owned(Field::Reason),
            },
            EventKind::Skip => Action::Skip { reason: self.raw(Field::Reason).to_owned() },
            EventKind::QualityFailure => Action::QualityFailure {
                report: self.report(&mut reader),
                cost: reader.read(Field::Cost, typed::money),
                execution_time: reader.read(Field::Duration, duration),
            },
            _ => Action::Start { estimated_completion: reader.read(Field::Expected, estimate) },
        };
        if reader.errors.is_empty() { Ok(Event::new(agent, action)) } else { Err(reader.errors) }
    }
}

/// Reads fields, collecting their errors.
struct Reader<'a> {
    input: &'a EventInput,
    errors: Vec<FieldError>,
}

impl Reader<'_> {
    fn read<T>(&mut self, field: Field, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let result = parse(self.input.text(field)?);
        result.map_err(|message| self.errors.push(FieldError { control: field.control(), message })).ok()
    }

    /// Reads a number of the handoff as JSON.
    fn handed(&mut self, name: &str, text: &str) -> String {
        let number = match name {
            #[allow(clippy::cast_precision_loss)]
            ESTIMATED_DURATION => typed::duration(text).map(|seconds| (seconds as f64 / 60.0).to_string()),
            _ => typed::count(text).map(|count| count.to_string()),
        };
        number.unwrap_or_else(|message| {
            self.errors.push(FieldError { control: handoff_control(name), message });
            String::new()
        })
    }
}

/// The field of a handoff that is a duration in minutes.
const ESTIMATED_DURATION: &str = "estimated_duration";

/// Returns the id of the control of a handoff's field.
pub fn handoff_control(name: &str) -> String {
    format!("handoff-{name}")
}

/// Returns how a text was understood, if that is not what it says already.
fn respelt(text: &str, understood: String) -> Option<String> {
    (text != understood).then_some(understood)
}

/// Converts scores by name, one per line, to decimals; the core names those that are none.
fn scores_as_decimals(text: &str) -> String {
    let line = |line: &str| match line.rsplit_once(':') {
        Some((name, score)) => match typed::score(score) {
            Ok(score) => format!("{name}: {score}"),
            Err(_) => line.to_owned(),
        },
        None => line.to_owned(),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(0);

    #[test]
    fn a_form_has_the_fields_of_its_event() {
        let outside = [EventField::Handoff, EventField::Attempt, EventField::Key];
        for kind in EventKind::ALL {
            let shown = |agent| Field::of(kind, agent).iter().map(|field| field.event_field());
            let mut missing: Vec<EventField> = kind.fields().to_vec();
            for agent in Agent::ALL {
                assert!(shown(agent).all(|field| kind.fields().contains(&field)), "{kind} of {agent}");
                missing.retain(|field| shown(agent).all(|shown| shown != *field));
            }
            assert!(missing.iter().all(|field| outside.contains(field)), "{kind}: {missing:?}");
        }
    }

    #[test]
    fn empty_fields_are_not_in_the_event() {
        let event = EventInput::default().event(EventKind::Complete, Agent::ScriptWriter, NOW);
        let nothing = Action::Complete(Completion::default());
        assert_eq!(event, Ok(Event::new(Agent::ScriptWriter, nothing)));
    }

    #[test]
    fn every_wrong_field_has_its_error() {
        let mut typed = EventInput::default();
        typed.set(Field::Quality, "good".into());
        typed.set(Field::Duration, "soon".into());
        typed.set_hands_over(true);
        typed.set_handed("word_count", "many".into());
        let errors = typed.event(EventKind::Complete, Agent::ScriptWriter, NOW).unwrap_err();
        let errors: Vec<(&str, &str)> = errors.iter().map(|it| (it.control.as_str(), it.message.as_str())).collect();
        assert_eq!(
            errors,
            [
                ("field-quality_score", "Enter a score from 0 to 1, such as 0.9."),
                ("field-execution_time", "Enter a duration, such as 20 min."),
                ("handoff-word_count", "Enter a whole number, such as 3500."),
            ]
        );
    }

    #[test]
    fn figures_are_read_as_they_are_typed() {
        let mut typed = EventInput::default();
        typed.set(Field::Cost, "$1,20".into());
        typed.set(Field::Quality, "90 %".into());
        typed.set(Field::Duration, "1h 5m".into());
        typed.set_hands_over(true);
        typed.set_handed("word_count", "3 500".into());
        typed.set_handed("estimated_duration", "27 min".into());
        let event = typed.event(EventKind::Complete, Agent::ScriptWriter, NOW).unwrap();
        let Action::Complete(completion) = event.action() else { panic!("no completion") };
        assert_eq!((completion.cost, completion.quality_score), (Money::parse("1.20"), Some(0.9)));
        assert_eq!(completion.execution_time, Some(3900.0));
        let handoff = completion.handoff.as_ref().unwrap().text();
        assert!(handoff.contains(r#""word_count": 3500, "estimated_duration": 27"#), "{handoff}");
        let understood = [Field::Cost, Field::Quality, Field::Duration].map(|field| typed.understood(field).unwrap());
        assert_eq!(understood, ["$1.20", "0.9", "1 h 5 min"]);
        assert_eq!(typed.understood_handed("word_count").as_deref(), Some("3500"));
        assert_eq!(typed.understood_handed("estimated_duration"), None);
        for (field, text) in [(Field::Cost, "1.2"), (Field::Quality, "0.90"), (Field::Duration, "20 min")] {
            typed.set(field, text.into());
            assert_eq!(typed.understood(field), None, "{text}");
        }
    }

    #[test]
    fn confidence_scores_are_decimals() {
        let mut typed = EventInput::default();
        typed.set_hands_over(true);
        typed.set_handed("confidence_scores", "dates: 90 %\nnames: 0.8\nodd".into());
        let event = typed.event(EventKind::Complete, Agent::ResearchCoordinator, NOW).unwrap();
        let Action::Complete(completion) = event.action() else { panic!("no completion") };
        let handoff = completion.handoff.as_ref().unwrap().text();
        assert!(handoff.contains(r#"{"dates": 0.9, "names": 0.8, "odd": ""}"#), "{handoff}");
    }

    /// The error that the core's refusal of an input becomes.
    fn refused(stage: &str, kind: EventKind, typed: &EventInput) -> (String, String) {
        let text = format!(r#"{{"session_id": "a", "pipeline_state": {{"current_stage": "{stage}"}}}}"#);
        let session = callboard_core::Session::parse(text).unwrap();
        let event = typed.event(kind, session.stage().unwrap().agent(), NOW).unwrap();
        let refusal = session.check(&event, NOW, &callboard_core::Policy::default()).unwrap_err();
        let error = typed.field_error(&refusal).unwrap_or_else(|| panic!("{refusal} is of no field"));
        (error.control, error.message)
    }

    #[test]
    fn a_refusal_is_shown_at_its_field() {
        let check = |stage, kind, typed: &EventInput, control: &str, message: &str| {
            assert_eq!(refused(stage, kind, typed), (control.to_owned(), message.to_owned()));
        };
        let empty = EventInput::default();
        check("writing", EventKind::Fail, &empty, "field-error", "Say what went wrong.");
        check("writing", EventKind::Skip, &empty, "field-reason", "Say why you skip the stage.");
        check("evaluation", EventKind::QualityFailure, &empty, GATES, NO_GATE);
        let mut typed = EventInput::default();
        typed.set_hands_over(true);
        let of = |typed: &EventInput| refused("writing", EventKind::Complete, typed);
        let expected = |control: &str, message: &str| (control.to_owned(), message.to_owned());
        assert_eq!(of(&typed), expected("handoff-script_file", "Enter the script file to hand over."));
        typed.set_handed("script_file", "a.md".into());
        assert_eq!(of(&typed), expected("handoff-word_count", "Enter the word count to hand over."));
        typed.set_handed("word_count", "3,500".into());
        let confirm = "Confirm \u{201c}Format valid\u{201d} to hand over.";
        assert_eq!(of(&typed), expected("handoff-format_valid", confirm));
        let quality = "Enter the quality to hand over.";
        let mut typed = EventInput::default();
        typed.set_hands_over(true);
        for name in ["research_package", "complexity_assessment", "key_narratives", "confidence_scores"] {
            typed.set_handed(name, "a: 0.9".into());
        }
        check("research", EventKind::Complete, &typed, "field-quality_score", quality);
        typed.set(Field::Quality, "0.5".into());
        assert_eq!(refused("research", EventKind::Complete, &typed).0, "field-quality_score");
    }

    #[test]
    fn gates_are_named_or_scored() {
        let mut typed = EventInput::default();
        typed.set(Field::Failed(Gate::Technical), "yes".into());
        typed.set(Field::Failures, "accuracy, ".into());
        typed.set(Field::Score(Gate::BrandConsistency), "0.5".into());
        typed.set(Field::Recommendations, "Shorten it\n\n say \"why\" ".into());
        let report = GateReport {
            failures: vec!["technical".into(), "accuracy".into()],
            scores: vec![("brand_consistency".into(), 0.5)],
            recommendations: Some(Json::parse(r#"["Shorten it", "say \"why\""]"#).unwrap()),
            technical_fixes: None,
        };
        let action = Action::QualityFailure { report, cost: None, execution_time: None };
        let event = typed.event(EventKind::QualityFailure, Agent::QualityEvaluator, NOW);
        assert_eq!(event, Ok(Event::new(Agent::QualityEvaluator, action)));
    }

    #[test]
    fn an_estimate_counts_from_the_time_of_the_event() {
        let mut typed = EventInput::default();
        typed.set(Field::Expected, "1.5".into());
        let start = |typed: &EventInput| typed.event(EventKind::Start, Agent::ScriptWriter, NOW);
        let action = Action::Start { estimated_completion: Some(NOW.plus(90)) };
        assert_eq!(start(&typed), Ok(Event::new(Agent::ScriptWriter, action)));
        typed.set(Field::Expected, "soon".into());
        assert!(start(&typed).is_err());
    }

    #[test]
    fn a_start_without_an_estimate_uses_the_default() {
        use callboard_core::{Policy, Session};
        let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#;
        let (session, policy) = (Session::parse(text).unwrap(), Policy::default());
        let known = session.suggestions(Agent::ScriptWriter, NOW, &policy);
        let usual = EventInput::usual(EventKind::Start, Field::Expected, &known, NOW).unwrap();
        let event =
            EventInput::known(EventKind::Start, &known).event(EventKind::Start, Agent::ScriptWriter, NOW).unwrap();
        let (_, edits) = session.preview(&event, NOW, &policy).unwrap();
        let written =
            Session::parse(edits.apply(text).unwrap()).unwrap().agent(Agent::ScriptWriter).estimated_completion;
        assert_eq!(written, Some(NOW.plus(usual)));
        for (kind, field) in [(EventKind::Progress, Field::Expected), (EventKind::Start, Field::Cost)] {
            assert_eq!(EventInput::usual(kind, field, &known, NOW), None);
        }
    }

    #[test]
    fn a_handoff_uses_the_entered_output() {
        let mut typed = EventInput::default();
        typed.set(Field::Output, "typed.md".into());
        typed.set_hands_over(true);
        typed.suggest_handed("script_file", "file.md");
        typed.suggest_handed("complexity_level", "3");
        assert_eq!((typed.handed("script_file"), typed.handed("complexity_level")), ("typed.md".into(), "3".into()));
        let event = typed.event(EventKind::Complete, Agent::ScriptWriter, NOW).unwrap();
        let Action::Complete(completion) = event.action() else { panic!("no completion") };
        assert!(completion.handoff.as_ref().unwrap().text().contains(r#""complexity_level": 3"#));
        typed.set_hands_over(false);
        assert_eq!(typed.handed("script_file"), "");
    }
}
