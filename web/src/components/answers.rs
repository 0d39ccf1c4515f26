//! What answers a search, below a field that keeps the focus: the arrow keys move what it points at.
use super::icon::{Glyph, Icon};
use super::palette::fuzzy::{best, score};
use crate::figures::{Row, Rows};
use crate::order::descending;
use crate::platform::dom;
use leptos::prelude::*;
use std::sync::Arc;

/// One answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Its icon.
    pub glyph: Glyph,
    /// The colour of its icon, where it is a state's.
    pub state: Option<&'static str>,
    /// What it is called.
    pub title: String,
    /// What else is to be known of it.
    pub note: String,
}

impl Answer {
    /// A session.
    pub fn session(row: &Row) -> Self {
        let glyph = row.digest.state().map_or(Glyph::Warning, Glyph::of_state);
        Self { glyph, state: Some(row.state()), title: row.title(), note: row.id.clone() }
    }
}

/// The sessions that answer a search (in small letters), the best first; without a search all of them, those
/// that changed last first.
pub fn sessions<'a>(rows: &'a Rows, search: &str) -> Vec<&'a Arc<Row>> {
    if search.trim().is_empty() {
        return descending(rows.iter().map(|row| (row.updated(), 0))).into_iter().map(|at| &rows[at]).collect();
    }
    best(rows.iter(), |row| score(&row.words, search))
}

/// The answer that the field points at, which Enter takes.
#[derive(Clone, Copy, Debug)]
pub struct Pointed {
    at: RwSignal<usize>,
    list: &'static str,
}

impl Pointed {
    /// The first answer of the list of this id.
    pub fn new(list: &'static str) -> Self {
        Self { at: RwSignal::new(0), list }
    }

    /// The place of the answer. Not followed.
    pub fn place(self) -> usize {
        self.at.get_untracked()
    }

    /// Points at an answer.
    pub fn point(self, at: usize) {
        if self.place() != at {
            self.at.set(at);
        }
    }

    /// Moves with the arrow keys, around the ends of `count` answers. `false` for other keys.
    pub fn step(self, key: &str, count: usize) -> bool {
        let Some(next) = stepped(key, self.place(), count) else { return false };
        self.point(next);
        dom::show_soon(".palette-line[aria-selected=true]");
        true
    }

    /// What the field says has the attention, by its id.
    pub fn active(self, count: usize) -> Option<String> {
        (count > 0).then(|| self.id(self.at.get()))
    }

    fn id(self, at: usize) -> String {
        format!("{}-{at}", self.list)
    }
}

fn stepped(key: &str, at: usize, count: usize) -> Option<usize> {
    match key {
        "ArrowDown" if count > 0 => Some((at + 1) % count),
        "ArrowUp" if count > 0 => Some((at + count - 1) % count),
        _ => None,
    }
}

/// The list.
#[component]
pub fn Answers(
    /// Its class.
    class: &'static str,
    /// What it is a list of.
    label: &'static str,
    /// What is in it.
    #[prop(into)]
    answers: Signal<Vec<Answer>>,
    /// The answer that Enter takes.
    pointed: Pointed,
    /// Takes an answer.
    take: Callback<usize>,
) -> impl IntoView {
    let lines = move || {
        answers.with(|answers| {
            let lines = answers.iter().enumerate().map(|(at, answer)| {
                view! { <Line at answer=answer.clone() pointed take/> }
            });
            let none = answers.is_empty().then(|| {
                view! {
                    <li class="palette-none" role="option" aria-disabled="true" aria-selected="false">
                        "Nothing answers that."
                    </li>
                }
            });
            (lines.collect_view(), none)
        })
    };
    view! {
        <ul class=class id=pointed.list role="listbox" aria-label=label>{lines}</ul>
    }
}

#[component]
fn Line(
    /// Which of them.
    at: usize,
    /// What it says.
    answer: Answer,
    /// The answer that Enter takes.
    pointed: Pointed,
    /// Takes it.
    take: Callback<usize>,
) -> impl IntoView {
    let Answer { glyph, state, title, note } = answer;
    let state = state.map(str::to_lowercase);
    let word = state.clone().map(|word| view! { <span class="palette-state">{word}</span> });
    view! {
        <li
            class="palette-line"
            role="option"
            id=pointed.id(at)
            aria-selected=move || (pointed.at.get() == at).to_string()
            on:pointermove=move |_| pointed.point(at)
            on:click=move |_| take.run(at)
        >
            <span class="palette-icon" data-state=state><Icon glyph/></span>
            <span class="palette-title"><bdi>{title}</bdi></span>
            {word}
            <span class="palette-note"><bdi>{note}</bdi></span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arrow_keys_go_round() {
        assert_eq!((stepped("ArrowDown", 2, 3), stepped("ArrowUp", 0, 3)), (Some(0), Some(2)));
        assert_eq!((stepped("ArrowDown", 0, 0), stepped("Enter", 0, 3)), (None, None));
    }
}
