//! The tabs of a session's page; the address names the open one.
use crate::platform::dom;
use crate::session_address::{SessionAddress, Tab};
use leptos::prelude::*;

/// The row of tabs.
#[component]
pub fn Tabs(
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
    /// The session's id.
    id: String,
    /// Number of items in a tab; 0 is not shown.
    count: impl Fn(Tab) -> usize + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let id = StoredValue::new(id);
    let open = move |tab: Tab| {
        let next = SessionAddress { tab, line: None, ..at.get_untracked() };
        dom::navigate(&id.with_value(|id| next.href(id)));
    };
    let tabs = Tab::ALL.map(|tab| {
        let selected = move || at.get().tab == tab;
        let number = move || Some(count(tab)).filter(|number| *number > 0);
        view! {
            <button
                type="button"
                role="tab"
                class="tab"
                id=format!("tab-{}", tab.name())
                aria-selected=move || selected().to_string()
                aria-controls="tab-panel"
                tabindex=move || if selected() { "0" } else { "-1" }
                on:click=move |_| open(tab)
            >
                {tab.label()}
                {move || number().map(|number| view! { <span class="tab-count">{number}</span> })}
            </button>
        }
    });
    view! {
        <div
            class="tabs"
            role="tablist"
            aria-label="About this session"
            on:keydown=move |event| {
                let now = at.get_untracked().tab;
                let next = match event.key().as_str() {
                    "ArrowRight" => now.step(1),
                    "ArrowLeft" => now.step(Tab::ALL.len() - 1),
                    "Home" => Tab::Diagram,
                    "End" => Tab::Diagnostics,
                    _ => return,
                };
                event.prevent_default();
                open(next);
                dom::focus(next.selector());
            }
        >
            {tabs.into_iter().collect_view()}
        </div>
    }
}
