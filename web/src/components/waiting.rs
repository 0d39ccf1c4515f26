//! Other texts of a session that wait for a decision: from where each came, how it differs, and what may become of it.
use super::button::Button;
use super::diff_view::{DiffView, Tally, tally};
use super::icon::{Glyph, Icon};
use super::session_signals::{SessionSignals, is_same_text};
use crate::store::entry::Entry;
use crate::store::place::{Incoming, Source};
use crate::store::waiting::Decision;
use crate::store::workspace::use_workspace;
use callboard_core::diff;
use leptos::prelude::*;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// What is said of a text that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// A text that waits, by the text alone.
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

/// A notice for each text that waits, oldest first.
#[component]
pub fn Waiting(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let keys =
        session.part_of_entry(|entry| entry.waiting().iter().map(|waits| Key(waits.text.clone())).collect::<Vec<_>>());
    view! { <For each=move || keys.get() key=Clone::clone children=move |Key(text)| view! { <One session text/> }/> }
}

/// What a notice says.
#[derive(Clone, Debug, PartialEq)]
struct Notice {
    source: Source,
    is_changed: bool,
    /// The path that the text came from and the session's own, where they differ.
    elsewhere: Option<(String, String)>,
    cautions: String,
    /// Both texts can be made one.
    can_be_merged: bool,
}

impl Notice {
    fn of(entry: &Entry, waits: &Incoming) -> Self {
        let path = waits.place.path();
        let both = entry.put_together(waits);
        let cautions = match &both {
            None => String::new(),
            Some(Ok(together)) if together.conflicts.is_empty() => together.cautions.join(" "),
            Some(Ok(together)) => format!(
                "Both changed {}: put together, yours stands there. {}",
                together.conflicts.join(", "),
                together.cautions.join(" ")
            ),
            Some(Err(error)) => format!("They cannot be put together: {error}"),
        };
        Self {
            source: waits.source,
            is_changed: entry.changed(),
            elsewhere: (!entry.is_at(&path)).then(|| (path, entry.path())),
            cautions,
            can_be_merged: both.is_some_and(|both| both.is_ok()),
        }
    }

    fn words(&self) -> Words {
        words(self.source, self.is_changed)
    }
}

#[component]
fn One(
    /// The session.
    session: SessionSignals,
    /// The text that waits.
    text: Arc<str>,
) -> impl IntoView {
    let workspace = use_workspace();
    let notice = {
        let text = text.clone();
        Memo::new(move |before: Option<&Option<Notice>>| {
            session.entry.with(|entry| {
                let waits = entry.waiting().iter().find(|waits| is_same_text(&waits.text, &text));
                // One that is decided keeps its words until it is gone.
                waits.map(|waits| Notice::of(entry, waits)).or_else(|| before.cloned().flatten())
            })
        })
    };
    let lines = {
        let text = text.clone();
        session.large_part(move |entry| diff::lines(entry.text(), &text))
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
            <bdi class="mono break" translate="no">{own}</bdi> ": to take it is to take its path too."
        })
        };
    let cautions = move || {
        let words = notice.with(|notice| notice.as_ref().map(|notice| notice.cautions.clone()));
        words.filter(|words| !words.is_empty()).map(|words| view! { " " <bdi>{words}</bdi> })
    };
    let can_be_merged = Memo::new(move |_| notice.with(|notice| notice.as_ref().is_some_and(|it| it.can_be_merged)));
    let text = StoredValue::new(text);
    let decide = move |decision: Decision| move || workspace.decide(&session.id(), text.get_value(), decision);
    view! {
        <section class="notice notice-loud" aria-label=title>
            <div class="notice-head">
                <Icon glyph=Glyph::Warning/>
                <p>
                    {told}
                    {elsewhere}
                    {cautions}
                </p>
                <Button label="Keep mine" on_press=decide(Decision::Keep)/>
                {move || view! { <Button label=take() on_press=decide(Decision::Take)/> }}
                {move || can_be_merged.get().then(|| view! {
                    <Button label="Put both together" on_press=decide(Decision::Both)/>
                })}
            </div>
            <details class="fold">
                <summary>
                    {way} " "
                    {move || {
                        let (added, removed) = lines.with(|lines| tally(lines));
                        view! { <Tally added removed/> }
                    }}
                </summary>
                {move || view! { <DiffView lines=lines.with(|lines| (**lines).clone()) label=way()/> }}
            </details>
        </section>
    }
}
