//! Reads the chosen output: finds its file, reads it as far as it is shown, and again when it changes.
use super::markdown::MarkdownText;
use crate::arc_eq::ArcEq;
use crate::components::json::lines::TextLines;
use crate::platform::pace::pause;
use crate::source::output::{Output, OutputError, Outputs, use_outputs};
use callboard_core::OutputKind;
use callboard_workspace::output_candidates;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// Largest text that is shown, in bytes.
const TEXT_LIMIT: u64 = 4 << 20;

/// Largest Markdown text that is shown as such, in bytes; a larger one is shown as lines.
const MARKDOWN_LIMIT: usize = 1 << 20;

/// Largest picture that is shown, in bytes.
pub const PICTURE_LIMIT: u64 = 40 << 20;

/// Least interval between two reads of a file that changes all the time.
const MIN_INTERVAL: Duration = Duration::from_millis(300);

/// The form in which an output is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputView {
    /// It is being looked for.
    Loading,
    /// No file of the source is it.
    Missing,
    /// The source could not be asked, for this reason.
    Failed(String),
    /// Markdown.
    Markdown,
    /// Lines of text.
    Lines,
    /// The picture at this address.
    Picture(String),
    /// The sound at this address.
    Audio(String),
    /// The film at this address.
    Video(String),
    /// It can only be downloaded, for this reason.
    Download(String),
}

/// The chosen output as signals, so that a change of the file replaces only what changed.
#[derive(Clone, Copy)]
pub struct OutputReading {
    /// The form in which it is shown.
    pub view: RwSignal<OutputView>,
    /// The found file.
    pub output: RwSignal<Option<Rc<Output>>, LocalStorage>,
    /// The text of [`OutputView::Markdown`].
    pub markdown: RwSignal<ArcEq<MarkdownText>>,
    /// The text of [`OutputView::Lines`].
    pub lines: RwSignal<ArcEq<TextLines>>,
}

/// The content of a file, read.
enum OutputContent {
    Markdown(MarkdownText),
    Lines(TextLines),
    View(OutputView),
}

impl OutputReading {
    /// Follows the chosen path of a session, and the changes of its file.
    pub fn follow(session_path: Memo<String>, chosen: Memo<Option<String>>) -> Self {
        let reading = Self {
            view: RwSignal::new(OutputView::Loading),
            output: RwSignal::new_local(None),
            markdown: RwSignal::new(ArcEq(Arc::default())),
            lines: RwSignal::new(ArcEq(Arc::new(TextLines::of_file("".into())))),
        };
        // Reads that another one has replaced are dropped.
        let generation = StoredValue::new(0_u64);
        let is_reading = StoredValue::new(false);
        let is_stale = StoredValue::new(false);
        let read = move |path: String, outputs: Outputs| {
            let mine = generation.get_value();
            is_reading.set_value(true);
            spawn_local(async move {
                loop {
                    is_stale.set_value(false);
                    let candidates = output_candidates(&session_path.get_untracked(), &path);
                    reading.read(outputs, candidates, move || generation.try_get_value() == Some(mine)).await;
                    // An agent may write many times a second.
                    pause(MIN_INTERVAL).await;
                    if generation.try_get_value() != Some(mine) {
                        return;
                    }
                    if is_stale.try_get_value() != Some(true) {
                        is_reading.set_value(false);
                        return;
                    }
                }
            });
        };
        Effect::new(move |before: Option<Option<(String, String)>>| {
            let (path, session, outputs) = (chosen.get(), session_path.get(), use_outputs());
            let now = path.clone().map(|path| (path, session));
            if let Some(outputs) = outputs {
                outputs.changed.track();
            }
            let is_same = before.is_some_and(|before| before == now);
            match (path, outputs) {
                (Some(_), Some(_)) if is_same && is_reading.get_value() => is_stale.set_value(true),
                (Some(path), Some(outputs)) => {
                    generation.update_value(|generation| *generation += 1);
                    if !is_same {
                        reading.output.set(None);
                        reading.view.set(OutputView::Loading);
                    }
                    read(path, outputs);
                }
                _ => {
                    generation.update_value(|generation| *generation += 1);
                    is_reading.set_value(false);
                    reading.output.set(None);
                }
            }
            now
        });
        reading
    }

    /// Finds and reads the file, and shows it unless it is the one that is shown.
    async fn read(self, outputs: Outputs, candidates: Vec<String>, is_wanted: impl Fn() -> bool) {
        let found = outputs.open(candidates).await;
        if !is_wanted() {
            return;
        }
        let output = match found {
            Ok(Some(output)) => Rc::new(output),
            other => {
                self.output.set(None);
                self.show(other.map_or_else(OutputView::Failed, |_| OutputView::Missing));
                return;
            }
        };
        let is_shown = self.output.with_untracked(|shown| {
            let same = |shown: &Rc<Output>| {
                (&shown.path, &shown.version, shown.size) == (&output.path, &output.version, output.size)
            };
            shown.as_ref().is_some_and(same)
        });
        if is_shown {
            return;
        }
        let content = content(&output).await;
        if !is_wanted() {
            return;
        }
        match content {
            OutputContent::Markdown(text) => {
                self.markdown.set(ArcEq(Arc::new(text)));
                self.show(OutputView::Markdown);
            }
            OutputContent::Lines(lines) => {
                self.lines.set(ArcEq(Arc::new(lines)));
                self.show(OutputView::Lines);
            }
            OutputContent::View(view) => self.show(view),
        }
        // The address of the file shown before is revoked only now.
        self.output.set(Some(output));
    }

    fn show(self, view: OutputView) {
        if self.view.with_untracked(|shown| *shown != view) {
            self.view.set(view);
        }
    }
}

async fn content(output: &Output) -> OutputContent {
    let address = || output.address().to_owned();
    match OutputKind::of(&output.path) {
        OutputKind::Picture if output.size > PICTURE_LIMIT => OutputContent::View(too_large(PICTURE_LIMIT)),
        OutputKind::Picture => OutputContent::View(OutputView::Picture(address())),
        OutputKind::Audio => OutputContent::View(OutputView::Audio(address())),
        OutputKind::Video => OutputContent::View(OutputView::Video(address())),
        OutputKind::Other => OutputContent::View(OutputView::Download("No preview for this type of file.".into())),
        kind @ (OutputKind::Markdown | OutputKind::Json | OutputKind::Text) => match output.text(TEXT_LIMIT).await {
            Ok(text) if kind == OutputKind::Markdown && text.len() <= MARKDOWN_LIMIT => {
                OutputContent::Markdown(MarkdownText::parse(&text))
            }
            Ok(text) => OutputContent::Lines(TextLines::of_file(text.into())),
            Err(OutputError::TooLarge(limit)) => OutputContent::View(too_large(limit)),
            Err(error) => OutputContent::View(OutputView::Download(error.to_string())),
        },
    }
}

fn too_large(limit: u64) -> OutputView {
    OutputView::Download(format!("Too large to show here: the limit is {}.", crate::format::bytes(limit)))
}
