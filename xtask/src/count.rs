//! Counts of tests.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// Number of tests that passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Count {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) skipped: u32,
}

impl Count {
    /// One check that passed.
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };

    /// One check that failed.
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };

    /// Number of all tests.
    pub(crate) fn total(self) -> u32 {
        self.passed + self.failed + self.skipped
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// Sums the summaries in the output of `cargo test` and wasm-bindgen-test-runner, which print one per
/// test program. Returns `None` if the output has no summary.
///
/// Reads text because libtest's JSON output is unstable and wasm-bindgen-test-runner has none.
pub(crate) fn cargo(output: &str) -> Option<Count> {
    let mut sum = None;
    for line in output.lines() {
        // A test's own output may come before the summary on the same line.
        let Some((_, summary)) = line.split_once("test result: ") else {
            continue;
        };
        let Some((_, numbers)) = summary.split_once(". ") else {
            continue;
        };
        let mut count = Count::default();
        for part in numbers.split(';') {
            match part.trim().split_once(' ') {
                Some((n, "passed")) => count.passed = n.parse().ok()?,
                Some((n, "failed")) => count.failed = n.parse().ok()?,
                Some((n, "ignored")) => count.skipped = n.parse().ok()?,
                _ => {}
            }
        }
        *sum.get_or_insert_with(Count::default) += count;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(passed: u32, failed: u32, skipped: u32) -> Count {
        Count { passed, failed, skipped }
    }

    #[test]
    fn the_summaries_of_cargo_test_are_summed() {
        let check = |output: &str, expected| assert_eq!(cargo(output), expected, "{output}");
        check("", None);
        check("error: could not compile `core`", None);
        check(
            "running 2 tests\n\n\
             test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s\n",
            Some(count(2, 0, 1)),
        );
        check(
            "test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out\n\
             printed by a test: test result: ok. 4 passed; 0 failed; 0 ignored; 0 filtered out\n",
            Some(count(5, 3, 0)),
        );
        // A killed test program prints no summary; its exit code reports the failure.
        check("test result: \n", None);
    }

    #[test]
    fn the_line_is_plain() {
        assert_eq!(count(1, 2, 3).to_string(), "1 passed, 2 failed, 3 skipped");
    }
}
