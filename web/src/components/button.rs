//! Buttons and the file chooser that looks like one.
use super::icon::{Glyph, Icon};
use crate::platform::files::take_chosen;
use crate::route::Route;
use crate::store::import::use_imports;
use leptos::prelude::*;

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The one thing to do here.
    Primary,
    /// One of several.
    #[default]
    Plain,
    /// Only its words, until it is pointed at.
    Quiet,
}

impl Weight {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button-primary",
            Self::Plain => "button",
            Self::Quiet => "button button-quiet",
        }
    }
}

/// What a button does. All buttons hold it in the same way: each kind of closure would make them another
/// kind of button, a kilobyte large.
pub struct Press(Box<dyn Fn()>);

impl<F: Fn() + 'static> From<F> for Press {
    fn from(press: F) -> Self {
        Self(Box::new(press))
    }
}

/// A button with an icon and its words.
#[component]
pub fn Button(
    /// What it says.
    #[prop(into)]
    label: String,
    /// What is drawn before the words.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// How much it asks for attention.
    #[prop(optional)]
    weight: Weight,
    /// The key that does the same.
    #[prop(optional)]
    key_hint: Option<&'static str>,
    /// What it does.
    #[prop(into)]
    on_press: Press,
) -> impl IntoView {
    view! {
        <button type="button" class=weight.class() on:click=move |_| (on_press.0)()>
            {glyph.map(|glyph| view! { <Icon glyph/> })}
            <span>{label}</span>
            {key_hint.map(|key| view! { <kbd aria-hidden="true">{key}</kbd> })}
        </button>
    }
}

/// A button with an icon only; its name is read out and shown as a title.
#[component]
pub fn IconButton(
    /// Its name.
    label: &'static str,
    /// What is drawn.
    glyph: Glyph,
    /// What it does.
    #[prop(into)]
    on_press: Press,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button button-quiet button-icon"
            aria-label=label
            title=label
            on:click=move |_| (on_press.0)()
        >
            <Icon glyph/>
        </button>
    }
}

/// Leads to the form of a session that is to be made.
#[component]
pub fn NewSession() -> impl IntoView {
    view! {
        <a class=Weight::Plain.class() href=Route::New.href()>
            <Icon glyph=Glyph::New/>
            <span>"New session"</span>
        </a>
    }
}

/// Chooses a folder of session files from the disk.
#[component]
pub fn ChooseFolder(
    /// What it says.
    label: &'static str,
) -> impl IntoView {
    let imports = use_imports();
    view! {
        <label class=format!("{} choose", Weight::Plain.class())>
            <input
                type="file"
                class="sr-only"
                prop:webkitdirectory=true
                on:change=move |event| imports.import(take_chosen(&event))
            />
            <Icon glyph=Glyph::Add/>
            <span>{label}</span>
        </label>
    }
}

/// Chooses session files from the disk.
#[component]
pub fn ChooseFiles(
    /// What it says.
    label: &'static str,
    /// How much it asks for attention.
    #[prop(optional)]
    weight: Weight,
) -> impl IntoView {
    let imports = use_imports();
    view! {
        <label class=format!("{} choose", weight.class())>
            <input
                type="file"
                class="sr-only"
                accept=".json,application/json"
                multiple
                on:change=move |event| imports.import(take_chosen(&event))
            />
            <Icon glyph=Glyph::Add/>
            <span>{label}</span>
        </label>
    }
}
