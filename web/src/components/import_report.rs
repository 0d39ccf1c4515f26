//! What became of every file of the last import.
use super::button::IconButton;
use super::icon::{Glyph, Icon};
use crate::format::count;
use crate::route::Route;
use crate::store::fate::{Fate, Item, Report};
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// How many files are listed before the rest is counted.
const LISTED: usize = 200;

/// A panel over the page's content, until it is closed.
#[component]
pub fn ImportReport() -> impl IntoView {
    let workspace = use_workspace();
    let spoken = move || workspace.report.with(|report| report.as_ref().map(headline));
    let panel = move || {
        workspace.report.get().map(|report| {
            let close = move || workspace.report.set(None);
            let loud = report.needs_a_look();
            let hidden = if report.finished { report.items.len().saturating_sub(LISTED) } else { 0 };
            // While files still come, the count is enough: the list would be made again and again.
            let items = if report.finished { report.sorted() } else { Vec::new() };
            let rows = items.into_iter().take(LISTED).map(row).collect_view();
            view! {
                <section class="notice import-report" class:notice-loud=loud aria-label="Import report">
                    <details open=loud>
                        <summary class="notice-head">
                            <Icon glyph=if loud { Glyph::Warning } else { Glyph::Complete }/>
                            <span class="notice-text">{headline(&report)}</span>
                        </summary>
                        <ul class="fates">{rows}</ul>
                        {(hidden > 0).then(|| view! { <p class="fates-more">{count(hidden, "more file", "more files")}</p> })}
                    </details>
                    {(!report.finished).then(|| view! {
                        <progress max=report.total.to_string() value=report.items.len().to_string()></progress>
                    })}
                    <IconButton label="Close the import report" glyph=Glyph::Close on_press=close/>
                </section>
            }
        })
    };
    view! {
        <p class="sr-only" role="status">{spoken}</p>
        {panel}
    }
}

fn headline(report: &Report) -> String {
    if report.total == 0 {
        return "There was no file in that.".into();
    }
    let counts: Vec<String> = report.counts().into_iter().map(|(label, number)| format!("{number} {label}")).collect();
    let files = count(report.total, "file", "files");
    if report.finished {
        format!("{files}: {}", counts.join(", "))
    } else {
        format!("{} of {files} read", report.items.len())
    }
}

fn row(item: Item) -> impl IntoView {
    let place = match &item.fate {
        Fate::Broken { line, column, .. } => Some(format!("line {line}, column {column}")),
        _ => None,
    };
    let loud = item.fate.needs_a_look();
    let detail = item.fate.detail();
    let href = item.id.filter(|_| item.fate.is_loaded()).map(|id| Route::Session(id).href());
    let path = match href {
        Some(href) => view! { <a class="mono fate-path" href=href>{item.path}</a> }.into_any(),
        None => view! { <span class="mono fate-path">{item.path}</span> }.into_any(),
    };
    view! {
        <li class="fate" class:fate-loud=loud>
            {path}
            <span class="fate-word">{item.fate.label()}</span>
            <span class="fate-place">{place}</span>
            <span class="fate-detail">{detail}</span>
        </li>
    }
}
