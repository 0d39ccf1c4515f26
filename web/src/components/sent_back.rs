//! Demands of a failed evaluation: the gates, the feedback and the adjustments.
use super::icon::{Glyph, Icon};
use super::session_signals::SessionSignals;
use super::time::RelativeTime;
use crate::store::workspace::policy;
use leptos::prelude::*;

/// Number of texts that a list shows until it is unfolded, and their length.
const SHOWN: usize = 3;
const LONG: usize = 240;

/// The failed evaluation, until the next one completes.
#[component]
pub fn SentBackNotes(
    /// The session.
    session: SessionSignals,
    /// The accessible name of the section.
    label: &'static str,
) -> impl IntoView {
    let sent_back = session.part(|session| session.sent_back(&policy()));
    let is_any = Memo::new(move |_| sent_back.with(Option::is_some));
    let sentence = Memo::new(move |_| sent_back.with(|it| it.as_ref().map(|it| it.sentence())));
    let at = Memo::new(move |_| sent_back.with(|it| it.as_ref().and_then(|it| it.at)));
    let feedback =
        Memo::new(move |_| sent_back.with(|it| it.as_ref().map(|it| it.feedback.clone()).unwrap_or_default()));
    let adjustments =
        Memo::new(move |_| sent_back.with(|it| it.as_ref().map(|it| it.adjustments.clone()).unwrap_or_default()));
    move || {
        is_any.get().then(|| {
            view! {
                <section class="sent-back" aria-label=label>
                    <p class="sent-back-line">
                        <span class="state" data-state="retry"><Icon glyph=Glyph::Retry/></span>
                        <bdi>{sentence}</bdi>
                        {move || at.get().map(|_| view! { <span class="muted"><RelativeTime moment=at/></span> })}
                    </p>
                    <div class="sent-back-notes">
                        <Notes title="Feedback" texts=feedback/>
                        <Notes title="Adjustments needed" texts=adjustments/>
                    </div>
                </section>
            }
        })
    }
}

/// A list of texts, of which a long one is folded.
#[component]
fn Notes(
    /// The heading.
    title: &'static str,
    /// The texts.
    texts: Memo<Vec<String>>,
) -> impl IntoView {
    let unfolded = RwSignal::new(false);
    let is_long = Memo::new(move |_| {
        texts.with(|texts| texts.len() > SHOWN || texts.iter().any(|text| text.chars().count() > LONG))
    });
    let items = move || {
        let shown = if unfolded.get() { usize::MAX } else { SHOWN };
        let item = |text: &String| view! { <li><bdi>{text.clone()}</bdi></li> };
        texts.with(|texts| texts.iter().take(shown).map(item).collect_view())
    };
    let toggle =
        move || if unfolded.get() { "Show less".to_owned() } else { format!("Show all {}", texts.with(Vec::len)) };
    move || {
        (!texts.with(Vec::is_empty)).then(|| {
            view! {
                <div class="notes" class:notes-folded=move || !unfolded.get()>
                    <p class="notes-title">{title}</p>
                    <ul aria-label=title>{items}</ul>
                    {move || is_long.get().then(|| view! {
                        <button
                            type="button"
                            class="offer"
                            aria-expanded=move || unfolded.get().to_string()
                            on:click=move |_| unfolded.update(|unfolded| *unfolded = !*unfolded)
                        >
                            {toggle}
                        </button>
                    })}
                </div>
            }
        })
    }
}
