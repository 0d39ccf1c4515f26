//! Invented sessions to try the app with, created by the core relative to now: some run, one is stalled, one is
//! escalated, one was sent back, one skipped a stage.
use callboard_core::{
    Action, Agent, Completion, Date, Event, GateReport, Initialize, Json, Money, Planning, Policy, Refusal, Session,
    Timestamp, ids,
};
use callboard_workspace::{Entry, Sessions};
use std::sync::Arc;

const MINUTE: i64 = 60;

/// Returns the sample files as name and text.
pub fn samples(now: Timestamp) -> Vec<(String, String)> {
    let made = [
        writing(now),
        failed(now),
        complete(now),
        fresh(now),
        escalated(now),
        stalled(now),
        sent_back(now),
        skipped(now),
    ];
    // The core accepts each of these steps, as the tests check.
    made.into_iter().filter_map(Result::ok).collect()
}

/// A sample session that the tour points at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleSession {
    /// Its writer is running.
    Running,
    /// It used up its retries.
    Escalated,
    /// Its quality gates failed.
    SentBack,
}

impl SampleSession {
    fn number(self) -> u64 {
        match self {
            Self::Running => 101,
            Self::Escalated => 105,
            Self::SentBack => 107,
        }
    }

    /// Finds the sample among the loaded sessions.
    pub fn find(self, sessions: &Sessions) -> Option<&Arc<Entry>> {
        let is_sample = |topic: &String| topic.starts_with("Sample: ");
        sessions.iter().find(|entry| {
            let summary = entry.summary();
            summary.number == Some(self.number()) && summary.topic.as_ref().is_some_and(is_sample)
        })
    }
}

struct Made {
    session: Session,
    number: u64,
    created: Timestamp,
}

impl Made {
    fn new(number: u64, topic: &str, complexity: u8, created: Timestamp) -> Result<Self, Refusal> {
        let mut new = Initialize::new(number, topic);
        new.complexity = complexity;
        let session = Session::initialize(&new, created, &Policy::default())?;
        Ok(Self { session, number, created })
    }

    fn step(&mut self, minute: i64, agent: Agent, action: Action) -> Result<(), Refusal> {
        let now = self.created.plus(minute * MINUTE);
        let event = Event::new(agent, action);
        self.session.apply(&event, now, &Policy::default())?;
        Ok(())
    }

    fn start(&mut self, minute: i64, agent: Agent) -> Result<(), Refusal> {
        let action = Action::Start { estimated_completion: None };
        self.step(minute, agent, action)
    }

    #[allow(clippy::cast_precision_loss)]
    fn complete(&mut self, from: i64, to: i64, agent: Agent, cents: i64, score: f64) -> Result<(), Refusal> {
        self.start(from, agent)?;
        let folder = agent.stage().name();
        let completion = Completion {
            output_file: Some(format!("output/{folder}/ep{:03}_{folder}.md", self.number)),
            cost: Some(Money::from_micros(cents * 10_000)),
            quality_score: Some(score),
            execution_time: Some(((to - from) * MINUTE) as f64),
            ..Completion::default()
        };
        self.step(to, agent, Action::Complete(completion))
    }

    fn fail(&mut self, minute: i64, agent: Agent, error: &str, cents: i64) -> Result<(), Refusal> {
        let action = Action::Fail { error: error.into(), cost: Some(Money::from_micros(cents * 10_000)) };
        self.step(minute, agent, action)
    }

    /// Plans the session: its owner, its due date in days from `now`, and its labels.
    fn plan(&mut self, owner: &str, due: Option<(Timestamp, i32)>, labels: &[&str]) -> Result<(), Refusal> {
        self.session.set_planning(&Planning {
            owner: Some(owner.into()),
            due: due.map(|(now, days)| Date::of(now, 0).plus_days(days)),
            labels: labels.iter().map(|label| (*label).to_owned()).collect(),
            notes: None,
        })
    }

    fn file(self) -> (String, String) {
        let name = ids::file_name(self.number, self.created);
        (name, self.session.text().to_owned())
    }
}

fn writing(now: Timestamp) -> Result<(String, String), Refusal> {
    let mut made = Made::new(101, "Sample: who keeps the lighthouse?", 3, now.plus(-47 * MINUTE))?;
    made.complete(2, 31, Agent::ResearchCoordinator, 84, 0.91)?;
    made.start(34, Agent::ScriptWriter)?;
    made.plan("Mira", Some((now, 0)), &["season 2"])?;
    Ok(made.file())
}

fn failed(now: Timestamp) -> Result<(String, String), Refusal> {
    let mut made = Made::new(102, "Sample: a short history of silence", 4, now.plus(-138 * MINUTE))?;
    made.complete(1, 34, Agent::ResearchCoordinator, 126, 0.88)?;
    made.start(36, Agent::ScriptWriter)?;
    made.fail(52, Agent::ScriptWriter, "The model did not answer within 15 minutes", 40)?;
    made.step(58, Agent::ScriptWriter, Action::Retry)?;
    made.complete(60, 84, Agent::ScriptWriter, 152, 0.9)?;
    made.start(88, Agent::QualityEvaluator)?;
    made.fail(97, Agent::QualityEvaluator, "The script's third part has no source notes", 22)?;
    made.plan("Jo", Some((now, 1)), &["season 2"])?;
    Ok(made.file())
}

fn complete(now: Timestamp) -> Result<(String, String), Refusal> {
    let mut made = Made::new(103, "Sample: what the tide tables leave out", 2, now.plus(-1_290 * MINUTE))?;
    made.complete(1, 27, Agent::ResearchCoordinator, 71, 0.94)?;
    made.complete(29, 50, Agent::ScriptWriter, 118, 0.92)?;
    made.complete(54, 63, Agent::QualityEvaluator, 39, 0.93)?;
    made.complete(65, 81, Agent::AudioSynthesizer, 164, 0.95)?;
    Ok(made.file())
}

fn fresh(now: Timestamp) -> Result<(String, String), Refusal> {
    let mut made = Made::new(104, "Sample: the night shift at the observatory", 3, now.plus(-9 * MINUTE))?;
    made.plan("Mira", Some((now, 6)), &["season 2", "interview"])?;
    Ok(made.file())
}

fn escalated(now: Timestamp) -> Result<(String, String), Refusal> {
    let mut made = Made::new(105, "Sample: the map that was wrong on purpose", 4, now.plus(-200 * MINUTE))?;
    made.complete(1, 30, Agent::ResearchCoordinator, 98, 0.9)?;
    // The first attempt and its three retries.
    for attempt in 0..4 {
        let minute = 34 + attempt * 34;
        if attempt > 0 {
            made.step(minute - 4, Agent::ScriptWriter, Action::Retry)?;
        }
        made.start(minute, Agent::ScriptWriter)?;
        made.fail(minute + 25, Agent::ScriptWriter, "The script ends in the middle of a sentence", 31)?;
    }
    made.plan("Jo", Some((now, 2)), &["season 2"])?;
    Ok(made.file())
}

fn stalled(now: Timestamp) -> Result<(String, String), Refusal> {
    let mut made = Made::new(106, "Sample: what a forest hears", 3, now.plus(-320 * MINUTE))?;
    made.start(2, Agent::ResearchCoordinator)?;
    made.plan("Mira", Some((now, -1)), &["pilot"])?;
    Ok(made.file())
}

fn sent_back(now: Timestamp) -> Result<(String, String), Refusal> {
    let mut made = Made::new(107, "Sample: counting to one", 2, now.plus(-125 * MINUTE))?;
    made.complete(1, 29, Agent::ResearchCoordinator, 88, 0.93)?;
    made.complete(33, 55, Agent::ScriptWriter, 121, 0.87)?;
    made.start(58, Agent::QualityEvaluator)?;
    let report = GateReport {
        failures: vec!["brand_consistency".into()],
        scores: vec![("brand_consistency".into(), 0.82), ("comprehension".into(), 0.91), ("overall".into(), 0.86)],
        recommendations: Json::parse(
            r#"["Open with the listener's question, as every episode does", "Say \"we don't know\" where the research does"]"#,
        )
        .ok(),
        technical_fixes: None,
    };
    let cost = Some(Money::from_micros(370_000));
    made.step(68, Agent::QualityEvaluator, Action::QualityFailure { report, cost, execution_time: Some(600.0) })?;
    made.plan("Jo", Some((now, 3)), &["season 2"])?;
    Ok(made.file())
}

fn skipped(now: Timestamp) -> Result<(String, String), Refusal> {
    let mut made = Made::new(108, "Sample: an interview with the last lamplighter", 1, now.plus(-74 * MINUTE))?;
    made.complete(1, 22, Agent::ResearchCoordinator, 64, 0.92)?;
    made.complete(25, 44, Agent::ScriptWriter, 109, 0.94)?;
    let reason = "A live recording: the guest approved the script herself".into();
    made.step(51, Agent::QualityEvaluator, Action::Skip { reason })?;
    made.plan("Mira", Some((now, 5)), &["interview"])?;
    Ok(made.file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::{HealthLevel, State};

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn parsed() -> Vec<Session> {
        let samples = samples(NOW);
        assert!(samples.iter().all(|(name, _)| name.ends_with(".json")));
        samples.iter().map(|(_, text)| Session::parse(text.as_str()).unwrap()).collect()
    }

    #[test]
    fn samples_cover_each_kind() {
        use HealthLevel::{AtRisk, Failed, Healthy, Stalled};
        let policy = Policy::default();
        let shown: Vec<_> =
            parsed().iter().map(|session| (session.state().unwrap(), session.health(NOW, &policy).health)).collect();
        let expected = [
            (State::Writing, Healthy),
            (State::Failed, AtRisk),
            (State::Complete, Healthy),
            (State::Initialized, Healthy),
            (State::Failed, Failed),
            (State::Researching, Stalled),
            (State::Writing, AtRisk),
            (State::Synthesizing, Healthy),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn samples_have_no_diagnostics_and_end_before_now() {
        for session in parsed() {
            assert_eq!(session.diagnostics(), [], "{:?}", session.id());
            assert!(session.history().iter().all(|entry| entry.at.unwrap() <= NOW));
        }
    }

    #[test]
    fn the_tour_finds_its_samples() {
        let mut sessions = Sessions::default();
        for session in parsed() {
            sessions.put(Arc::new(Entry::of_file(session.id().unwrap(), "a.json".into(), &session, NOW)));
        }
        for sample in [SampleSession::Running, SampleSession::Escalated, SampleSession::SentBack] {
            assert!(sample.find(&sessions).is_some(), "{sample:?}");
        }
        assert!(SampleSession::Running.find(&Sessions::default()).is_none());
    }
}
