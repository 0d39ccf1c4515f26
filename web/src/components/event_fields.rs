//! The fields of each event, and the event that what was typed stands for. Pure.
use callboard_core::{Action, Agent, Completion, Event, EventKind, GateReport, Money};

/// A field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// What the attempt cost.
    Cost,
    /// How good it is.
    Quality,
    /// The path of what was made.
    Output,
    /// How long it took.
    Took,
    /// What went wrong.
    Error,
    /// Why.
    Reason,
    /// A person overrides an escalation.
    Override,
    /// The gates that failed, by name.
    Failures,
    /// A gate's score: its place in [`GATES`].
    Score(usize),
}

/// The gates that a report scores.
pub const GATES: [&str; 5] = ["comprehension", "brand_consistency", "engagement", "technical", "overall"];

const GATE_LABELS: [&str; 5] = ["Comprehension", "Brand", "Engagement", "Technical", "Overall"];

impl Field {
    /// The fields of an event's form.
    pub fn of(kind: EventKind) -> &'static [Self] {
        match kind {
            EventKind::Progress => &[Self::Cost],
            EventKind::Complete => &[Self::Cost, Self::Quality, Self::Took, Self::Output],
            EventKind::Fail => &[Self::Error, Self::Cost],
            EventKind::Resume => &[Self::Reason, Self::Override],
            EventKind::Skip => &[Self::Reason],
            EventKind::QualityFailure => &[
                Self::Score(0),
                Self::Score(1),
                Self::Score(2),
                Self::Score(3),
                Self::Score(4),
                Self::Cost,
                Self::Failures,
            ],
            _ => &[],
        }
    }

    /// The event's own key for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Quality => "quality_score",
            Self::Output => "output_file",
            Self::Took => "execution_time",
            Self::Error => "error",
            Self::Reason => "reason",
            Self::Override => "override",
            Self::Failures => "failures",
            Self::Score(gate) => GATES[gate],
        }
    }

    /// What it is called.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cost => "Cost",
            Self::Quality => "Quality",
            Self::Output => "Output file",
            Self::Took => "Took",
            Self::Error => "Error",
            Self::Reason => "Reason",
            Self::Override => "Override the escalation",
            Self::Failures => "Failed gates, by name",
            Self::Score(gate) => GATE_LABELS[gate],
        }
    }

    /// What its figure is in.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Cost => "$",
            Self::Quality | Self::Score(_) => "0\u{2013}1",
            Self::Took => "s",
            Self::Failures => "a, b",
            _ => "",
        }
    }

    /// Whether it holds a figure.
    pub fn is_figure(self) -> bool {
        matches!(self, Self::Cost | Self::Quality | Self::Took | Self::Score(_))
    }

    /// Whether an event cannot be without it.
    pub fn is_required(self) -> bool {
        self == Self::Error
    }
}

/// What was typed, as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(Vec<(Field, String)>);

impl Typed {
    /// Keeps what was typed into a field.
    pub fn set(&mut self, field: Field, text: String) {
        self.0.retain(|(other, _)| *other != field);
        self.0.push((field, text));
    }

    fn raw(&self, field: Field) -> &str {
        let typed = self.0.iter().find(|(other, _)| *other == field);
        typed.map_or("", |(_, text)| text)
    }

    /// What is in a field; `None` when there is nothing but white space.
    fn text(&self, field: Field) -> Option<&str> {
        Some(self.raw(field).trim()).filter(|text| !text.is_empty())
    }

    fn figure(&self, field: Field) -> Result<Option<f64>, String> {
        let read = |text: &str| {
            let figure = text.parse::<f64>().ok().filter(|figure| figure.is_finite());
            figure.ok_or_else(|| format!("{} is not a number: {text}", field.label()))
        };
        self.text(field).map(read).transpose()
    }

    fn money(&self) -> Result<Option<Money>, String> {
        let read = |text: &str| {
            let amount = text.trim_start_matches('$').trim_start();
            Money::parse(amount).ok_or_else(|| format!("Cost is not an amount: {text}"))
        };
        self.text(Field::Cost).map(read).transpose()
    }

    fn report(&self) -> Result<GateReport, String> {
        let mut scores = Vec::new();
        for (at, gate) in GATES.into_iter().enumerate() {
            if let Some(score) = self.figure(Field::Score(at))? {
                scores.push((gate.to_owned(), score));
            }
        }
        let names = self.raw(Field::Failures).split(',').map(str::trim);
        Ok(GateReport {
            failures: names.filter(|name| !name.is_empty()).map(str::to_owned).collect(),
            scores,
            ..GateReport::default()
        })
    }

    /// The event that is meant, as it stands: whether it is allowed is the core's to say.
    ///
    /// # Errors
    /// One sentence naming the field that holds no figure.
    pub fn event(&self, kind: EventKind, agent: Agent) -> Result<Event, String> {
        let owned = |field| self.text(field).map(str::to_owned);
        let action = match kind {
            EventKind::Progress => Action::Progress { cost: self.money()?, estimated_completion: None },
            EventKind::Complete => Action::Complete(Completion {
                output_file: owned(Field::Output),
                cost: self.money()?,
                quality_score: self.figure(Field::Quality)?,
                execution_time: self.figure(Field::Took)?,
                ..Completion::default()
            }),
            EventKind::Fail => Action::Fail { error: self.raw(Field::Error).to_owned(), cost: self.money()? },
            EventKind::Retry => Action::Retry,
            EventKind::Resume => Action::Resume {
                override_escalation: self.text(Field::Override).is_some(),
                reason: owned(Field::Reason),
            },
            EventKind::Skip => Action::Skip { reason: self.raw(Field::Reason).to_owned() },
            EventKind::QualityFailure => {
                Action::QualityFailure { report: self.report()?, cost: self.money()?, execution_time: None }
            }
            _ => Action::Start { estimated_completion: None },
        };
        Ok(Event::new(agent, action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_typed_is_not_in_the_event() {
        let event = Typed::default().event(EventKind::Complete, Agent::ScriptWriter);
        let nothing = Action::Complete(Completion::default());
        assert_eq!(event, Ok(Event::new(Agent::ScriptWriter, nothing)));
    }

    #[test]
    fn a_figure_that_is_none_names_its_field() {
        let mut typed = Typed::default();
        typed.set(Field::Quality, "good".into());
        let event = typed.event(EventKind::Complete, Agent::ScriptWriter);
        assert_eq!(event, Err("Quality is not a number: good".into()));
    }

    #[test]
    fn gates_are_named_or_scored() {
        let mut typed = Typed::default();
        typed.set(Field::Failures, "technical, ".into());
        typed.set(Field::Score(1), "0.5".into());
        let report = GateReport {
            failures: vec!["technical".into()],
            scores: vec![("brand_consistency".into(), 0.5)],
            ..GateReport::default()
        };
        let action = Action::QualityFailure { report, cost: None, execution_time: None };
        let event = typed.event(EventKind::QualityFailure, Agent::QualityEvaluator);
        assert_eq!(event, Ok(Event::new(Agent::QualityEvaluator, action)));
    }
}
