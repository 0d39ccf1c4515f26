//! Progress and summary of an import on every page; the import page has each file's result.
use super::button::{Button, IconButton, Weight};
use super::icon::{Glyph, Icon};
use crate::platform::dom;
use crate::route::{Route, encode, parameter};
use crate::store::import::use_imports;
use crate::store::report::{Ending, Report};
use callboard_workspace::ImportResult;
use leptos::prelude::*;
use std::time::Duration;

/// Delay after which a running import shows its progress.
const SHOWN_AFTER: Duration = Duration::from_millis(200);

/// The progress of an import, then its summary if it needs attention. The status line reports an import without
/// problems.
#[component]
pub fn ImportReport(
    /// The current page; the import page shows the report itself.
    route: Memo<Route>,
) -> impl IntoView {
    let imports = use_imports();
    let running = Memo::new(move |_| imports.report.with(|report| report.as_ref().map(|report| !report.finished())));
    let went_well = Memo::new(move |_| imports.report.with(|report| report.as_ref().is_some_and(Report::went_well)));
    // A report that was read on the import page is not shown again elsewhere, and a success is reported once.
    Effect::new(move |before: Option<Route>| {
        let here = route.get();
        let has_moved = before.is_some_and(|before| before != here);
        let is_told = here == Route::Import || (has_moved && went_well.get_untracked());
        if running.get() == Some(false) && is_told {
            imports.open.set(false);
        }
        here
    });
    // A quick import must not move the page.
    let is_slow = RwSignal::new(false);
    Effect::new(move |_| {
        is_slow.set(false);
        if running.get() == Some(true) {
            // This component lives as long as the page.
            set_timeout(move || is_slow.set(true), SHOWN_AFTER);
        }
    });
    let is_shown =
        move || running.get() == Some(false) && imports.open.get() && !went_well.get() && route.get() != Route::Import;
    let spoken = move || is_shown().then(|| imports.report.with(|report| report.as_ref().map(sentence))).flatten();
    let panel = move || {
        if running.get() == Some(true) {
            return is_slow.get().then(|| view! { <Running/> }.into_any());
        }
        is_shown().then(|| view! { <Finished/> }.into_any())
    };
    view! {
        <p class="sr-only" role="status">{spoken}</p>
        {panel}
    }
}

/// A running import.
#[component]
fn Running() -> impl IntoView {
    let imports = use_imports();
    let read =
        move |of: fn(&Report) -> usize| imports.report.with(|report| report.as_ref().map(of).unwrap_or_default());
    let (done, total) = (move || read(|report| report.items().len()), move || read(Report::total));
    let description =
        move || imports.report.with(|report| report.as_ref().map(Report::description).unwrap_or_default());
    let words = move || match total() {
        0 => "Looking for files\u{2026}".to_owned(),
        _ => format!("{} of {} read", done(), description()),
    };
    view! {
        <section class="notice import-running" aria-label="Import">
            <div class="notice-head">
                <Icon glyph=Glyph::Add/>
                <p>{words}</p>
                <Button label="Cancel" on_press=move || imports.cancel()/>
            </div>
            <progress
                aria-label="Files read"
                max=move || total().max(1).to_string()
                value=move || done().to_string()
            ></progress>
        </section>
    }
}

/// The summary of an import that needs attention.
#[component]
fn Finished() -> impl IntoView {
    let imports = use_imports();
    move || {
        imports.report.with(|report| {
            let report = report.as_ref()?;
            let close = move || imports.open.set(false);
            Some(view! {
                <section class="notice notice-loud import-report" aria-label="Import report">
                    <div class="notice-head">
                        <Icon glyph=Glyph::Warning/>
                        <p>
                            <span class="import-outcome">{headline(report)}</span>
                            {advice(report).map(|advice| view! { <span class="import-advice muted">". " {advice}</span> })}
                        </p>
                        {(report.total() > 0).then(|| view! { <ReportLink/> })}
                        <IconButton label="Close the import report" glyph=Glyph::Close on_press=close/>
                    </div>
                </section>
            })
        })
    }
}

/// A link to the import page.
#[component]
fn ReportLink() -> impl IntoView {
    view! { <a class="report-link" href=Route::Import.href()>"See report"</a> }
}

/// The summary of a successful import, for the status line.
#[component]
pub fn ImportStatus(
    /// True while it is shown.
    shown: Memo<bool>,
) -> impl IntoView {
    let imports = use_imports();
    let words = move || shown.get().then(|| imports.report.with(|report| report.as_ref().map(headline))).flatten();
    let rest = move || {
        shown.get().then(|| {
            view! {
                <ReportLink/>
                <IconButton
                    label="Close the import report"
                    glyph=Glyph::Close
                    on_press=move || imports.open.set(false)
                />
            }
        })
    };
    view! {
        <p class="status-text" class:import-outcome=move || shown.get() role="status">{words}</p>
        {rest}
    }
}

/// Returns the summary of an import, with advice if nothing was loaded.
fn sentence(report: &Report) -> String {
    let advice = advice(report).map(|advice| format!(". {advice}")).unwrap_or_default();
    format!("{}{advice}", headline(report))
}

/// Returns advice for an import without any session.
pub fn advice(report: &Report) -> Option<&'static str> {
    let is_other = report.finished() && report.loaded_nothing() && !report.needs_a_look();
    let advice = "Drop session files (.json) or their folder.";
    (is_other && report.ending() == Some(Ending::Through)).then_some(advice)
}

/// Returns the counts of an import in one line.
pub fn headline(report: &Report) -> String {
    if report.total() == 0 {
        return "No files found".into();
    }
    let counts: Vec<String> = report.counts().into_iter().map(|(label, number)| format!("{number} {label}")).collect();
    let files = report.description();
    let counts = counts.join(", ");
    match report.ending() {
        Some(Ending::Stopped) if report.read() < report.total() => {
            format!("Stopped after {} of {files}: {counts}", report.read())
        }
        Some(Ending::CutShort) => {
            format!("Interrupted when the page was closed, after {} of {files}: {counts}", report.read())
        }
        _ if report.finished() && report.loaded_nothing() => format!("Nothing loaded from {files}: {counts}"),
        _ => format!("{files}: {counts}"),
    }
}

/// The counts as buttons that filter the report.
#[component]
pub fn Counts(
    /// The counts by result.
    counts: Vec<(&'static str, usize)>,
    /// Number of processed files.
    total: usize,
    /// The result that is shown, if filtered.
    #[prop(into)]
    shown: Signal<Option<&'static str>>,
    /// The search text.
    search: Memo<String>,
) -> impl IntoView {
    let link = move |label: Option<&'static str>, number: usize| {
        let words = crate::format::title_case(label.unwrap_or("all"));
        view! {
            <button
                type="button"
                class="button filter"
                aria-pressed=move || (shown.get() == label).to_string()
                on:click=move |_| dom::navigate(&href(label, &search.get_untracked()))
            >
                {words} <span class="filter-count">{number}</span>
            </button>
        }
    };
    view! {
        <div class="filters" role="group" aria-label="Show">
            {link(None, total)}
            {counts.into_iter().map(|(label, number)| link(Some(label), number)).collect_view()}
        </div>
    }
}

/// Returns the address of the report with these filters.
pub fn href(label: Option<&str>, search: &str) -> String {
    let show = label.map(|label| format!("show={}", label.replace(' ', "-")));
    let search = Some(search).filter(|search| !search.is_empty()).map(|search| format!("q={}", encode(search)));
    let query: Vec<String> = show.into_iter().chain(search).collect();
    if query.is_empty() { Route::Import.href() } else { format!("{}?{}", Route::Import.href(), query.join("&")) }
}

/// Returns the result that an address filters by.
pub fn kind_of(address: &str) -> Option<&'static str> {
    let word = parameter(address, "show")?;
    ImportResult::LABELS.into_iter().find(|label| label.replace(' ', "-") == word)
}

/// Returns the search text of an address.
pub fn search_of(address: &str) -> String {
    parameter(address, "q").unwrap_or_default()
}

/// A button that copies the report.
#[component]
pub fn CopyReport() -> impl IntoView {
    let imports = use_imports();
    let copy = move || {
        let Some(text) = imports.report.with_untracked(|report| report.as_ref().map(Report::text)) else { return };
        imports.status().copy("the report", text);
    };
    view! { <Button label="Copy as text" weight=Weight::Plain on_press=copy/> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_workspace::ImportedFile;

    #[test]
    fn an_address_has_the_filters() {
        assert_eq!(href(None, ""), "#/import");
        for label in ImportResult::LABELS {
            let address = href(Some(label), "a & b?");
            assert_eq!((kind_of(&address), search_of(&address)), (Some(label), "a & b?".to_owned()));
        }
        assert_eq!(kind_of("#/import?show=nothing"), None);
    }

    #[test]
    fn an_import_without_sessions_gives_advice() {
        let check = |fates: &[ImportResult], expected: &str| {
            let mut report = Report::of(1, fates.len());
            report.add(
                fates
                    .iter()
                    .map(|result| ImportedFile { path: "a".into(), id: None, result: result.clone() })
                    .collect(),
            );
            report.finish(Ending::Through, None);
            assert_eq!(sentence(&report), expected);
        };
        let advice = "Drop session files (.json) or their folder.";
        let not = ImportResult::NotASession { why: "No session_id.".into() };
        let broken = ImportResult::Broken { line: 1, column: 1, message: "A value is missing.".into() };
        check(&[], &format!("No files found. {advice}"));
        check(&[not.clone(), not.clone()], &format!("Nothing loaded from 2 files: 2 not a session. {advice}"));
        check(&[not.clone(), broken.clone()], "Nothing loaded from 2 files: 1 not a session, 1 broken");
        check(&[not, broken, ImportResult::Added], "3 files: 1 added, 1 not a session, 1 broken");
        check(&[ImportResult::Added], "1 file: 1 added");
    }
}
