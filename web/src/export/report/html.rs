//! The report as one HTML file to send: no scripts, no remote resources, printable.
use super::ProductionReport;
use super::table::{Cell, ReportTable};
use callboard_core::Timestamp;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The file's style sheet, which uses the reader's system colours.
const STYLE: &str = include_str!("report.css");

/// The file's own policy: it loads nothing and runs nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// Formats the report as a page. `time` formats a time in the reader's zone.
pub fn html(report: &ProductionReport, time: impl Fn(Timestamp) -> String) -> String {
    let at = time(report.at);
    let page: Markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Production report, " (at) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { "Production report" }
                    p { (at) " \u{b7} " (report.scope()) }
                }
                main {
                    dl.figures {
                        @for (name, value, note) in report.tiles(&time) {
                            div { dt { (name) } dd { b { (value) } " " small { (note) } } }
                        }
                    }
                    @for table in report.tables() {
                        section {
                            h2 { (table.title) @if let Some(number) = report.sessions_in(table) { " " small { (number) } } }
                            @if table.rows.is_empty() {
                                p { (report.nothing_in(table)) }
                            } @else {
                                (rows(table, &time))
                            }
                        }
                    }
                }
                footer { p { "Made with Callboard. Unknown values are shown as \u{2013}." } }
            }
        }
    };
    page.into_string()
}

fn rows(table: &ReportTable, time: &impl Fn(Timestamp) -> String) -> Markup {
    let columns = table.for_people();
    html! {
        table class=(table.name) {
            thead {
                tr { @for (_, column) in &columns { th.num[column.is_figure] scope="col" { (column.label) } } }
            }
            tbody {
                @for row in &table.rows {
                    tr {
                        @for (at, column) in &columns {
                            td.num[column.is_figure].wraps[column.wraps()] { bdi { (row.cells.get(*at).unwrap_or(&Cell::Unknown).shown(time)) } }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;
    use super::*;

    #[test]
    fn the_page_is_whole_and_escapes_what_files_say() {
        let topic = r#"<img src=x onerror=\"alert(1)\"> & </style><script>alert(2)</script>"#;
        let text = format!(r#"{{"session_id": "a_b", "episode": {{"number": 3, "topic": "{topic}"}}}}"#);
        let page = html(&report(&[&text]), |moment| moment.to_string());
        assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{page}");
        assert!(page.contains("&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &lt;/style&gt;"), "{page}");
        for part in ["<script", "<img", "<link", "http://", "https://", "url(", "@import"] {
            assert!(!page.contains(part), "{part}");
        }
        assert_eq!(page.matches("</style>").count(), 1);
    }

    #[test]
    fn an_empty_report_says_so() {
        let page = html(&report(&[]), |moment| moment.to_string());
        assert!(page.contains("Nothing needs attention."), "{page}");
    }
}
