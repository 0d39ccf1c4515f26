//! The preview of a session that is made of one that is only read, and the way to it once it is created.
use crate::arc_eq::ArcEq;
use crate::components::button::{Button, Weight};
use crate::components::diff_view::{DiffView, Tally, TextDiff};
use crate::platform::dom;
use crate::route::Route;
use crate::store::convert::{Conversion, NoConversion};
use crate::store::workspace::use_workspace;
use callboard_workspace::{ReadOnlyContent, ReadOnlySession};
use leptos::prelude::*;
use std::sync::Arc;

/// The panel, while it is asked for.
#[component]
pub fn ConversionPanel(
    /// The session.
    session: ReadOnlySession,
    /// True while the panel is shown.
    converting: RwSignal<bool>,
) -> impl IntoView {
    let session = ArcEq(Arc::new(session));
    move || converting.get().then(|| view! { <Open session=session.clone() converting/> })
}

#[component]
fn Open(
    /// The session.
    session: ArcEq<ReadOnlySession>,
    /// True while the panel is shown.
    converting: RwSignal<bool>,
) -> impl IntoView {
    let workspace = use_workspace();
    let title = match &session.content {
        ReadOnlyContent::Foreign(_) => "Convert to a session",
        ReadOnlyContent::Own(_) => "Add as a session",
    };
    let created = RwSignal::new(None::<String>);
    // The file has the time at which the preview was opened.
    let now = workspace.clock.half_minute.get_untracked();
    let proposed = Memo::new_with_compare(move |_| workspace.propose_conversion(&session, now), |_, _| true);
    let close = move || {
        converting.set(false);
        dom::focus_after_render(".session-actions .button-primary");
    };
    let content = move || {
        if let Some(id) = created.get() {
            return view! { <Created id/> }.into_any();
        }
        match proposed.get() {
            Ok(conversion) => view! { <Preview conversion created/> }.into_any(),
            Err(why) => refused(why).into_any(),
        }
    };
    view! {
        <section class="panel conversion" aria-labelledby="conversion-title">
            <div class="panel-head">
                <h2 id="conversion-title" tabindex="-1">{title}</h2>
                <span class="spacer"></span>
                <Button label="Close" weight=Weight::Quiet on_press=close/>
            </div>
            <div class="panel-body conversion-body">{content}</div>
        </section>
    }
}

fn refused(why: NoConversion) -> impl IntoView {
    let NoConversion { message, existing } = why;
    view! {
        <p class="refusal" role="status"><bdi>{message}</bdi></p>
        {existing.map(|id| view! { <p><a class="button" href=Route::Session(id).href()>"Open session"</a></p> })}
    }
}

/// The way to the new session.
#[component]
fn Created(
    /// Its id.
    id: String,
) -> impl IntoView {
    dom::focus_after_render(".conversion .button-primary");
    view! {
        <p role="status">
            "Created "<bdi class="mono break" translate="no">{id.clone()}</bdi>
            ". Use it like any other session; the next export writes its file."
        </p>
        <p><a class="button button-primary" href=Route::Session(id).href()>"Open session"</a></p>
    }
}

#[component]
fn Preview(
    /// The new session.
    conversion: Conversion,
    /// The id of the session once it is created.
    created: RwSignal<Option<String>>,
) -> impl IntoView {
    let workspace = use_workspace();
    let Conversion { proposed, assumptions, left_out } = conversion.clone();
    let diff = TextDiff::between(&"".into(), proposed.session.text(), 2);
    let (added, removed) = diff.tally();
    let asked = StoredValue::new(false);
    let create = move || {
        // A second click while the session is being stored does nothing.
        if !asked.get_value() {
            asked.set_value(true);
            let id = conversion.proposed.id.clone();
            workspace.convert(conversion.clone(), move || created.set(Some(id)));
        }
    };
    let folder =
        if proposed.folder.is_empty() { "Beside the imported file".to_owned() } else { proposed.folder.clone() };
    view! {
        <div class="conversion-facts">
            <dl class="facts">
                <div class="fact"><dt>"Session"</dt><dd class="mono break" translate="no">{proposed.id.clone()}</dd></div>
                <div class="fact"><dt>"File"</dt><dd class="mono break" translate="no">{proposed.file.clone()}</dd></div>
                <div class="fact"><dt>"Folder"</dt><dd class="mono break" translate="no">{folder}</dd></div>
            </dl>
            <Sentences title="Assumed" sentences=assumptions/>
            <Sentences title="Left out" sentences=left_out/>
            <div class="form-buttons">
                <Button label="Create session" weight=Weight::Primary on_press=create/>
            </div>
        </div>
        <div class="conversion-text">
            <Tally added removed/>
            <DiffView diff=Signal::stored(diff) label="The new file"/>
        </div>
    }
}

/// A titled list of sentences; absent if there is none.
#[component]
fn Sentences(
    /// The title.
    title: &'static str,
    /// The sentences.
    sentences: Vec<String>,
) -> impl IntoView {
    (!sentences.is_empty()).then(|| {
        let items = sentences.into_iter().map(|sentence| view! { <li><bdi>{sentence}</bdi></li> }).collect_view();
        view! {
            <section aria-label=title>
                <h3 class="section-title">{title}</h3>
                <ul class="sentences">{items}</ul>
            </section>
        }
    })
}
