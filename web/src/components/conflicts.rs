//! The conflicts of a session: the source of each other text, its differences, and the ways to resolve it.
use super::button::Button;
use super::diff_view::{DiffView, Tally, TextDiff};
use super::icon::{Glyph, Icon};
use super::session_signals::{SessionSignals, is_same_text};
use crate::store::workspace::use_workspace;
use callboard_workspace::plan::{Resolution, merge_with};
use callboard_workspace::{Entry, Incoming, Source};
use leptos::prelude::*;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The words for a conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

fn words(source: Source, is_on_disk: bool) -> Words {
    let of_file = |told| Words {
        title: "Conflict with the file",
        told,
        take: "Use the file's",
        way: "From your text to the file's",
    };
    match source {
        Source::File if is_on_disk => {
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

/// A conflicting text, compared by the text alone.
#[derive(Clone, Debug)]
struct Key(Arc<str>);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        is_same_text(&self.0, &other.0)
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The texts are large and few.
        self.0.len().hash(state);
    }
}

/// A notice for each conflict, oldest first.
#[component]
pub fn Conflicts(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let keys = session.part_of_entry(|entry| {
        entry.record().conflicts().map(|conflict| Key(conflict.text.clone())).collect::<Vec<_>>()
    });
    view! { <For each=move || keys.get() key=Clone::clone children=move |Key(text)| view! { <One session text/> }/> }
}

/// Content of a notice.
#[derive(Clone, Debug, PartialEq)]
struct Notice {
    source: Source,
    /// The session's file holds the text.
    is_on_disk: bool,
    /// The path that the text came from and the session's own, where they differ.
    elsewhere: Option<(String, String)>,
    cautions: String,
    /// Both texts can be made one.
    can_be_merged: bool,
}

impl Notice {
    fn of(entry: &Entry, incoming: &Incoming) -> Self {
        let path = incoming.path.clone();
        let both = merge_with(entry, incoming);
        let cautions = match &both {
            None => String::new(),
            Some(Ok(merged)) if merged.conflicts.is_empty() => merged.cautions.join(" "),
            Some(Ok(merged)) => format!(
                "Both changed {}: a merge keeps yours there. {}",
                merged.conflicts.join(", "),
                merged.cautions.join(" ")
            ),
            Some(Err(error)) => format!("They cannot be merged: {error}"),
        };
        Self {
            source: incoming.source,
            is_on_disk: entry.record().is_on_disk(incoming),
            elsewhere: (!entry.record().is_at(&path)).then(|| (path, entry.path().to_owned())),
            cautions,
            can_be_merged: both.is_some_and(|both| both.is_ok()),
        }
    }

    fn words(&self) -> Words {
        words(self.source, self.is_on_disk)
    }
}

#[component]
fn One(
    /// The session.
    session: SessionSignals,
    /// The conflicting text.
    text: Arc<str>,
) -> impl IntoView {
    let workspace = use_workspace();
    let notice = {
        let text = text.clone();
        Memo::new(move |before: Option<&Option<Notice>>| {
            session.entry.with(|entry| {
                let conflict = entry.record().conflicts().find(|conflict| is_same_text(&conflict.text, &text));
                // A resolved one keeps its words until it is gone.
                conflict.map(|conflict| Notice::of(entry, conflict)).or_else(|| before.cloned().flatten())
            })
        })
    };
    let diff = {
        let text = text.clone();
        Memo::new(move |_| session.text.with(|entry| TextDiff::between(entry.text(), &text, 2)))
    };
    let said = Memo::new(move |_| notice.with(|notice| notice.as_ref().map(Notice::words)));
    let said = move |read: fn(&Words) -> &'static str| move || said.with(|words| words.as_ref().map_or("", read));
    let (title, told, take, way) =
        (said(|words| words.title), said(|words| words.told), said(|words| words.take), said(|words| words.way));
    let elsewhere =
        move || {
            let paths = notice.with(|notice| notice.as_ref()?.elsewhere.clone());
            paths.map(|(path, own)| view! {
            " It comes from " <bdi class="mono break" translate="no">{path}</bdi> ", and this session's file is "
            <bdi class="mono break" translate="no">{own}</bdi> ". Using it changes the path too."
        })
        };
    let cautions = move || {
        let words = notice.with(|notice| notice.as_ref().map(|notice| notice.cautions.clone()));
        words.filter(|words| !words.is_empty()).map(|words| view! { " " <bdi>{words}</bdi> })
    };
    let can_be_merged = Memo::new(move |_| notice.with(|notice| notice.as_ref().is_some_and(|it| it.can_be_merged)));
    let text = StoredValue::new(text);
    let resolve = move |resolution| move || workspace.resolve(&session.id(), text.get_value(), resolution);
    view! {
        <section class="notice notice-loud" aria-label=title>
            <div class="notice-head">
                <Icon glyph=Glyph::Warning/>
                <p>
                    {told}
                    {elsewhere}
                    {cautions}
                </p>
                <Button label="Keep mine" on_press=resolve(Resolution::KeepCurrent)/>
                {move || view! { <Button label=take() on_press=resolve(Resolution::TakeIncoming)/> }}
                {move || can_be_merged.get().then(|| view! {
                    <Button label="Merge both" on_press=resolve(Resolution::Merge)/>
                })}
            </div>
            <details class="fold">
                <summary>
                    {way} " "
                    {move || {
                        let (added, removed) = diff.with(TextDiff::tally);
                        view! { <Tally added removed/> }
                    }}
                </summary>
                <DiffView
                    diff
                    label=Signal::derive(move || way().to_owned())
                />
            </details>
        </section>
    }
}
