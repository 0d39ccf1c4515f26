//! Results of Node's tests, which tests/reporter.mjs writes as lines of JSON.

use std::path::Path;

use serde::Deserialize;

use crate::count::Count;
use crate::{Failure, Outcome, paths};

/// The result of one test.
#[derive(Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct TestResult {
    name: String,
    outcome: TestOutcome,
    /// The first line of the error it failed with.
    error: Option<String>,
    /// The position in a test file that the error came from, if known.
    at: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum TestOutcome {
    Passed,
    Failed,
    Skipped,
}

/// Three lines, so that the end of a long run's output says what failed and where.
impl std::fmt::Display for TestResult {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "      ✖ {}", self.name)?;
        self.error.as_ref().map_or(Ok(()), |error| write!(f, "\n        {error}"))?;
        self.at.as_ref().map_or(Ok(()), |at| write!(f, "\n        at {at}"))
    }
}

/// Reads the results in a file.
pub(crate) fn read(file: &Path) -> Outcome<Vec<TestResult>> {
    parse(&paths::read(file)?).map_err(|error| {
        Failure::new(format!("Could not read {}, the output of tests/reporter.mjs: {error}.", file.display()))
    })
}

fn parse(lines: &str) -> serde_json::Result<Vec<TestResult>> {
    lines.lines().map(serde_json::from_str).collect()
}

/// Counts the results.
pub(crate) fn count(results: &[TestResult]) -> Count {
    let count = |outcome| results.iter().filter(|result| result.outcome == outcome).count() as u32;
    Count {
        passed: count(TestOutcome::Passed),
        failed: count(TestOutcome::Failed),
        skipped: count(TestOutcome::Skipped),
    }
}

/// The tests that failed.
pub(crate) fn failed(results: &[TestResult]) -> impl Iterator<Item = &TestResult> {
    results.iter().filter(|result| result.outcome == TestOutcome::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = concat!(
        r#"{"name":"a › b","outcome":"failed","error":"TimeoutError: Waiting failed","at":"a.test.mjs:51:19"}"#,
        "\n",
        r#"{"name":"c","outcome":"failed","error":"thrown value"}"#,
        "\n",
        r#"{"name":"d","outcome":"passed"}"#,
        "\n",
        r#"{"name":"e","outcome":"skipped"}"#,
        "\n",
    );

    #[test]
    fn results_are_counted() {
        let results = parse(LINES).unwrap();
        assert_eq!(count(&results), Count { passed: 1, failed: 2, skipped: 1 });
        assert_eq!(count(&[]), Count::default());
        assert!(parse("{\"name\": \"a\"}\n").is_err());
    }

    #[test]
    fn a_failure_prints_three_lines() {
        let results = parse(LINES).unwrap();
        let shown: Vec<String> = failed(&results).map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "      ✖ a › b\n        TimeoutError: Waiting failed\n        at a.test.mjs:51:19",
                "      ✖ c\n        thrown value"
            ]
        );
    }
}
