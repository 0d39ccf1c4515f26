//! Buttons, and file choosers that look like buttons.
use super::icon::{Glyph, Icon};
use crate::platform::files::take_chosen;
use crate::route::Route;
use crate::store::import::use_imports;
use crate::store::live::use_live;
use leptos::prelude::*;

/// The visual emphasis of a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The main action.
    Primary,
    /// A regular action.
    #[default]
    Plain,
    /// A borderless button.
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

/// A boxed click handler. Boxing gives all buttons the same type; otherwise each closure would add a kilobyte to
/// the bundle.
pub struct OnPress(Box<dyn Fn()>);

impl<F: Fn() + 'static> From<F> for OnPress {
    fn from(press: F) -> Self {
        Self(Box::new(press))
    }
}

/// A button with an optional icon.
#[component]
pub fn Button(
    /// The label.
    #[prop(into)]
    label: String,
    /// The icon before the label.
    #[prop(optional)]
    glyph: Option<Glyph>,
    /// The visual emphasis.
    #[prop(optional)]
    weight: Weight,
    /// The keyboard shortcut to show.
    #[prop(optional)]
    key_hint: Option<&'static str>,
    /// The click handler.
    #[prop(into)]
    on_press: OnPress,
) -> impl IntoView {
    view! {
        <button type="button" class=weight.class() on:click=move |_| (on_press.0)()>
            {glyph.map(|glyph| view! { <Icon glyph/> })}
            <span>{label}</span>
            {key_hint.map(|key| view! { <kbd aria-hidden="true">{key}</kbd> })}
        </button>
    }
}

/// The main button of a page that saves. While a save runs it says so, and another press is queued.
#[component]
pub fn SaveButton(
    /// The label.
    #[prop(into)]
    label: Signal<&'static str>,
    /// The keyboard shortcut to show.
    #[prop(optional)]
    key_hint: Option<&'static str>,
    /// The click handler.
    #[prop(into)]
    on_press: OnPress,
) -> impl IntoView {
    let live = use_live();
    view! {
        <button
            type="button"
            class=Weight::Primary.class()
            aria-busy=move || live.saving.get().to_string()
            on:click=move |_| (on_press.0)()
        >
            <Icon glyph=Glyph::Save/>
            <span>{move || live.save_label(label.get())}</span>
            {key_hint.map(|key| view! { <kbd aria-hidden="true">{key}</kbd> })}
        </button>
    }
}

/// A button with an icon only, with its label as tooltip.
#[component]
pub fn IconButton(
    /// The label.
    label: &'static str,
    /// The icon.
    glyph: Glyph,
    /// The click handler.
    #[prop(into)]
    on_press: OnPress,
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

/// A link to the form for a new session.
#[component]
pub fn NewSession() -> impl IntoView {
    view! {
        <a class=Weight::Plain.class() href=Route::New.href()>
            <Icon glyph=Glyph::New/>
            <span>"New session"</span>
        </a>
    }
}

/// A link to the production report.
#[component]
pub fn ReportLink() -> impl IntoView {
    view! {
        <a class=Weight::Plain.class() href=Route::Report.href()>
            <Icon glyph=Glyph::Report/>
            <span>"Report"</span>
        </a>
    }
}

/// A button that imports a folder.
#[component]
pub fn ChooseFolder(
    /// The label.
    label: &'static str,
    /// The visual emphasis.
    #[prop(optional)]
    weight: Weight,
) -> impl IntoView {
    let imports = use_imports();
    view! {
        <label class=format!("{} choose", weight.class())>
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

/// A button that imports files.
#[component]
pub fn ChooseFiles(
    /// The label.
    label: &'static str,
    /// The visual emphasis.
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
