//! One row of the list.
use super::Listing;
use crate::components::facts::{Spent, TextOr};
use crate::components::icon::{Glyph, Icon};
use crate::components::moment::Ago;
use crate::components::state_chip::StateChip;
use crate::components::strip::Strip;
use crate::format::{UNKNOWN, count};
use crate::route::Route;
use crate::store::entry::Entry;
use crate::store::listing::Row;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::HealthLevel;
use leptos::prelude::*;
use std::sync::Arc;

/// How many columns there are.
pub const COLUMNS: &str = "9";

/// The row at a place of the list, from 0.
pub fn row(list: Listing, at: usize, row: Row) -> AnyView {
    // The heads are the first row.
    let index = (at + 2).to_string();
    match row {
        Row::Episode { number, sessions } => view! {
            <tr class="row row-episode" aria-rowindex=index>
                <td colspan=COLUMNS>
                    <b>"Episode " {number}</b>
                    " "
                    <span class="muted">{count(sessions, "session", "sessions")}</span>
                </td>
            </tr>
        }
        .into_any(),
        Row::Session { entry, nested } => session(list, index, entry, nested).into_any(),
    }
}

fn session(list: Listing, index: String, entry: Arc<Entry>, nested: bool) -> impl IntoView {
    let summary = entry.summary();
    let href = Route::Session(summary.id.clone()).href();
    let number = summary.number.map_or_else(|| UNKNOWN.to_owned(), |number| number.to_string());
    let changed = summary.changed.then(|| {
        view! { <span class="edited" title="Changed here; the file on the disk is as it was.">"edited"</span> }
    });
    let name = summary.topic.clone().unwrap_or_else(|| summary.id.clone());
    let (id, chosen, pressed) = (summary.id.clone(), summary.id.clone(), summary.id.clone());
    let is_selected = move || list.selected.with(|selected| selected.contains(&chosen));
    let choose = move |event: leptos::ev::MouseEvent| {
        list.select(&id, event_target_checked(&event), event.shift_key());
    };
    // The same as the box, without leaving the row.
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let plain = !(event.ctrl_key() || event.meta_key() || event.alt_key());
        if plain && event.key().eq_ignore_ascii_case("x") {
            let on = !list.selected.with_untracked(|selected| selected.contains(&pressed));
            list.select(&pressed, on, event.shift_key());
        }
    };
    let selected = is_selected.clone();
    view! {
        <tr
            class="row"
            class:row-nested=nested
            class:row-selected=selected
            aria-rowindex=index
            data-session=summary.id.clone()
        >
            <td class="col-select">
                <input
                    type="checkbox"
                    aria-label=format!("Select {name}")
                    prop:checked=is_selected
                    on:click=choose
                />
            </td>
            <td class="col-state"><StateChip state=summary.state.clone()/></td>
            <td class="col-health"><HealthMark entry=entry.clone()/></td>
            <td class="col-episode num">{number}</td>
            <td class="col-topic" title=summary.error.clone()>
                <a class="row-link" href=href on:keydown=on_key>
                    <TextOr text=summary.topic.clone() missing="The file names no topic."/>
                </a>
                {changed}
            </td>
            <td class="col-id mono">{summary.id.clone()}</td>
            <td class="col-progress"><Strip marks=summary.marks percent=summary.percent/></td>
            <td class="col-cost num">
                <Spent cost=summary.cost budget=summary.budget within=summary.within_budget/>
            </td>
            <td class="col-updated"><Ago moment=summary.updated in_row=true/></td>
        </tr>
    }
}

/// The words for a level of health.
pub fn health_words(level: HealthLevel) -> &'static str {
    match level {
        HealthLevel::Healthy => "Healthy",
        HealthLevel::AtRisk => "At risk",
        HealthLevel::Stalled => "Stalled",
        HealthLevel::Failed => "Escalated",
    }
}

/// How a session fares; the worst reason is its title. One that fares well stays quiet.
#[component]
fn HealthMark(
    /// The session.
    entry: Arc<Entry>,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let level = {
        let entry = entry.clone();
        Memo::new(move |_| entry.summary().digest.standing(clock.half_minute.get(), &policy()).health)
    };
    let why = RwSignal::new(None);
    // The reason takes reading the whole session: worked out when somebody points there.
    let explain = move |_| {
        let reasons = entry.reread().health(clock.half_minute.get_untracked(), &policy()).reasons;
        why.set(reasons.into_iter().next().map(|reason| reason.message));
    };
    let glyph = move || match level.get() {
        HealthLevel::Healthy => None,
        HealthLevel::AtRisk => Some(Glyph::Warning),
        HealthLevel::Stalled => Some(Glyph::Pending),
        HealthLevel::Failed => Some(Glyph::Failed),
    };
    view! {
        <span class="health" data-health=move || level.get().name() title=move || why.get() on:pointerenter=explain>
            {move || glyph().map(|glyph| view! { <Icon glyph/> })}
            <span>{move || health_words(level.get())}</span>
        </span>
    }
}
