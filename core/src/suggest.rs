//! Suggested values for an event that a person enters.

use crate::{Agent, AgentStatus, Policy, Session, Timestamp};

/// Suggested values for an agent's next event: shown to the person, never assumed.
///
/// See the example at [`Session::suggestions`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suggestions {
    /// Output file in the agent's block.
    pub output_file: Option<String>,
    /// Seconds since the running attempt started; none if the agent is not running or stalled.
    pub elapsed: Option<i64>,
    /// Estimated completion: the running agent's estimate, or now plus the typical duration.
    pub estimated_completion: Option<Timestamp>,
    /// Values for the data of the handoff, by name.
    pub handoff: Vec<(&'static str, String)>,
    /// True if a completion should hand over: the policy requires it, or an agent before did.
    pub hands_over: bool,
}

impl Session {
    /// Suggests values for an agent's next event.
    ///
    /// ```
    /// use callboard_core::{Agent, Policy, Session, Timestamp};
    /// let session = Session::parse(r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"},
    ///     "agent_outputs": {"script_writer": {"status": "in_progress", "start_time": "2024-08-11T15:00:00Z"}}}"#).unwrap();
    /// let now = Timestamp::parse("2024-08-11T15:20:00Z").unwrap();
    /// let suggestions = session.suggestions(Agent::ScriptWriter, now, &Policy::default());
    /// assert_eq!((suggestions.elapsed, suggestions.hands_over), (Some(1200), false));
    /// let strict = Policy { require_handoff: true, ..Policy::default() };
    /// assert!(session.suggestions(Agent::ScriptWriter, now, &strict).hands_over);
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
            hands_over: agent.stage().next().is_some() && (policy.require_handoff || self.hands_over_before(agent)),
            output_file: output.output_file,
        }
    }

    /// True if an agent of an earlier stage has handed over.
    fn hands_over_before(&self, agent: Agent) -> bool {
        let before = Agent::ALL.into_iter().take(agent.index());
        before.into_iter().any(|before| self.at(&["agent_outputs", before.name(), "handoff"]).is_some())
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
