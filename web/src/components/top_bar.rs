//! The bar above every page: search, commands, import.
use super::button::ChooseFiles;
use super::icon::{Glyph, Icon};
use super::source_status::SourceStatus;
use crate::keys::use_panels;
use crate::platform::dom;
use crate::route::Route;
use crate::store::query::Query;
use leptos::prelude::*;

/// The text in the search field.
#[derive(Clone, Copy, Debug)]
pub struct SearchText(pub RwSignal<String>);

/// The top bar.
#[component]
pub fn TopBar(
    /// The current page; searching leads to the list.
    route: Memo<Route>,
) -> impl IntoView {
    let SearchText(search) = expect_context();
    let palette = use_panels().palette;
    let on_input = move |value: String| {
        if route.get_untracked() != Route::Sessions {
            dom::navigate(&Query { search: value.clone(), ..Query::default() }.href());
        }
        search.set(value);
    };
    view! {
        <header class="top">
            <div class="search" role="search">
                <Icon glyph=Glyph::Search/>
                <input
                    id="search"
                    type="search"
                    aria-label="Search sessions"
                    placeholder="Search topic, id, file, agent, error"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || search.get()
                    on:input:target=move |event| on_input(event.target().value())
                    on:keydown=move |event| match event.key().as_str() {
                        "Enter" | "ArrowDown" => {
                            event.prevent_default();
                            dom::step_focus(".row-link", 0);
                        }
                        "Escape" => {
                            search.set(String::new());
                            dom::blur();
                        }
                        _ => {}
                    }
                />
                <kbd aria-hidden="true">"/"</kbd>
            </div>
            <span class="spacer"></span>
            <button type="button" class="button button-quiet palette-open" on:click=move |_| palette.set(true)>
                <Icon glyph=Glyph::Keys/>
                <span>"Commands"</span>
                <kbd aria-hidden="true">"Ctrl K"</kbd>
            </button>
            <SourceStatus/>
            <ChooseFiles label="Add files"/>
        </header>
    }
}
