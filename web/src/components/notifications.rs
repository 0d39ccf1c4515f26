//! The settings of desktop notifications.
use super::button::Button;
use crate::platform::focus;
use crate::platform::notify::Permission;
use crate::store::news::use_news;
use crate::store::notifications::{Notifications, kind_label};
use crate::store::preferences::notifications;
use callboard_core::Notable;
use leptos::prelude::*;

/// The choice of desktop notifications. Nothing is shown where the browser has none.
#[component]
pub fn NotificationChoice() -> impl IntoView {
    let shown = use_news().notifications;
    let permission = Memo::new(move |_| shown.permission());
    Effect::new(move |before: Option<()>| {
        permission.track();
        if before.is_some() {
            // The pressed button is gone.
            focus::focus_if_lost(".notifications input");
        }
    });
    move || {
        let content = match permission.get() {
            Permission::Unsupported => return None,
            Permission::NotAsked => view! {
                <p class="muted">
                    "While Callboard is open in another tab or window, it can notify you when a session fails, escalates, stalls, needs a decision or is complete. Your browser asks for permission first."
                </p>
                <Button label="Turn on notifications\u{2026}" on_press=move || shown.turn(true)/>
            }
            .into_any(),
            Permission::Granted => view! { <Kinds shown/> }.into_any(),
            Permission::Denied => view! {
                <p>
                    "Your browser blocks notifications from Callboard. To allow them, open the site's settings with the icon beside the address, set Notifications to Allow, and come back to this page."
                </p>
            }
            .into_any(),
        };
        Some(view! {
            <section class="panel notifications" aria-labelledby="notifications-title">
                <div class="panel-head"><h2 id="notifications-title">"Notifications"</h2></div>
                <div class="panel-body">{content}</div>
            </section>
        })
    }
}

/// The switch of all notifications, and one for each kind of news.
#[component]
fn Kinds(
    /// The notifications.
    shown: Notifications,
) -> impl IntoView {
    let is_on = Memo::new(|_| notifications().on);
    let kind = move |kind: Notable| {
        view! {
            <label class="field field-check">
                <input
                    type="checkbox"
                    prop:checked=move || notifications().shows(kind)
                    on:change=move |event| shown.set_kind(kind, event_target_checked(&event))
                />
                <span>{kind_label(kind)}</span>
            </label>
        }
    };
    let kinds = move || {
        is_on.get().then(|| {
            view! {
                <fieldset class="notification-kinds">
                    <legend>"Notify me when a session"</legend>
                    {Notable::ALL.map(kind).into_iter().collect_view()}
                </fieldset>
            }
        })
    };
    view! {
        <label class="field field-check">
            <input
                type="checkbox"
                prop:checked=is_on
                on:change=move |event| shown.turn(event_target_checked(&event))
            />
            <span>"Notify me while Callboard is in the background"</span>
        </label>
        {kinds}
    }
}
