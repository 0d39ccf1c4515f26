//! The figures of a session that lists show, read once when the session changes.
use callboard_core::Money;
use callboard_core::{Agent, AgentStatus, Digest, Session, Stage, State, Timestamp};

/// The mark of one stage in the strip of four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Not reached.
    Pending,
    /// Behind, done.
    Complete,
    /// Behind, left out.
    Skipped,
    /// The current one, with the session's state.
    Current(State),
    /// Not known: the state is unknown or cannot be read.
    Unknown,
}

/// A session on one line.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The session's id.
    pub id: String,
    /// The file's own name.
    pub file: String,
    /// The state, or why it cannot be read.
    pub state: Result<State, String>,
    /// The episode's number.
    pub number: Option<u64>,
    /// The episode's topic.
    pub topic: Option<String>,
    /// The four stages.
    pub marks: [Mark; 4],
    /// Complete and skipped stages, in percent; none where the state is unknown or cannot be read.
    pub percent: Option<u8>,
    /// The total cost.
    pub cost: Option<Money>,
    /// The budget.
    pub budget: Option<Money>,
    /// True if the cost is within the budget; `None` unless both are known.
    pub within_budget: Option<bool>,
    /// The time of the session's last change.
    pub updated: Option<Timestamp>,
    /// True if the text differs from the file's.
    pub changed: bool,
    /// True if the session has an unresolved conflict.
    pub conflict: bool,
    /// The figures from which the core works out health and progress at any moment.
    pub digest: Digest,
    /// The last error of the current agent.
    pub error: Option<String>,
    /// The text that a search looks through, in small letters.
    haystack: Box<str>,
}

impl Summary {
    /// Reads what a list shows.
    pub fn of(id: &str, file: &str, session: &Session, changed: bool) -> Self {
        let episode = session.episode();
        let digest = session.digest();
        let costs = *digest.costs();
        // The sentence is made only for a state that cannot be read.
        let state = match digest.state() {
            Some(state) => Ok(state),
            None => session.state().map_err(|unreadable| unreadable.to_string()),
        };
        let current = digest.stage();
        let done = digest.done();
        let percent = digest.progress_percentage();
        let marks = Stage::ALL.map(|stage| match &state {
            _ if percent.is_none() => Mark::Unknown,
            Ok(state) if current == Some(stage) => Mark::Current(*state),
            _ if !done[stage.index()] => Mark::Pending,
            _ if session.agent(stage.agent()).status == AgentStatus::Skipped => Mark::Skipped,
            _ => Mark::Complete,
        });
        let agent = current.map(Stage::agent);
        let error = agent.and_then(|agent| session.agent(agent).error);
        let topic = episode.topic;
        let words = [
            topic.as_deref().unwrap_or_default(),
            id,
            file,
            agent.map(Agent::name).unwrap_or_default(),
            error.as_deref().unwrap_or_default(),
        ];
        Self {
            id: id.to_owned(),
            file: file.to_owned(),
            state,
            number: episode.number,
            haystack: words.join("\n").to_lowercase().into(),
            topic,
            marks,
            percent,
            cost: costs.total,
            budget: costs.budget,
            within_budget: costs.within_budget,
            updated: digest.last_updated,
            changed,
            conflict: false,
            digest,
            error,
        }
    }

    /// The topic in small letters, as the search has it already.
    pub fn topic_to_sort_by(&self) -> Option<&str> {
        self.topic.as_ref().and_then(|_| self.haystack.split('\n').next())
    }

    /// Returns the text that a search looks through, in small letters: the topic, the id, the file's name, the agent's name
    /// and its error.
    pub fn haystack(&self) -> &str {
        &self.haystack
    }
}
