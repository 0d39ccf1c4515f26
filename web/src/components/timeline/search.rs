//! Search within a timeline: the matching bars, in order, and the field that steps through them.
use super::bar_text::word;
use crate::components::button::IconButton;
use crate::components::icon::{Glyph, Icon};
use crate::format::count;
use crate::platform::dom;
use callboard_core::{Bar, BarKind, Lane, Timeline};
use leptos::prelude::*;

/// A search in small letters, word by word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// Reads a search.
    pub fn of(search: &str) -> Self {
        Self(search.to_lowercase().split_whitespace().map(str::to_owned).collect())
    }

    /// Returns true if nothing is searched.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns true if each word is in one of the texts, ignoring case.
    pub fn match_all(&self, texts: &[&str]) -> bool {
        self.0.iter().all(|word| texts.iter().any(|text| holds(text, word)))
    }

    /// Returns the words that are in none of the texts.
    #[must_use]
    pub fn without(&self, texts: &[&str]) -> Self {
        Self(self.0.iter().filter(|word| !texts.iter().any(|text| holds(text, word))).cloned().collect())
    }
}

/// Returns true if a text contains a word in small letters. Most texts are names in small letters already.
fn holds(text: &str, word: &str) -> bool {
    text.contains(word) || (text.chars().any(char::is_uppercase) && text.to_lowercase().contains(word))
}

/// Returns the word for the event that ended an attempt, by which a search finds it.
pub fn event_words(kind: BarKind) -> &'static str {
    match kind {
        BarKind::GateFailed => "gates failed, sent back",
        other => word(other),
    }
}

/// Returns true if a bar matches a search: by agent, stage, attempt, event or error.
pub fn matches(words: &Words, lane: &Lane, bar: &Bar) -> bool {
    let attempt = format!("attempt {} #{0}", bar.attempt);
    let error = bar.error.as_deref().unwrap_or_default();
    words.match_all(&[lane.agent.name(), lane.stage.name(), event_words(bar.kind), &attempt, error])
}

/// Returns the bars of a timeline that match a search, as lane and index.
pub fn found(words: &Words, timeline: &Timeline) -> Vec<(usize, usize)> {
    if words.is_empty() {
        return Vec::new();
    }
    let lanes = timeline.lanes.iter().enumerate();
    let bars = lanes.flat_map(|(at, lane)| lane.bars.iter().enumerate().map(move |(bar, it)| (at, lane, bar, it)));
    bars.filter(|(_, lane, _, bar)| matches(words, lane, bar)).map(|(at, _, bar, _)| (at, bar)).collect()
}

/// Returns the index of the match to step to: the one after or before `at`, around both ends.
pub fn step(at: Option<usize>, count: usize, step: isize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    Some(match at {
        None if step < 0 => last,
        None => 0,
        Some(0) if step < 0 => last,
        Some(at) if step < 0 => at - 1,
        Some(at) if at >= last => 0,
        Some(at) => at + 1,
    })
}

/// The search field of a timeline, with the number of matches and buttons that step through them.
#[component]
pub fn TimelineSearch(
    /// The subject of the search.
    search: RwSignal<String>,
    /// The placeholder: a few words that can be searched.
    placeholder: &'static str,
    /// The number of matches.
    #[prop(into)]
    number: Signal<usize>,
    /// The index of the selected match.
    #[prop(into)]
    at: Signal<Option<usize>>,
    /// Selects the next match, or the one before for a negative step.
    on_step: Callback<isize>,
) -> impl IntoView {
    let is_searching = move || search.with(|search| !search.trim().is_empty());
    let words = move || match (number.get(), at.get()) {
        _ if !is_searching() => String::new(),
        (0, _) => "No matches".to_owned(),
        (number, Some(at)) => format!("{} of {number}", at + 1),
        (number, None) => count(number, "match", "matches"),
    };
    view! {
        <div class="timeline-search" class:timeline-searching=is_searching>
            <Icon glyph=Glyph::Search/>
            <input
                id="timeline-search"
                type="search"
                aria-label="Search the timeline"
                placeholder=placeholder
                autocomplete="off"
                spellcheck="false"
                prop:value=move || search.get()
                on:input:target=move |event| search.set(event.target().value())
                on:keydown=move |event| match event.key().as_str() {
                    "Enter" if !event.is_composing() => {
                        event.prevent_default();
                        on_step.run(if event.shift_key() { -1 } else { 1 });
                    }
                    "Escape" if is_searching() => {
                        event.prevent_default();
                        event.stop_propagation();
                        search.set(String::new());
                    }
                    "Escape" => dom::blur(),
                    _ => {}
                }
            />
            <span class="timeline-found" role="status">{words}</span>
            <IconButton label="Previous match" glyph=Glyph::Up on_press=move || on_step.run(-1)/>
            <IconButton label="Next match" glyph=Glyph::Down on_press=move || on_step.run(1)/>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::Session;

    fn timeline() -> Timeline {
        let text = r#"{"session_id": "a", "history": [
            {"at": "2024-08-11T14:30:00Z", "event": "start", "agent": "script_writer"},
            {"at": "2024-08-11T14:40:00Z", "event": "fail", "agent": "script_writer", "error": "The Model did not answer"},
            {"at": "2024-08-11T14:41:00Z", "event": "retry", "agent": "script_writer"},
            {"at": "2024-08-11T14:42:00Z", "event": "start", "agent": "script_writer"},
            {"at": "2024-08-11T14:58:00Z", "event": "complete", "agent": "script_writer"},
            {"at": "2024-08-11T15:00:00Z", "event": "start", "agent": "quality_evaluator"},
            {"at": "2024-08-11T15:09:00Z", "event": "quality_failure", "agent": "quality_evaluator",
             "from": "EVALUATING", "to": "WRITING", "error": "quality gates failed: technical"}]}"#;
        Session::parse(text).unwrap().timeline()
    }

    #[test]
    fn bars_are_found_by_agent_stage_event_attempt_and_error() {
        let check = |search: &str, expected: &[(usize, usize)]| {
            assert_eq!(found(&Words::of(search), &timeline()), expected, "{search}");
        };
        check("script_writer", &[(1, 0), (1, 1)]);
        check("Writing complete", &[(1, 1)]);
        check("model ANSWER", &[(1, 0)]);
        check("#2", &[(1, 1)]);
        check("sent back", &[(2, 0)]);
        check("technical", &[(2, 0)]);
        check("nowhere", &[]);
        check("  ", &[]);
    }

    #[test]
    fn matches_are_stepped_through_around_both_ends() {
        assert_eq!(step(None, 0, 1), None);
        assert_eq!((step(None, 3, 1), step(None, 3, -1)), (Some(0), Some(2)));
        assert_eq!((step(Some(2), 3, 1), step(Some(0), 3, -1)), (Some(0), Some(2)));
        assert_eq!((step(Some(0), 3, 1), step(Some(2), 3, -1)), (Some(1), Some(1)));
    }

    #[test]
    fn words_that_a_row_matches_are_left_out_for_its_bars() {
        let words = Words::of("Octopus failed");
        assert_eq!(words.without(&["Why octopuses dream"]), Words::of("failed"));
        assert!(words.without(&["octopus", "failed"]).is_empty());
    }
}
