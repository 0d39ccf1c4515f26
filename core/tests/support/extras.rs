//! Handwritten vectors: files of other writers, and slightly wrong events.

use super::SAMPLE;

/// Time of the events: 22 minutes after the sample's last change.
pub const NOW: &str = "2024-08-11T15:20:00Z";

/// Replacements in a text, one after the other.
pub type Edits = &'static [(&'static str, &'static str)];

/// Cases of one kind of event on variations of one file.
pub struct Extra {
    pub kind: &'static str,
    pub base: &'static str,
    /// Name, differences from the base, and the event.
    pub cases: &'static [(&'static str, Edits, &'static str)],
}

const FAIL: &str = r#"{"type": "fail", "agent": "script_writer", "error": "timeout", "cost": 0.1}"#;
const RETRY: &str = r#"{"type": "retry", "agent": "script_writer"}"#;
const START: &str = r#"{"type": "start", "agent": "script_writer"}"#;

pub const IDLE: (&str, &str) = (r#""status": "in_progress""#, r#""status": "pending""#);
const FAILED: (&str, &str) = (r#""status": "in_progress""#, r#""status": "failed""#);
pub const BARE: &str = r#"{"session_id": "ep_5", "pipeline_state": {"current_stage": "writing"}}"#;

pub const EXTRAS: &[Extra] = &[
    Extra {
        kind: "start",
        base: SAMPLE,
        cases: &[
            ("the first start of a stage stays", &[IDLE], START),
            (
                "a start that nobody recorded is",
                &[IDLE, (",\n    \"writing_started\": \"2024-08-11T14:58:00Z\"", "")],
                START,
            ),
            (
                "a time with an offset is written in UTC",
                &[IDLE],
                r#"{"type": "start", "agent": "script_writer", "estimated_completion": "2024-08-11T18:00:00.7+02:00"}"#,
            ),
            (
                "a time that is none",
                &[IDLE],
                r#"{"type": "start", "agent": "script_writer", "estimated_completion": "soon"}"#,
            ),
            ("no current stage: the first that is open", &[IDLE, ("    \"current_stage\": \"writing\",\n", "")], START),
            (
                "initialized, though a stage is complete",
                &[IDLE, (r#""current_stage": "writing""#, r#""current_stage": "initialized""#)],
                START,
            ),
            ("an event without a type", &[], r#"{"agent": "script_writer"}"#),
            ("an event without an agent", &[], r#"{"type": "start"}"#),
            ("a type nobody knows", &[], r#"{"type": "strat", "agent": "script_writer"}"#),
        ],
    },
    Extra {
        kind: "progress",
        base: SAMPLE,
        cases: &[
            (
                "a late bill of a completed stage",
                &[],
                r#"{"type": "progress", "agent": "research_coordinator", "cost": 0.4}"#,
            ),
            (
                "a history on one line gets an entry of its own",
                &[(
                    "14:58:00Z\"\n  }\n}",
                    "14:58:00Z\"\n  },\n  \"history\": [{\"at\": \"2024-08-11T14:30:00Z\", \"event\": \"initialize\"}]\n}",
                )],
                r#"{"type": "progress", "agent": "script_writer"}"#,
            ),
            (
                "a stage's cost that is no amount",
                &[(r#""writing": 0.00"#, r#""writing": "free""#)],
                r#"{"type": "progress", "agent": "script_writer", "cost": 1}"#,
            ),
            (
                "a cost that is given twice",
                &[],
                r#"{"type": "progress", "agent": "script_writer", "cost": 1, "Cost": 5}"#,
            ),
            (
                "a total that is no amount",
                &[(r#""total": 0.00"#, r#""total": "3.20""#)],
                r#"{"type": "progress", "agent": "script_writer", "cost": 1}"#,
            ),
            (
                "a total that is no amount comes before an unknown agent",
                &[(r#""total": 0.00"#, r#""total": "3.20""#)],
                r#"{"type": "progress", "agent": "nobody", "cost": 1}"#,
            ),
            (
                "a total that is no amount refuses nothing without a cost",
                &[(r#""total": 0.00"#, r#""total": "3.20""#)],
                r#"{"type": "progress", "agent": "script_writer"}"#,
            ),
            (
                "under a budget that is no amount nobody knows whether it is kept",
                &[(r#""budget": 9.00"#, r#""budget": "9 USD""#)],
                r#"{"type": "progress", "agent": "script_writer", "cost": 1}"#,
            ),
            (
                "under a budget that is no amount a flag that is absent is not added",
                &[("    \"budget\": 9.00,\n    \"within_budget\": true", "    \"budget\": \"9 USD\"")],
                r#"{"type": "progress", "agent": "script_writer", "cost": 1}"#,
            ),
        ],
    },
    Extra {
        kind: "fail",
        base: SAMPLE,
        cases: &[
            ("the sample", &[], FAIL),
            ("at the limit it escalates", &[(r#""retry_count": 0"#, r#""retry_count": 3"#)], FAIL),
            (
                "an error of several lines",
                &[],
                r#"{"type": "fail", "agent": "script_writer", "error": "a \"quote\"\n\tand more\\"}"#,
            ),
            (
                "an escalation that somebody has left behind still wants a person",
                &[(r#""retry_count": 0"#, r#""retry_count": 0, "escalation": {"stage": "writing"}"#)],
                FAIL,
            ),
            ("without an error", &[], r#"{"type": "fail", "agent": "script_writer"}"#),
        ],
    },
    Extra {
        kind: "retry",
        base: SAMPLE,
        cases: &[
            ("a failure that nobody counted", &[FAILED], RETRY),
            (
                "a retry that was counted at the failure sets only the status",
                &[
                    FAILED,
                    (r#""failed_attempts": 0"#, r#""failed_attempts": 1"#),
                    (r#""retry_count": 0"#, r#""retry_count": 1"#),
                ],
                RETRY,
            ),
            (
                "out of retries without an escalation",
                &[
                    FAILED,
                    (r#""failed_attempts": 0"#, r#""failed_attempts": 4"#),
                    (r#""retry_count": 0"#, r#""retry_count": 3"#),
                ],
                RETRY,
            ),
            (
                "the third retry that was counted at the failure",
                &[
                    FAILED,
                    (r#""failed_attempts": 0"#, r#""failed_attempts": 3"#),
                    (r#""retry_count": 0"#, r#""retry_count": 3"#),
                ],
                RETRY,
            ),
            (
                "an escalation that somebody else wrote",
                &[FAILED, (r#""retry_count": 0"#, r#""retry_count": 0, "escalation": {}"#)],
                RETRY,
            ),
        ],
    },
    Extra {
        kind: "resume",
        base: SAMPLE,
        cases: &[
            (
                "an escalation goes, and what it counted",
                &[
                    FAILED,
                    (r#""failed_attempts": 0"#, r#""failed_attempts": 4"#),
                    (
                        r#""retry_count": 0"#,
                        "\"retry_count\": 3,\n    \"gate_failures\": 2,\n    \"escalation\": {\"stage\": \"writing\"}",
                    ),
                ],
                r#"{"type": "resume", "agent": "script_writer", "override": true, "reason": "the service is back"}"#,
            ),
            (
                "not overdue by a second",
                &[
                    ("15:18:00Z", "14:10:00Z"),
                    (r#""last_updated": "2024-08-11T14:58:00Z""#, r#""last_updated": "2024-08-11T14:20:00Z""#),
                ],
                r#"{"type": "resume", "agent": "script_writer"}"#,
            ),
            (
                "overdue by a second",
                &[
                    ("15:18:00Z", "14:10:00Z"),
                    (r#""last_updated": "2024-08-11T14:58:00Z""#, r#""last_updated": "2024-08-11T14:19:59Z""#),
                ],
                r#"{"type": "resume", "agent": "script_writer"}"#,
            ),
            (
                "overdue, and out of retries",
                &[
                    ("15:18:00Z", "14:10:00Z"),
                    (r#""last_updated": "2024-08-11T14:58:00Z""#, r#""last_updated": "2024-08-11T14:00:00Z""#),
                    (r#""retry_count": 0"#, r#""retry_count": 3"#),
                ],
                r#"{"type": "resume", "agent": "script_writer"}"#,
            ),
            (
                "overdue, under an escalation that somebody has left behind",
                &[
                    ("15:18:00Z", "14:10:00Z"),
                    (r#""last_updated": "2024-08-11T14:58:00Z""#, r#""last_updated": "2024-08-11T14:00:00Z""#),
                    (r#""retry_count": 0"#, r#""retry_count": 0, "escalation": {"stage": "writing"}"#),
                ],
                r#"{"type": "resume", "agent": "script_writer"}"#,
            ),
            (
                "an override that is no flag",
                &[FAILED],
                r#"{"type": "resume", "agent": "script_writer", "override": "yes"}"#,
            ),
        ],
    },
    Extra {
        kind: "quality_failure",
        base: BARE,
        cases: &[
            (
                "one of several writers' files",
                &[("writing", "evaluation")],
                r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"failures": ["technical"], "technical_fixes": {"scene 3": ["slower"], "empty": [], "nested": [[1, 2], {}]}}}"#,
            ),
            (
                "what is equal already keeps its spelling and its layout",
                &[(
                    r#""writing"}"#,
                    r#""SYNTHESIZING", "gate_failures": 3}, "agent_outputs": {"quality_evaluator": {"status": "Failed"}}, "feedback": [ "a" , 1.0 ]"#,
                )],
                r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"failures": ["overall"], "recommendations": ["a", 1]}}"#,
            ),
            (
                "names that mean what shall be keep their spelling",
                &[(
                    r#""writing"}"#,
                    r#""Quality-Evaluator", "gate_failures": 3}, "agent_outputs": {"quality_evaluator": {"status": "PENDING"}}"#,
                )],
                r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"failures": ["overall"]}}"#,
            ),
            (
                "what fails twice is named once",
                &[("writing", "evaluation")],
                r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"failures": ["engagement", "engagement"], "scores": {"engagement": 0.1}}}"#,
            ),
            (
                "without a report",
                &[("writing", "evaluation")],
                r#"{"type": "quality_failure", "agent": "quality_evaluator"}"#,
            ),
            (
                "failures that are no names",
                &[("writing", "evaluation")],
                r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"failures": [1]}}"#,
            ),
            (
                "a score above 1",
                &[("writing", "evaluation")],
                r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"scores": {"overall": 85}}}"#,
            ),
            (
                "once the audio is due, though nothing says that the evaluation is complete",
                &[("writing", "synthesis")],
                r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"failures": ["technical"]}}"#,
            ),
            (
                "once the audio is begun, and nothing says that the evaluation is complete",
                &[(
                    r#""writing"}"#,
                    r#""synthesis"}, "agent_outputs": {"audio_synthesizer": {"status": "in_progress"}}"#,
                )],
                r#"{"type": "quality_failure", "agent": "quality_evaluator", "report": {"failures": ["technical"]}}"#,
            ),
            (
                "by another agent",
                &[],
                r#"{"type": "quality_failure", "agent": "script_writer", "report": {"failures": ["technical"]}}"#,
            ),
        ],
    },
    Extra {
        kind: "skip",
        base: SAMPLE,
        cases: &[
            (
                "a list of skipped stages is made",
                &[IDLE],
                r#"{"type": "skip", "agent": "script_writer", "reason": "written by hand"}"#,
            ),
            (
                "a list of skipped stages is kept",
                &[IDLE, (r#""retry_count": 0"#, r#""skipped_stages": [], "retry_count": 0"#)],
                r#"{"type": "skip", "agent": "script_writer", "reason": "written by hand"}"#,
            ),
            (
                "a stage that is still listed as complete is so no more",
                &[IDLE, (r#"["research"]"#, r#"["research", "Script-Writer"]"#)],
                r#"{"type": "skip", "agent": "script_writer", "reason": "written by hand"}"#,
            ),
        ],
    },
    Extra {
        kind: "update",
        base: SAMPLE,
        cases: &[
            (
                "in_progress on a pending agent is start",
                &[IDLE],
                r#"{"type": "update", "agent": "script_writer", "status": "in_progress"}"#,
            ),
            (
                "in_progress on a running agent is progress",
                &[],
                r#"{"type": "update", "agent": "script_writer", "status": "in_progress", "cost": 0.1}"#,
            ),
            (
                "completed is complete",
                &[],
                r#"{"type": "update", "agent": "script_writer", "status": "completed", "output_file": "a.md", "cost": 1.2}"#,
            ),
            (
                "failed is fail",
                &[],
                r#"{"type": "update", "agent": "script_writer", "status": "failed", "error": "timeout"}"#,
            ),
            ("no status is progress", &[], r#"{"type": "update", "agent": "script_writer", "cost": 0.1}"#),
            (
                "scores by name are metrics",
                &[],
                r#"{"type": "update", "agent": "script_writer", "status": "complete", "quality_score": {"script_quality": 0.9, "brand_consistency": 0.95}}"#,
            ),
            ("a status nobody knows", &[], r#"{"type": "update", "agent": "script_writer", "status": "sleeping"}"#),
        ],
    },
];

/// New sessions.
pub const NEW: &[(&str, &str)] = &[
    ("a new session", r#"{"type": "initialize", "episode": 1, "topic": "consciousness", "complexity": 3}"#),
    ("the defaults", r#"{"type": "initialize", "episode": 1234, "topic": "tides"}"#),
    (
        "a topic that needs escapes",
        r#"{"type": "initialize", "episode": 42, "topic": "\"Why?\" \\ über\n", "complexity": 5}"#,
    ),
    ("a key", r#"{"type": "initialize", "episode": 1, "topic": "tides", "key": "morning \"run\""}"#),
    ("an empty key", r#"{"type": "initialize", "episode": 1, "topic": "tides", "key": ""}"#),
    ("episode 0", r#"{"type": "initialize", "episode": 0, "topic": "tides"}"#),
    ("no topic", r#"{"type": "initialize", "episode": 1, "topic": " "}"#),
    ("too complex", r#"{"type": "initialize", "episode": 1, "topic": "tides", "complexity": 6}"#),
];
