//! Production reports for other tools: the dashboard's figures and one row per session.
use crate::format::{UNKNOWN, one_line};
use callboard_core::{Average, Digest, Figures, Policy, Session, Timestamp};

/// Columns of the session table.
const COLUMNS: [&str; 14] = [
    "session_id",
    "episode",
    "topic",
    "state",
    "progress_percent",
    "health",
    "reasons",
    "cost_usd",
    "budget_usd",
    "overall_quality",
    "created",
    "last_updated",
    "completed",
    "file",
];

/// The production figures at a moment. Unknown values are `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProductionReport {
    now: String,
    figures: Vec<(&'static str, Option<String>, Option<usize>)>,
    rows: Vec<[Option<String>; COLUMNS.len()]>,
}

impl ProductionReport {
    /// Builds the report of these sessions, each with its file's path. Days are counted in a zone `offset` minutes
    /// ahead of UTC.
    pub fn of(sessions: &[(String, &Session)], now: Timestamp, offset: i32, policy: &Policy) -> Self {
        let digests: Vec<Digest> = sessions.iter().map(|(_, session)| session.digest()).collect();
        let policy = policy.with_typical_durations(&digests);
        let figures = Figures::of(&digests, now, offset);
        let total = |number: usize| (Some(number.to_string()), None);
        let mean =
            |average: Average, digits: usize| (average.value.map(|value| format!("{value:.digits$}")), Some(average.n));
        let figures = [
            ("Active sessions", total(figures.active)),
            ("Completed today", total(figures.completed_today)),
            ("Failed today", total(figures.failed_today)),
            ("Average time (min)", mean(figures.average_time, 1)),
            ("Average cost (USD)", mean(figures.average_cost, 2)),
            ("Average quality (0 to 1)", mean(figures.quality_average, 3)),
        ];
        let rows = sessions.iter().zip(&digests).map(|((path, session), digest)| {
            let health = session.health(now, &policy);
            let reasons: Vec<String> = health.reasons.into_iter().map(|reason| reason.message).collect();
            let episode = session.episode();
            let moment = |moment: Option<Timestamp>| moment.map(|moment| moment.to_string());
            [
                session.id(),
                episode.number.map(|number| number.to_string()),
                episode.topic,
                digest.state().map(|state| state.name().to_owned()),
                session.progress(now, &policy).progress_percentage.map(|percentage| percentage.to_string()),
                Some(health.health.name().to_owned()),
                Some(reasons.join(" ")).filter(|reasons| !reasons.is_empty()),
                digest.costs().total.map(|cost| cost.to_string()),
                digest.costs().budget.map(|budget| budget.to_string()),
                digest.quality.overall_quality.map(|quality| quality.to_string()),
                moment(digest.created),
                moment(digest.last_updated),
                moment(digest.completed),
                Some(path.clone()),
            ]
        });
        Self {
            now: now.to_string(),
            figures: figures.into_iter().map(|(name, (value, n))| (name, value, n)).collect(),
            rows: rows.collect(),
        }
    }

    /// Formats it as CSV (RFC 4180) with records of equal length: the figures, an empty record, the sessions.
    /// Unknown values are empty.
    pub fn csv(&self) -> String {
        let mut out = String::new();
        let mut record = |cells: &[&str]| {
            for at in 0..COLUMNS.len() {
                if at > 0 {
                    out.push(',');
                }
                cell(&mut out, cells.get(at).copied().unwrap_or_default());
            }
            out.push_str("\r\n");
        };
        record(&["figure", "value", "n", "at"]);
        for (name, value, n) in &self.figures {
            let n = n.map(|n| n.to_string()).unwrap_or_default();
            record(&[name, value.as_deref().unwrap_or_default(), &n, &self.now]);
        }
        record(&[]);
        record(&COLUMNS);
        for row in &self.rows {
            let cells: Vec<&str> = row.iter().map(|cell| cell.as_deref().unwrap_or_default()).collect();
            record(&cells);
        }
        out
    }

    /// Formats it as two Markdown tables.
    pub fn markdown(&self) -> String {
        let text = |cell: Option<&str>| cell.map_or_else(|| UNKNOWN.to_owned(), escaped);
        let mut out = format!("# Production report, {}\n\n| Figure | Value | n |\n| --- | ---: | ---: |\n", self.now);
        for (name, value, n) in &self.figures {
            let n = n.map(|n| n.to_string()).unwrap_or_default();
            out.push_str(&format!("| {name} | {} | {n} |\n", text(value.as_deref())));
        }
        let heads = COLUMNS.map(|column| column.replace('_', " "));
        out.push_str(&format!("\n## Sessions\n\n| {} |\n|{}\n", heads.join(" | "), " --- |".repeat(COLUMNS.len())));
        for row in &self.rows {
            let cells: Vec<String> = row.iter().map(|cell| text(cell.as_deref())).collect();
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        out
    }
}

/// Appends a value. An apostrophe keeps spreadsheets from reading it as a formula.
fn cell(out: &mut String, text: &str) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = formula || text.contains([',', '"', '\n', '\r']) || text != text.trim();
    if !quoted {
        out.push_str(text);
        return;
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    out.push('"');
}

/// Escapes text from a file for one line of Markdown.
fn escaped(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let inside = |letter: char| letter.is_alphanumeric();
        // An underscore within a word needs no escape.
        let word = letter == '_' && inside(before) && letters.peek().is_some_and(|next| inside(*next));
        if "\\`*_[]<>|~&#".contains(letter) && !word {
            out.push('\\');
        }
        out.push(letter);
        before = letter;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_escaped() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            (" =1", "\" =1\""),
        ] {
            let mut out = String::new();
            cell(&mut out, text);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn markdown_is_escaped() {
        for (text, expected) in [
            ("ep_001_2024", "ep_001_2024"),
            ("_a_ *b* <script>", "\\_a\\_ \\*b\\* \\<script\\>"),
            ("a|b\nc", "a\\|b c"),
            ("[x](javascript:1)", "\\[x\\](javascript:1)"),
            ("\u{202e}evil", "\u{fffd}evil"),
        ] {
            assert_eq!(escaped(text), expected);
        }
    }

    #[test]
    fn every_record_has_the_same_length_and_unknown_is_empty() {
        let now = Timestamp::from_unix(1_723_386_600);
        let session = Session::parse(r#"{"session_id": "a_b", "episode": {"topic": "=cmd"}}"#).unwrap();
        let report = ProductionReport::of(&[("x/a.json".into(), &session)], now, 0, &Policy::default());
        let csv = report.csv();
        let records: Vec<&str> = csv.split_terminator("\r\n").collect();
        assert_eq!(records.len(), 1 + 6 + 1 + 1 + 1);
        assert!(records.iter().all(|record| record.matches(',').count() == COLUMNS.len() - 1), "{csv}");
        assert!(records[9].starts_with("a_b,,\"'=cmd\",UNKNOWN,,unknown,The file does not say its state: "), "{csv}");
        assert!(records[4].starts_with("Average time (min),,0,"));
        let markdown = report.markdown();
        assert!(markdown.contains("| Average cost (USD) | \u{2013} | 0 |"));
        assert!(markdown.contains("| a_b | \u{2013} | =cmd | UNKNOWN | \u{2013} | unknown |"), "{markdown}");
    }
}
