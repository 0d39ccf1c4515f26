//! The page of a session that is only read: another pipeline's, or one of the framework's shape in a damaged file.
use super::unknown::Unknown;
use crate::store::library::use_library;
use leptos::prelude::*;

/// The page of a session that is only read.
#[component]
pub fn ImportedSession(
    /// Its key.
    key: String,
) -> impl IntoView {
    let library = use_library();
    let session = library.session(key.clone());
    move || match (session.get(), library.ready.get()) {
        (Some(session), _) => view! { <h1 tabindex="-1">{session.summary().id.clone()}</h1> }.into_any(),
        (None, true) => view! { <Unknown what=key.clone()/> }.into_any(),
        (None, false) => ().into_any(),
    }
}
