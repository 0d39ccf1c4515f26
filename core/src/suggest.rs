//! What the core can fill in beforehand for whoever reports an event by hand.

use crate::{Agent, AgentStatus, Policy, Session, Timestamp};

/// What is known before an event of an agent is reported: to be offered, never to be assumed.
///
/// See the example at [`Session::suggestions`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suggestions {
    /// The output that the agent's block names already.
    pub output_file: Option<String>,
    /// How long the running attempt has taken, in seconds; none where it does not run, or is overdue.
    pub elapsed: Option<i64>,
    /// When the agent should be done: as it says while it runs, else now and its typical duration.
    pub estimated_completion: Option<Timestamp>,
    /// Values for the data of its handoff, by name.
    pub handoff: Vec<(&'static str, String)>,
}

impl Session {
    /// What is known of an agent before its next event.
    ///
    /// ```
    /// use callboard_core::{Agent, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
    ///     "agent_outputs": {"script_writer": {"status": "in_progress", "start_time": "2024-08-11T15:00:00Z"}}}"#).unwrap();
    /// let now = Timestamp::parse("2024-08-11T15:20:00Z").unwrap();
    /// assert_eq!(session.suggestions(Agent::ScriptWriter, now, &Policy::default()).elapsed, Some(1200));
    /// ```
    pub fn suggestions(&self, agent: Agent, now: Timestamp, policy: &Policy) -> Suggestions {
        let output = self.agent(agent);
        let running = output.status == AgentStatus::InProgress;
        let elapsed = |start: Timestamp| now.unix() - start.unix();
        let credible = running && !self.stalled(agent, now, policy);
        let estimate = match self.estimate(agent, policy).filter(|estimate| running && *estimate > now) {
            Some(estimate) => estimate,
            None => now.plus(policy.typical_duration(agent.stage())),
        };
        Suggestions {
            elapsed: output.start_time.filter(|_| credible).map(elapsed).filter(|seconds| *seconds > 0),
            estimated_completion: Some(estimate),
            handoff: self.handoff_suggestions(agent),
            output_file: output.output_file,
        }
    }

    fn handoff_suggestions(&self, agent: Agent) -> Vec<(&'static str, String)> {
        let made_by = |agent: Agent| self.agent(agent).output_file;
        let episode = self.episode();
        let known = match agent {
            Agent::ResearchCoordinator => vec![
                ("research_package", made_by(agent)),
                ("complexity_assessment", episode.complexity_target.map(|level| level.to_string())),
            ],
            Agent::ScriptWriter => vec![
                ("script_file", made_by(agent)),
                ("estimated_duration", episode.duration_target.map(|minutes| minutes.to_string())),
                ("complexity_level", episode.complexity_target.map(|level| level.to_string())),
            ],
            Agent::QualityEvaluator => vec![
                ("validated_script", made_by(Agent::ScriptWriter)),
                ("quality_report", made_by(agent)),
                ("approval_status", Some("PASS".to_owned())),
            ],
            Agent::AudioSynthesizer => Vec::new(),
        };
        known.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}
