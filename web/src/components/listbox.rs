//! Listbox below a search field: the field keeps the focus, and the arrow keys move the active option.
use super::icon::{Glyph, Icon};
use super::palette::fuzzy::{best, score, score_corrected};
use crate::figures::last_updated;
use crate::format::{session_title, state_label, state_name};
use crate::order::descending;
use crate::platform::dom;
use crate::store::session_rows::SessionRows;
use callboard_workspace::{Listed, Summary};
use leptos::prelude::*;

/// An option of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListOption {
    /// The icon.
    pub glyph: Glyph,
    /// The state whose colour the icon has, if any, and its label.
    pub state: Option<(&'static str, String)>,
    /// The title.
    pub title: String,
    /// The secondary text.
    pub note: String,
}

impl ListOption {
    /// Creates the option for a session.
    pub fn session(session: &Listed) -> Self {
        let summary = session.summary();
        let glyph = Glyph::of_list_state(&summary.state);
        let state = Some((state_name(summary), state_label(summary).to_lowercase()));
        Self { glyph, state, title: session_title(summary), note: summary.id.clone() }
    }
}

/// The sessions with the text by which a search finds them.
#[derive(Clone, Debug)]
pub struct SessionSearch {
    rows: SessionRows,
    texts: Vec<String>,
}

impl PartialEq for SessionSearch {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

impl SessionSearch {
    /// Prepares a search: number, topic and id of each session, in lower case.
    pub fn new(rows: &SessionRows) -> Self {
        let text = |session: &Listed| {
            let Summary { number, topic, id, .. } = session.summary();
            let number = number.map(|number| format!("ep {number} ")).unwrap_or_default();
            format!("{number}{} {id}", topic.as_deref().unwrap_or_default()).to_lowercase()
        };
        Self { rows: rows.clone(), texts: rows.iter().map(text).collect() }
    }

    /// Returns true if no session is loaded.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the sessions that match a lower-case search, best match first. An empty search returns all of them, last
    /// changed first.
    pub fn find(&self, search: &str) -> Vec<&Listed> {
        if search.trim().is_empty() {
            let keys = self.rows.iter().map(|session| (last_updated(session.summary()), 0));
            return descending(keys).into_iter().map(|at| &self.rows[at]).collect();
        }
        best(self.rows.iter().zip(&self.texts).map(|(session, text)| (session, score(text, search))))
    }

    /// Returns the sessions that match a lower-case search or one of its corrections, with their scores, best first.
    pub fn find_corrected(&self, search: &str, corrected: &[String]) -> Vec<(&Listed, u32)> {
        let scored = |(session, text): (_, &String)| Some((session, score_corrected(text, search, corrected)?));
        let found: Vec<(&Listed, u32)> = self.rows.iter().zip(&self.texts).filter_map(scored).collect();
        best(found.iter().map(|found| (found, Some(found.1)))).into_iter().copied().collect()
    }

    /// Returns the text by which each session is found.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.texts.iter().map(String::as_str)
    }

    /// Returns the sessions.
    pub fn rows(&self) -> &SessionRows {
        &self.rows
    }
}

/// The option that Enter selects.
#[derive(Clone, Copy, Debug)]
pub struct ActiveOption {
    at: RwSignal<usize>,
    list: &'static str,
}

impl ActiveOption {
    /// Starts at the first option of the list with this id.
    pub fn new(list: &'static str) -> Self {
        Self { at: RwSignal::new(0), list }
    }

    /// Returns its index without subscribing to it.
    pub fn index(self) -> usize {
        self.at.get_untracked()
    }

    /// Makes an option active.
    pub fn point(self, at: usize) {
        if self.index() != at {
            self.at.set(at);
        }
    }

    /// Handles the arrow keys, wrapping around `count` options. Returns false for other keys.
    pub fn step(self, key: &str, count: usize) -> bool {
        let Some(next) = next_index(key, self.index(), count) else { return false };
        self.point(next);
        dom::scroll_into_view_soon(".palette-line[aria-selected=true]");
        true
    }

    /// Returns the id of the active option's element, for `aria-activedescendant`.
    pub fn active(self, count: usize) -> Option<String> {
        (count > 0).then(|| self.id(self.at.get()))
    }

    fn id(self, at: usize) -> String {
        format!("{}-{at}", self.list)
    }
}

fn next_index(key: &str, at: usize, count: usize) -> Option<usize> {
    match key {
        "ArrowDown" if count > 0 => Some((at + 1) % count),
        "ArrowUp" if count > 0 => Some((at + count - 1) % count),
        _ => None,
    }
}

/// The list of options.
#[component]
pub fn Listbox(
    /// The class of the list.
    class: &'static str,
    /// The accessible name of the list.
    label: &'static str,
    /// The options.
    #[prop(into)]
    options: Signal<Vec<ListOption>>,
    /// The active option.
    active: ActiveOption,
    /// Selects an option by its index.
    take: Callback<usize>,
) -> impl IntoView {
    let lines = move || {
        options.with(|options| {
            let lines = options.iter().enumerate().map(|(at, option)| {
                view! { <OptionItem at option=option.clone() active take/> }
            });
            let none = options.is_empty().then(|| {
                view! {
                    <li class="palette-none" role="option" aria-disabled="true" aria-selected="false">
                        "No results."
                    </li>
                }
            });
            (lines.collect_view(), none)
        })
    };
    view! {
        <ul class=class id=active.list role="listbox" aria-label=label>{lines}</ul>
    }
}

#[component]
fn OptionItem(
    /// The index of the option.
    at: usize,
    /// The option.
    option: ListOption,
    /// The active option.
    active: ActiveOption,
    /// Selects the option.
    take: Callback<usize>,
) -> impl IntoView {
    let ListOption { glyph, state, title, note } = option;
    let (state, word) = state.map(|(state, label)| (state.to_lowercase(), label)).unzip();
    let word = word.map(|word| view! { <span class="palette-state">{word}</span> });
    view! {
        <li
            class="palette-line"
            role="option"
            id=active.id(at)
            aria-selected=move || (active.at.get() == at).to_string()
            on:pointermove=move |_| active.point(at)
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
    fn the_arrow_keys_wrap_around() {
        assert_eq!((next_index("ArrowDown", 2, 3), next_index("ArrowUp", 0, 3)), (Some(0), Some(2)));
        assert_eq!((next_index("ArrowDown", 0, 0), next_index("Enter", 0, 3)), (None, None));
    }
}
