//! Settings: theme, policy, notifications, storage, shortcuts, about.
use crate::components::button::{Button, Weight};
use crate::components::keys_panel::KeyList;
use crate::components::labelled_value::LabelledValue;
use crate::components::notifications::NotificationChoice;
use crate::components::settings::{Backup, Limits};
use crate::components::teach::shapes::KeptShapes;
use crate::components::zone_field::ZoneField;
use crate::format::count;
use crate::platform::preferences::are_stored;
use crate::platform::{dom, focus};
use crate::store::import::use_imports;
use crate::store::preferences::{Theme, set_theme, theme};
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// The settings page.
#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <div class="page page-narrow settings">
            <div class="page-head"><h1 tabindex="-1">"Settings"</h1></div>
            <Appearance/>
            <Limits/>
            <NotificationChoice/>
            <KeptShapes/>
            <Stored/>
            <section class="panel" aria-labelledby="keys-title">
                <div class="panel-head"><h2 id="keys-title">"Keys"</h2></div>
                <KeyList/>
            </section>
            <About/>
        </div>
    }
}

#[component]
fn Appearance() -> impl IntoView {
    let choices = Theme::ALL.map(|choice| {
        view! {
            <label class="segment">
                <input
                    type="radio"
                    name="theme"
                    value=choice.name()
                    class="sr-only"
                    prop:checked=move || theme() == choice
                    on:change=move |_| set_theme(choice)
                />
                <span>{choice.label()}</span>
            </label>
        }
    });
    view! {
        <section class="panel" aria-labelledby="appearance-title">
            <div class="panel-head"><h2 id="appearance-title">"Appearance"</h2></div>
            <div class="panel-body">
                <fieldset class="segments">
                    <legend>"Theme"</legend>
                    {choices.into_iter().collect_view()}
                </fieldset>
                <ZoneField/>
                {(!are_stored()).then(|| view! {
                    <p class="muted">"The browser blocks storage: settings last until you close this tab."</p>
                })}
            </div>
        </section>
    }
}

#[component]
fn Stored() -> impl IntoView {
    let (workspace, imports) = (use_workspace(), use_imports());
    let asking = RwSignal::new(false);
    // The focus moves to the confirmation, and back to its button.
    let ask = move |now: bool| {
        asking.set(now);
        focus::focus_if_lost(if now { ".ask .button" } else { ".storage .panel-head .button" });
    };
    let total = move || workspace.sessions.with(|sessions| sessions.len());
    let others = move || {
        let (files, shapes) = (workspace.imported.file_count(), workspace.imported.stored_shapes().len());
        let files = (files > 0).then(|| format!(", {}", count(files, "other file", "other files")));
        let shapes = (shapes > 0).then(|| format!(", {}", count(shapes, "shape", "shapes")));
        (files, shapes)
    };
    let is_empty = move || total() == 0 && others() == (None, None);
    let changed = move || workspace.sessions.with(|sessions| sessions.changed().count());
    let conflicts =
        move || workspace.sessions.with(|sessions| sessions.iter().filter(|entry| entry.summary().conflict).count());
    let conflicts = move || {
        Some(conflicts())
            .filter(|number| *number > 0)
            .map(|number| format!(", {}", count(number, "conflict", "conflicts")))
    };
    let unexported = move || match changed() {
        0 => "none".to_owned(),
        number => number.to_string(),
    };
    let clear = move || {
        workspace.clear(move || imports.forget());
        asking.set(false);
        dom::focus_after_render("main h1");
    };
    let location = move || match workspace.storage_error.get() {
        None => "this browser (IndexedDB); nothing is sent anywhere".to_owned(),
        Some(_) => "this tab only, until it is closed; nothing is sent anywhere".to_owned(),
    };
    let question = move || {
        asking.get().then(|| {
            view! {
                <div class="ask">
                    <p>
                        "Removes " {count(total(), "session", "sessions")} " ("
                        {unexported} " with unexported edits" {conflicts()} ")" {others()} " from this browser, in every tab. "
                        "Files on disk are not touched. Download a backup first to restore them later."
                    </p>
                    <Button label="Clear workspace" on_press=clear/>
                    <Button label="Cancel" weight=Weight::Quiet on_press=move || ask(false)/>
                </div>
            }
        })
    };
    view! {
        <section class="panel storage" aria-labelledby="storage-title">
            <div class="panel-head">
                <h2 id="storage-title">"Storage"</h2>
                <span class="spacer"></span>
                {move || (!is_empty() && !asking.get()).then(|| view! {
                    <Button label="Clear\u{2026}" weight=Weight::Quiet on_press=move || ask(true)/>
                })}
            </div>
            <div class="panel-body">
                <dl class="facts">
                    <LabelledValue name="Sessions">{total}</LabelledValue>
                    <LabelledValue name="Changed">{changed}</LabelledValue>
                    <LabelledValue name="Stored in">{location}</LabelledValue>
                </dl>
                <Backup/>
                {question}
            </div>
        </section>
    }
}

#[component]
fn About() -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="about-title">
            <div class="panel-head"><h2 id="about-title">"About"</h2></div>
            <div class="panel-body">
                <dl class="facts">
                    <LabelledValue name="Callboard">{env!("CARGO_PKG_VERSION")}</LabelledValue>
                    <LabelledValue name="Licence">"MIT OR Apache-2.0"</LabelledValue>
                </dl>
            </div>
        </section>
    }
}
