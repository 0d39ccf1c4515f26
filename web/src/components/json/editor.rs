//! The text in a field. The core reads what is typed; only what it can read is taken.
use super::ends::{from_field, into_field};
use crate::components::button::{Button, Weight};
use crate::components::diff_view::{DiffView, Tally, TextDiff};
use crate::components::moment::Ago;
use crate::components::session_signals::SessionSignals;
use crate::store::drafts::use_drafts;
use crate::store::workspace::use_workspace;
use callboard_core::diff::{Numstat, numstat};
use callboard_core::{Timestamp, merge};
use callboard_workspace::Draft;
use callboard_workspace::plan::manual_edit;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// How long after the last key the text is read: a text of megabytes is not read for each.
const PAUSE: Duration = Duration::from_millis(120);

/// The field, what the core says of it, and the way out.
#[component]
pub fn Editor(
    /// The session.
    session: SessionSignals,
    /// What is being written.
    draft: Draft,
) -> impl IntoView {
    let (workspace, drafts) = (use_workspace(), use_drafts());
    let Draft { base: over, text: field, .. } = draft;
    // Another tab has changed the session: what is written is not applied until someone decides.
    let is_behind = {
        let over = over.clone();
        Memo::new(move |_| session.text.with(|entry| *over != **entry.text()))
    };
    let (_, ends) = into_field(&over);
    let ends = StoredValue::new(ends);
    let text = move |field: &str| ends.with_value(|ends| from_field(field, ends));
    let read = RwSignal::new(field.clone());
    let later = StoredValue::new(None::<TimeoutHandle>);
    let own_id = session.id();
    let id = StoredValue::new(own_id.clone());
    let settle = move || {
        id.with_value(|id| {
            if let Some(draft) = drafts.get(id) {
                read.set(draft.text);
            }
            drafts.save(id);
        });
    };
    let over = StoredValue::new(over);
    let moved = move || is_behind.get().then(|| view! { <Moved session over settle mine=move || text(&read.get())/> });
    let verdict = Memo::new(move |_| {
        let text = text(&read.get());
        session.text.with(|entry| {
            let before = entry.session();
            manual_edit(before, text).map(|after| (numstat(before.text(), after.text()), after.text() != before.text()))
        })
    });
    let ready = move || !is_behind.get() && verdict.with(|verdict| matches!(verdict, Ok((_, true))));
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        settle();
        if ready() {
            let field = read.get_untracked();
            let text = text(&field);
            let (session, over) = (id.get_value(), over.get_value());
            workspace.edit(&session, over, text, move |now, is_stored| {
                drafts.applied(&id.get_value(), &field, now, is_stored);
            });
        }
    };
    let rest = move || {
        if let Some(Some(handle)) = later.try_get_value() {
            handle.clear();
        }
    };
    let on_input = move |value: String| {
        id.with_value(|id| drafts.set_text(id, value));
        rest();
        later.set_value(set_timeout_with_handle(settle, PAUSE).ok());
    };
    on_cleanup(move || {
        rest();
        drafts.save(&own_id);
    });
    let unkept = move || {
        // Where nothing at all is stored, the page says so already.
        let why = drafts.storage_error.get().filter(|_| workspace.storage_error.with(Option::is_none))?;
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
    /// The session.
    session: SessionSignals,
    /// Its text when the writing began.
    over: StoredValue<Arc<str>>,
    /// Reads what is in the field, before the keys have rested.
    settle: impl Fn() + Copy + Send + Sync + 'static,
    /// The text that was written.
    mine: impl Fn() -> String + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let drafts = use_drafts();
    let diff =
        Memo::new(move |_| session.text.with(|entry| over.with_value(|over| TextDiff::between(over, entry.text(), 2))));
    let begin = move |text: &str| {
        let now = session.text.with_untracked(|entry| entry.text().clone());
        drafts.begin(&session.id(), now, into_field(text).0);
    };
    // What both changed differently is nobody's to decide but theirs who wrote it.
    let together = Memo::new(move |_| {
        let merged = session.text.with(|entry| over.with_value(|over| merge(over, &mine(), entry.text())));
        let merged = merged.map_err(|error| error.to_string())?;
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
                    Ok(_) => view! { <Button label="Merge both" on_press=begin_together/> }.into_any(),
                    Err(why) => view! { <span class="muted"><bdi>{why}</bdi></span> }.into_any(),
                }}
                <Button label="Keep only mine" weight=Weight::Plain on_press=begin_mine/>
            </div>
            <details class="fold" open>
                <summary>
                    "What has changed meanwhile "
                    {move || {
                        let (added, removed) = diff.with(TextDiff::tally);
                        view! { <Tally added removed/> }
                    }}
                </summary>
                <DiffView diff label="What has changed meanwhile"/>
            </details>
        </section>
    }
}

/// The unfinished edits of a session that no editor holds: each can be continued or discarded.
#[component]
pub fn UnfinishedEdits(
    /// The session's id.
    session: String,
) -> impl IntoView {
    let (workspace, drafts) = (use_workspace(), use_drafts());
    let taken = move || workspace.status.set("This edit is open in another tab.", None);
    move || {
        let offer = |draft: Arc<Draft>| {
            let (resumed, discarded) = (draft.clone(), draft.clone());
            let at = Timestamp::from_unix(draft.at);
            view! {
                <section class="notice notice-loud" aria-label="Unfinished edit">
                    <div class="notice-head">
                        <p>"Unfinished edit from a closed tab, " <Ago moment=Some(at)/> "."</p>
                        <Button label="Continue" on_press=move || drafts.resume(resumed.clone(), taken)/>
                        <Button
                            label="Discard"
                            weight=Weight::Quiet
                            on_press=move || drafts.discard(discarded.clone(), taken)
                        />
                    </div>
                </section>
            }
        };
        drafts.offered(&session).into_iter().map(offer).collect_view()
    }
}

/// The unfinished edits of a session that is no longer here.
#[component]
pub fn Orphan(
    /// The session's id.
    id: String,
) -> impl IntoView {
    let (workspace, drafts) = (use_workspace(), use_drafts());
    let taken = move || workspace.status.set("This edit is open in another tab.", None);
    move || {
        drafts.begun(&id);
        let open = drafts.get(&id).map(Arc::new);
        let is_open = open.is_some();
        let show = |draft: Arc<Draft>| {
            let text = from_field(&draft.text, &into_field(&draft.base).1);
            let (session, field) = (id.clone(), draft.text.clone());
            let discard = move || if is_open { drafts.end(&session) } else { drafts.discard(draft.clone(), taken) };
            view! {
                <section class="notice notice-loud" aria-label="Unfinished edit">
                    <div class="notice-head">
                        <p>"This session was removed from the workspace while its text was being edited. The edit is kept."</p>
                        <Button label="Copy" on_press=move || workspace.status.copy("the text", text.clone())/>
                        <Button label="Discard" weight=Weight::Quiet on_press=discard/>
                    </div>
                    <textarea class="editor-field mono" aria-label="Unfinished edit" readonly prop:value=field></textarea>
                </section>
            }
        };
        open.into_iter().chain(drafts.offered(&id)).map(show).collect_view()
    }
}
