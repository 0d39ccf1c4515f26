//! The session that is shown beside the list on wide pages.
use super::imported_session::ImportedSession;
use super::session::SessionPage;
use crate::components::button::IconButton;
use crate::components::icon::{Glyph, Icon};
use crate::components::list::Listing;
use crate::platform::dom;
use crate::route::Route;
use leptos::prelude::*;

/// The session beside the list.
#[component]
pub fn SessionBeside(
    /// The list.
    list: Listing,
) -> impl IntoView {
    let open = Memo::new(move |_| list.query.with(|query| query.open.clone()));
    let close = move || {
        dom::return_focus(".row[aria-current] .row-link");
        list.open(None);
    };
    let content = move || {
        match open.get() {
        Some(route @ (Route::Session(_) | Route::Imported(_))) => {
            let href = route.href();
            let page = match route {
                Route::Imported(key) => view! { <ImportedSession key/> }.into_any(),
                Route::Session(id) => view! { <SessionPage id/> }.into_any(),
                _ => ().into_any(),
            };
            view! {
                <div class="split-bar">
                    <a class="button button-quiet" href=href>
                        <Icon glyph=Glyph::Next/>
                        <span>"Open page"</span>
                    </a>
                    <span class="spacer"></span>
                    <IconButton label="Close session" glyph=Glyph::Close on_press=close/>
                </div>
                {page}
            }
            .into_any()
        }
        _ => view! {
            <p class="split-empty">"Select a session to see it here. "<kbd>"j"</kbd>" "<kbd>"k"</kbd>" move, "<kbd>"Enter"</kbd>" opens its page."</p>
        }
        .into_any(),
    }
    };
    view! { <section class="split-detail" aria-label="Open session" data-scroller>{content}</section> }
}
