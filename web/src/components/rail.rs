//! The navigation bar.
use super::icon::{Glyph, Icon};
use crate::route::Route;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// The app's name and the links to its pages.
#[component]
pub fn Rail(
    /// The current page.
    route: Memo<Route>,
) -> impl IntoView {
    let workspace = use_workspace();
    let sessions = move || workspace.listed.with(|sessions| sessions.len());
    let changed = Memo::new(move |_| workspace.sessions.with(|sessions| sessions.changed().count()));
    view! {
        <nav class="rail" aria-label="Pages">
            <a class="brand" href=Route::Dashboard.href() aria-label="Callboard, dashboard">
                <Mark/>
                <span>"Callboard"</span>
            </a>
            <ul class="nav-list">
                <NavItem
                    label="Dashboard"
                    glyph=Glyph::Dashboard
                    href=Route::Dashboard.href()
                    here=Signal::derive(move || route.get() == Route::Dashboard)
                />
                <NavItem
                    label="Sessions"
                    glyph=Glyph::Sessions
                    href=Route::Sessions.href()
                    here=Signal::derive(move || matches!(route.get(), Route::Sessions | Route::Session(_) | Route::Imported(_)))
                    number=Signal::derive(sessions)
                />
                <NavItem
                    is_in_more=true
                    label="Timeline"
                    glyph=Glyph::Timeline
                    href=Route::Timeline.href()
                    here=Signal::derive(move || route.get() == Route::Timeline)
                />
                <NavItem
                    label="Schedule"
                    glyph=Glyph::Schedule
                    href=Route::Schedule.href()
                    here=Signal::derive(move || route.get() == Route::Schedule)
                />
                <NavItem
                    label="Changes"
                    glyph=Glyph::Changes
                    href=Route::Changes.href()
                    here=Signal::derive(move || route.get() == Route::Changes)
                    number=Signal::derive(move || changed.get())
                />
                <NavItem
                    is_in_more=true
                    label="Import"
                    glyph=Glyph::Add
                    href=Route::Import.href()
                    here=Signal::derive(move || matches!(route.get(), Route::Import | Route::Teach(_)))
                />
                <NavItem
                    is_in_more=true
                    label="Settings"
                    glyph=Glyph::Settings
                    href=Route::Settings.href()
                    here=Signal::derive(move || route.get() == Route::Settings)
                />
                <More route/>
            </ul>
            <a
                class="nav-item nav-new"
                href=Route::New.href()
                aria-current=move || (route.get() == Route::New).then_some("page")
            >
                <Icon glyph=Glyph::New/>
                <span class="nav-label">"New session"</span>
            </a>
        </nav>
    }
}

/// The menu of a narrow page, with the pages that its bar has no room for.
#[component]
fn More(
    /// The current page.
    route: Memo<Route>,
) -> impl IntoView {
    let is_here =
        move || matches!(route.get(), Route::Timeline | Route::Import | Route::Teach(_) | Route::Settings | Route::New);
    let link = |glyph: Glyph, label: &'static str, to: Route| {
        let href = to.href();
        view! {
            <a class="menu-item" href=href aria-current=move || (route.get() == to).then_some("page")>
                <Icon glyph/>
                <span>{label}</span>
            </a>
        }
    };
    view! {
        <li class="nav-narrow">
            <details class="menu nav-more">
                <summary class="nav-item" data-here=move || is_here().to_string()>
                    <Icon glyph=Glyph::More/>
                    <span class="nav-label">"More"</span>
                </summary>
                <div class="menu-panel nav-panel">
                    {link(Glyph::Timeline, "Timeline", Route::Timeline)}
                    {link(Glyph::Add, "Import", Route::Import)}
                    {link(Glyph::Settings, "Settings", Route::Settings)}
                    {link(Glyph::New, "New session", Route::New)}
                </div>
            </details>
        </li>
    }
}

/// The logo: four lamps, the second one lit.
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

/// Formats a number with at most four characters.
fn short(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..10_000 => format!("{}.{}k", number / 1_000, number % 1_000 / 100),
        _ => format!("{}k", number / 1_000),
    }
}

#[component]
fn NavItem(
    /// The label.
    label: &'static str,
    /// The icon.
    glyph: Glyph,
    /// The address.
    href: String,
    /// True on the page itself.
    here: Signal<bool>,
    /// The number of items on the page; hidden if 0.
    #[prop(optional)]
    number: Option<Signal<usize>>,
    /// True if a narrow page has it in its menu.
    #[prop(optional)]
    is_in_more: bool,
) -> impl IntoView {
    let number = move || number.map(|number| number.get()).filter(|number| *number > 0);
    view! {
        <li class:nav-wide=is_in_more>
            <a class="nav-item" href=href aria-current=move || here.get().then_some("page")>
                <Icon glyph/>
                <span class="nav-label">{label}</span>
                {move || number().map(|number| view! {
                    <span class="nav-number">
                        <span class="nav-exact">{number}</span>
                        <span class="nav-short" aria-hidden="true">{short(number)}</span>
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
    fn numbers_are_shortened() {
        assert_eq!(
            [999, 1_000, 1_290, 9_999, 10_000, 123_456].map(short),
            ["999", "1.0k", "1.2k", "9.9k", "10k", "123k"]
        );
    }
}
