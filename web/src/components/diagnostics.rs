//! What the core noticed in the file: where, and what would certainly mend it.
use super::button::Button;
use super::icon::{Glyph, Icon};
use super::more::{More, parts};
use crate::pages::session_address::At;
use crate::store::entry::Entry;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::{Diagnostic, Severity};
use leptos::prelude::*;

/// Number of remarks shown at once: each of 400,000 lines may have one.
const ROWS: usize = 200;

/// The tab of remarks.
#[component]
pub fn Diagnostics(
    /// The session.
    entry: Same<Entry>,
    /// Where the page is.
    at: Memo<At>,
) -> impl IntoView {
    let found = entry.session().diagnostics();
    if found.is_empty() {
        return view! { <p class="tab-empty muted">"Nothing stands out in this file."</p> }.into_any();
    }
    let (total, asked) = (found.len(), RwSignal::new(ROWS));
    let found = StoredValue::new(found);
    let part = move |part: usize| {
        let rows = found.with_value(|found| found[part * ROWS..total.min((part + 1) * ROWS)].to_vec());
        rows.into_iter().map(|diagnostic| row(entry.id(), diagnostic, at)).collect_view()
    };
    view! {
        <ul class="remarks"><For each=move || parts(asked.get(), ROWS, total) key=|part| *part children=part/></ul>
        <More asked step=ROWS total names=("remark", "remarks")/>
    }
    .into_any()
}

fn row(id: &str, diagnostic: Diagnostic, at: Memo<At>) -> impl IntoView + use<> {
    let workspace = use_workspace();
    let (state, glyph) = match diagnostic.severity {
        Severity::Error => ("failed", Glyph::Failed),
        Severity::Warning => ("retry", Glyph::Warning),
        Severity::Info => ("initialized", Glyph::Pending),
    };
    let href = {
        let (id, line) = (id.to_owned(), diagnostic.line);
        move || at.get().at_line(line).href(&id)
    };
    let fix = diagnostic.fix.clone().map(|fix| {
        let id = id.to_owned();
        let title = fix.title.clone();
        view! { <Button label=title on_press=move || workspace.fix(&id, &fix)/> }
    });
    view! {
        <li class="remark">
            <span class="state" data-state=state>
                <Icon glyph/>
                <span class="state-word">{diagnostic.severity.name()}</span>
            </span>
            <div class="remark-words">
                <p><bdi>{diagnostic.message.clone()}</bdi></p>
                <p class="muted">
                    <a class="mono" translate="no" href=href>"line "{diagnostic.line}":"{diagnostic.column}</a>
                    " "
                    <bdi class="mono break" translate="no">{diagnostic.path.clone()}</bdi>
                </p>
            </div>
            {fix}
        </li>
    }
}
