//! The fields of each event's form, and their conversion to an event. Pure.
use callboard_core::{
    Action, Agent, Completion, Event, EventField, EventKind, Gate, GateReport, Json, Metric, Money, Suggestions,
    Timestamp,
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
    /// The names of failed gates.
    Failures,
    /// A gate's score.
    Score(Gate),
    /// Recommendations to the writer or researcher, one per line.
    Recommendations,
    /// Technical fixes for the script, one per line.
    Fixes,
    /// The brand consistency.
    Brand,
    /// The agent's estimated time from now in minutes.
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
                Self::Cost,
                Self::Duration,
                Self::Failures,
                Self::Recommendations,
                Self::Fixes,
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
            Self::Score(gate) => gate.name(),
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
            Self::Failures => "Failed gates",
            Self::Score(gate) => gate.label(),
            Self::Recommendations => "Recommendations",
            Self::Fixes => "Technical fixes",
            Self::Brand => "Brand consistency",
            Self::Expected => "Expected to take",
        }
    }

    /// Returns the unit or format.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Cost => "$",
            Self::Quality | Self::Brand | Self::Score(_) => "0\u{2013}1",
            Self::Duration => "s",
            Self::Expected => "min",
            Self::Recommendations | Self::Fixes => "one per line",
            Self::Failures => "comma-separated",
            _ => "",
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
            Self::Failures | Self::Score(_) | Self::Recommendations | Self::Fixes => EventField::Report,
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

/// The text in each field of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventInput {
    fields: Vec<(Field, String)>,
    /// The handoff's data and flags by name; `None` without a handoff.
    handoff: Option<Vec<(&'static str, String)>>,
}

impl EventInput {
    /// Creates the initial input: only facts from the file, no guesses.
    pub fn known(kind: EventKind, known: &Suggestions) -> Self {
        let mut typed = Self::default();
        if let (EventKind::Complete, Some(path)) = (kind, &known.output_file) {
            typed.set(Field::Output, path.clone());
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

    fn figure(&self, field: Field) -> Result<Option<f64>, String> {
        let read = |text: &str| {
            let figure = text.parse::<f64>().ok().filter(|figure| figure.is_finite());
            figure.ok_or_else(|| format!("{} must be a number, not \u{201c}{text}\u{201d}.", field.label()))
        };
        self.text(field).map(read).transpose()
    }

    fn money(&self) -> Result<Option<Money>, String> {
        let read = |text: &str| {
            let amount = text.trim_start_matches('$').trim_start();
            Money::parse(amount)
                .ok_or_else(|| format!("Cost must be an amount, such as 4.50, not \u{201c}{text}\u{201d}."))
        };
        self.text(Field::Cost).map(read).transpose()
    }

    fn report(&self) -> Result<GateReport, String> {
        let mut scores = Vec::new();
        for gate in Gate::ALL {
            if let Some(score) = self.figure(Field::Score(gate))? {
                scores.push((gate.name().to_owned(), score));
            }
        }
        let names = self.raw(Field::Failures).split(',').map(str::trim);
        Ok(GateReport {
            failures: names.filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            scores,
            recommendations: self.lines(Field::Recommendations),
            technical_fixes: self.lines(Field::Fixes),
        })
    }

    /// Returns the lines of a field as a JSON array of strings.
    fn lines(&self, field: Field) -> Option<Json> {
        let lines: Vec<Json> = self.text(field)?.lines().map(|line| Json::string(line.trim())).collect();
        let texts: Vec<&str> = lines.iter().map(Json::text).filter(|text| *text != "\"\"").collect();
        Json::parse(format!("[{}]", texts.join(", "))).ok()
    }

    fn handoff(&self, agent: Agent) -> Option<Json> {
        let parts: Vec<(&str, &str)> =
            self.handoff.as_ref()?.iter().map(|(name, text)| (*name, text.as_str())).collect();
        agent.handoff_of(&parts)
    }

    /// Returns the estimated completion time from the entered minutes.
    #[allow(clippy::cast_possible_truncation)]
    fn estimate(&self, now: Timestamp) -> Result<Option<Timestamp>, String> {
        let minutes = self.figure(Field::Expected)?;
        if minutes.is_some_and(|minutes| !(0.0..=525_600.0).contains(&minutes)) {
            return Err("Enter an estimate in minutes, at most a year.".into());
        }
        Ok(minutes.map(|minutes| now.plus((minutes * 60.0).round() as i64)))
    }

    /// Converts the input to an event. The core checks whether it is allowed.
    ///
    /// # Errors
    /// The message about a field with an invalid number.
    pub fn event(&self, kind: EventKind, agent: Agent, now: Timestamp) -> Result<Event, String> {
        let owned = |field| self.text(field).map(str::to_owned);
        let action = match kind {
            EventKind::Progress => Action::Progress { cost: self.money()?, estimated_completion: self.estimate(now)? },
            EventKind::Complete => Action::Complete(Completion {
                output_file: owned(Field::Output),
                cost: self.money()?,
                quality_score: self.figure(Field::Quality)?,
                execution_time: self.figure(Field::Duration)?,
                handoff: self.handoff(agent),
                metrics: self
                    .figure(Field::Brand)?
                    .map(|brand| (Metric::BrandConsistency, brand))
                    .into_iter()
                    .collect(),
            }),
            EventKind::Fail => Action::Fail { error: self.raw(Field::Error).to_owned(), cost: self.money()? },
            EventKind::Retry => Action::Retry,
            EventKind::Resume => Action::Resume {
                override_escalation: self.text(Field::Override).is_some(),
                reason: owned(Field::Reason),
            },
            EventKind::Skip => Action::Skip { reason: self.raw(Field::Reason).to_owned() },
            EventKind::QualityFailure => Action::QualityFailure {
                report: self.report()?,
                cost: self.money()?,
                execution_time: self.figure(Field::Duration)?,
            },
            _ => Action::Start { estimated_completion: self.estimate(now)? },
        };
        Ok(Event::new(agent, action))
    }
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
    fn an_invalid_number_names_its_field() {
        let mut typed = EventInput::default();
        typed.set(Field::Quality, "good".into());
        let event = typed.event(EventKind::Complete, Agent::ScriptWriter, NOW);
        assert_eq!(event, Err("Quality must be a number, not \u{201c}good\u{201d}.".into()));
    }

    #[test]
    fn gates_are_named_or_scored() {
        let mut typed = EventInput::default();
        typed.set(Field::Failures, "technical, ".into());
        typed.set(Field::Score(Gate::BrandConsistency), "0.5".into());
        typed.set(Field::Recommendations, "Shorten it\n\n say \"why\" ".into());
        let report = GateReport {
            failures: vec!["technical".into()],
            scores: vec![("brand_consistency".into(), 0.5)],
            recommendations: Some(Json::parse(r#"["Shorten it", "say \"why\""]"#).unwrap()),
            technical_fixes: None,
        };
        let action = Action::QualityFailure { report, cost: None, execution_time: None };
        let event = typed.event(EventKind::QualityFailure, Agent::QualityEvaluator, NOW);
        assert_eq!(event, Ok(Event::new(Agent::QualityEvaluator, action)));
    }

    #[test]
    fn an_estimate_counts_minutes_from_now() {
        let mut typed = EventInput::default();
        typed.set(Field::Expected, "1.5".into());
        let start = |typed: &EventInput| typed.event(EventKind::Start, Agent::ScriptWriter, NOW);
        let action = Action::Start { estimated_completion: Some(NOW.plus(90)) };
        assert_eq!(start(&typed), Ok(Event::new(Agent::ScriptWriter, action)));
        typed.set(Field::Expected, "1e30".into());
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
