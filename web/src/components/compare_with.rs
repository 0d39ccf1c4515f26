//! The field that chooses the session that is set beside this one, of however many there are.
use super::answers::{Answer, Answers, Pointed, sessions};
use super::icon::Glyph;
use super::session_signals::SessionSignals;
use crate::figures::use_board;
use crate::format::count;
use crate::platform::dom;
use crate::session_address::At;
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// How many sessions are offered at once.
const OFFERED: usize = 20;

/// What is offered: sessions by their ids, and to stand alone again.
#[derive(Clone, Debug, Default, PartialEq)]
struct Offer {
    /// The answers, each with the session that it stands for.
    answers: Vec<(Answer, Option<String>)>,
    /// How many sessions answer, offered or not.
    of: usize,
}

/// The field, and below it what answers.
#[component]
pub fn CompareWith(
    /// The session.
    session: SessionSignals,
    /// Where the page is.
    at: Memo<At>,
) -> impl IntoView {
    let (workspace, board) = (use_workspace(), use_board());
    // What is searched for; none while nobody chooses.
    let typed = RwSignal::new(None::<String>);
    let pointed = Pointed::new("compare-answers");
    let is_open = Memo::new(move |_| typed.with(Option::is_some));
    let chosen = Memo::new(move |_| {
        let chosen = at.get().compare?;
        let topic = workspace.sessions.with(|shelf| shelf.get(&chosen)?.summary().topic.clone());
        Some(topic.unwrap_or(chosen))
    });
    let offer = Memo::new(move |_| {
        let Some(search) = typed.get() else { return Offer::default() };
        let search = search.to_lowercase();
        let alone = (search.trim().is_empty() && chosen.with(Option::is_some)).then(|| {
            let title = "Nothing beside it".to_owned();
            (Answer { glyph: Glyph::Close, state: None, title, note: String::new() }, None)
        });
        board.rows.with(|rows| {
            let mut found = sessions(rows, &search);
            let id = session.id();
            found.retain(|row| row.id != id);
            let first = found.iter().take(OFFERED);
            let first = first.map(|row| (Answer::session(row), Some(row.id.clone())));
            Offer { answers: alone.into_iter().chain(first).collect(), of: found.len() }
        })
    });
    let answers = Signal::derive(move || {
        offer.with(|offer| offer.answers.iter().map(|(answer, _)| answer.clone()).collect::<Vec<_>>())
    });
    let number = move || offer.with(|offer| offer.answers.len());
    let open = move |words: String| {
        pointed.point(0);
        typed.set(Some(words));
    };
    let close = move || {
        if typed.with_untracked(Option::is_some) {
            typed.set(None);
        }
    };
    dom::watch_leaving(".compare-with", close);
    let take = move |place: usize| {
        let Some(compare) = offer.with_untracked(|offer| offer.answers.get(place).map(|(_, id)| id.clone())) else {
            return;
        };
        close();
        let next = At { compare, ..at.get_untracked() };
        dom::go(&next.href(&session.id()));
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let was_open = is_open.get_untracked();
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if !was_open => open(String::new()),
            "Enter" if was_open && !event.is_composing() => take(pointed.place()),
            "Escape" if was_open => close(),
            key if was_open && pointed.step(key, untrack(number)) => {}
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let words = move || typed.get().or_else(|| chosen.get()).unwrap_or_default();
    let told = move || {
        offer.with(|offer| match offer.of {
            of if of > OFFERED => {
                format!("{OFFERED} of {}: type to narrow them down", count(of, "session", "sessions"))
            }
            of => count(of, "session", "sessions"),
        })
    };
    let list = move || {
        is_open.get().then(|| {
            view! {
                // A press on any of it leaves the focus in the field.
                <div class="compare-answers" on:mousedown=|event| event.prevent_default()>
                    <Answers class="palette-list" label="Sessions" answers pointed take=Callback::new(take)/>
                    <p class="compare-told muted" role="status">{told}</p>
                </div>
            }
        })
    };
    view! {
        <div class="compare-with">
            <input
                id="compare-field"
                class="button compare-field"
                type="text"
                role="combobox"
                aria-label="Compare with"
                aria-autocomplete="list"
                aria-expanded=move || is_open.get().to_string()
                aria-controls=move || is_open.get().then_some("compare-answers")
                aria-activedescendant=move || is_open.get().then(|| pointed.active(number())).flatten()
                placeholder="Compare with\u{2026}"
                autocomplete="off"
                spellcheck="false"
                prop:value=words
                on:input:target=move |event| open(event.target().value())
                on:click=move |_| if !is_open.get_untracked() { open(String::new()) }
                on:keydown=on_key
            />
            {list}
        </div>
    }
}
