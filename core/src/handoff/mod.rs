//! Handoffs between agents: their data and the flags that must be true.

mod record;

pub use record::{HandoffField, HandoffFlag, HandoffKind, HandoffRecord};

use crate::document::{Document, Kind, NodeId, ROOT};
use crate::names::{same_name, shorten};
use crate::refusal::Fault;
use crate::{Agent, Completion, Gate, Json, Metric, Policy, RefusalCode, Session};

/// Kind of a field of a handoff's data.
enum Field {
    Path,
    /// A text or a number: assessments have no fixed form.
    Assessment,
    Texts,
    Scores,
    Number,
    Text,
}

/// Form of a handoff.
struct Form {
    data: &'static [(&'static str, Field)],
    flags: &'static [(&'static str, Flag)],
}

/// Source of a flag's value.
#[derive(Clone, Copy)]
enum Flag {
    /// Stated by the agent.
    Stated,
    /// Computed: all data is present.
    PackageComplete,
    /// Computed: the quality score reaches the overall threshold.
    QualityThresholdMet,
    /// Computed: there is a script with words.
    ScriptComplete,
    /// Computed: the overall quality and brand consistency are known and reach their thresholds.
    QualityGatesPassed,
    /// Computed: the approval is `PASS`.
    SynthesisApproved,
}

impl Flag {
    fn is_stated(self) -> bool {
        matches!(self, Flag::Stated)
    }
}

/// The form of an agent's handoff; none for the last agent.
fn form(agent: Agent) -> Option<Form> {
    Some(match agent {
        Agent::ResearchCoordinator => Form {
            data: &[
                ("research_package", Field::Path),
                ("complexity_assessment", Field::Assessment),
                ("key_narratives", Field::Texts),
                ("confidence_scores", Field::Scores),
            ],
            flags: &[
                ("package_complete", Flag::PackageComplete),
                ("quality_threshold_met", Flag::QualityThresholdMet),
                ("ready_for_script", Flag::Stated),
            ],
        },
        Agent::ScriptWriter => Form {
            data: &[
                ("script_file", Field::Path),
                ("word_count", Field::Number),
                ("estimated_duration", Field::Number),
                ("complexity_level", Field::Number),
            ],
            flags: &[
                ("script_complete", Flag::ScriptComplete),
                ("format_valid", Flag::Stated),
                ("ready_for_evaluation", Flag::Stated),
            ],
        },
        Agent::QualityEvaluator => Form {
            data: &[
                ("validated_script", Field::Path),
                ("quality_report", Field::Path),
                ("approval_status", Field::Text),
            ],
            flags: &[
                ("quality_gates_passed", Flag::QualityGatesPassed),
                ("audio_ready", Flag::Stated),
                ("synthesis_approved", Flag::SynthesisApproved),
            ],
        },
        Agent::AudioSynthesizer => return None,
    })
}

/// Checks the members of a handoff, and the kinds and ranges of its values.
pub(crate) fn valid(agent: Agent, handoff: &Json) -> Result<(), Fault> {
    let (Some(form), Some(next)) = (form(agent), agent.stage().next()) else {
        return Err(Fault::invalid(
            format!("{agent} is the last agent and has no handoff."),
            "no handoff",
            "a handoff",
        ));
    };
    let handoff = Handoff::read(handoff)?;
    for (key, expected) in [("from", agent), ("to", next.agent())] {
        if let Some(value) = handoff.find(ROOT, key)
            && handoff.0.string(value).and_then(|name| Agent::parse(&name)) != Some(expected)
        {
            return Err(handoff.wrong(&format!("handoff.{key}"), expected.name(), value));
        }
    }
    for key in ["data", "validation"] {
        if let Some(value) = handoff.find(ROOT, key)
            && handoff.0.kind(value) != Kind::Object
        {
            return Err(handoff.wrong(&format!("handoff.{key}"), "an object", value));
        }
    }
    for (key, field) in form.data {
        if let Some(value) = handoff.data(key) {
            handoff.check(key, field, value)?;
        }
    }
    for (key, value) in handoff.flags() {
        if !matches!(handoff.0.kind(value), Kind::True | Kind::False | Kind::Null) {
            return Err(handoff.wrong(&format!("handoff.validation.{}", shorten(&key)), "true or false", value));
        }
    }
    Ok(())
}

/// Checks the flags of a completed agent's handoff: the first that is not true gives the refusal.
pub(crate) fn complete(session: &Session, agent: Agent, completion: &Completion, policy: &Policy) -> Result<(), Fault> {
    let Some(form) = form(agent) else { return Ok(()) };
    let Some(handoff) = &completion.handoff else {
        if !policy.require_handoff {
            return Ok(());
        }
        return Err(Fault::new(RefusalCode::HandoffIncomplete, "its handoff is missing", "a handoff", "none")
            .of_action(format!("{agent} cannot complete"))
            .hint("Send the handoff with the event."));
    };
    let handoff = Handoff::read(handoff)?;
    let stated = |name: &str| handoff.flags().rfind(|(key, _)| key == name).map(|(_, value)| handoff.0.kind(value));
    let refused = |flag: &str, Unmet { why, field }: Unmet| {
        let reason = format!("its handoff fails {flag}: {why}");
        Err(Fault::new(RefusalCode::HandoffIncomplete, reason, format!("{flag}: true"), why)
            .of_action(format!("{agent} cannot complete"))
            .at(field))
    };
    let unconfirmed = |flag: &str, why: &str| Unmet::new(format!("handoff.validation.{flag}"), why);
    for (name, flag) in form.flags {
        let verdict = match flag {
            Flag::Stated if stated(name) == Some(Kind::True) => Ok(()),
            Flag::Stated if stated(name) == Some(Kind::False) => Err(unconfirmed(name, "stated to be false")),
            Flag::Stated => Err(unconfirmed(name, "not confirmed")),
            computed => handoff.compute(*computed, &form, session, agent, completion, policy),
        };
        if let Err(why) = verdict {
            return refused(name, why);
        }
    }
    for (name, value) in handoff.flags() {
        let computed = || form.flags.iter().any(|(known, flag)| !flag.is_stated() && same_name(known, &name));
        let why = match handoff.0.kind(value) {
            Kind::False => "stated to be false",
            Kind::Null if !computed() => "not confirmed",
            _ => continue,
        };
        let name = shorten(&name);
        return refused(&name, unconfirmed(&name, why));
    }
    Ok(())
}

/// Reason why a flag is not true, with the field of the event that would make it true.
struct Unmet {
    why: String,
    field: String,
}

impl Unmet {
    fn new(field: impl Into<String>, why: impl Into<String>) -> Unmet {
        Unmet { why: why.into(), field: field.into() }
    }

    /// A field of the handoff's data that is missing or wrong.
    fn data(key: &str, why: impl std::fmt::Display) -> Unmet {
        Unmet::new(format!("handoff.data.{key}"), format!("{key} is {why}"))
    }
}

/// Parsed handoff.
struct Handoff(Document);

impl Handoff {
    fn read(json: &Json) -> Result<Handoff, Fault> {
        let invalid = |message: String, actual: &str| Fault::invalid(message, "an object", actual);
        let document = Document::parse(json.text().to_owned())
            .map_err(|error| invalid(format!("The handoff cannot be read: {error}"), "text that is not JSON"))?;
        let kind = document.kind(ROOT);
        if kind != Kind::Object {
            return Err(invalid("A handoff is an object with data and validation.".to_owned(), kind.name()));
        }
        Ok(Handoff(document))
    }

    fn find(&self, object: NodeId, key: &str) -> Option<NodeId> {
        self.0.find_set(object, key)
    }

    fn data(&self, key: &str) -> Option<NodeId> {
        self.find(ROOT, "data").and_then(|data| self.find(data, key))
    }

    /// The stated flags, in the order of the text.
    fn flags(&self) -> impl DoubleEndedIterator<Item = (String, NodeId)> + use<> {
        let flags: Vec<(String, NodeId)> = match self.find(ROOT, "validation") {
            Some(object) => self
                .0
                .members(object)
                .map(|(key, value)| (self.0.string(key).unwrap_or_default().into_owned(), value))
                .collect(),
            None => Vec::new(),
        };
        flags.into_iter()
    }

    #[cold]
    #[inline(never)]
    fn wrong(&self, path: &str, expected: &str, value: NodeId) -> Fault {
        let actual = shorten(self.0.raw(value));
        Fault::invalid(format!("{path} must be {expected}, not {actual}."), expected, actual).at(path)
    }

    fn check(&self, key: &str, field: &Field, value: NodeId) -> Result<(), Fault> {
        let document = &self.0;
        let kind = document.kind(value);
        let path = format!("handoff.data.{key}");
        let expected = match field {
            Field::Path | Field::Text if kind == Kind::String => return Ok(()),
            Field::Path => "a path",
            Field::Text => "a string",
            Field::Assessment if matches!(kind, Kind::String | Kind::Number | Kind::Object) => return Ok(()),
            Field::Assessment => "a string or a number",
            Field::Number if self.0.number(value).is_some_and(|number| number >= 0.0) => return Ok(()),
            Field::Number => "a number, 0 or more",
            Field::Texts => {
                let texts = document.elements(value).all(|element| document.kind(element) == Kind::String);
                if kind == Kind::Array && texts {
                    return Ok(());
                }
                "a list of strings"
            }
            Field::Scores => {
                let in_range = |value| self.0.number(value).is_some_and(|score| (0.0..=1.0).contains(&score));
                if kind == Kind::Object && document.members(value).all(|(_, score)| in_range(score)) {
                    return Ok(());
                }
                "scores by name, 0 to 1 each"
            }
        };
        Err(self.wrong(&path, expected, value))
    }

    /// Computes a flag; an error says why it is not true.
    fn compute(
        &self,
        flag: Flag,
        form: &Form,
        session: &Session,
        agent: Agent,
        completion: &Completion,
        policy: &Policy,
    ) -> Result<(), Unmet> {
        match flag {
            Flag::Stated => Ok(()),
            Flag::PackageComplete => match form.data.iter().find(|(key, _)| self.blank(key)) {
                Some((key, _)) => Err(Unmet::data(key, "missing")),
                None => Ok(()),
            },
            Flag::QualityThresholdMet => {
                let score = completion.quality_score.or_else(|| session.agent(agent).quality_score);
                reaches("quality_score", "quality_score", score, policy.thresholds.of(Gate::Overall))
            }
            Flag::ScriptComplete => {
                if self.blank("script_file") {
                    return Err(Unmet::data("script_file", "missing"));
                }
                match self.data("word_count").and_then(|value| self.0.number(value)) {
                    Some(words) if words > 0.0 => Ok(()),
                    Some(_) => Err(Unmet::data("word_count", "0")),
                    None => Err(Unmet::data("word_count", "missing")),
                }
            }
            Flag::QualityGatesPassed => {
                let metrics = session.quality();
                let given =
                    |wanted| completion.metrics.iter().rfind(|(metric, _)| *metric == wanted).map(|(_, score)| *score);
                let overall = given(Metric::OverallQuality).or(completion.quality_score).or(metrics.overall_quality);
                let brand = given(Metric::BrandConsistency).or(metrics.brand_consistency);
                reaches("quality_score", "overall_quality", overall, policy.thresholds.of(Gate::Overall))?;
                reaches(
                    "metrics.brand_consistency",
                    "brand_consistency",
                    brand,
                    policy.thresholds.of(Gate::BrandConsistency),
                )
            }
            Flag::SynthesisApproved => match self.data("approval_status").and_then(|value| self.0.string(value)) {
                Some(status) if status == "PASS" => Ok(()),
                Some(status) => Err(Unmet::data("approval_status", format!("\"{}\", not \"PASS\"", shorten(&status)))),
                None => Err(Unmet::data("approval_status", "missing")),
            },
        }
    }

    /// True if a field of the data is missing or an empty text.
    fn blank(&self, key: &str) -> bool {
        self.data(key).is_none_or(|value| self.0.string(value).is_some_and(|text| text.trim().is_empty()))
    }
}

fn reaches(field: &str, name: &str, score: Option<f64>, threshold: f64) -> Result<(), Unmet> {
    match score {
        Some(score) if score >= threshold => Ok(()),
        Some(score) => Err(Unmet::new(field, format!("{name} is {score}, below {threshold}"))),
        None => Err(Unmet::new(field, format!("{name} is unknown"))),
    }
}
