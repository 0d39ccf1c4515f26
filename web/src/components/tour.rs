//! The tour: five steps through the sample sessions, beside the page and never over it.
use super::button::{Button, IconButton, Weight};
use super::icon::{Glyph, Icon};
use crate::keys::{Panels, use_panels};
use crate::platform::dom;
use crate::route::Route;
use crate::samples::{SampleSession, samples};
use crate::store::import::use_imports;
use crate::store::preferences::policy;
use crate::store::workspace::{Workspace, use_workspace};
use callboard_core::{EventKind, Stage};
use leptos::prelude::*;

/// A step of the tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TourStep {
    Escalated,
    Resume,
    SentBack,
    Complete,
    Changes,
}

/// The steps in order.
const STEPS: [TourStep; 5] =
    [TourStep::Escalated, TourStep::Resume, TourStep::SentBack, TourStep::Complete, TourStep::Changes];

impl TourStep {
    fn title(self) -> &'static str {
        match self {
            Self::Escalated => "This one is escalated",
            Self::Resume => "Let the agent try again",
            Self::SentBack => "This one was sent back",
            Self::Complete => "Move an episode forward",
            Self::Changes => "Export clean diffs",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Escalated => {
                "Episode 105 used up its retries and needs your decision. The dashboard lists such sessions under Needs attention; its page says what went wrong."
            }
            Self::Resume => {
                "Resume with \u{201c}Override the escalation\u{201d} gives the writer new retries. The form shows every line it will change before you apply it."
            }
            Self::SentBack => {
                "Evaluation found episode 107 below its brand consistency gate (0.82, needs 0.90) and sent it back to writing with feedback."
            }
            Self::Complete => {
                "The writer of episode 101 is running. Complete records its result, cost and handoff, and the episode moves on to evaluation."
            }
            Self::Changes => {
                "Your edits are collected in Changes, ready to export as files or as a patch. Ctrl Z undoes the last one; h lists them all."
            }
        }
    }

    fn sample(self) -> Option<SampleSession> {
        match self {
            Self::Escalated | Self::Resume => Some(SampleSession::Escalated),
            Self::SentBack => Some(SampleSession::SentBack),
            Self::Complete => Some(SampleSession::Running),
            Self::Changes => None,
        }
    }

    fn action(self) -> &'static str {
        match self {
            Self::Escalated => "Open episode 105",
            Self::Resume => "Open Resume",
            Self::SentBack => "Open episode 107",
            Self::Complete => "Open Complete",
            Self::Changes => "Go to changes",
        }
    }

    /// Does what the step's button says.
    fn run(self, id: Option<String>, panels: Panels) {
        let form = |kind, id: Option<String>| {
            let Some(id) = id else { return };
            dom::navigate(&Route::Session(id.clone()).href());
            panels.requested_form.set(Some((id, kind)));
        };
        match self {
            Self::Escalated | Self::SentBack => {
                if let Some(id) = id {
                    dom::navigate(&Route::Session(id).href());
                }
            }
            Self::Resume => form(EventKind::Resume, id),
            Self::Complete => form(EventKind::Complete, id),
            Self::Changes => dom::navigate(&Route::Changes.href()),
        }
    }

    /// Returns true if the step was followed; reactive.
    fn is_done(self, workspace: Workspace, route: Memo<Route>) -> bool {
        let id = |sample: SampleSession| {
            workspace.sessions.with(|sessions| sample.find(sessions).map(|entry| entry.id().to_owned()))
        };
        let is_open = |sample| id(sample).is_some_and(|id| route.get() == Route::Session(id));
        let sample = |sample: SampleSession| workspace.sessions.with(|sessions| sample.find(sessions).cloned());
        match self {
            Self::Escalated => is_open(SampleSession::Escalated),
            Self::Resume => sample(SampleSession::Escalated).is_some_and(|entry| !entry.session().escalated(&policy())),
            Self::SentBack => is_open(SampleSession::SentBack),
            Self::Complete => {
                sample(SampleSession::Running).is_some_and(|entry| entry.digest().stage() != Some(Stage::Writing))
            }
            Self::Changes => route.get() == Route::Changes,
        }
    }
}

/// The tour, absent while it is closed.
#[component]
pub fn Tour(
    /// The current step.
    step: RwSignal<Option<usize>>,
    /// The current page.
    route: Memo<Route>,
) -> impl IntoView {
    let is_open = Memo::new(move |_| step.with(Option::is_some));
    move || is_open.get().then(|| view! { <OpenTour step route/> })
}

#[component]
fn OpenTour(
    /// The current step.
    step: RwSignal<Option<usize>>,
    /// The current page.
    route: Memo<Route>,
) -> impl IntoView {
    let (workspace, imports, panels) = (use_workspace(), use_imports(), use_panels());
    let at = Memo::new(move |_| step.get().unwrap_or_default().min(STEPS.len() - 1));
    let current = move || STEPS[at.get()];
    let go = move |at: usize| {
        step.set(Some(at));
        dom::focus_after_render(".tour h2");
    };
    let sample = Memo::new(move |_| {
        let sample = current().sample()?;
        workspace.sessions.with(|sessions| sample.find(sessions).map(|entry| entry.id().to_owned()))
    });
    let is_missing = Memo::new(move |_| current().sample().is_some() && sample.with(Option::is_none));
    let is_done = Memo::new(move |_| current().is_done(workspace, route));
    let act = move || {
        let step = current();
        if is_missing.get() {
            return view! {
                <Button
                    label="Load the sample sessions"
                    on_press=move || imports.import_texts(samples(workspace.clock.second.get_untracked()))
                />
            }
            .into_any();
        }
        view! { <Button label=step.action() on_press=move || step.run(sample.get_untracked(), panels)/> }.into_any()
    };
    let onward = move || {
        let next = at.get() + 1;
        if next < STEPS.len() {
            view! { <Button label="Next" weight=Weight::Primary on_press=move || go(next)/> }.into_any()
        } else {
            view! { <Button label="Finish" weight=Weight::Primary on_press=move || panels.close_tour()/> }.into_any()
        }
    };
    let back = move || {
        let at = at.get();
        (at > 0).then(|| view! { <Button label="Back" weight=Weight::Quiet on_press=move || go(at - 1)/> })
    };
    view! {
        <aside class="tour" aria-labelledby="tour-title">
            <div class="tour-head">
                <p class="tour-count muted">{move || format!("Tour: {} of {}", at.get() + 1, STEPS.len())}</p>
                <h2 id="tour-title" tabindex="-1">{move || current().title()}</h2>
                {move || is_done.get().then(|| view! {
                    <span class="state tour-done" data-state="complete"><Icon glyph=Glyph::Complete/>"Done"</span>
                })}
                <span class="spacer"></span>
                <IconButton label="Close the tour" glyph=Glyph::Close on_press=move || panels.close_tour()/>
            </div>
            <p class="tour-text">{move || current().text()}</p>
            <div class="tour-buttons">{act}{back}{onward}</div>
        </aside>
    }
}
