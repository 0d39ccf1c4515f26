//! Editor of a session's text. Only text that the core can parse is applied.
use super::line_endings::{from_field, into_field};
use crate::components::button::{Button, Weight};
use crate::components::diff_view::{DiffView, Tally, TextDiff};
use crate::components::session_signals::SessionSignals;
use crate::components::time::RelativeTime;
use crate::store::drafts::use_drafts;
use crate::store::workspace::use_workspace;
use callboard_core::diff::{Numstat, numstat};
use callboard_core::merge;
use callboard_workspace::Draft;
use callboard_workspace::plan::manual_edit;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// Delay after the last keystroke until the text is parsed: megabytes cannot be parsed for each.
const PAUSE: Duration = Duration::from_millis(120);

/// The editor with its validation.
#[component]
pub fn Editor(
    /// The session.
    session: SessionSignals,
    /// The draft.
    draft: Draft,
) -> impl IntoView {
    let (workspace, drafts) = (use_workspace(), use_drafts());
    let Draft { base, text: field, .. } = draft;
    // If the session changed meanwhile, the draft is not applied until the user decides.
    let is_behind = {
        let base = base.clone();
        Memo::new(move |_| session.text.with(|entry| *base != **entry.text()))
    };
    let (_, line_endings) = into_field(&base);
    let line_endings = StoredValue::new(line_endings);
    let text = move |field: &str| line_endings.with_value(|line_endings| from_field(field, line_endings));
    let read = RwSignal::new(field.clone());
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let own_id = session.id();
    let id = StoredValue::new(own_id.clone());
    let flush = move || {
        id.with_value(|id| {
            if let Some(draft) = drafts.get(id) {
                read.set(draft.text);
            }
            drafts.save(id);
        });
    };
    let base = StoredValue::new(base);
    let session_changed =
        move || is_behind.get().then(|| view! { <SessionChanged session base flush mine=move || text(&read.get())/> });
    let validation = Memo::new(move |_| {
        let text = text(&read.get());
        session.text.with(|entry| {
            let before = entry.session();
            manual_edit(before, text).map(|after| (numstat(before.text(), after.text()), after.text() != before.text()))
        })
    });
    let ready = move || !is_behind.get() && validation.with(|validation| matches!(validation, Ok((_, true))));
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        flush();
        if ready() {
            let field = read.get_untracked();
            let text = text(&field);
            let (session, base) = (id.get_value(), base.get_value());
            workspace.edit(&session, base, text, move |now, is_stored| {
                drafts.applied(&id.get_value(), &field, now, is_stored);
            });
        }
    };
    let cancel_pending = move || {
        if let Some(Some(handle)) = pending.try_get_value() {
            handle.clear();
        }
    };
    let on_input = move |value: String| {
        id.with_value(|id| drafts.set_text(id, value));
        cancel_pending();
        pending.set_value(set_timeout_with_handle(flush, PAUSE).ok());
    };
    on_cleanup(move || {
        cancel_pending();
        drafts.save(&own_id);
    });
    let unsaved_notice = move || {
        // A page without any storage says so elsewhere.
        let why = drafts.storage_error.get().filter(|_| workspace.storage_error.with(Option::is_none))?;
        Some(view! {
            <p class="refusal refusal-loud" role="status">
                "Your edit is not saved and lasts until you close this page. " {why.to_string()}
            </p>
        })
    };
    view! {
        <form class="editor" aria-label="The file's text" on:submit=apply>
            <p class="muted">
                "Prefer an action: it records history. Direct edits are kept as local changes."
            </p>
            {session_changed}
            {unsaved_notice}
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
                    "Apply edit"
                </button>
                <Button
                    label="Cancel edit"
                    weight=Weight::Quiet
                    on_press=move || id.with_value(|id| drafts.end(id))
                />
                <span class="spacer"></span>
                <div id="editor-verdict" aria-live="polite">
                    {move || validation.with(|validation| match validation {
                        Err(why) => view! { <p class="refusal refusal-loud">{why.clone()}</p> }.into_any(),
                        Ok((_, false)) => view! { <p class="muted">"No changes yet."</p> }.into_any(),
                        Ok((Numstat { added, removed }, true)) => {
                            view! { <Tally added=*added removed=*removed/> }.into_any()
                        }
                    })}
                </div>
            </div>
        </form>
    }
}

/// The notice that the session changed during the edit, with the ways to continue.
#[component]
fn SessionChanged(
    /// The session.
    session: SessionSignals,
    /// The session's text when the edit began.
    base: StoredValue<Arc<str>>,
    /// Updates the parsed text without the delay.
    flush: impl Fn() + Copy + Send + Sync + 'static,
    /// The edited text.
    mine: impl Fn() -> String + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let drafts = use_drafts();
    let diff =
        Memo::new(move |_| session.text.with(|entry| base.with_value(|base| TextDiff::between(base, entry.text(), 2))));
    let begin = move |text: &str| {
        let now = session.text.with_untracked(|entry| entry.text().clone());
        drafts.begin(&session.id(), now, into_field(text).0);
    };
    // If both changed the same value, the user must decide.
    let merged = Memo::new(move |_| {
        let merged = session.text.with(|entry| base.with_value(|base| merge(base, &mine(), entry.text())));
        let merged = merged.map_err(|error| error.to_string())?;
        match merged.conflicts.first() {
            None => Ok(merged.text),
            Some(conflict) => Err(format!("Both versions changed {}.", conflict.path)),
        }
    });
    let begin_merged = move || {
        flush();
        if let Ok(text) = merged.get_untracked() {
            begin(&text);
        }
    };
    let begin_mine = move || {
        flush();
        begin(&mine());
    };
    view! {
        <section class="notice notice-loud" aria-label="Session changed">
            <div class="notice-head">
                <p>"This session changed while you were editing. Your edit is kept and not applied yet."</p>
                {move || match merged.get() {
                    Ok(_) => view! { <Button label="Merge both" on_press=begin_merged/> }.into_any(),
                    Err(why) => view! { <span class="muted"><bdi>{why}</bdi></span> }.into_any(),
                }}
                <Button label="Keep my edit" weight=Weight::Plain on_press=begin_mine/>
            </div>
            <details class="fold" open>
                <summary>
                    "Changes to the session "
                    {move || {
                        let (added, removed) = diff.with(TextDiff::tally);
                        view! { <Tally added removed/> }
                    }}
                </summary>
                <DiffView diff label="Changes to the session"/>
            </details>
        </section>
    }
}

/// The drafts of a session that no editor holds; each can be resumed or discarded.
#[component]
pub fn UnfinishedEdits(
    /// The session's id.
    session: String,
) -> impl IntoView {
    let (workspace, drafts) = (use_workspace(), use_drafts());
    let taken = move || workspace.status.set("This edit is open in another tab.", None);
    let offer = move |draft: Arc<Draft>| {
        let (id, resumed, discarded) = (draft.id.clone(), draft.clone(), draft);
        let at = Memo::new(move |_| drafts.written_at(&id));
        view! {
            <section class="notice notice-loud" aria-label="Unfinished edit">
                <div class="notice-head">
                    <p>"Unfinished edit from a closed tab, " <RelativeTime moment=at/> "."</p>
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
    view! { <For each=move || drafts.offered(&session) key=|draft| draft.id.clone() children=offer/> }
}

/// The drafts of a session that was removed.
#[component]
pub fn OrphanedDraft(
    /// The session's id.
    id: String,
) -> impl IntoView {
    let (workspace, drafts) = (use_workspace(), use_drafts());
    let taken = move || workspace.status.set("This edit is open in another tab.", None);
    let each = {
        let id = id.clone();
        move || {
            drafts.begun(&id);
            let open = drafts.get(&id).map(|draft| (Arc::new(draft), true));
            open.into_iter().chain(drafts.offered(&id).into_iter().map(|draft| (draft, false))).collect::<Vec<_>>()
        }
    };
    let show = move |(draft, is_open): (Arc<Draft>, bool)| {
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
    view! { <For each key=|(draft, is_open)| (draft.id.clone(), draft.stamp, *is_open) children=show/> }
}
