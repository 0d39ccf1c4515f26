//! Four invented sessions to try the app with, created by the core shortly before now so that one of them is in
//! progress.
use callboard_core::{Action, Agent, Completion, Event, Initialize, Money, Policy, Refusal, Session, Timestamp, ids};

const MINUTE: i64 = 60;

/// Returns the sample files as name and text.
pub fn samples(now: Timestamp) -> Vec<(String, String)> {
    let made = [writing(now), failed(now), complete(now), fresh(now)];
    // The core accepts each of these steps, as the tests check.
    made.into_iter().filter_map(Result::ok).collect()
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

    fn file(self) -> (String, String) {
        let name = ids::file_name(self.number, self.created);
        (name, self.session.text().to_owned())
    }
}

fn writing(now: Timestamp) -> Result<(String, String), Refusal> {
    let mut made = Made::new(101, "Sample: who keeps the lighthouse?", 3, now.plus(-47 * MINUTE))?;
    made.complete(2, 31, Agent::ResearchCoordinator, 84, 0.91)?;
    made.start(34, Agent::ScriptWriter)?;
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
    Ok(Made::new(104, "Sample: the night shift at the observatory", 3, now.plus(-9 * MINUTE))?.file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::State;

    #[test]
    fn samples_cover_each_kind() {
        let samples = samples(Timestamp::from_unix(1_800_000_000));
        let states: Vec<_> =
            samples.iter().map(|(_, text)| Session::parse(text.as_str()).unwrap().state().unwrap()).collect();
        let expected = [State::Writing, State::Failed, State::Complete, State::Initialized];
        assert_eq!(states, expected);
        assert!(samples.iter().all(|(name, _)| name.ends_with(".json")));
    }
}
