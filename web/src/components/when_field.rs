//! The time of an event in its form: now, or a time that the producer sets.
use super::event_fields::EventInput;
use super::session_signals::SessionSignals;
use super::time::{format_time, zone_name};
use crate::platform::dom;
use crate::platform::intl::{self, Style};
use crate::store::preferences::zone;
use crate::store::workspace::use_workspace;
use callboard_core::{TimeDoubt, Timestamp};
use leptos::prelude::*;

/// Follows the time that was set; `None` for now, also if it is this minute.
pub fn follow_time(typed: RwSignal<EventInput>) -> Memo<Option<Timestamp>> {
    let clock = use_workspace().clock;
    let text = Memo::new(move |_| typed.with(|typed| typed.when().to_owned()));
    let minute = Memo::new(move |_| clock.second.get().unix() / 60);
    Memo::new(move |_| {
        let _follows = zone();
        let set = text.with(|text| intl::from_local(text))?;
        // Followed, so that a time that was set stays what it is when its minute is over.
        let is_this_minute = set.unix() / 60 == minute.get();
        (!is_this_minute).then_some(set)
    })
}

/// The field, collapsed to a line while the time is now.
#[component]
pub fn WhenField(
    /// The session.
    session: SessionSignals,
    /// The input to update.
    typed: RwSignal<EventInput>,
    /// The time that was set.
    at: Memo<Option<Timestamp>>,
) -> impl IntoView {
    let clock = use_workspace().clock;
    // The browser reports an incomplete time as none, so the field stays open while one is typed.
    let open = RwSignal::new(typed.with_untracked(|typed| !typed.when().is_empty()));
    let set = move |when: String| typed.update(|typed| typed.set_when(when));
    let expand = move |_| {
        set(intl::to_local(clock.second.get_untracked()));
        open.set(true);
        dom::focus_after_render("#field-when");
    };
    let collapse = move |_| {
        set(String::new());
        open.set(false);
        dom::focus_after_render(".when-set");
    };
    let doubt = Memo::new(move |_| {
        let at = at.get()?;
        session.text.with(|entry| entry.session().doubt_time(at, clock.half_minute.get()))
    });
    let warning = move || {
        let words = match doubt.get()? {
            TimeDoubt::BeforeLastEvent(last) => {
                format!("Before the session\u{2019}s last event, {}.", format_time(last, Style::Stamp))
            }
            TimeDoubt::InFuture => "This time is in the future.".to_owned(),
        };
        Some(view! { <p class="warning" id="when-warning">{words}</p> })
    };
    let described = move || doubt.with(Option::is_some).then_some("when-warning");
    move || {
        if !open.get() {
            return view! {
                <p class="when">
                    <span>"When: now"</span>
                    <button type="button" class="offer when-set" on:click=expand>"Set time"</button>
                </p>
            }
            .into_any();
        }
        view! {
            <div class="field">
                <div class="field-head">
                    <label for="field-when">"When"</label>
                    <span class="field-unit">{zone_name}</span>
                </div>
                <div class="when-row">
                    <div class="field-box">
                        <input
                            id="field-when"
                            name="when"
                            type="datetime-local"
                            aria-describedby=described
                            prop:value=typed.with_untracked(|typed| typed.when().to_owned())
                            on:input:target=move |event| set(event.target().value())
                        />
                    </div>
                    <button type="button" class="button" on:click=collapse>"Now"</button>
                </div>
                {warning}
            </div>
        }
        .into_any()
    }
}
