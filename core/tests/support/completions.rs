//! Handwritten vectors of completions: files of other writers, and slightly wrong events.

use super::SAMPLE;
use super::extras::{BARE, Extra, IDLE};

const COMPLETE: &str = r#"{"type": "complete", "agent": "script_writer", "cost": 1.2, "quality_score": 0.9}"#;

/// A handoff in a layout of its own.
const HANDED: &str = r#""status": "in_progress",
      "handoff": { "validation": {"ready_for_evaluation": true, "format_valid": true},
        "data": {"script_file": "\u0061.md", "word_count": 1e1, "estimated_duration": 27.0, "complexity_level": 3} },"#;

pub const COMPLETIONS: &[Extra] = &[
    Extra {
        kind: "complete",
        base: SAMPLE,
        cases: &[
            ("the sample", &[], COMPLETE),
            ("an alias for the agent", &[], r#"{"type": "complete", "agent": "Script-Writer"}"#),
            (
                "listed stages under their agents' names keep their spelling",
                &[(r#"["research"]"#, r#"["Research-Coordinator"]"#)],
                COMPLETE,
            ),
            (
                "a list on several lines is spliced",
                &[(r#"["evaluation", "synthesis"]"#, "[\n      \"evaluation\",\n      \"synthesis\"\n    ]")],
                COMPLETE,
            ),
            (
                "a stage that is still listed as skipped is so no more",
                &[(r#""retry_count": 0"#, r#""retry_count": 0, "skipped_stages": ["writing"]"#)],
                COMPLETE,
            ),
            (
                "a cost under its agent's name stays there",
                &[(r#""writing": 0.00"#, r#""script_writer": 0.1"#)],
                COMPLETE,
            ),
            (
                "binary dust goes when an amount changes",
                &[
                    (r#""writing": 0.00"#, r#""writing": 0.1000000000000000055"#),
                    (r#""total": 0.00"#, r#""total": 0.30000000000000004"#),
                ],
                COMPLETE,
            ),
            (
                "an amount may have more digits than any number of a machine",
                &[
                    (r#""writing": 0.00"#, r#""writing": 0.1000000000000000055511151231257827021181583404541015625"#),
                    (r#""total": 0.00"#, r#""total": 0.1000000000000000055511151231257827021181583404541015625"#),
                ],
                COMPLETE,
            ),
            (
                "a stated total that differs stays apart from the sum",
                &[(r#""total": 0.00"#, r#""total": 5"#)],
                COMPLETE,
            ),
            ("a total that is absent is the sum", &[("    \"total\": 0.00,\n", "")], COMPLETE),
            (
                "a budget that is absent is not added",
                &[("    \"budget\": 9.00,\n    \"within_budget\": true", "    \"note\": 1e3")],
                COMPLETE,
            ),
            ("over the budget", &[(r#""budget": 9.00"#, r#""budget": 1"#)], COMPLETE),
            ("exactly the budget", &[(r#""budget": 9.00"#, r#""budget": 1.2"#)], COMPLETE),
            (
                "an equal value keeps its spelling",
                &[(r#""script_quality": null"#, r#""script_quality": 9.0e-1"#)],
                COMPLETE,
            ),
            (
                "an equal time keeps its spelling",
                &[(r#""last_updated": "2024-08-11T14:58:00Z""#, r#""last_updated": "2024-08-11T17:20:00.000+02:00""#)],
                COMPLETE,
            ),
            (
                "an equal handoff keeps its layout",
                &[(r#""status": "in_progress","#, HANDED)],
                r#"{"type": "complete", "agent": "script_writer", "handoff": {"data": {"script_file": "a.md", "word_count": 10, "estimated_duration": 27, "complexity_level": 3}, "validation": {"format_valid": true, "ready_for_evaluation": true}}}"#,
            ),
            (
                "unknown keys survive, whatever they are",
                &[(
                    r#""retry_count": 0"#,
                    r#""retry_count": 0, "__proto__": {"constructor": [9007199254740993123]}, "": "\u00e9\ud800""#,
                )],
                COMPLETE,
            ),
            (
                "a duplicate key: the last one counts, both are kept",
                &[(
                    r#""current_stage": "writing","#,
                    "\"current_stage\": \"research\",\n    \"current_stage\": \"writing\",",
                )],
                COMPLETE,
            ),
            (
                "an error is removed with the comma before it",
                &[(
                    r#""start_time": "2024-08-11T14:58:00Z","#,
                    "\"start_time\": \"2024-08-11T14:58:00Z\",\n      \"error\": \"timeout\",",
                )],
                COMPLETE,
            ),
            (
                "an error is removed under each of its names",
                &[(
                    r#""start_time": "2024-08-11T14:58:00Z","#,
                    "\"Error\": \"timeout\",\n      \"start_time\": \"2024-08-11T14:58:00Z\",\n      \"error\": \"timeout\",",
                )],
                COMPLETE,
            ),
            (
                "a time that cannot be read refuses nothing",
                &[(r#""last_updated": "2024-08-11T14:58:00Z""#, r#""last_updated": "yesterday""#)],
                COMPLETE,
            ),
            (
                "the clock runs backwards",
                &[(r#""last_updated": "2024-08-11T14:58:00Z""#, r#""last_updated": "2024-08-11T15:20:01Z""#)],
                COMPLETE,
            ),
            ("a status of pending", &[IDLE], COMPLETE),
            (
                "a status of complete on the current stage reads as pending",
                &[(r#""status": "in_progress""#, r#""status": "done""#)],
                COMPLETE,
            ),
            (
                "a score of 1 is written 1",
                &[],
                r#"{"type": "complete", "agent": "script_writer", "quality_score": 1.0}"#,
            ),
            (
                "an amount is rounded half-even to a millionth",
                &[],
                r#"{"type": "complete", "agent": "script_writer", "cost": 0.0000025}"#,
            ),
            (
                "null is not given",
                &[],
                r#"{"type": "complete", "agent": "script_writer", "cost": null, "handoff": null}"#,
            ),
            (
                "metrics by name",
                &[],
                r#"{"type": "complete", "agent": "script_writer", "metrics": {"brand_consistency": 0.95}}"#,
            ),
            (
                "a computed flag that contradicts is refused",
                &[],
                r#"{"type": "complete", "agent": "script_writer", "handoff": {"data": {"script_file": "a.md", "word_count": 0, "estimated_duration": 27, "complexity_level": 3}, "validation": {"script_complete": true, "format_valid": true, "ready_for_evaluation": true}}}"#,
            ),
            (
                "a stated flag that is false is refused",
                &[],
                r#"{"type": "complete", "agent": "script_writer", "handoff": {"data": {"script_file": "a.md", "word_count": 10, "estimated_duration": 27, "complexity_level": 3}, "validation": {"format_valid": false, "ready_for_evaluation": true}}}"#,
            ),
            (
                "a flag that is null is not stated",
                &[],
                r#"{"type": "complete", "agent": "script_writer", "handoff": {"data": {"script_file": "a.md", "word_count": 10, "estimated_duration": 27, "complexity_level": 3}, "validation": {"format_valid": true, "ready_for_evaluation": true, "spell_checked": null}}}"#,
            ),
            ("a cost that is a text", &[], r#"{"type": "complete", "agent": "script_writer", "cost": "1.2"}"#),
            ("a negative cost", &[], r#"{"type": "complete", "agent": "script_writer", "cost": -0.5}"#),
            (
                "a negative cost that rounds to zero",
                &[],
                r#"{"type": "complete", "agent": "script_writer", "cost": -1e-7}"#,
            ),
            ("a score above 1", &[], r#"{"type": "complete", "agent": "script_writer", "quality_score": 1.5}"#),
            (
                "a negative execution_time",
                &[],
                r#"{"type": "complete", "agent": "script_writer", "execution_time": -1}"#,
            ),
            ("a field nobody knows", &[], r#"{"type": "complete", "agent": "script_writer", "qualty_score": 1}"#),
            (
                "a metric nobody knows",
                &[],
                r#"{"type": "complete", "agent": "script_writer", "metrics": {"warmth": 1}}"#,
            ),
            (
                "invalid comes before everything",
                &[(r#""current_stage": "writing""#, r#""current_stage": "lunch""#)],
                r#"{"type": "complete", "agent": "nobody", "cost": -1}"#,
            ),
            (
                "an unreadable state comes before an unknown agent",
                &[(r#""current_stage": "writing""#, r#""current_stage": "writting""#)],
                r#"{"type": "complete", "agent": "nobody"}"#,
            ),
            ("an unknown agent", &[], r#"{"type": "complete", "agent": "script_writter"}"#),
            (
                "an unknown status of the current agent",
                &[(r#""status": "in_progress""#, r#""status": "sleeping""#)],
                COMPLETE,
            ),
            (
                "a section that is no object",
                &[(r#""quality_metrics": {"#, r#""quality_metrics": [], "old_metrics": {"#)],
                COMPLETE,
            ),
            (
                "a list of pending stages that is no list",
                &[(r#"["evaluation", "synthesis"]"#, r#""evaluation, synthesis""#)],
                COMPLETE,
            ),
            ("a counter that is no number", &[(r#""retry_count": 0"#, r#""retry_count": "none""#)], COMPLETE),
        ],
    },
    Extra {
        kind: "complete",
        base: BARE,
        cases: &[
            ("a file with next to nothing in it", &[], COMPLETE),
            (
                "no section at all",
                &[(r#", "pipeline_state": {"current_stage": "writing"}"#, "")],
                r#"{"type": "complete", "agent": "research_coordinator"}"#,
            ),
            (
                "a pipeline state without one of its keys, and statuses of other agents",
                &[(
                    r#"{"current_stage": "writing"}}"#,
                    r#"{"stage": "writing"}, "agent_outputs": {"narrator": {"status": "complete"}}}"#,
                )],
                r#"{"type": "complete", "agent": "research_coordinator"}"#,
            ),
            (
                "a pipeline state that is a list",
                &[(r#"{"current_stage": "writing"}}"#, "[]}")],
                r#"{"type": "complete", "agent": "research_coordinator"}"#,
            ),
            (
                "one agent's status, and no pipeline state",
                &[(
                    r#""pipeline_state": {"current_stage": "writing"}"#,
                    r#""agent_outputs": {"research_coordinator": {"status": "done"}}"#,
                )],
                COMPLETE,
            ),
            (
                "sections that are null",
                &[("}}", r#"}, "agent_outputs": null, "cost_tracking": null, "history": null}"#)],
                COMPLETE,
            ),
            (
                "empty sections",
                &[("}}", "}, \"agent_outputs\": {}, \"cost_tracking\": {}, \"history\": []}\r\n")],
                COMPLETE,
            ),
        ],
    },
];
