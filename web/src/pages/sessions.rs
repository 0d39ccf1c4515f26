//! Every session, one a row.
use super::welcome::Welcome;
use crate::components::facts::{Spent, TextOr};
use crate::components::moment::Ago;
use crate::components::state_chip::StateChip;
use crate::components::strip::Strip;
use crate::components::top_bar::Search;
use crate::format::{UNKNOWN, count};
use crate::route::Route;
use crate::store::entry::Entry;
use crate::store::workspace::{Same, use_workspace};
use leptos::prelude::*;
use std::cmp::Reverse;

/// The list, or the first visit's page while there is nothing to list.
#[component]
pub fn Sessions() -> impl IntoView {
    let workspace = use_workspace();
    let Search(search) = expect_context();
    let empty = Memo::new(move |_| workspace.shelf.with(|shelf| shelf.is_empty()));
    let total = move || workspace.shelf.with(|shelf| shelf.len());
    let found = Memo::new(move |_| {
        let search = search.get().to_lowercase();
        workspace.shelf.with(|shelf| {
            let found = shelf.iter().filter(|entry| entry.summary().matches(&search));
            let mut found: Vec<_> = found.cloned().map(Same).collect();
            found.sort_by_key(|entry| Reverse(entry.summary().updated));
            found
        })
    });
    let number = move || {
        let (found, total) = (found.with(Vec::len), total());
        if found == total { total.to_string() } else { format!("{found} of {total}") }
    };
    move || {
        if empty.get() {
            return workspace.ready.get().then(|| view! { <Welcome/> }).into_any();
        }
        view! {
            <div class="page">
                <div class="page-head">
                    <h1 tabindex="-1">"Sessions"</h1>
                    <span class="page-count">{number}</span>
                </div>
                <table class="sessions">
                    <caption class="sr-only">"Sessions, the last changed first"</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="col-state">"State"</th>
                            <th scope="col" class="col-episode num">"Ep."</th>
                            <th scope="col" class="col-topic">"Topic"</th>
                            <th scope="col" class="col-id">"Session"</th>
                            <th scope="col" class="col-progress">"Progress"</th>
                            <th scope="col" class="col-cost num">"Cost / budget"</th>
                            <th scope="col" class="col-updated">"Updated"</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || found.get() key=|entry| entry.revision() children=|entry| row(&entry)/>
                    </tbody>
                </table>
                {move || found.with(Vec::is_empty).then(|| view! {
                    <p class="empty">"No session matches " <b>{search.get()}</b> ". " {count(total(), "session is", "sessions are")} " loaded."</p>
                })}
            </div>
        }
        .into_any()
    }
}

fn row(entry: &Entry) -> impl IntoView + use<> {
    let summary = entry.summary();
    let href = Route::Session(summary.id.clone()).href();
    let number = summary.number.map_or_else(|| UNKNOWN.to_owned(), |number| number.to_string());
    let changed = summary.changed.then(|| {
        view! { <span class="edited" title="Changed here; the file on the disk is as it was.">"edited"</span> }
    });
    view! {
        <tr class="row" data-session=summary.id.clone()>
            <td class="col-state"><StateChip state=summary.state.clone()/></td>
            <td class="col-episode num">{number}</td>
            <td class="col-topic">
                <a class="row-link" href=href>
                    <TextOr text=summary.topic.clone() missing="The file names no topic."/>
                </a>
                {changed}
            </td>
            <td class="col-id mono">{summary.id.clone()}</td>
            <td class="col-progress"><Strip marks=summary.marks percent=summary.percent/></td>
            <td class="col-cost num">
                <Spent cost=summary.cost budget=summary.budget within=summary.within_budget/>
            </td>
            <td class="col-updated"><Ago moment=summary.updated in_row=true/></td>
        </tr>
    }
}
