//! Links to the sessions before and after this one, in the order of the list.
use super::icon::{Glyph, Icon};
use super::list::ListState;
use crate::platform::dom;
use crate::session_address::SessionAddress;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// The links, with the position of the session in the list.
#[component]
pub fn Neighbours(
    /// The session's id.
    id: String,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    let (list, workspace): (ListState, _) = (expect_context(), use_workspace());
    // The order stays as the list had it, so that an edit does not move the session that is being edited.
    let place = Memo::new(move |_| {
        let _follows = workspace.is_ready();
        list.place(workspace, &id)
    });
    if let Some(step) = list.take_step() {
        dom::focus_after_render(if step > 0 { ".neighbour-next" } else { ".neighbour-previous" });
    }
    let link = move |step: isize, class: &'static str, label: &'static str, key: &'static str| {
        move || {
            let target = place.with(|place| place.as_ref()?.neighbour(step).map(str::to_owned));
            let href = target.map(|id| SessionAddress { tab: at.get().tab, ..SessionAddress::default() }.href(&id));
            let disabled = href.is_none().then_some("true");
            view! {
                <a
                    class=format!("button button-quiet button-icon {class}")
                    role="link"
                    href=href
                    aria-label=label
                    aria-disabled=disabled
                    title=format!("{label} ({key})")
                    on:click=move |event| {
                        // Other clicks open it in a new tab or window.
                        let is_plain = !(event.ctrl_key() || event.meta_key() || event.shift_key());
                        if disabled.is_none() && is_plain {
                            list.remember_step(step);
                        }
                    }
                >
                    <Icon glyph=Glyph::Next/>
                </a>
            }
        }
    };
    let words =
        move || place.with(|place| place.as_ref().map(|place| format!("{} of {}", place.index + 1, place.ids.len())));
    let is_any = Memo::new(move |_| place.with(|place| place.as_ref().is_some_and(|place| place.ids.len() > 1)));
    let previous = link(-1, "neighbour-previous", "Previous session", "Shift K");
    let next = link(1, "neighbour-next", "Next session", "Shift J");
    move || {
        is_any.get().then(|| {
            view! {
                <nav class="neighbours" aria-label="Sessions in the list">
                    {previous}
                    <span>{words}</span>
                    {next}
                </nav>
            }
        })
    }
}
