//! Theme, keys, what is stored, what this is.
use crate::components::button::{Button, Weight};
use crate::components::facts::Fact;
use crate::components::keys_panel::KeyList;
use crate::components::settings::{Backup, Limits, Zone};
use crate::format::count;
use crate::platform::preferences::are_stored;
use crate::platform::{dom, focus};
use crate::store::import::use_imports;
use crate::store::preferences::{Theme, set_theme, theme};
use crate::store::workspace::use_workspace;
use leptos::prelude::*;

/// The settings.
#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <div class="page page-narrow settings">
            <div class="page-head"><h1 tabindex="-1">"Settings"</h1></div>
            <Appearance/>
            <Limits/>
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
                <Zone/>
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
    // The focus goes with the question, and back to what asked it.
    let ask = move |now: bool| {
        asking.set(now);
        focus::give_soon(if now { ".ask .button" } else { ".storage .panel-head .button" });
    };
    let total = move || workspace.sessions.with(|shelf| shelf.len());
    let changed = move || workspace.sessions.with(|shelf| shelf.changed().count());
    let waiting =
        move || workspace.sessions.with(|shelf| shelf.iter().filter(|entry| entry.summary().conflict).count());
    let waiting = move || {
        Some(waiting()).filter(|number| *number > 0).map(|number| format!(" and {number} with a text that waits"))
    };
    let clear = move || {
        workspace.clear(move || imports.forget());
        asking.set(false);
        dom::focus_soon("main h1");
    };
    let kept = move || match workspace.storage_error.get() {
        None => "this browser (IndexedDB); nothing is sent anywhere".to_owned(),
        Some(_) => "this tab only, until it is closed; nothing is sent anywhere".to_owned(),
    };
    let question = move || {
        asking.get().then(|| {
            view! {
                <div class="ask">
                    <p>
                        "This forgets " {count(total(), "session", "sessions")} ", "
                        {changed()} " of them with edits that were not exported" {waiting()} ", here and in every other tab. "
                        "Files on the disk stay as they are. A backup brings all of it back."
                    </p>
                    <Button label="Clear the workspace" on_press=clear/>
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
                {move || (total() > 0 && !asking.get()).then(|| view! {
                    <Button label="Clear\u{2026}" weight=Weight::Quiet on_press=move || ask(true)/>
                })}
            </div>
            <div class="panel-body">
                <dl class="facts">
                    <Fact name="Sessions">{total}</Fact>
                    <Fact name="Changed">{changed}</Fact>
                    <Fact name="Kept in">{kept}</Fact>
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
                    <Fact name="Callboard">{env!("CARGO_PKG_VERSION")}</Fact>
                    <Fact name="Licence">"MIT OR Apache-2.0"</Fact>
                </dl>
            </div>
        </section>
    }
}
