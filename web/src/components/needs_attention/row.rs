//! The row of a session that needs attention.
use super::rows::{SessionNeed, style};
use super::{AttentionSection, event};
use crate::components::action_form::ActionForm;
use crate::components::button::Button;
use crate::components::event_forms::FormRegistry;
use crate::components::icon::{Glyph, Icon};
use crate::components::news_mark::NewsDot;
use crate::components::session_signals::SessionSignals;
use crate::components::state_chip::{StateChip, stage_colour};
use crate::format::{UNKNOWN, title_case};
use crate::store::workspace::use_workspace;
use callboard_core::{AttentionKind, EventKind, Remedy, Timestamp};
use leptos::prelude::*;

/// The row of a session: kind and state, reasons, since when, action.
#[component]
pub fn SessionRow(
    /// The row's content.
    row: Memo<SessionNeed>,
    /// The state that the rows share.
    section: AttentionSection,
) -> impl IntoView {
    let workspace = use_workspace();
    let (id, href) = row.with_untracked(|row| (row.id.clone(), row.href.clone()));
    // Each part follows its own figure, so that the focus stays on an action while the minutes pass.
    let remedy = Memo::new(move |_| row.with(|row| row.remedy));
    let title = Memo::new(move |_| row.with(|row| row.title.clone()));
    let has_conflict = Memo::new(move |_| row.with(|row| row.has_conflict));
    let state = Memo::new(move |_| row.with(|row| (row.kind, row.state, row.stage)));
    let reasons = Memo::new(move |_| row.with(|row| (row.why.clone(), row.others.clone())));
    let since = Memo::new(move |_| row.with(|row| row.since.clone()));
    let form = {
        let id = id.clone();
        let is_open = Memo::new(move |_| section.open.with(|open| open.as_ref() == Some(&id)));
        Memo::new(move |_| remedy.get().filter(|_| is_open.get()))
    };
    let forms = expect_context::<FormRegistry>();
    let form_id = id.clone();
    let form = move || {
        let Remedy { kind, agent, .. } = form.get()?;
        let session = SessionSignals::follow(workspace.entry(form_id.clone()))?;
        let form = forms.of(&form_id);
        let close = move || {
            form.discard_input(kind, agent);
            section.open.set(None);
        };
        Some(view! { <ActionForm session kind agent form on_close=close/> })
    };
    let action = {
        let id = id.clone();
        move || remedy.get().map(|remedy| action(&id, remedy, title, section))
    };
    let open_href = href.clone();
    // The conflict must be resolved before the session continues.
    let open = move || {
        let href = open_href.clone();
        if has_conflict.get() {
            view! {
                <a class="button" href=href>"Compare" <span class="sr-only">{move || format!(" versions of {}", title.get())}</span></a>
            }
            .into_any()
        } else {
            view! {
                <a class="button button-quiet need-open" href=href aria-label=move || format!("Open {}", title.get())>
                    "Open"
                </a>
            }
            .into_any()
        }
    };
    let reasons = move || {
        let (why, others) = reasons.get();
        let others = (!others.is_empty()).then(|| view! { <span class="need-more">" " <bdi>{others}</bdi></span> });
        view! { <bdi>{why}</bdi> {others} }
    };
    let data = id.clone();
    view! {
        <li
            class="need row"
            data-session=data
            data-health=move || row.with(|row| row.health.name())
            data-kind=move || row.with(|row| row.kind.name())
        >
            <NewsDot id/>
            <div class="need-state">
                {move || {
                    let (kind, state, stage) = state.get();
                    view! { <KindChip kind/> {second_line(kind, state, stage)} }
                }}
            </div>
            <div class="need-what">
                <a class="row-link need-topic" href=href><bdi>{title}</bdi></a>
                <p class="need-why">{reasons}</p>
            </div>
            <span class="need-when"><Since since/></span>
            <div class="need-action">{action} {open}</div>
            {form}
        </li>
    }
}

/// Returns the state below the kind; for a failure, which the kind says already, the stage.
fn second_line(
    kind: AttentionKind,
    state: Option<callboard_core::State>,
    stage: Option<callboard_core::Stage>,
) -> Option<AnyView> {
    match (kind, stage) {
        (AttentionKind::Escalated | AttentionKind::Failed | AttentionKind::Retry, Some(stage)) => Some(
            view! {
                <span class="state" data-state=stage_colour(stage)>
                    <Icon glyph=Glyph::of_state(stage.state())/>
                    <span class="state-word">{stage.name()}</span>
                </span>
            }
            .into_any(),
        ),
        _ => state.map(|state| view! { <StateChip state=Ok(state)/> }.into_any()),
    }
}

/// The kind of attention as icon, word and colour.
#[component]
pub fn KindChip(
    /// The kind.
    kind: AttentionKind,
) -> impl IntoView {
    let (colour, glyph) = style(kind);
    view! {
        <span class="state health" data-state=colour>
            <Icon glyph/>
            <span class="state-word">{kind.label()}</span>
        </span>
    }
}

/// The age of a need, with the exact time as a tip.
#[component]
pub fn Since(
    /// The time, and how long ago that is.
    since: Memo<Option<(Timestamp, String)>>,
) -> impl IntoView {
    let is_known = Memo::new(move |_| since.with(Option::is_some));
    move || {
        if is_known.get() {
            let datetime = move || since.with(|since| since.as_ref().map(|(at, _)| at.to_string()));
            let words = move || since.with(|since| since.as_ref().map(|(_, words)| words.clone()));
            view! { <time class="moment" datetime=datetime>{words}</time> }.into_any()
        } else {
            view! { <span class="muted moment" data-tip="No time in the file.">{UNKNOWN}</span> }.into_any()
        }
    }
}

/// Returns the button that applies the next event, or opens its form.
fn action(
    id: &str,
    Remedy { kind, agent, asks }: Remedy,
    title: Memo<String>,
    section: AttentionSection,
) -> impl IntoView + use<> {
    let workspace = use_workspace();
    let id = id.to_owned();
    let name = title_case(kind.name());
    let label = if asks { format!("{name}\u{2026}") } else { name };
    let glyph = if kind == EventKind::Retry { Glyph::Retry } else { Glyph::Running };
    let press = move || match (asks, event(kind, agent)) {
        (false, Some(event)) => {
            workspace.apply(&id, &event, workspace.clock.second.get_untracked(), || {});
        }
        _ => {
            let this = Some(id.clone());
            section.open.update(|open| *open = if *open == this { None } else { this });
            crate::platform::dom::focus_after_render(".needs .action-form input");
        }
    };
    view! { <Button label glyph on_press=press/> <span class="sr-only">{agent.name()} ", " {title}</span> }
}
