//! Creation of a new session's file.

use super::Session;
use crate::document::{ROOT, quote};
use crate::fields::{Fields, check_key};
use crate::refusal::Fault;
use crate::{Agent, AgentStatus, Metric, Money, ParseError, Policy, Refusal, Stage, Timestamp, ids};

/// Values of a new session.
///
/// ```
/// use callboard_core::{Initialize, Policy, Session, State, Timestamp};
/// let now = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
/// let session = Session::initialize(&Initialize::new(1, "consciousness"), now, &Policy::default()).unwrap();
/// assert_eq!(session.id().as_deref(), Some("ep_001_20240811_1430"));
/// assert_eq!(session.state(), Ok(State::Initialized));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Initialize {
    /// Episode number, from 1.
    pub episode: u64,
    /// Topic.
    pub topic: String,
    /// Complexity, 1 to 5.
    pub complexity: u8,
    /// Target duration in minutes.
    pub duration: f64,
    /// Target audience.
    pub audience: String,
    /// Budget; by default the policy's.
    pub budget: Option<Money>,
    /// Key of 1 to 128 characters, kept in the first history entry.
    pub key: Option<String>,
}

/// Name of the object, for messages.
const OF: &str = "new session";

impl Initialize {
    /// Creates values with the default complexity (3), duration (27 minutes), audience (`general`) and budget.
    ///
    /// ```
    /// use callboard_core::Initialize;
    /// let new = Initialize { complexity: 5, ..Initialize::new(7, "tides") };
    /// assert_eq!((new.episode, new.duration, new.audience.as_str()), (7, 27.0, "general"));
    /// ```
    pub fn new(episode: u64, topic: impl Into<String>) -> Initialize {
        Initialize {
            episode,
            topic: topic.into(),
            complexity: 3,
            duration: 27.0,
            audience: "general".to_owned(),
            budget: None,
            key: None,
        }
    }

    /// Parses the values from JSON: `{"episode", "topic", "complexity", "duration", "audience", "budget", "key"}`. The first
    /// two are required.
    ///
    /// # Errors
    /// `invalid_value`, with the field, the value it needs and the value it has.
    ///
    /// ```
    /// use callboard_core::Initialize;
    /// let new = Initialize::from_json(r#"{"episode": 4, "topic": "tides", "duration": 30}"#).unwrap();
    /// assert_eq!((new.episode, new.complexity, new.duration), (4, 3, 30.0));
    /// let refusal = Initialize::from_json(r#"{"episode": "4", "topic": "tides"}"#).unwrap_err();
    /// assert_eq!(refusal.message, "episode must be a whole number, not \"4\".");
    /// ```
    pub fn from_json(text: &str) -> Result<Initialize, Refusal> {
        Initialize::read(text).map_err(|fault| fault.into_refusal(Vec::new()))
    }

    fn read(text: &str) -> Result<Initialize, Fault> {
        let document = Fields::document(text, OF, "A new session is an object with episode and topic.")?;
        let fields = Fields { document: &document, object: ROOT, of: OF };
        fields.only(&["episode", "topic", "complexity", "duration", "audience", "budget", "key"])?;
        let episode = fields.whole("episode", u64::MAX)?;
        let missing = || Fault::invalid(format!("The {OF} has no episode."), "a field \"episode\"", "none");
        let mut new = Initialize::new(episode.ok_or_else(missing)?, fields.required("topic")?);
        if let Some(complexity) = fields.whole("complexity", u64::MAX)? {
            // A number that does not fit is out of range anyway.
            new.complexity = u8::try_from(complexity).unwrap_or(u8::MAX);
        }
        new.duration = fields.number("duration")?.unwrap_or(new.duration);
        new.audience = fields.text("audience")?.unwrap_or(new.audience);
        new.budget = fields.money("budget")?;
        new.key = fields.key()?;
        Ok(new)
    }

    /// Checks the values, as [`Session::initialize`] does.
    ///
    /// # Errors
    /// `invalid_value`, with the field that is wrong.
    ///
    /// ```
    /// use callboard_core::Initialize;
    /// let new = Initialize { complexity: 6, ..Initialize::new(7, "tides") };
    /// assert_eq!(new.check().unwrap_err().field.as_deref(), Some("complexity"));
    /// ```
    pub fn check(&self) -> Result<(), Refusal> {
        self.validate().map_err(|fault| fault.into_refusal(Vec::new()))
    }

    fn validate(&self) -> Result<(), Fault> {
        if self.episode == 0 || self.episode > 1 << 53 {
            return Err(Fault::invalid(
                "The episode's number must be a whole number from 1.",
                "a whole number from 1",
                self.episode.to_string(),
            )
            .at("episode"));
        }
        if self.topic.trim().is_empty() {
            return Err(Fault::invalid("A session needs a topic.", "a string", "an empty string").at("topic"));
        }
        if !(1..=5).contains(&self.complexity) {
            let actual = self.complexity.to_string();
            return Err(Fault::invalid(format!("The complexity must be 1 to 5, not {actual}."), "1 to 5", actual)
                .at("complexity"));
        }
        if !(self.duration.is_finite() && self.duration > 0.0) {
            let actual = self.duration.to_string();
            return Err(Fault::invalid(
                format!("The duration must be more than 0 minutes, not {actual}."),
                "minutes, more than 0",
                actual,
            )
            .at("duration"));
        }
        if self.budget.is_some_and(|budget| budget < Money::ZERO) {
            return Err(Fault::invalid(
                "The budget must not be negative.",
                "0 or more",
                self.budget.unwrap_or_default().to_string(),
            )
            .at("budget"));
        }
        check_key(self.key.as_deref())
    }
}

impl Session {
    /// Creates a session: a new file with one history entry.
    ///
    /// # Errors
    /// `invalid_value`, with the value.
    ///
    /// ```
    /// use callboard_core::{Initialize, Policy, RefusalCode, Session, Timestamp};
    /// let new = Initialize { complexity: 6, ..Initialize::new(7, "tides") };
    /// let refusal = Session::initialize(&new, Timestamp::from_unix(0), &Policy::default()).unwrap_err();
    /// assert_eq!((refusal.code, refusal.expected.as_str()), (RefusalCode::InvalidValue, "1 to 5"));
    /// ```
    pub fn initialize(new: &Initialize, now: Timestamp, policy: &Policy) -> Result<Session, Refusal> {
        new.check()?;
        let broken = |error: ParseError| {
            Fault::invalid(format!("The new session cannot be read: {error}"), "a session", "text")
                .into_refusal(Vec::new())
        };
        Session::parse(file(new, now, policy)).map_err(broken)
    }
}

fn file(new: &Initialize, now: Timestamp, policy: &Policy) -> String {
    let audience = match new.audience.as_str() {
        "general" => String::new(),
        audience => format!(",\n    \"target_audience\": {}", quote(audience)),
    };
    let agents =
        Agent::ALL.map(|agent| format!("    \"{agent}\": {{\n      \"status\": \"{}\"\n    }}", AgentStatus::Pending));
    let metrics = Metric::ALL.map(|metric| format!("    \"{metric}\": null"));
    let costs = Stage::ALL.map(|stage| format!("    \"{stage}\": {},\n", Money::ZERO));
    let stages = Stage::ALL.map(|stage| format!("\"{stage}\""));
    format!(
        r#"{{
  "session_id": {id},
  "episode": {{
    "number": {number},
    "topic": {topic},
    "complexity_target": {complexity},
    "duration_target": {duration}{audience}
  }},

  "pipeline_state": {{
    "current_stage": "initialized",
    "completed_stages": [],
    "pending_stages": [{stages}],
    "failed_attempts": 0,
    "retry_count": 0
  }},

  "agent_outputs": {{
{agents}
  }},

  "quality_metrics": {{
{metrics}
  }},

  "cost_tracking": {{
{costs}    "total": 0.00,
    "budget": {budget},
    "within_budget": true
  }},

  "timestamps": {{
    "created": "{now}",
    "last_updated": "{now}"
  }},

  "history": [
    {{"at": "{now}", "event": "initialize", "to": "INITIALIZED"{key}}}
  ]
}}
"#,
        id = quote(&ids::session_id(new.episode, now)),
        number = new.episode,
        topic = quote(&new.topic),
        complexity = new.complexity,
        duration = new.duration,
        stages = stages.join(", "),
        agents = agents.join(",\n"),
        metrics = metrics.join(",\n"),
        costs = costs.concat(),
        budget = new.budget.unwrap_or(policy.budget),
        key = new.key.as_ref().map(|key| format!(", \"key\": {}", quote(key))).unwrap_or_default(),
    )
}
