//! The page on which the shape of an imported file is taught, by pointing at its values.
use crate::components::teach::preview::Preview;
use crate::components::teach::save::SaveShape;
use crate::components::teach::tree::ValueTree;
use crate::components::teach::words::StatusWords;
use crate::components::teach::{Sample, Teaching};
use crate::route::Route;
use crate::store::library::use_library;
use leptos::prelude::*;

/// The page on which the shape of a file is taught.
#[component]
pub fn Teach(
    /// The file's path.
    path: String,
) -> impl IntoView {
    let library = use_library();
    let is_ready = Memo::new(move |_| library.ready.get());
    let content = move || {
        is_ready.get().then(|| match Sample::open(library, &path) {
            Ok(sample) => view! { <Panels sample/> }.into_any(),
            Err(why) => view! {
                <div class="empty">
                    <p><bdi class="path">{path.clone()}</bdi></p>
                    <p>{why}</p>
                    <p><a href=Route::Import.href()>"Go to the import"</a></p>
                </div>
            }
            .into_any(),
        })
    };
    view! {
        <div class="page teach">
            <div class="page-head"><h1 tabindex="-1">"Teach a shape"</h1></div>
            {content}
        </div>
    }
}

#[component]
fn Panels(
    /// The file.
    sample: Sample,
) -> impl IntoView {
    let (path, documents) = (sample.path.clone(), sample.documents);
    let teaching = Teaching::start(sample);
    view! {
        <p class="teach-intro">
            "Select a value and set its meaning. One stage is enough: Callboard then reads every file of this kind."
            {(documents > 1).then(|| format!(" This file holds {documents} documents: the first is shown."))}
        </p>
        <div class="teach-panels">
            <section class="panel teach-file" aria-labelledby="teach-file">
                <div class="panel-head">
                    <h2 id="teach-file">"1. Click the values"</h2>
                    <bdi class="path">{path}</bdi>
                </div>
                <ValueTree teaching/>
            </section>
            <div class="teach-side">
                <Preview teaching/>
                <StatusWords teaching/>
                <SaveShape teaching/>
            </div>
        </div>
    }
}
