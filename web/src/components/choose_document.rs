//! The documents in a text of several, of which one can be imported.
use super::button::{Button, IconButton, Weight};
use super::icon::Glyph;
use super::import_rows::ChosenFile;
use crate::format::one_line;
use crate::store::import::use_imports;
use crate::store::library::use_library;
use callboard_core::import::{Extract, mend};
use leptos::prelude::*;

/// Number of characters that are shown of a document.
const SHOWN: usize = 160;

/// The documents of a file, each with a button that imports it as a file of its own.
#[component]
pub fn ChooseDocument(
    /// The file's path.
    path: String,
    /// The file that is chosen from, for closing.
    chosen: ChosenFile,
) -> impl IntoView {
    let (imports, library) = (use_imports(), use_library());
    let broken = library.bytes(&path).and_then(|bytes| mend(&bytes).err());
    let choices = broken.map(|broken| broken.choices).unwrap_or_default();
    let choice = |(number, document): (usize, &Extract)| {
        let path = path.clone();
        let import = move || {
            chosen.0.set(None);
            imports.choose(&path, number);
        };
        let start: String = one_line(document.text()).chars().take(SHOWN).collect();
        view! {
            <li class="choice">
                <span class="import-position">{format!("line {}", document.line)}</span>
                <code class="choice-text" translate="no"><bdi>{start}</bdi></code>
                <Button label=format!("Import document {}", number + 1) weight=Weight::Plain on_press=import/>
            </li>
        }
    };
    view! {
        <section class="panel choices" aria-label="Choose a document">
            <div class="panel-head">
                <h2>"Choose a document of " <bdi class="mono" translate="no">{path.clone()}</bdi></h2>
                <span class="spacer"></span>
                <IconButton label="Close" glyph=Glyph::Close on_press=move || chosen.0.set(None)/>
            </div>
            <div class="panel-body">
                <p class="muted">"The chosen document is imported as a file of its own. This file is not changed."</p>
                <ol class="choice-list">{choices.iter().enumerate().map(choice).collect_view()}</ol>
            </div>
        </section>
    }
}
