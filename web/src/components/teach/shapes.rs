//! The kept shapes with the number of files that each reads.
use super::save::export;
use crate::components::button::{Button, Weight};
use crate::format::count;
use crate::platform::focus;
use crate::route::Route;
use crate::store::library::use_library;
use crate::store::teach_drafts::TeachDraft;
use crate::store::workspace::use_workspace;
use callboard_core::import::Shape;
use callboard_workspace::StoredShape;
use leptos::prelude::*;
use std::sync::Arc;

/// The section of the kept shapes.
#[component]
pub fn KeptShapes() -> impl IntoView {
    let library = use_library();
    let shapes = Signal::derive(move || library.stored_shapes());
    view! {
        <section class="panel" aria-labelledby="shapes-title">
            <div class="panel-head"><h2 id="shapes-title">"Shapes"</h2></div>
            <div class="panel-body shapes">
                <p class="muted">
                    "A shape tells Callboard how to read files of another pipeline. Teach one from an imported file, or drop a "
                    <code>{Shape::FILE_END}</code> " file."
                </p>
                <Show when=move || !shapes.with(Vec::is_empty)>
                    <ul class="shapes-list">
                        <For
                            each=move || shapes.get()
                            key=|shape| (shape.name.clone(), shape.text.clone())
                            children=|shape| view! { <KeptShape shape/> }
                        />
                    </ul>
                </Show>
            </div>
        </section>
    }
}

#[component]
fn KeptShape(
    /// The shape.
    shape: Arc<StoredShape>,
) -> impl IntoView {
    let (library, workspace) = (use_library(), use_workspace());
    let parsed = Shape::parse(shape.text.clone()).ok();
    let title = parsed.as_ref().map_or_else(|| shape.name.clone(), |shape| shape.title().to_owned());
    let name = StoredValue::new(shape.name.clone());
    let files = move || {
        library.assembled.with(|assembled| {
            let is_of = |shape: &Arc<str>| name.with_value(|name| **shape == **name);
            assembled.files.values().filter(|file| file.shapes.iter().any(is_of)).count()
        })
    };
    // A shape that came with a folder was not taught here.
    let edit = move || {
        let path = name.with_value(|name| TeachDraft::path_of(name))?;
        let is_there = library.assembled.with(|assembled| assembled.file(&path).is_some());
        is_there.then(|| Route::Teach(path).href())
    };
    let remove = move || {
        library.remove_shape(&name.get_value());
        focus::focus_if_lost(".shapes-list .button");
    };
    view! {
        <li>
            <span class="shapes-title"><bdi>{title.clone()}</bdi></span>
            <span class="muted">{move || count(files(), "file", "files")}</span>
            <span class="spacer"></span>
            {move || edit().map(|href| view! {
                <a class="button button-quiet" href=href aria-label=format!("Edit {title}")>"Edit"</a>
            })}
            {parsed.map(|shape| view! {
                <Button label="Export" weight=Weight::Quiet on_press=move || workspace.status.set(export(&shape), None)/>
            })}
            <Button label="Remove" weight=Weight::Quiet on_press=remove/>
        </li>
    }
}
