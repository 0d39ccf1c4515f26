//! Named views of the list: built-in and saved ones.
use super::Listing;
use crate::components::button::IconButton;
use crate::components::icon::Glyph;
use crate::platform::preferences::{SavedView, set_views, views};
use crate::platform::{dom, focus};
use crate::store::query::Query;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// Built-in views: name and query.
pub const BUILT_IN: [(&str, &str); 5] = [
    ("Needs attention", "health=at_risk,stalled,failed&sort=-health"),
    ("In progress", "state=RESEARCHING,WRITING,EVALUATING,SYNTHESIZING"),
    ("Failed", "state=FAILED"),
    ("Sent back", "reason=gates_failed"),
    ("Due today or late", "due=late,today&sort=due"),
];

fn href(query: &str) -> String {
    Query::parse(query).href()
}

/// The menu of views.
#[component]
pub fn Views(
    /// The list.
    list: Listing,
) -> impl IntoView {
    let workspace = use_workspace();
    let saved = RwSignal::new(views());
    let is_stored = StoredValue::new(true);
    let name = RwSignal::new(String::new());
    let change = move |change: &dyn Fn(&mut Vec<SavedView>)| {
        // Another tab may have saved a view. Without storage, this tab's views are used.
        let mut now = if is_stored.get_value() { views() } else { saved.get_untracked() };
        change(&mut now);
        let outcome = set_views(&now);
        is_stored.set_value(outcome.is_ok());
        saved.set(now);
        if let Err(why) = outcome {
            workspace.status.set(format!("Views were not saved. {why}"), None);
        }
    };
    let view_here = move || list.query.with(|query| query.as_view(list.columns.get()));
    let save = move || {
        let view = SavedView { name: name.get().trim().to_owned(), query: view_here().text() };
        if view.name.is_empty() {
            return;
        }
        change(&|saved| {
            saved.retain(|other| other.name != view.name);
            saved.push(view.clone());
        });
        name.set(String::new());
        dom::close_menus();
    };
    let link = move |name: String, query: String| {
        let here = {
            let query = Query::parse(&query);
            // A view without columns goes with any.
            move || {
                list.query.with(|now| {
                    now.of_rows() == query.of_rows()
                        && query.columns.is_none_or(|columns| columns == list.columns.get())
                })
            }
        };
        view! {
            <a class="menu-item menu-link" href=href(&query) aria-current=move || here().then_some("true") on:click=|_| { dom::close_menus(); }>
                {name}
            </a>
        }
    };
    let rows = move || {
        saved
            .get()
            .into_iter()
            .map(|view| {
                let gone = view.name.clone();
                let remove = move || {
                    change(&|saved| saved.retain(|other| other.name != gone));
                    focus::focus_if_lost("details.menu[open] .menu-item");
                };
                view! {
                    <div class="menu-row">
                        {link(view.name, view.query)}
                        <IconButton label="Remove view" glyph=Glyph::Close on_press=remove/>
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <details class="menu menu-end">
            <summary class="button filter"><span>"Views"</span></summary>
            <div class="menu-panel" role="group" aria-label="Views">
                {BUILT_IN.map(|(name, query)| link(name.to_owned(), query.to_owned())).into_iter().collect_view()}
                {rows}
                <form class="menu-form" on:submit=move |event| {
                    event.prevent_default();
                    save();
                }>
                    <span class="field-box">
                        <input
                            type="text"
                            aria-label="View name"
                            placeholder="View name"
                            prop:value=move || name.get()
                            on:input:target=move |event| name.set(event.target().value())
                        />
                    </span>
                    <button type="submit" class="button">"Save"</button>
                </form>
            </div>
        </details>
    }
}
