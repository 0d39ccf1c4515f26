//! Other texts of a session that wait for a decision: from where each came, how it differs, and what may become of it.
use super::button::{Button, Weight};
use super::diff_view::{DiffView, Tally};
use super::icon::{Glyph, Icon};
use crate::store::entry::Entry;
use crate::store::place::{Incoming, Source};
use crate::store::waiting::Decision;
use crate::store::workspace::{Same, use_workspace};
use callboard_core::diff::LineDiff;
use leptos::prelude::*;

/// What is said of a text that waits.
struct Words {
    /// What the notice is called.
    title: &'static str,
    /// How it came to wait.
    told: &'static str,
    /// The button that takes it.
    take: &'static str,
    /// What the way to it is called.
    way: &'static str,
}

fn words(source: Source, is_changed: bool) -> Words {
    let of_file = |told| Words {
        title: "A dropped text waits",
        told,
        take: "Take the dropped one",
        way: "From your text to the dropped one",
    };
    match source {
        Source::File if is_changed => of_file(
            "You changed this session here, then another text of it was dropped. Yours is shown; the dropped one waits.",
        ),
        Source::File => {
            of_file("Another text of this session was dropped. The one that was here is shown; the dropped one waits.")
        }
        Source::Overwritten => of_file(
            "Another text of this session was dropped, and its file was written over since. Yours is shown; the dropped \
             one waits, and may be nowhere else.",
        ),
        Source::Backup => Words {
            title: "A backup's text waits",
            told: "A backup brought another text of this session. The one that was here is shown; the backup's waits.",
            take: "Take the backup's",
            way: "From your text to the backup's",
        },
        Source::Tab => Words {
            title: "Another tab's text waits",
            told: "Another tab changed this session while the browser could not store what you changed here. Yours is \
                   shown; the other tab's waits.",
            take: "Take the other tab's",
            way: "From your text to the other tab's",
        },
    }
}

/// A notice for each text that waits, oldest first.
#[component]
pub fn Waiting(
    /// The session.
    entry: Same<Entry>,
) -> impl IntoView {
    entry.waiting().iter().map(|waits| view! { <One entry=entry.clone() waits=waits.clone()/> }).collect_view()
}

#[component]
fn One(
    /// The session.
    entry: Same<Entry>,
    /// What waits.
    waits: Incoming,
) -> impl IntoView {
    let workspace = use_workspace();
    let Words { title, told, take, way } = words(waits.source, entry.changed());
    let diff = LineDiff::between(entry.text(), &waits.text, 2);
    let old = entry.text().clone();
    let path = waits.place.path();
    let elsewhere = (!entry.is_at(&path)).then(|| {
        view! {
            " It comes from " <bdi class="mono break" translate="no">{path}</bdi> ", and this session's file is "
            <bdi class="mono break" translate="no">{entry.path()}</bdi> ": to take it is to take its path too."
        }
    });
    let (added, removed) = (diff.added, diff.removed);
    let both = entry.put_together(&waits).map(|together| {
        together
            .map(|together| (together.conflicts, together.cautions.join(" ")))
            .map_err(|error| format!("They cannot be put together: {error}"))
    });
    let cautions = both.as_ref().map(|both| match both {
        Ok((conflicts, cautions)) if conflicts.is_empty() => cautions.clone(),
        Ok((conflicts, cautions)) => {
            format!("Both changed {}: put together, yours stands there. {cautions}", conflicts.join(", "))
        }
        Err(why) => why.clone(),
    });
    let button = move |label: &'static str, weight: Weight, decision: Decision| {
        let (id, text) = (entry.id().to_owned(), waits.text.clone());
        view! { <Button label weight on_press=move || workspace.decide(&id, text.clone(), decision)/> }
    };
    view! {
        <section class="notice notice-loud" aria-label=title>
            <div class="notice-head">
                <Icon glyph=Glyph::Warning/>
                <p>
                    {told}
                    {elsewhere}
                    {cautions.filter(|words| !words.is_empty()).map(|words| view! { " " <bdi>{words}</bdi> })}
                </p>
                {button("Keep mine", Weight::Plain, Decision::Keep)}
                {button(take, Weight::Plain, Decision::Take)}
                {both.filter(Result::is_ok).map(|_| button("Put both together", Weight::Plain, Decision::Both))}
            </div>
            <details class="fold">
                <summary>{way} " " <Tally added removed/></summary>
                <DiffView diff old label=way/>
            </details>
        </section>
    }
}
