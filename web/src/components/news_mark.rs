//! Marks of sessions that changed since the user last looked at them.
use super::button::{Button, Weight};
use super::time::RelativeTime;
use crate::platform::dom;
use crate::store::news::use_news;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// The dot of a session that changed since the user last looked, with the change as its tip.
#[component]
pub fn NewsDot(
    /// The session's id.
    id: String,
) -> impl IntoView {
    let (news, now) = (use_news(), use_workspace().clock.half_minute);
    let mark = Memo::new(move |_| news.mark(&id));
    move || {
        mark.get().map(|mark| {
            let text = mark.text(now.get());
            let read_out = format!("Changed: {text}. ");
            view! {
                <span class="news-dot" data-state=mark.colour() data-tip=text>
                    <span class="sr-only">{read_out}</span>
                </span>
            }
        })
    }
}

/// The changes of a session since the user last looked, shown until its page is left.
#[component]
pub fn SinceLastLook(
    /// The session's id.
    id: String,
) -> impl IntoView {
    let news = use_news();
    let id = StoredValue::new(id);
    let look = move || id.with_value(|id| news.looked_at(id));
    news.set_open(id.get_value());
    on_cleanup(move || {
        // The next session's page may be open already.
        id.try_with_value(|id| news.set_closed(id));
    });
    let first = if news.visible.get_untracked() { look() } else { None };
    let mark = RwSignal::new(first);
    Effect::new(move |before: Option<()>| {
        if news.visible.get()
            && before.is_some()
            && let Some(found) = look()
        {
            mark.set(Some(found));
        }
    });
    move || {
        mark.get().map(|mark| {
            view! {
                <p class="since-look">
                    <span class="news-dot" data-state=mark.colour() aria-hidden="true"></span>
                    <span>
                        "Since you last looked: " <bdi>{mark.label.clone()}</bdi> ", "
                        <RelativeTime moment=Some(mark.at)/>
                    </span>
                </p>
            }
        })
    }
}

/// The button that marks all sessions as read, while any has a mark.
#[component]
pub fn MarkAllSeen() -> impl IntoView {
    let news = use_news();
    let any = Memo::new(move |_| news.any());
    let press = move || {
        news.looked_at_all();
        dom::focus_after_render("main h1");
    };
    move || any.get().then(|| view! { <Button label="Mark all as read" weight=Weight::Quiet on_press=press/> })
}
