//! The figures of a session that lists show, read once when the session changes.
use callboard_core::import::{ForeignSession, ForeignStatus};
use callboard_core::{Agent, AgentStatus, Digest, Money, Session, Stage, State, Timestamp};

/// The state of a session in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListState {
    /// A state of the framework; `UNKNOWN` for a session whose files do not say it.
    Known(State),
    /// A known state that is none of the framework's: in progress in a stage that the framework does not have, or behind
    /// a pipeline of one stage.
    Other,
    /// Cannot be read, for this reason.
    Unreadable(String),
}

impl ListState {
    /// Returns the state of the framework.
    pub fn known(&self) -> Option<State> {
        match self {
            Self::Known(state) => Some(*state),
            _ => None,
        }
    }

    /// Returns the reason why it cannot be read.
    pub fn unreadable(&self) -> Option<&str> {
        match self {
            Self::Unreadable(why) => Some(why),
            _ => None,
        }
    }
}

/// The marks of a session's stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marks {
    /// The four stages of the framework.
    Framework([Mark; 4]),
    /// The stages of another pipeline by their labels.
    Foreign(Box<[(Box<str>, Mark)]>),
}

/// The mark of one stage in the strip.
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
    /// In progress, in another pipeline.
    InProgress,
    /// Failed, in another pipeline.
    Failed,
    /// Not known: the state is unknown or cannot be read.
    Unknown,
}

/// A session on one line.
#[derive(Clone, Debug)]
pub struct Summary {
    /// The session's id, or the key of a session of another pipeline.
    pub id: String,
    /// The file's own name.
    pub file: String,
    /// The state.
    pub state: ListState,
    /// The label of another pipeline's state; none for a session of the framework's shape.
    pub state_label: Option<String>,
    /// The episode's number.
    pub number: Option<u64>,
    /// The episode's topic.
    pub topic: Option<String>,
    /// The stages.
    pub marks: Marks,
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
    /// The time of the session's creation.
    pub created: Option<Timestamp>,
    /// The title of the shape of another pipeline's session.
    pub shape: Option<String>,
    /// The last error of the current agent.
    pub error: Option<String>,
    /// The paths of the agents' output files, as the session names them.
    pub outputs: Box<[Box<str>]>,
    /// The text that a search looks through, in small letters.
    haystack: Box<str>,
}

impl Summary {
    /// Reads what a list shows.
    pub fn of(id: &str, file: &str, session: &Session, digest: &Digest, changed: bool) -> Self {
        let episode = session.episode();
        let costs = *digest.costs();
        // The sentence is made only for a state that cannot be read.
        let state = match digest.state() {
            Some(state) => ListState::Known(state),
            None => match session.state() {
                Ok(state) => ListState::Known(state),
                Err(unreadable) => ListState::Unreadable(unreadable.to_string()),
            },
        };
        let current = digest.stage();
        let done = digest.done();
        let percent = digest.progress_percentage();
        let marks = Stage::ALL.map(|stage| match &state {
            _ if percent.is_none() => Mark::Unknown,
            ListState::Known(state) if current == Some(stage) => Mark::Current(*state),
            _ if !done[stage.index()] => Mark::Pending,
            _ if session.agent(stage.agent()).status == AgentStatus::Skipped => Mark::Skipped,
            _ => Mark::Complete,
        });
        let agent = current.map(Stage::agent);
        let error = agent.and_then(|agent| session.agent(agent).error);
        let outputs = Agent::ALL.into_iter().filter_map(|agent| session.agent(agent).output_file);
        let outputs = outputs.map(String::into_boxed_str).collect();
        let topic = episode.topic;
        let mut words = vec![
            topic.as_deref().unwrap_or_default(),
            id,
            file,
            agent.map(Agent::name).unwrap_or_default(),
            error.as_deref().unwrap_or_default(),
        ];
        let planning = &digest.planning;
        words.extend([&planning.owner, &planning.notes].into_iter().flatten().map(String::as_str));
        words.extend(planning.labels.iter().map(String::as_str));
        Self {
            id: id.to_owned(),
            file: file.to_owned(),
            state,
            state_label: None,
            number: episode.number,
            haystack: words.join("\n").to_lowercase().into(),
            topic,
            marks: Marks::Framework(marks),
            percent,
            cost: costs.total,
            budget: costs.budget,
            within_budget: costs.within_budget,
            updated: digest.last_updated,
            changed,
            conflict: false,
            created: digest.created,
            shape: None,
            error,
            outputs,
        }
    }

    /// Reads what a list shows of another pipeline's session.
    pub fn of_foreign(session: &ForeignSession) -> Self {
        let status = session.state.as_ref().map(|state| state.value);
        // A pipeline of one stage that is complete says nothing of the next one.
        let is_part = session.covers.is_some() && status == Some(ForeignStatus::Complete);
        let state = session.framework_state().filter(|_| !is_part).map_or(ListState::Other, ListState::Known);
        let mark = |status: ForeignStatus| match status {
            ForeignStatus::NotStarted => Mark::Pending,
            ForeignStatus::InProgress => Mark::InProgress,
            ForeignStatus::Failed => Mark::Failed,
            ForeignStatus::Complete => Mark::Complete,
            ForeignStatus::Skipped => Mark::Skipped,
        };
        let marks = session.stages.iter().map(|stage| {
            let status = stage.status.as_ref();
            (stage.label.as_str().into(), status.map_or(Mark::Unknown, |status| mark(status.value)))
        });
        let path = session.files.first().map(|file| &*file.path).unwrap_or_default();
        let topic = session.topic.as_ref().map(|topic| topic.value.clone());
        let texts: Vec<&str> =
            std::iter::once(topic.as_deref().unwrap_or_default()).chain(session.search_texts()).collect();
        let (cost, budget) =
            (session.cost.as_ref().map(|cost| cost.value), session.budget.as_ref().map(|budget| budget.value));
        let percent = session.progress.as_ref().and_then(|progress| progress.value.percent);
        let stage_error = session.stages.iter().find_map(|stage| stage.error.as_ref());
        Self {
            id: session.key.clone(),
            file: crate::split(path).1.to_owned(),
            state,
            state_label: session.state_label(),
            number: session.episode.as_ref().map(|episode| episode.value),
            haystack: texts.join("\n").to_lowercase().into(),
            topic,
            marks: Marks::Foreign(marks.collect()),
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            percent: percent.map(|percent| percent.clamp(0.0, 100.0).floor() as u8),
            cost,
            budget,
            within_budget: cost.zip(budget).map(|(cost, budget)| cost <= budget),
            updated: session.updated.as_ref().map(|updated| updated.value),
            changed: false,
            conflict: false,
            created: session.created.as_ref().map(|created| created.value),
            shape: Some(session.shapes.first().map(|shape| shape.to_string()).unwrap_or_default()),
            error: session.errors.first().or(stage_error).map(|error| error.value.clone()),
            outputs: Box::default(),
        }
    }

    /// The topic in small letters, as the search has it already.
    pub fn topic_to_sort_by(&self) -> Option<&str> {
        self.topic.as_ref().and_then(|_| self.haystack.split('\n').next())
    }

    /// Returns the text that a search looks through, in small letters: the topic, the id, the file's name, the agent's name,
    /// its error, and the planning.
    pub fn haystack(&self) -> &str {
        &self.haystack
    }
}
