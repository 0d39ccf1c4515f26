//! How an import goes, over whatever page is open; what became of each file is on a page of its own.
use super::button::{Button, IconButton, Weight};
use super::fates::Fates;
use super::icon::{Glyph, Icon};
use crate::platform::dom;
use crate::route::{Route, encode, parameter};
use crate::store::fate::LABELS;
use crate::store::report::{Ending, Report};
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// How many files are listed here: those that need a look come first.
const LISTED: usize = 24;

/// A panel over the page's content, until it is closed.
#[component]
pub fn ImportReport(
    /// Where we are: the report's own page says it all.
    route: Memo<Route>,
) -> impl IntoView {
    let workspace = use_workspace();
    let running = Memo::new(move |_| workspace.report.with(|report| report.as_ref().map(|report| !report.finished())));
    let spoken = move || match running.get() {
        Some(false) if workspace.report_open.get() => {
            workspace.report.with_untracked(|report| report.as_ref().map(headline))
        }
        _ => None,
    };
    let panel = move || match (running.get()?, route.get()) {
        (true, _) => Some(view! { <Running/> }.into_any()),
        (false, Route::Import) => None,
        // Told before: the report's own page has it.
        (false, _) if !workspace.report_open.get() => None,
        (false, _) => Some(view! { <Finished/> }.into_any()),
    };
    view! {
        <p class="sr-only" role="status">{spoken}</p>
        {panel}
    }
}

/// Files still come.
#[component]
fn Running() -> impl IntoView {
    let workspace = use_workspace();
    let read =
        move |of: fn(&Report) -> usize| workspace.report.with(|report| report.as_ref().map(of).unwrap_or_default());
    let (done, total) = (move || read(|report| report.items().len()), move || read(Report::total));
    let what = move || workspace.report.with(|report| report.as_ref().map(Report::what).unwrap_or_default());
    let words = move || match total() {
        0 => "Looking for files\u{2026}".to_owned(),
        _ => format!("{} of {} read", done(), what()),
    };
    view! {
        <section class="notice import-running" aria-label="Import">
            <div class="notice-head">
                <Icon glyph=Glyph::Add/>
                <p>{words}</p>
                <Button label="Cancel" on_press=move || workspace.cancel_import()/>
            </div>
            <progress
                aria-label="How many files are read"
                max=move || total().max(1).to_string()
                value=move || done().to_string()
            ></progress>
        </section>
    }
}

/// What became of the files, in short.
#[component]
fn Finished() -> impl IntoView {
    let workspace = use_workspace();
    move || {
        workspace.report.with(|report| {
            let report = report.as_ref()?;
            let close = move || workspace.report_open.set(false);
            let loud = report.needs_a_look();
            let files = report.first(LISTED).cloned().collect();
            Some(view! {
                <section class="notice import-report" class:notice-loud=loud aria-label="Import report">
                    <details open=loud>
                        <summary class="notice-head">
                            <Icon glyph=if loud { Glyph::Warning } else { Glyph::Complete }/>
                            <span class="notice-text">{headline(report)}</span>
                        </summary>
                        <Fates files/>
                        <p class="fates-more">
                            <a href=Route::Import.href()>"Every file and what became of it"</a>
                        </p>
                    </details>
                    <IconButton label="Close the import report" glyph=Glyph::Close on_press=close/>
                </section>
            })
        })
    }
}

/// What became of the files, in one line.
pub fn headline(report: &Report) -> String {
    if report.total() == 0 {
        return "There was no file in that.".into();
    }
    let counts: Vec<String> = report.counts().into_iter().map(|(label, number)| format!("{number} {label}")).collect();
    let files = report.what();
    let counts = counts.join(", ");
    match report.ending() {
        Some(Ending::Stopped) if report.read() < report.total() => {
            format!("Stopped after {} of {files}: {counts}", report.read())
        }
        Some(Ending::CutShort) => {
            format!("Cut short when the page was closed, after {} of {files}: {counts}", report.read())
        }
        _ => format!("{files}: {counts}"),
    }
}

/// The counts as links that show the files of one kind only.
#[component]
pub fn Counts(
    /// The report.
    counts: Vec<(&'static str, usize)>,
    /// How many files are through.
    total: usize,
    /// The kind that is shown, if one is.
    #[prop(into)]
    shown: Signal<Option<&'static str>>,
    /// What is looked for.
    search: Memo<String>,
) -> impl IntoView {
    let link = move |label: Option<&'static str>, number: usize| {
        let words = crate::format::title_case(label.unwrap_or("all"));
        view! {
            <button
                type="button"
                class="button filter"
                aria-pressed=move || (shown.get() == label).to_string()
                on:click=move |_| dom::go(&href(label, &search.get_untracked()))
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

/// The address of the report that shows the files of one kind, or of which a search is asked.
pub fn href(label: Option<&str>, search: &str) -> String {
    let show = label.map(|label| format!("show={}", label.replace(' ', "-")));
    let search = Some(search).filter(|search| !search.is_empty()).map(|search| format!("q={}", encode(search)));
    let query: Vec<String> = show.into_iter().chain(search).collect();
    if query.is_empty() { Route::Import.href() } else { format!("{}?{}", Route::Import.href(), query.join("&")) }
}

/// The kind that an address shows.
pub fn kind_of(address: &str) -> Option<&'static str> {
    let word = parameter(address, "show")?;
    LABELS.into_iter().find(|label| label.replace(' ', "-") == word)
}

/// What an address looks for.
pub fn search_of(address: &str) -> String {
    parameter(address, "q").unwrap_or_default()
}

/// A button without weight that copies the report.
#[component]
pub fn CopyReport() -> impl IntoView {
    let workspace = use_workspace();
    let copy = move || {
        let Some(text) = workspace.report.with_untracked(|report| report.as_ref().map(Report::text)) else { return };
        workspace.copy("the report", text);
    };
    view! { <Button label="Copy as text" weight=Weight::Plain on_press=copy/> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_shown() {
        assert_eq!(href(None, ""), "#/import");
        for label in LABELS {
            let address = href(Some(label), "a & b?");
            assert_eq!((kind_of(&address), search_of(&address)), (Some(label), "a & b?".to_owned()));
        }
        assert_eq!(kind_of("#/import?show=nothing"), None);
    }
}
