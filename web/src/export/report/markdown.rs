//! The report as Markdown tables.
use super::ProductionReport;
use super::table::{Cell, ReportTable};
use crate::format::one_line;
use callboard_core::Timestamp;

/// Formats the report as Markdown. `time` formats a time in the reader's zone.
pub fn markdown(report: &ProductionReport, time: impl Fn(Timestamp) -> String) -> String {
    let mut out = format!("# Production report, {}\n\n", escaped(&time(report.at)));
    write_table(&mut out, &report.figures, &time);
    for table in report.tables() {
        out.push_str(&format!("\n## {}\n\n", table.title));
        if table.rows.is_empty() {
            out.push_str(&format!("{}\n", report.nothing_in(table)));
        } else {
            write_table(&mut out, table, &time);
        }
    }
    out
}

fn write_table(out: &mut String, table: &ReportTable, time: &impl Fn(Timestamp) -> String) {
    let columns = table.for_people();
    let heads: Vec<&str> = columns.iter().map(|(_, column)| column.label).collect();
    let rules: Vec<&str> = columns.iter().map(|(_, column)| if column.is_figure { "---:" } else { "---" }).collect();
    out.push_str(&format!("| {} |\n| {} |\n", heads.join(" | "), rules.join(" | ")));
    for row in &table.rows {
        let cell = |at: usize| escaped(&row.cells.get(at).unwrap_or(&Cell::Unknown).shown(time));
        let cells: Vec<String> = columns.iter().map(|(at, _)| cell(*at)).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
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
    use super::super::tests::report;
    use super::*;

    #[test]
    fn text_of_files_is_escaped() {
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
    fn unknown_values_are_dashes() {
        let text = r#"{"session_id": "a_b", "episode": {"topic": "=cmd"}}"#;
        let markdown = markdown(&report(&[text]), |moment| moment.to_string());
        assert!(markdown.contains("| Average cost | \u{2013} | 0 |"), "{markdown}");
        assert!(markdown.contains("| \u{2013} | =cmd | UNKNOWN | unknown |"), "{markdown}");
        assert!(markdown.contains("\n## Needs attention\n\nNothing needs attention.\n"), "{markdown}");
    }
}
