//! The text in a field. The core reads what is typed; only what it can read is taken.
use super::ends::{from_field, into_field};
use crate::components::button::{Button, Weight};
use crate::components::diff_view::{DiffView, Tally};
use crate::store::by_hand::rewritten;
use crate::store::drafts::Draft;
use crate::store::entry::Entry;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::diff::{LineDiff, Numstat, numstat};
use callboard_core::merge;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// How long after the last key the text is read: a text of megabytes is not read for each.
const PAUSE: Duration = Duration::from_millis(120);

/// The field, what the core says of it, and the way out.
#[component]
pub fn Editor(
    /// The session.
    entry: Same<Entry>,
    /// What is being written.
    draft: Draft,
) -> impl IntoView {
    let workspace = use_workspace();
    let drafts = workspace.drafts;
    let Draft { over, field } = draft;
    // A session that another tab has changed: what is written waits until someone decides.
    let waits = *over != **entry.text();
    let (_, ends) = into_field(&over);
    let ends = StoredValue::new(ends);
    let text = move |field: &str| ends.with_value(|ends| from_field(field, ends));
    let read = RwSignal::new(field.clone());
    let later = StoredValue::new(None::<TimeoutHandle>);
    let own_id = entry.id().to_owned();
    let id = StoredValue::new(own_id.clone());
    let settle = move || {
        id.with_value(|id| {
            if let Some(draft) = drafts.get(id) {
                read.set(draft.field);
            }
            drafts.keep(id);
        });
    };
    let moved =
        waits.then(|| view! { <Moved entry=entry.clone() over=over.clone() settle mine=move || text(&read.get())/> });
    let over = StoredValue::new(over);
    let verdict = Memo::new(move |_| {
        let text = text(&read.get());
        rewritten(entry.session(), text)
            .map(|after| (numstat(entry.text(), after.text()), after.text() != &**entry.text()))
    });
    let ready = move || !waits && verdict.with(|verdict| matches!(verdict, Ok((_, true))));
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        settle();
        if ready() {
            let field = read.get_untracked();
            let text = text(&field);
            workspace.rewrite(&id.get_value(), over.get_value(), field, text);
        }
    };
    let rest = move || {
        if let Some(Some(handle)) = later.try_get_value() {
            handle.clear();
        }
    };
    let on_input = move |value: String| {
        id.with_value(|id| drafts.go_on(id, value));
        rest();
        later.set_value(set_timeout_with_handle(settle, PAUSE).ok());
    };
    // Whoever leaves before the keys have rested loses nothing either.
    let leave = window_event_listener(leptos::ev::pagehide, {
        let id = own_id.clone();
        move |_| drafts.keep(&id)
    });
    on_cleanup(move || {
        rest();
        leave.remove();
        drafts.keep(&own_id);
    });
    let unkept = move || {
        // Where nothing at all is stored, the page says so already.
        let why = drafts.unkept.get().filter(|_| workspace.storage_error.with(Option::is_none))?;
        Some(view! {
            <p class="refusal refusal-loud" role="status">
                "What you write here is kept as long as this page is open, and no longer. " {why.to_string()}
            </p>
        })
    };
    view! {
        <form class="editor" aria-label="The file's text" on:submit=apply>
            <p class="muted">
                "A last resort: an event says what happened and keeps the history. The edit is a local change like any other."
            </p>
            {moved}
            {unkept}
            <textarea
                id="editor-field"
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
                <Button
                    label="Cancel the edit"
                    weight=Weight::Quiet
                    on_press=move || id.with_value(|id| drafts.end(id))
                />
                <span class="spacer"></span>
                <div id="editor-verdict" aria-live="polite">
                    {move || verdict.with(|verdict| match verdict {
                        Err(why) => view! { <p class="refusal refusal-loud">{why.clone()}</p> }.into_any(),
                        Ok((_, false)) => view! { <p class="muted">"Nothing is changed yet."</p> }.into_any(),
                        Ok((Numstat { added, removed }, true)) => {
                            view! { <Tally added=*added removed=*removed/> }.into_any()
                        }
                    })}
                </div>
            </div>
        </form>
    }
}

/// The session was changed while its text was being written: what has changed, and what may become of it.
#[component]
fn Moved(
    /// The session as it is now.
    entry: Same<Entry>,
    /// Its text when the writing began.
    over: String,
    /// Reads what is in the field, before the keys have rested.
    settle: impl Fn() + Copy + Send + Sync + 'static,
    /// The text that was written.
    mine: impl Fn() -> String + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let drafts = use_workspace().drafts;
    let diff = LineDiff::between(&over, entry.text(), 2);
    let (added, removed) = (diff.added, diff.removed);
    let old: Arc<str> = over.as_str().into();
    let now = StoredValue::new(entry.text().clone());
    let id = StoredValue::new(entry.id().to_owned());
    let begin = move |text: &str| {
        let draft = Draft { over: now.get_value().to_string(), field: into_field(text).0 };
        id.with_value(|id| drafts.begin(id, draft));
    };
    // What both changed differently is nobody's to decide but theirs who wrote it.
    let together = Memo::new(move |_| {
        let merged = merge(&over, &mine(), &now.get_value()).map_err(|error| error.to_string())?;
        match merged.conflicts.first() {
            None => Ok(merged.text),
            Some(conflict) => Err(format!("Both changed {}.", conflict.path)),
        }
    });
    let begin_together = move || {
        settle();
        if let Ok(text) = together.get_untracked() {
            begin(&text);
        }
    };
    let begin_mine = move || {
        settle();
        begin(&mine());
    };
    view! {
        <section class="notice notice-loud" aria-label="Changed elsewhere">
            <div class="notice-head">
                <p>"This session was changed elsewhere while you were writing. What you wrote is kept; nothing of it is applied yet."</p>
                {move || match together.get() {
                    Ok(_) => view! { <Button label="Put both together" on_press=begin_together/> }.into_any(),
                    Err(why) => view! { <span class="muted"><bdi>{why}</bdi></span> }.into_any(),
                }}
                <Button label="Keep only mine" weight=Weight::Plain on_press=begin_mine/>
            </div>
            <details class="fold" open>
                <summary>"What has changed meanwhile " <Tally added removed/></summary>
                <DiffView diff old label="What has changed meanwhile"/>
            </details>
        </section>
    }
}

/// A text that was being written of a session that is no longer here.
#[component]
pub fn Orphan(
    /// The session's id.
    id: String,
) -> impl IntoView {
    let workspace = use_workspace();
    let id = StoredValue::new(id);
    move || {
        let id = id.get_value();
        workspace.drafts.begun(&id)?;
        let Draft { over, field } = workspace.drafts.get(&id)?;
        let text = from_field(&field, &into_field(&over).1);
        Some(view! {
            <section class="notice notice-loud" aria-label="What you were writing">
                <div class="notice-head">
                    <p>"You were writing this session's text when it was taken out of the workspace. What you wrote is kept."</p>
                    <Button label="Copy it" on_press=move || workspace.copy("the text", text.clone())/>
                    <Button label="Give it up" weight=Weight::Quiet on_press=move || workspace.drafts.end(&id)/>
                </div>
                <textarea class="editor-field mono" aria-label="What you were writing" readonly prop:value=field></textarea>
            </section>
        })
    }
}
