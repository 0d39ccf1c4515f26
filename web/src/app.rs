//! The frame around every page.
use crate::components::drop_layer::DropLayer;
use crate::components::import_report::ImportReport;
use crate::components::keys_panel::KeysPanel;
use crate::components::rail::Rail;
use crate::components::status_line::StatusLine;
use crate::components::top_bar::{Search, TopBar};
use crate::components::trouble::Trouble;
use crate::keys;
use crate::pages::changes::Changes;
use crate::pages::session::SessionPage;
use crate::pages::sessions::Sessions;
use crate::pages::settings::Settings;
use crate::pages::unknown::Unknown;
use crate::platform::clock::Clock;
use crate::platform::dom;
use crate::route::Route;
use crate::store::workspace::Workspace;
use leptos::prelude::*;

/// The app.
#[component]
pub fn App() -> impl IntoView {
    let workspace = Workspace::open(Clock::start());
    provide_context(workspace);
    provide_context(Search(RwSignal::new(String::new())));
    let hash = dom::watch_hash();
    provide_context(dom::Address(hash));
    let route = Memo::new(move |_| Route::parse(&hash.get()));
    let keys_open = RwSignal::new(false);
    keys::listen(workspace, route, keys_open);
    Effect::new(move |before: Option<()>| {
        dom::set_title(&title(&route.get()));
        if before.is_some() {
            dom::scroll_to_top();
            // Who reads by ear hears where they have come to.
            dom::focus_soon("main h1");
        }
    });
    view! {
        <button type="button" class="skip button" on:click=move |_| dom::focus("main")>
            "To the content"
        </button>
        <div class="frame">
            <Rail route/>
            <TopBar route/>
            <main tabindex="-1">
                <Trouble/>
                <ImportReport/>
                {move || page(route.get())}
            </main>
            <StatusLine/>
        </div>
        <KeysPanel open=keys_open/>
        <DropLayer/>
    }
}

fn page(route: Route) -> AnyView {
    match route {
        Route::Sessions => view! { <Sessions/> }.into_any(),
        Route::Session(id) => view! { <SessionPage id/> }.into_any(),
        Route::Changes => view! { <Changes/> }.into_any(),
        Route::Settings => view! { <Settings/> }.into_any(),
        Route::Unknown(what) => view! { <Unknown what/> }.into_any(),
    }
}

fn title(route: &Route) -> String {
    let place = match route {
        Route::Sessions => "Sessions",
        Route::Session(id) => id,
        Route::Changes => "Changes",
        Route::Settings => "Settings",
        Route::Unknown(_) => "Nothing here",
    };
    format!("{place} \u{b7} Callboard")
}
