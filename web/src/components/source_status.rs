//! The live source in the bar above every page: open a folder, its connection, and closing it.
use super::button::Button;
use super::icon::{Glyph, Icon};
use crate::source::Source;
use crate::store::live::{LiveState, use_live};
use leptos::prelude::*;

/// The buttons or the state of the live source.
#[component]
pub fn SourceStatus() -> impl IntoView {
    let live = use_live();
    // A source's own state changes while its menu is open: the menu stays.
    let kind = Memo::new(move |_| match live.state.get() {
        LiveState::Off => StatusKind::Nothing,
        LiveState::Remembered(name) => StatusKind::Remembered(name),
        LiveState::Opening(name) | LiveState::On(name) | LiveState::Lost(name, _) => StatusKind::Source(name),
    });
    move || match kind.get() {
        StatusKind::Nothing if live.can_open_folder() => {
            view! { <Button label="Open folder" glyph=Glyph::Folder on_press=move || live.open_folder()/> }.into_any()
        }
        StatusKind::Nothing => ().into_any(),
        StatusKind::Remembered(name) => {
            view! { <Button label=format!("Reconnect {name}") glyph=Glyph::Folder on_press=move || live.reconnect()/> }
                .into_any()
        }
        StatusKind::Source(name) => view! { <SourceMenu name/> }.into_any(),
    }
}

/// The part of the state that decides which elements are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
enum StatusKind {
    Nothing,
    Remembered(String),
    Source(String),
}

/// The name and the state of a source, and what can be done with it.
#[component]
fn SourceMenu(
    /// The name of the source's folder.
    name: String,
) -> impl IntoView {
    let live = use_live();
    let is_folder = Memo::new(move |_| live.source.with(|source| matches!(source, Some(Source::Folder(_)))));
    let state = move || match live.state.get() {
        LiveState::Opening(_) => ("opening", "Opening\u{2026}".to_owned()),
        LiveState::Lost(_, why) => ("lost", why),
        _ if !live.abilities().write => ("on", "Live, read-only: changes appear here as they happen.".to_owned()),
        _ => ("on", "Live: changes to these files appear here as they happen.".to_owned()),
    };
    let label = {
        let name = name.clone();
        move || match state().0 {
            "lost" => format!("{name}, not connected"),
            "opening" => format!("{name}, opening"),
            _ => format!("{name}, live"),
        }
    };
    view! {
        <details class="menu menu-end source">
            <summary class="button" aria-label=label>
                <span class="source-lamp" data-state=move || state().0 aria-hidden="true"></span>
                <bdi class="source-name" translate="no">{name}</bdi>
            </summary>
            <div class="menu-panel source-panel">
                <p role="status">{move || state().1}</p>
                {move || is_folder.get().then(|| view! {
                    <div class="menu-form">
                        <Button label="Open another folder" glyph=Glyph::Folder on_press=move || live.open_folder()/>
                        <Button label="Close folder" on_press=move || live.close()/>
                    </div>
                })}
            </div>
        </details>
    }
}

/// A notice while the source cannot be reached.
#[component]
pub fn SourceNotice() -> impl IntoView {
    let live = use_live();
    let lost = Memo::new(move |_| match live.state.get() {
        LiveState::Lost(_, why) => Some(why),
        _ => None,
    });
    move || {
        lost.get().map(|why| {
            view! {
                <section class="notice" aria-label="Connection">
                    <div class="notice-head">
                        <Icon glyph=Glyph::Warning/>
                        <p role="status">{why}</p>
                    </div>
                </section>
            }
        })
    }
}
