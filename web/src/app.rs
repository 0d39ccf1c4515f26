//! The frame around every page.
use crate::components::change_history::ChangeHistory;
use crate::components::drop_layer::DropLayer;
use crate::components::event_forms::FormRegistry;
use crate::components::import_report::ImportReport;
use crate::components::keys_panel::KeysPanel;
use crate::components::list::ListState;
use crate::components::palette::Palette;
use crate::components::planning::PlanningInput;
use crate::components::rail::Rail;
use crate::components::source_status::SourceNotice;
use crate::components::status_line::StatusLine;
use crate::components::storage_notice::StorageNotice;
use crate::components::tip::Tip;
use crate::components::top_bar::{SearchText, TopBar};
use crate::components::tour::Tour;
use crate::components::update_notice::UpdateNotice;
use crate::figures::Overview;
use crate::keys::{self, Panels};
use crate::pages::changes::Changes;
use crate::pages::dashboard::Dashboard;
use crate::pages::import::Import;
use crate::pages::imported_session::ImportedSession;
use crate::pages::new_session::{NewSession, NewSessionDraft};
use crate::pages::report::Report;
use crate::pages::schedule::Schedule;
use crate::pages::session::SessionPage;
use crate::pages::sessions::Sessions;
use crate::pages::settings::Settings;
use crate::pages::teach::Teach;
use crate::pages::timeline::Timeline;
use crate::pages::unknown::Unknown;
use crate::platform::attention;
use crate::platform::clock::Clock;
use crate::platform::dom;
use crate::platform::scroll_restoration::ScrollRestoration;
use crate::route::Route;
use crate::source::output::OpenOutputs;
use crate::store::commit::Commits;
use crate::store::delayed::Delayed;
use crate::store::drafts::Drafts;
use crate::store::import::Imports;
use crate::store::last_export::LastExportSignal;
use crate::store::library::Library;
use crate::store::live::Live;
use crate::store::news::News;
use crate::store::review::Review;
use crate::store::status::Status;
use crate::store::workspace::Workspace;
use leptos::prelude::*;
use std::time::Duration;

/// Time for which changes of files are collected before git is asked for what can be committed.
const REFRESH_COMMITS: Duration = Duration::from_millis(400);

/// The app.
#[component]
pub fn App() -> impl IntoView {
    let (status, last_export, drafts) = (Status::default(), LastExportSignal::default(), Drafts::default());
    let library = Library::new(status);
    let workspace = Workspace::open(Clock::start(), status, last_export, drafts, library);
    provide_context(last_export);
    provide_context(Review::open());
    provide_context(drafts);
    provide_context(library);
    provide_context(workspace);
    let news = News::open(workspace);
    provide_context(news);
    Effect::new(move |_| attention::set_count(news.count()));
    let outputs = OpenOutputs::provide();
    let imports = Imports::new(workspace);
    provide_context(imports);
    let live = Live::begin(workspace, imports, outputs, news);
    provide_context(live);
    let commits = Commits::new(workspace, live.source.into());
    provide_context(commits);
    Effect::new(move |_| {
        if workspace.storage_error.with(Option::is_none) {
            drafts.changes_are_stored();
        }
    });
    provide_context(Overview::follow(workspace));
    provide_context(SearchText(RwSignal::new(String::new())));
    let scroll = ScrollRestoration::begin();
    let hash = dom::watch_hash(move || scroll.save());
    provide_context(dom::Address(hash));
    dom::close_menus_on_leave();
    dom::show_focused_whole();
    let route = Memo::new(move |_| Route::parse(&hash.get()));
    provide_context(ListState::follow(route, hash));
    provide_context(FormRegistry::begin());
    provide_context(NewSessionDraft::begin());
    provide_context(PlanningInput::begin());
    let panels = Panels::default();
    provide_context(panels);
    let refresh = Delayed::by(REFRESH_COMMITS);
    Effect::new(move |_| {
        live.changed.track();
        live.saving.track();
        if route.get() == Route::Changes {
            refresh.run(move || commits.refresh());
        }
    });
    keys::listen(workspace, live, route, panels);
    Effect::new(move |before: Option<()>| {
        attention::set_title(&title(&route.get()));
        if before.is_some() {
            scroll.restore();
        }
    });
    view! {
        <button type="button" class="skip button" on:click=move |_| { dom::focus("main"); }>
            "Skip to content"
        </button>
        <div class="frame">
            <Rail route/>
            <TopBar route/>
            <main tabindex="-1" data-scroller>
                // A single element whose size tells long lists that they have moved.
                <div class="content">
                    <StorageNotice/>
                    <SourceNotice/>
                    <UpdateNotice/>
                    <ImportReport route/>
                    {move || page(route.get())}
                </div>
                // Assistive technology finds all content within landmarks.
                <Tip/>
            </main>
            <Tour step=panels.tour route/>
            <StatusLine/>
        </div>
        <KeysPanel open=panels.keys/>
        <ChangeHistory open=panels.history/>
        <Palette route open=panels.palette/>
        <DropLayer/>
    }
}

fn page(route: Route) -> AnyView {
    match route {
        Route::Dashboard => view! { <Dashboard/> }.into_any(),
        Route::Sessions => view! { <Sessions/> }.into_any(),
        Route::Session(id) => view! { <SessionPage id/> }.into_any(),
        Route::Imported(key) => view! { <ImportedSession key/> }.into_any(),
        Route::Teach(path) => view! { <Teach path/> }.into_any(),
        Route::New => view! { <NewSession/> }.into_any(),
        Route::Import => view! { <Import/> }.into_any(),
        Route::Changes => view! { <Changes/> }.into_any(),
        Route::Timeline => view! { <Timeline/> }.into_any(),
        Route::Report => view! { <Report/> }.into_any(),
        Route::Schedule => view! { <Schedule/> }.into_any(),
        Route::Settings => view! { <Settings/> }.into_any(),
        Route::Unknown(what) => view! { <Unknown what/> }.into_any(),
    }
}

fn title(route: &Route) -> String {
    let name = match route {
        Route::Dashboard => "Dashboard",
        Route::Sessions => "Sessions",
        Route::Session(id) | Route::Imported(id) => id,
        Route::Teach(_) => "Teach a shape",
        Route::New => "New session",
        Route::Import => "Import",
        Route::Changes => "Changes",
        Route::Timeline => "Timeline",
        Route::Report => "Production report",
        Route::Schedule => "Schedule",
        Route::Settings => "Settings",
        Route::Unknown(_) => "Page not found",
    };
    format!("{name} \u{b7} Callboard")
}
