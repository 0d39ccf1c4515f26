//! The words of statuses in the file, each with the status that it means.
use super::Teaching;
use callboard_core::import::ForeignStatus;
use leptos::prelude::*;

/// The words with their choices; nothing until a status is pointed at.
#[component]
pub fn StatusWords(
    /// The state of the page.
    teaching: Teaching,
) -> impl IntoView {
    let words = Memo::new(move |_| teaching.words());
    let unset = move || {
        let words = words.get();
        teaching.draft.with(|draft| words.iter().filter(|word| draft.status_of(word).is_none()).count())
    };
    let note = move || match unset() {
        0 => "Likely meanings are set. Change what is wrong.".to_owned(),
        1 => "1 word has no meaning yet: its stages stay unknown.".to_owned(),
        many => format!("{many} words have no meaning yet: their stages stay unknown."),
    };
    view! {
        <section class="panel teach-panel" aria-labelledby="teach-words">
            <div class="panel-head"><h2 id="teach-words">"2. Set the meaning of each status"</h2></div>
            <div class="panel-body">
                {move || if words.with(Vec::is_empty) {
                    view! { <p class="muted">"The status words appear here once you select a status."</p> }.into_any()
                } else {
                    view! { <p class="muted" class:teach-due=move || unset() != 0>{note}</p> }.into_any()
                }}
                <For each=move || words.get() key=Clone::clone children=move |word| view! { <Word teaching word/> }/>
            </div>
        </section>
    }
}

#[component]
fn Word(
    /// The state of the page.
    teaching: Teaching,
    /// The word.
    word: String,
) -> impl IntoView {
    let word = StoredValue::new(word);
    let status = Memo::new(move |_| teaching.draft.with(|draft| word.with_value(|word| draft.status_of(word))));
    let choices = ForeignStatus::ALL.map(|choice| {
        view! {
            <label class="segment">
                <input
                    type="radio"
                    class="sr-only"
                    name=format!("teach-word-{}", word.get_value())
                    value=choice.name()
                    prop:checked=move || status.get() == Some(choice)
                    on:change=move |_| word.with_value(|word| teaching.draft.update(|draft| draft.mean(word, choice)))
                />
                <span>{choice.label()}</span>
            </label>
        }
    });
    view! {
        <fieldset class="segments teach-word" aria-label=word.get_value() class:teach-word-unset=move || status.get().is_none()>
            <legend translate="no">{word.get_value()}</legend>
            {choices.into_iter().collect_view()}
        </fieldset>
    }
}
