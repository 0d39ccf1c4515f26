//! The conflicts of a session: the source of each other text, its differences, and the ways to resolve it.
use super::button::{Button, Weight};
use super::diff_view::{DiffView, Tally, tally};
use super::icon::{Glyph, Icon};
use crate::store::workspace::{Same, use_workspace};
use callboard_core::diff;
use callboard_workspace::plan::{Resolution, merge_with};
use callboard_workspace::{Entry, Incoming, Source};
use leptos::prelude::*;

/// The words for a conflict.
struct Words {
    /// The notice's title.
    title: &'static str,
    /// One sentence about the conflict.
    told: &'static str,
    /// The label of the button that takes the other text.
    take: &'static str,
    /// The label of the differences.
    way: &'static str,
}

fn words(incoming: &Incoming, entry: &Entry) -> Words {
    let of_file = |told| Words {
        title: "Conflict with the file",
        told,
        take: "Use the file's",
        way: "From your text to the file's",
    };
    match incoming.source {
        Source::File if entry.record().is_on_disk(incoming) => {
            of_file("The file was changed, and you changed this session here. Your text is shown; both are kept.")
        }
        Source::File => of_file(
            "Another text of this session was imported. The current one is shown; the imported one may be nowhere else.",
        ),
        Source::Backup => Words {
            title: "Conflict with a backup",
            told: "A backup has another text of this session. The current one is shown; both are kept.",
            take: "Use the backup's",
            way: "From your text to the backup's",
        },
        Source::Tab => Words {
            title: "Conflict with another tab",
            told: "Another tab changed this session while the browser could not store your changes. Your text is shown; \
                   both are kept.",
            take: "Use the other tab's",
            way: "From your text to the other tab's",
        },
    }
}

/// A notice for each conflict, oldest first.
#[component]
pub fn Conflicts(
    /// The session.
    entry: Same<Entry>,
) -> impl IntoView {
    let conflicts: Vec<Incoming> = entry.conflicts().into_iter().cloned().collect();
    conflicts.into_iter().map(|incoming| view! { <One entry=entry.clone() incoming/> }).collect_view()
}

#[component]
fn One(
    /// The session.
    entry: Same<Entry>,
    /// The conflicting text.
    incoming: Incoming,
) -> impl IntoView {
    let workspace = use_workspace();
    let Words { title, told, take, way } = words(&incoming, &entry);
    let lines = diff::lines(entry.session().text(), &incoming.text);
    let path = incoming.path.clone();
    let elsewhere = (!entry.record().is_at(&path)).then(|| {
        view! {
            " It comes from " <bdi class="mono break" translate="no">{path}</bdi> ", and this session's file is "
            <bdi class="mono break" translate="no">{entry.path().to_owned()}</bdi> ". Using it changes the path too."
        }
    });
    let (added, removed) = tally(&lines);
    let both = merge_with(&entry, &incoming).map(|merged| {
        merged
            .map(|merged| (merged.conflicts, merged.cautions.join(" ")))
            .map_err(|error| format!("They cannot be merged: {error}"))
    });
    let cautions = both.as_ref().map(|both| match both {
        Ok((conflicts, cautions)) if conflicts.is_empty() => cautions.clone(),
        Ok((conflicts, cautions)) => {
            format!("Both changed {}: a merge keeps yours there. {cautions}", conflicts.join(", "))
        }
        Err(why) => why.clone(),
    });
    let button = move |label: &'static str, weight: Weight, resolution: Resolution| {
        let (id, text) = (entry.id().to_owned(), incoming.text.clone());
        view! { <Button label weight on_press=move || workspace.resolve(&id, text.clone(), resolution)/> }
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
                {button("Keep mine", Weight::Plain, Resolution::KeepCurrent)}
                {button(take, Weight::Plain, Resolution::TakeIncoming)}
                {both.filter(Result::is_ok).map(|_| button("Merge both", Weight::Plain, Resolution::Merge))}
            </div>
            <details class="fold">
                <summary>{way} " " <Tally added removed/></summary>
                <DiffView lines label=way/>
            </details>
        </section>
    }
}
