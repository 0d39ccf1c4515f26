//! Attempts, keys and heartbeats: deliveries that are late, repeated, or by an agent that was given up.

use super::SAMPLE;
use super::extras::{BARE, Extra, IDLE};

/// A session whose writer was abandoned in its first attempt and is running its second.
const SECOND: (&str, &str) = (
    "14:58:00Z\"\n  }\n}",
    "14:58:00Z\"\n  },\n  \"history\": [\n    \
     {\"at\": \"2024-08-11T12:00:00Z\", \"event\": \"start\", \"agent\": \"script_writer\", \"stage\": \"writing\", \"from\": \"WRITING\", \"to\": \"WRITING\", \"attempt\": 1},\n    \
     {\"at\": \"2024-08-11T14:50:00Z\", \"event\": \"resume\", \"agent\": \"script_writer\", \"stage\": \"writing\", \"from\": \"WRITING\", \"to\": \"RETRY\", \"attempt\": 1, \"error\": \"stalled\"},\n    \
     {\"at\": \"2024-08-11T14:58:00Z\", \"event\": \"start\", \"agent\": \"script_writer\", \"stage\": \"writing\", \"from\": \"RETRY\", \"to\": \"WRITING\", \"attempt\": 2, \"key\": \"job \\u0032\"}\n  ]\n}",
);

/// The same session with the second attempt abandoned too: no agent is running.
const GIVEN_UP: (&str, &str) = (r#""status": "in_progress""#, r#""status": "retry""#);

/// A history without attempt numbers.
const UNNUMBERED: (&str, &str) = (
    "14:58:00Z\"\n  }\n}",
    "14:58:00Z\"\n  },\n  \"history\": [\n    {\"event\": \"start\", \"agent\": \"script_writer\"},\n    \
     {\"event\": \"fail\", \"agent\": \"script_writer\"},\n    {\"event\": \"fail\", \"agent\": \"Script-Writer\"},\n    \
     {\"event\": \"start\", \"agent\": \"script_writer\"},\n    {\"event\": \"complete\", \"agent\": \"script_writer\"}\n  ]\n}",
);

const FAILED: (&str, &str) = (r#""status": "in_progress""#, r#""status": "failed""#);

const START: &str = r#"{"type": "start", "agent": "script_writer"}"#;

pub const DELIVERIES: &[Extra] = &[
    Extra {
        kind: "start",
        base: SAMPLE,
        cases: &[
            ("an attempt is counted over the session's life", &[SECOND, IDLE], START),
            (
                "without a history the count of retries says which attempt it is",
                &[IDLE, (r#""retry_count": 0"#, r#""retry_count": 2"#)],
                START,
            ),
            (
                "an override takes the retries back, and no attempt",
                &[
                    (
                        "14:58:00Z\"\n  }\n}",
                        "14:58:00Z\"\n  },\n  \"history\": [{\"event\": \"resume\", \"agent\": \"script_writer\", \"attempt\": 4}]\n}",
                    ),
                    (r#""status": "in_progress""#, r#""status": "retry""#),
                ],
                START,
            ),
            ("a history that numbers no attempt is counted", &[UNNUMBERED, IDLE], START),
            ("delivered again by its key", &[SECOND], r#"{"type": "start", "agent": "script_writer", "key": "job 2"}"#),
            (
                "a key of 128 characters",
                &[IDLE],
                r#"{"type": "start", "agent": "script_writer", "key": "☎ 34567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567\""}"#,
            ),
            (
                "a key of 129 characters",
                &[IDLE],
                r#"{"type": "start", "agent": "script_writer", "key": "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"}"#,
            ),
            ("a key that is no text", &[IDLE], r#"{"type": "start", "agent": "script_writer", "key": 7}"#),
            (
                "a key with half a surrogate pair",
                &[IDLE],
                r#"{"type": "start", "agent": "script_writer", "key": "\ud800"}"#,
            ),
            ("a start names no attempt", &[IDLE], r#"{"type": "start", "agent": "script_writer", "attempt": 1}"#),
        ],
    },
    Extra {
        kind: "progress",
        base: SAMPLE,
        cases: &[
            (
                "a heartbeat leaves no entry",
                &[SECOND],
                r#"{"type": "progress", "agent": "script_writer", "attempt": 2, "key": "beat"}"#,
            ),
            (
                "a heartbeat of an attempt that is over",
                &[SECOND],
                r#"{"type": "progress", "agent": "script_writer", "attempt": 1}"#,
            ),
            (
                "a bill of an attempt that is over",
                &[SECOND],
                r#"{"type": "progress", "agent": "script_writer", "attempt": 1, "cost": 0.7, "key": "bill 1"}"#,
            ),
            (
                "a bill of an attempt that is over moves no estimate",
                &[SECOND],
                r#"{"type": "progress", "agent": "script_writer", "attempt": 1, "cost": 0.7, "estimated_completion": "2024-08-11T18:00:00Z"}"#,
            ),
            (
                "a bill of the last attempt once it is given up",
                &[SECOND, GIVEN_UP],
                r#"{"type": "progress", "agent": "script_writer", "attempt": 2, "cost": 0.7}"#,
            ),
            (
                "a bill that names no attempt once it is given up",
                &[SECOND, GIVEN_UP],
                r#"{"type": "progress", "agent": "script_writer", "cost": 0.7}"#,
            ),
            (
                "a bill of the attempt that failed",
                &[SECOND, FAILED],
                r#"{"type": "progress", "agent": "script_writer", "attempt": 2, "cost": 0.7}"#,
            ),
            ("attempt 0", &[], r#"{"type": "progress", "agent": "script_writer", "attempt": 0}"#),
            ("half an attempt", &[], r#"{"type": "progress", "agent": "script_writer", "attempt": 1.5}"#),
            ("an attempt that is a text", &[], r#"{"type": "progress", "agent": "script_writer", "attempt": "1"}"#),
        ],
    },
    Extra {
        kind: "complete",
        base: SAMPLE,
        cases: &[
            (
                "the result of an attempt that is over",
                &[SECOND],
                r#"{"type": "complete", "agent": "script_writer", "attempt": 1, "cost": 1.2}"#,
            ),
            (
                "the result of the running attempt",
                &[SECOND],
                r#"{"type": "complete", "agent": "script_writer", "attempt": 2, "cost": 1.2, "key": "result 2"}"#,
            ),
            (
                "the result of an attempt that has not begun",
                &[SECOND],
                r#"{"type": "complete", "agent": "script_writer", "attempt": 3}"#,
            ),
            (
                "the result of the last attempt once it is given up",
                &[SECOND, GIVEN_UP],
                r#"{"type": "complete", "agent": "script_writer", "attempt": 2}"#,
            ),
            (
                "a result that nobody has started begins the attempt it names",
                &[SECOND, GIVEN_UP],
                r#"{"type": "complete", "agent": "script_writer", "attempt": 3}"#,
            ),
            (
                "a stale attempt comes before a failure",
                &[SECOND, FAILED],
                r#"{"type": "complete", "agent": "script_writer", "attempt": 1}"#,
            ),
            (
                "the attempt that failed",
                &[SECOND, FAILED],
                r#"{"type": "complete", "agent": "script_writer", "attempt": 2}"#,
            ),
            (
                "a key that another type of event has",
                &[SECOND],
                r#"{"type": "complete", "agent": "script_writer", "key": "job 2"}"#,
            ),
            (
                "a key that another agent's event has",
                &[SECOND],
                r#"{"type": "start", "agent": "quality_evaluator", "key": "job 2"}"#,
            ),
            (
                "one delivered again once the session is complete",
                &[
                    (
                        "14:58:00Z\"\n  }\n}",
                        "14:58:00Z\"\n  },\n  \"history\": [{\"event\": \"complete\", \"agent\": \"script_writer\", \"attempt\": 1, \"key\": \"x\"}]\n}",
                    ),
                    (r#""current_stage": "writing""#, r#""current_stage": "complete""#),
                ],
                r#"{"type": "complete", "agent": "script_writer", "attempt": 1, "cost": 1.2, "key": "x"}"#,
            ),
        ],
    },
    Extra {
        kind: "complete",
        base: BARE,
        cases: &[
            (
                "the first key added to an object on one line follows the file's commas",
                &[("}}", "},\"agent_outputs\":{\"script_writer\":{\"status\":\"pending\"}}, \"x\":[1,2]}")],
                r#"{"type": "complete", "agent": "script_writer", "output_file": "a.md", "cost": 1}"#,
            ),
            (
                "the first key added to an object on one line of a spread file",
                &[
                    ("{\"session_id\": \"ep_5\", ", "{\n  \"session_id\": \"ep_5\",\n  "),
                    ("}}", "},\n  \"agent_outputs\": {\"script_writer\": { \"status\": \"pending\" }}\n}\n"),
                ],
                r#"{"type": "complete", "agent": "script_writer", "output_file": "a.md", "cost": 1}"#,
            ),
        ],
    },
    Extra {
        kind: "retry",
        base: SAMPLE,
        cases: &[("the failed agent is meant where none is named", &[FAILED], r#"{"type": "retry"}"#)],
    },
    Extra {
        kind: "resume",
        base: SAMPLE,
        cases: &[(
            "the failed agent is meant where none is named",
            &[FAILED],
            r#"{"type": "resume", "reason": "looked at it", "key": "by hand"}"#,
        )],
    },
    Extra {
        kind: "quality_failure",
        base: BARE,
        cases: &[
            (
                "the evaluator is meant where no agent is named",
                &[("writing", "evaluation")],
                r#"{"type": "quality_failure", "report": {"failures": ["technical"]}, "key": "report"}"#,
            ),
            (
                "the report of an attempt that is over",
                &[
                    ("writing", "evaluation"),
                    (
                        "}}",
                        "}, \"history\": [{\"event\": \"start\", \"agent\": \"quality_evaluator\", \"attempt\": 1}, {\"event\": \"quality_failure\", \"agent\": \"quality_evaluator\", \"attempt\": 1}]}",
                    ),
                ],
                r#"{"type": "quality_failure", "attempt": 1, "report": {"failures": ["technical"]}}"#,
            ),
        ],
    },
    Extra {
        kind: "update",
        base: SAMPLE,
        cases: &[
            (
                "a start delivered again by its key, though the agent runs",
                &[SECOND],
                r#"{"type": "update", "agent": "script_writer", "status": "in_progress", "key": "job 2"}"#,
            ),
            (
                "in_progress of an attempt that is over starts nothing",
                &[SECOND, GIVEN_UP],
                r#"{"type": "update", "agent": "script_writer", "status": "in_progress", "attempt": 2}"#,
            ),
            (
                "a result whose cost was recorded as a late bill, delivered again by its key",
                &[(
                    "14:58:00Z\"\n  }\n}",
                    "14:58:00Z\"\n  },\n  \"history\": [{\"event\": \"progress\", \"agent\": \"script_writer\", \"attempt\": 1, \"cost\": 1.2, \"key\": \"x\"}]\n}",
                )],
                r#"{"type": "update", "agent": "script_writer", "status": "complete", "output_file": "a.md", "cost": 1.2, "key": "x"}"#,
            ),
        ],
    },
];
