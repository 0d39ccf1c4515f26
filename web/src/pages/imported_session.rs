//! The page of a session that is only read: another pipeline's, or one of the framework's shape in a damaged file.
use super::unknown::Unknown;
use crate::arc_eq::ArcEq;
use crate::components::imported::address::ImportedAddress;
use crate::components::imported::convert::ConversionPanel;
use crate::components::imported::files::Files;
use crate::components::imported::head::ImportedHead;
use crate::components::imported::own::OwnAgents;
use crate::components::imported::remarks::Remarks;
use crate::components::imported::resume::Resume;
use crate::components::imported::scores::Scores;
use crate::components::imported::source::SessionKey;
use crate::components::imported::stages::{Outputs, Stages};
use crate::platform::dom;
use crate::store::library::use_library;
use callboard_workspace::{ReadOnlyContent, ReadOnlySession};
use leptos::prelude::*;

/// The page of a session that is only read.
#[component]
pub fn ImportedSession(
    /// Its key.
    key: String,
) -> impl IntoView {
    let library = use_library();
    provide_context(SessionKey(key.clone()));
    let found = library.session(key.clone());
    // Sessions are made anew whenever a file comes or goes: the page is rendered again only for another content.
    let session = Memo::new_with_compare(
        move |_| found.get(),
        |before, now| match (before, now) {
            (Some(Some(before)), Some(Some(now))) => !is_same(before, now),
            (Some(None), Some(None)) => false,
            _ => true,
        },
    );
    let converting = RwSignal::new(false);
    move || {
        // A session that is there is not rendered again when the rest of the files is.
        if let Some(session) = session.get() {
            return view! { <Found session converting/> }.into_any();
        }
        if library.ready.get() { view! { <Unknown what=key.clone()/> }.into_any() } else { ().into_any() }
    }
}

/// Returns true if two readings of a session say the same.
fn is_same(one: &ReadOnlySession, other: &ReadOnlySession) -> bool {
    match (&one.content, &other.content) {
        (ReadOnlyContent::Foreign(one), ReadOnlyContent::Foreign(other)) => one == other,
        (ReadOnlyContent::Own(one), ReadOnlyContent::Own(other)) => one.path == other.path && one.place == other.place,
        _ => false,
    }
}

#[component]
fn Found(
    /// The session.
    session: ArcEq<ReadOnlySession>,
    /// True while the conversion is shown.
    converting: RwSignal<bool>,
) -> impl IntoView {
    let dom::Address(address) = expect_context();
    let at = Memo::new(move |_| ImportedAddress::parse(&address.get()));
    let session = ReadOnlySession::clone(&session.0);
    let (main, side, rest) = match session.content.clone() {
        ReadOnlyContent::Foreign(foreign) => {
            let foreign = *foreign;
            (
                view! { <Stages session=foreign.clone()/> }.into_any(),
                view! { <Resume session=foreign.clone()/><Remarks session=foreign.clone()/> }.into_any(),
                view! { <Scores session=foreign.clone()/><Outputs session=foreign/> }.into_any(),
            )
        }
        ReadOnlyContent::Own(own) => (view! { <OwnAgents own=*own/> }.into_any(), ().into_any(), ().into_any()),
    };
    let is_own = session.foreign_session().is_none();
    let key = session.key.clone();
    view! {
        <div class="page session imported" data-imported-session=key>
            <ImportedHead session=session.clone() converting/>
            <ConversionPanel session=session.clone() converting/>
            <div class="session-body" class:imported-own=is_own>
                <div class="session-timeline">{main}</div>
                <div class="imported-side">{side}</div>
                <div class="session-rest">
                    {rest}
                    <Files session at/>
                </div>
            </div>
        </div>
    }
}
