//! The text in a field. The core reads what is typed; only what it can read is taken.
use crate::components::button::{Button, Weight};
use crate::components::diff_view::{Tally, tally};
use crate::store::by_hand::rewritten;
use crate::store::entry::Entry;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::diff;
use leptos::prelude::*;
use std::time::Duration;

/// How long after the last key the text is read: a text of megabytes is not read for each.
const PAUSE: Duration = Duration::from_millis(120);

/// How a text's lines end. A field knows only one way, so this is put aside while it is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ends {
    mark: bool,
    wide: bool,
}

/// A text as a field holds it. `None` where its lines end in several ways, which a field would lose.
pub fn into_field(text: &str) -> Option<(String, Ends)> {
    let mark = text.starts_with('\u{feff}');
    let body = text.trim_start_matches('\u{feff}');
    let (feeds, returns) = (body.matches('\n').count(), body.matches('\r').count());
    let pairs = body.matches("\r\n").count();
    let wide = pairs > 0;
    let even = returns == pairs && (pairs == 0 || pairs == feeds);
    let same_marks = text.len() - body.len() == if mark { '\u{feff}'.len_utf8() } else { 0 };
    (even && same_marks).then(|| (body.replace("\r\n", "\n"), Ends { mark, wide }))
}

/// The text again, as its lines ended before.
pub fn from_field(field: &str, ends: Ends) -> String {
    let body = field.replace("\r\n", "\n");
    let body = if ends.wide { body.replace('\n', "\r\n") } else { body };
    if ends.mark { format!("\u{feff}{body}") } else { body }
}

/// The field, what the core says of it, and the way out.
#[component]
pub fn Editor(
    /// The session.
    entry: Same<Entry>,
    /// Closes the field.
    on_close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let Some((field, ends)) = into_field(entry.session().text()) else {
        return view! {
            <div class="editor">
                <p class="refusal">
                    "This file's lines end in several ways, which a field in a page cannot keep. "
                    "Edit it in an editor, and drop it here again."
                </p>
                <div class="form-buttons"><Button label="Back" on_press=on_close/></div>
            </div>
        }
        .into_any();
    };
    let workspace = use_workspace();
    let typed = RwSignal::new(field.clone());
    let read = RwSignal::new(field.clone());
    let later = StoredValue::new(None::<TimeoutHandle>);
    let id = entry.id().to_owned();
    let verdict = Memo::new(move |_| {
        let text = from_field(&read.get(), ends);
        rewritten(entry.session(), text).map(|after| {
            (tally(&diff::lines(entry.session().text(), after.text())), after.text() != entry.session().text())
        })
    });
    let ready = move || verdict.with(|verdict| matches!(verdict, Ok((_, true))));
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = typed.with_untracked(|typed| from_field(typed, ends));
        read.set(typed.get_untracked());
        if ready() && workspace.rewrite(&id, text) {
            on_close();
        }
    };
    let on_input = move |value: String| {
        typed.set(value);
        if let Some(handle) = later.get_value() {
            handle.clear();
        }
        let handle = set_timeout_with_handle(move || read.set(typed.get_untracked()), PAUSE);
        later.set_value(handle.ok());
    };
    on_cleanup(move || {
        if let Some(Some(handle)) = later.try_get_value() {
            handle.clear();
        }
    });
    view! {
        <form class="editor" aria-label="The file's text" on:submit=apply>
            <p class="muted">
                "A last resort: an event says what happened and keeps the history. The edit is a local change like any other."
            </p>
            <textarea
                class="editor-field mono"
                aria-label="Text of the file"
                aria-describedby="editor-verdict"
                spellcheck="false"
                autocomplete="off"
                wrap="off"
                prop:value=field
                on:input:target=move |event| on_input(event.target().value())
            ></textarea>
            <div class="form-buttons">
                <button type="submit" class="button button-primary" aria-disabled=move || (!ready()).to_string()>
                    "Apply the edit"
                </button>
                <Button label="Cancel the edit" weight=Weight::Quiet on_press=on_close/>
                <span class="spacer"></span>
                <div id="editor-verdict" aria-live="polite">
                    {move || verdict.with(|verdict| match verdict {
                        Err(why) => view! { <p class="refusal refusal-loud">{why.clone()}</p> }.into_any(),
                        Ok((_, false)) => view! { <p class="muted">"Nothing is changed yet."</p> }.into_any(),
                        Ok(((added, removed), true)) => {
                            view! { <Tally added=*added removed=*removed/> }.into_any()
                        }
                    })}
                </div>
            </div>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_gives_back_what_it_was_given() {
        for text in ["{\n}\n", "{\r\n}\r\n", "\u{feff}{\r\n}", "{}", "\u{feff}{}\n"] {
            let (field, ends) = into_field(text).unwrap();
            assert!(!field.contains('\r') && !field.contains('\u{feff}'));
            assert_eq!(from_field(&field, ends), text);
        }
        assert_eq!(into_field("{\r\n\n}"), None);
        assert_eq!(into_field("{\r}"), None);
    }
}
