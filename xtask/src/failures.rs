//! What failed and where, in three lines a test: the end of a long run's output, which may be all that is kept of it,
//! should say it.

/// A test that failed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failed<'a> {
    name: &'a str,
    error: &'a str,
    /// The place in the test itself that the error came from, where it names one.
    at: Option<&'a str>,
}

impl std::fmt::Display for Failed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "      ✖ {}\n        {}", self.name, self.error)?;
        self.at.map_or(Ok(()), |at| write!(f, "\n        at {at}"))
    }
}

/// Reads the list of failures at the end of the output of `node --test` by its spec reporter; none where there is no
/// such list.
pub(crate) fn node(output: &str) -> Vec<Failed<'_>> {
    let Some((_, list)) = output.rsplit_once("\n✖ failing tests:\n") else { return Vec::new() };
    let mut tests = Vec::new();
    let mut lines = list.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(name) = line.strip_prefix("✖ ") else { continue };
        // Its duration follows.
        let name = name.rsplit_once(" (").map_or(name, |(name, _)| name);
        let mut error = "";
        let mut at = None;
        // What belongs to it is indented.
        while let Some(line) = lines.next_if(|line| line.is_empty() || line.starts_with(' ')) {
            let line = line.trim();
            if error.is_empty() {
                error = line;
            } else if at.is_none() && line.starts_with("at ") {
                at = place(line);
            }
        }
        tests.push(Failed { name, error, at });
    }
    tests
}

/// The file of tests, with line and column, that a line of a stack trace names.
fn place(line: &str) -> Option<&str> {
    let (_, place) = line.rsplit_once('/')?;
    let place = place.trim_end_matches(')');
    place.contains(".test.mjs:").then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_is_told_in_three_lines() {
        let output = "✖ a b (20.5ms)\n  Error: not in the list\n\n✖ failing tests:\n\n\
            test at tests/e2e/support/suite.mjs:54:9\n\
            ✖ a (b) c (20.5ms)\n  TimeoutError: Waiting failed\n      at Realm.wait (file:///x/Realm.js:1:2)\n\
            \x20     at async run (file:///x/e2e/a.test.mjs:51:19)\n      at file:///x/e2e/a.test.mjs:60:1\n\n\
            test at tests/other.test.mjs:5:9\n✖ d (1ms)\n  'told by a value'\n";
        let failed = node(output);
        let first = Failed { name: "a (b) c", error: "TimeoutError: Waiting failed", at: Some("a.test.mjs:51:19") };
        assert_eq!(failed, [first, Failed { name: "d", error: "'told by a value'", at: None }]);
        assert_eq!(
            failed[0].to_string(),
            "      ✖ a (b) c\n        TimeoutError: Waiting failed\n        at a.test.mjs:51:19"
        );
        assert_eq!(node("ℹ pass 3\n"), []);
    }
}
