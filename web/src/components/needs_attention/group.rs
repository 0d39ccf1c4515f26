//! The row of sessions that need attention for one reason.
use super::AttentionSection;
use super::bulk::bulk_action;
use super::row::{KindChip, SessionRow, Since};
use super::rows::{GroupNeed, MEMBERS};
use crate::components::button::Button;
use crate::components::icon::{Glyph, Icon};
use crate::format::{count, title_case};
use callboard_core::EventKind;
use leptos::prelude::*;

/// The group's heading, which shows and hides its sessions, with the action on all of them.
#[component]
pub fn GroupRow(
    /// The group.
    row: Memo<GroupNeed>,
    /// The state that the rows share.
    section: AttentionSection,
) -> impl IntoView {
    let kind = row.with_untracked(|row| row.kind);
    let key = StoredValue::new(row.with_untracked(|row| row.key.clone()));
    let title = Memo::new(move |_| row.with(GroupNeed::title));
    let number = Memo::new(move |_| row.with(|row| row.ids.len()));
    let is_expanded = Memo::new(move |_| row.with(|row| row.is_expanded));
    let since = Memo::new(move |_| row.with(|row| row.since.clone()));
    let remedy = Memo::new(move |_| row.with(|row| row.remedy.filter(|kind| bulk_action(*kind).is_some())));
    let toggle = move |_| {
        section.expanded.update(|expanded| {
            key.with_value(|key| {
                if expanded.remove(key).is_none() {
                    expanded.insert(key.clone(), MEMBERS);
                }
            });
        });
    };
    let action = move || {
        remedy.get().map(|kind| {
            let label = format!("{} {}\u{2026}", title_case(kind.name()), number.get());
            let glyph = if kind == EventKind::Retry { Glyph::Retry } else { Glyph::Running };
            let press = move || section.action.preview(kind, row.with_untracked(|row| row.ids.clone()));
            view! { <Button label glyph on_press=press/> <span class="sr-only">{move || title.with(|(kind, cause)| format!(" {kind}{cause}"))}</span> }
        })
    };
    let each = move || row.with(|row| row.rows.clone());
    let member = move |member: super::rows::SessionNeed| {
        let id = member.id.clone();
        let now = Memo::new(move |_| {
            row.with(|row| row.rows.iter().find(|row| row.id == id).cloned()).unwrap_or_else(|| member.clone())
        });
        view! { <SessionRow row=now section/> }
    };
    let left = Memo::new(move |_| row.with(|row| row.ids.len() - row.rows.len()));
    let add = move |_| {
        section.expanded.update(|expanded| {
            if let Some(shown) = key.with_value(|key| expanded.get_mut(key)) {
                *shown += MEMBERS;
            }
        });
    };
    let more = move || {
        (is_expanded.get() && left.get() > 0).then(|| {
        view! {
            <button type="button" class="diff-more" on:click=add>
                {move || format!("Show {} more of {}", left.get().min(MEMBERS), count(left.get(), "session", "sessions"))}
            </button>
        }
    })
    };
    view! {
        <li class="need-group" data-kind=kind.name()>
            <div class="need-head row">
                <div class="need-state"><KindChip kind/></div>
                <div class="need-what">
                    <button
                        type="button"
                        class="row-link need-fold"
                        aria-expanded=move || is_expanded.get().to_string()
                        on:click=toggle
                    >
                        <Icon glyph=Glyph::Next/>
                        <span class="sr-only">{move || title.get().0}</span>
                        {move || Some(title.get().1).filter(|cause| !cause.is_empty()).map(|cause| view! {
                            <bdi class="need-title">{cause}</bdi> " \u{b7} "
                        })}
                        <span class="need-number">{move || count(number.get(), "session", "sessions")}</span>
                    </button>
                </div>
                <span class="need-when"><Since since/></span>
                <div class="need-action">{action}</div>
            </div>
            <Show when=move || is_expanded.get()>
                <ul class="need-members"><For each key=|row| row.id.clone() children=member/></ul>
                {more}
            </Show>
        </li>
    }
}
