//! The places of the app, always at hand.
use super::icon::{Glyph, Icon};
use crate::route::Route;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// The app's name and its places.
#[component]
pub fn Rail(
    /// Where we are.
    route: Memo<Route>,
) -> impl IntoView {
    let workspace = use_workspace();
    let sessions = move || workspace.sessions.with(|shelf| shelf.len());
    let changed = Memo::new(move |_| workspace.sessions.with(|shelf| shelf.changed().count()));
    view! {
        <nav class="rail" aria-label="Places">
            <a class="brand" href=Route::Dashboard.href() aria-label="Callboard, dashboard">
                <Mark/>
                <span>"Callboard"</span>
            </a>
            <ul class="places">
                <Place
                    label="Dashboard"
                    glyph=Glyph::Dashboard
                    href=Route::Dashboard.href()
                    here=Signal::derive(move || route.get() == Route::Dashboard)
                />
                <Place
                    label="Sessions"
                    glyph=Glyph::Sessions
                    href=Route::Sessions.href()
                    here=Signal::derive(move || matches!(route.get(), Route::Sessions | Route::Session(_)))
                    number=Signal::derive(sessions)
                />
                <Place
                    label="Changes"
                    glyph=Glyph::Changes
                    href=Route::Changes.href()
                    here=Signal::derive(move || route.get() == Route::Changes)
                    number=Signal::derive(move || changed.get())
                />
                <Place
                    label="Import"
                    glyph=Glyph::Add
                    href=Route::Import.href()
                    here=Signal::derive(move || route.get() == Route::Import)
                />
                <Place
                    label="Settings"
                    glyph=Glyph::Settings
                    href=Route::Settings.href()
                    here=Signal::derive(move || route.get() == Route::Settings)
                />
            </ul>
        </nav>
    }
}

/// The four lamps of a call board, the second one lit.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 20 20" aria-hidden="true">
            <rect class="mark-board" x="1" y="1" width="18" height="18" rx="4"></rect>
            <circle class="mark-lamp" cx="6.5" cy="6.5" r="2"></circle>
            <circle class="mark-lamp mark-lit" cx="13.5" cy="6.5" r="2"></circle>
            <circle class="mark-lamp" cx="6.5" cy="13.5" r="2"></circle>
            <circle class="mark-lamp" cx="13.5" cy="13.5" r="2"></circle>
        </svg>
    }
}

/// A number in at most four characters, for where there is no room for more.
fn short(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..10_000 => format!("{}.{}k", number / 1_000, number % 1_000 / 100),
        _ => format!("{}k", number / 1_000),
    }
}

#[component]
fn Place(
    /// Its name.
    label: &'static str,
    /// Its icon.
    glyph: Glyph,
    /// Its address.
    href: String,
    /// Whether we are there.
    here: Signal<bool>,
    /// How many things are there; not shown when there are none.
    #[prop(optional)]
    number: Option<Signal<usize>>,
) -> impl IntoView {
    let number = move || number.map(|number| number.get()).filter(|number| *number > 0);
    view! {
        <li>
            <a class="place" href=href aria-current=move || here.get().then_some("page")>
                <Icon glyph/>
                <span class="place-label">{label}</span>
                {move || number().map(|number| view! {
                    <span class="place-number">
                        <span class="place-exact">{number}</span>
                        <span class="place-short" aria-hidden="true">{short(number)}</span>
                    </span>
                })}
            </a>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_short() {
        assert_eq!(
            [999, 1_000, 1_290, 9_999, 10_000, 123_456].map(short),
            ["999", "1.0k", "1.2k", "9.9k", "10k", "123k"]
        );
    }
}
