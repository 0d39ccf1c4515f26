//! The production report: built in slices, and downloaded as HTML, CSV or Markdown.
use super::export::export_name;
use super::workspace::{Workspace, policy};
use crate::export::report::csv::csv;
use crate::export::report::html::html;
use crate::export::report::markdown::markdown;
use crate::export::report::table::ReportTable;
use crate::export::report::{DetailTables, ProductionReport, ReportBuilder};
use crate::export::zip::archive;
use crate::platform::clock;
use crate::platform::download::{download, download_bytes};
use crate::platform::intl::{self, Style};
use crate::platform::pace::YieldTimer;
use crate::store::session_rows::SessionRows;
use callboard_core::Timestamp;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The format of a downloaded report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportFormat {
    /// One self-contained page.
    Html,
    /// One CSV file per table, in a ZIP archive.
    Csv,
    /// Markdown tables.
    Markdown,
}

/// Formats a time of a report, in the zone in force.
pub fn report_time(moment: Timestamp) -> String {
    intl::format_time(moment, Style::Stamp)
}

impl Workspace {
    fn rows(self) -> SessionRows {
        self.listed.with_untracked(|sessions| SessionRows::sorted(sessions))
    }

    /// Builds the production report of these sessions as of now.
    pub async fn production_report(self, rows: SessionRows) -> ProductionReport {
        let now = clock::now();
        let offset = i32::try_from(intl::offset_at(now) / 60).unwrap_or_default();
        let mut builder = ReportBuilder::new(now, offset, untrack(policy));
        let timer = YieldTimer::start();
        for session in rows.iter() {
            builder.push(session);
            timer.yield_if_due().await;
        }
        builder.finish(&rows.figures(now, offset))
    }

    /// Downloads the production report of all sessions. The status line shows the outcome.
    pub fn export_report(self, format: ReportFormat) {
        spawn_local(async move {
            let rows = self.rows();
            let report = self.production_report(rows.clone()).await;
            let name = format!("{}-report", export_name(report.at));
            let (name, downloaded) = match format {
                ReportFormat::Html => {
                    let name = format!("{name}.html");
                    let downloaded = download(&name, &html(&report, report_time));
                    (name, downloaded)
                }
                ReportFormat::Markdown => {
                    let name = format!("{name}.md");
                    let downloaded = download(&name, &markdown(&report, report_time));
                    (name, downloaded)
                }
                ReportFormat::Csv => {
                    let name = format!("{name}.zip");
                    let downloaded = csv_files(&report, &rows).await.and_then(|bytes| download_bytes(&name, &bytes));
                    (name, downloaded)
                }
            };
            self.status.set(downloaded_sentence(&name, downloaded), None);
        });
    }

    /// Copies the production report of all sessions as Markdown.
    pub fn copy_report(self) {
        spawn_local(async move {
            let report = self.production_report(self.rows()).await;
            self.status.copy("the report", markdown(&report, report_time));
        });
    }

    /// Downloads one table of a report as CSV.
    pub fn export_table(self, table: &ReportTable) {
        let name = format!("{}.csv", table.name);
        let downloaded = csv(table).and_then(|text| download(&name, &text));
        self.status.set(downloaded_sentence(&name, downloaded), None);
    }
}

fn downloaded_sentence(name: &str, downloaded: Result<(), String>) -> String {
    match downloaded {
        Ok(()) => format!("Exported {name}."),
        Err(why) => format!("{name} was not exported: {why}"),
    }
}

/// Returns an archive with every table of a report.
async fn csv_files(report: &ProductionReport, rows: &SessionRows) -> Result<Vec<u8>, String> {
    let mut details = DetailTables::default();
    let timer = YieldTimer::start();
    for session in rows.iter() {
        details.push(session);
        timer.yield_if_due().await;
    }
    let tables = std::iter::once(&report.figures).chain(report.tables()).chain([&details.stages, &details.costs]);
    let mut files = Vec::new();
    for table in tables {
        files.push((format!("{}.csv", table.name), csv(table)?));
    }
    archive(files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())), report.at)
        .ok_or_else(|| "A ZIP archive holds at most 65,535 files and 4 GB.".to_owned())
}
