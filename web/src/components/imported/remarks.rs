//! Notes on another pipeline's session: disagreements, errors, values that its shape cannot read, gaps.
use super::source::Places;
use crate::components::icon::{Glyph, Icon};
use callboard_core::import::{ForeignSession, Found, Origin};
use leptos::prelude::*;

/// A remark with its places.
struct Remark {
    state: &'static str,
    glyph: Glyph,
    kind: &'static str,
    words: String,
    at: Vec<Origin>,
}

fn remarks(session: &ForeignSession) -> Vec<Remark> {
    let disagreements = session.disagreements.iter().map(|it| Remark {
        state: "evaluating",
        glyph: Glyph::Warning,
        kind: "Disagreement",
        words: it.message.clone(),
        at: it.at.clone(),
    });
    let error = |error: &Found<String>| Remark {
        state: "failed",
        glyph: Glyph::Failed,
        kind: "Error",
        words: error.value.clone(),
        at: vec![error.origin.clone()],
    };
    let unread = |value: &Found<String>| Remark {
        state: "unknown",
        glyph: Glyph::Unknown,
        kind: "Not read",
        words: format!("Unknown value \u{201c}{}\u{201d} at {}.", value.value, value.origin.pointer),
        at: vec![value.origin.clone()],
    };
    let note = |words: String| Remark { state: "unknown", glyph: Glyph::Unknown, kind: "Note", words, at: Vec::new() };
    disagreements
        .chain(session.errors.iter().map(error))
        .chain(session.unread.iter().map(unread))
        .chain(session.notes().into_iter().map(note))
        .collect()
}

/// The panel; absent if there is nothing to remark.
#[component]
pub fn Remarks(
    /// The session.
    session: ForeignSession,
) -> impl IntoView {
    let remarks = remarks(&session);
    if remarks.is_empty() {
        return ().into_any();
    }
    let rows = remarks.into_iter().map(row).collect_view();
    view! {
        <section class="panel" aria-labelledby="remarks-title">
            <div class="panel-head"><h2 id="remarks-title">"Notes"</h2></div>
            <ul class="remarks imported-remarks">{rows}</ul>
        </section>
    }
    .into_any()
}

fn row(remark: Remark) -> impl IntoView {
    let Remark { state, glyph, kind, words, at } = remark;
    view! {
        <li class="remark">
            <span class="state" data-state=state><Icon glyph/><span class="state-word">{kind}</span></span>
            <div class="remark-words">
                <p><bdi>{words}</bdi></p>
                <Places places=at/>
            </div>
        </li>
    }
}
