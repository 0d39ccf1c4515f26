//! Progress and summary of an import on every page; the import page has each file's result.
use super::button::{Button, IconButton, Weight};
use super::icon::{Glyph, Icon};
use crate::platform::dom;
use crate::route::{Route, encode, parameter};
use crate::store::import::use_imports;
use crate::store::outcome::{Outcome, ReportGroup};
use crate::store::report::Report;
use leptos::prelude::*;
use std::time::Duration;

/// Delay after which a running import shows its progress.
const SHOWN_AFTER: Duration = Duration::from_millis(200);

/// Time for which the status line reports an import without problems: long enough to read it twice.
const GONE_AFTER: Duration = Duration::from_secs(12);

/// The progress of an import, then its summary if it needs attention. The status line reports an import without
/// problems.
#[component]
pub fn ImportReport(
    /// The current page; the import page shows the report itself.
    route: Memo<Route>,
) -> impl IntoView {
    let imports = use_imports();
    let running = Memo::new(move |_| imports.report.with(|report| report.as_ref().map(|report| !report.finished())));
    let went_well = Memo::new(move |_| imports.went_well());
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
    // A success is said once and goes by itself; the import page keeps the report.
    let run = Memo::new(move |_| imports.report.with(|report| report.as_ref().map(Report::run)));
    Effect::new(move |_| {
        let told = run.get();
        if running.get() == Some(false) && went_well.get() && imports.open.get() {
            let is_over = move || run.get_untracked() != told || !went_well.get_untracked();
            // This component lives as long as the page.
            set_timeout(
                move || {
                    if !is_over() && !dom::is_in_use(".status") {
                        imports.open.set(false);
                    }
                },
                GONE_AFTER,
            );
        }
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
    let spoken = move || is_shown().then(|| imports.outcome.get().map(|outcome| sentence(&outcome))).flatten();
    let is_running = move || running.get() == Some(true) && is_slow.get();
    view! {
        <p class="sr-only" role="status">{spoken}</p>
        <Show when=is_running><Running/></Show>
        <Show when=is_shown><Finished/></Show>
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
        let outcome = imports.outcome.get()?;
        let close = move || imports.open.set(false);
        let has_files = imports.report.with(|report| report.as_ref().is_some_and(|report| report.total() > 0));
        Some(view! {
            <section class="notice notice-loud import-report" aria-label="Import report">
                <div class="notice-head">
                    <Icon glyph=Glyph::Warning/>
                    <p>
                        <span class="import-outcome">{outcome.headline()}</span>
                        {outcome.advice().map(|advice| view! { <span class="import-advice muted">". " {advice}</span> })}
                    </p>
                    {has_files.then(|| view! { <ReportLink/> })}
                    <IconButton label="Close the import report" glyph=Glyph::Close on_press=close/>
                </div>
            </section>
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
    let words = move || shown.get().then(|| imports.outcome.get().map(|outcome| outcome.headline())).flatten();
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
fn sentence(outcome: &Outcome) -> String {
    let advice = outcome.advice().map(|advice| format!(". {advice}")).unwrap_or_default();
    format!("{}{advice}", outcome.headline())
}

/// The counts of files by group, as buttons that filter the report.
#[component]
pub fn Counts(
    /// The counts.
    counts: Vec<(ReportGroup, usize)>,
    /// Number of files.
    total: usize,
    /// The group that is shown, if filtered.
    #[prop(into)]
    shown: Signal<Option<ReportGroup>>,
    /// The search text.
    search: Memo<String>,
) -> impl IntoView {
    let link = move |group: Option<ReportGroup>, number: usize| {
        view! {
            <button
                type="button"
                class="button filter"
                aria-pressed=move || (shown.get() == group).to_string()
                on:click=move |_| dom::navigate(&href(group, &search.get_untracked()))
            >
                {group.map_or("All", ReportGroup::title)} " " <span class="filter-count">{number}</span>
            </button>
        }
    };
    view! {
        <div class="filters" role="group" aria-label="Show">
            {link(None, total)}
            {counts.into_iter().map(|(group, number)| link(Some(group), number)).collect_view()}
        </div>
    }
}

/// Returns the address of the report with these filters.
pub fn href(group: Option<ReportGroup>, search: &str) -> String {
    let show = group.map(|group| format!("show={}", group.key()));
    let search = Some(search).filter(|search| !search.is_empty()).map(|search| format!("q={}", encode(search)));
    let query: Vec<String> = show.into_iter().chain(search).collect();
    if query.is_empty() { Route::Import.href() } else { format!("{}?{}", Route::Import.href(), query.join("&")) }
}

/// Returns the group that an address filters by.
pub fn group_of(address: &str) -> Option<ReportGroup> {
    let key = parameter(address, "show")?;
    ReportGroup::ALL.into_iter().find(|group| group.key() == key)
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
        let Some(outcome) = imports.outcome.get_untracked() else { return };
        imports.status().copy("the report", outcome.text());
    };
    view! { <Button label="Copy as text" weight=Weight::Plain on_press=copy/> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_filters() {
        assert_eq!(href(None, ""), "#/import");
        for group in ReportGroup::ALL {
            let address = href(Some(group), "a & b?");
            assert_eq!((group_of(&address), search_of(&address)), (Some(group), "a & b?".to_owned()));
        }
        assert_eq!(group_of("#/import?show=nothing"), None);
    }
}
