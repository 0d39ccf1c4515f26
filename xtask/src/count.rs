//! Counting tests from what their runners print.

use std::ops::AddAssign;

/// How many tests passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

    /// How many there were.
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

/// Reads a count as it is displayed.
pub(crate) fn displayed(text: &str) -> Option<Count> {
    let mut parts = text.trim().split(", ");
    let mut number = |word| parts.next()?.strip_suffix(word)?.trim_end().parse().ok();
    let count = Count { passed: number("passed")?, failed: number("failed")?, skipped: number("skipped")? };
    parts.next().is_none().then_some(count)
}

/// Sums the summaries in the output of `cargo test` and wasm-bindgen-test-runner, of which there
/// is one for each program of tests; nothing when there is none.
pub(crate) fn cargo(output: &str) -> Option<Count> {
    let mut sum = None;
    for line in output.lines() {
        // A test's own output may stand before it on the line.
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

/// Reads the summary at the end of the output of `node --test`, by its tap or spec reporter;
/// nothing when there is none.
pub(crate) fn node(output: &str) -> Option<Count> {
    let number = |word: &str| {
        output.lines().rev().find_map(|line| {
            let rest = line.strip_prefix("# ").or(line.strip_prefix("ℹ "))?;
            let (name, n) = rest.split_once(' ')?;
            if name == word { n.trim().parse::<u32>().ok() } else { None }
        })
    };
    Some(Count {
        passed: number("pass")?,
        // A cancelled test is one whose suite could not be set up.
        failed: number("fail")? + number("cancelled")?,
        skipped: number("skipped")? + number("todo")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(passed: u32, failed: u32, skipped: u32) -> Count {
        Count { passed, failed, skipped }
    }

    #[test]
    fn a_count_is_read_as_it_is_displayed() {
        assert_eq!(displayed(&count(370, 1, 2).to_string()), Some(count(370, 1, 2)));
        for other in ["", "3 passed", "3 passed, 0 failed, 0 skipped, 1 more", "0 failed, 3 passed, 0 skipped"] {
            assert_eq!(displayed(other), None, "{other}");
        }
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
        // A program of tests that was killed leaves no summary; its exit code tells.
        check("test result: \n", None);
    }

    #[test]
    fn the_summary_of_node_is_read_in_both_styles() {
        let check = |output: &str, expected| assert_eq!(node(output), expected, "{output}");
        check("", None);
        check("# pass 3\n", None);
        check(
            "# tests 5\n# suites 1\n# pass 3\n# fail 1\n# cancelled 1\n# skipped 2\n# todo 1\n# duration_ms 12.5\n",
            Some(count(3, 2, 3)),
        );
        check(
            "ℹ tests 3\nℹ suites 0\nℹ pass 3\nℹ fail 0\nℹ cancelled 0\nℹ skipped 0\nℹ todo 0\n",
            Some(count(3, 0, 0)),
        );
        // The last summary counts: a test may print one of its own.
        check(
            "# pass 9\n# fail 9\n# cancelled 0\n# skipped 0\n# todo 0\n\
             # pass 1\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 0\n",
            Some(count(1, 0, 0)),
        );
    }

    #[test]
    fn the_line_is_plain() {
        assert_eq!(count(1, 2, 3).to_string(), "1 passed, 2 failed, 3 skipped");
    }
}
