//! Details of the hovered or selected period.
use super::period::Period;
use super::work_view::{PeriodRange, WorkView};
use crate::components::icon::{Glyph, Icon};
use crate::components::time::ExactTime;
use crate::components::timeline::bar_text::word;
use crate::components::timeline::search::event_words;
use crate::format::{count, duration, session_title};
use crate::route::Route;
use callboard_core::{BarKind, Timestamp};
use callboard_workspace::Listed;
use leptos::prelude::*;

/// The line below the rows, of fixed height so that nothing moves while hovering.
#[component]
pub fn Details(
    /// The state of the page.
    work: WorkView,
) -> impl IntoView {
    let shown =
        Memo::new(move |_| work.hovered.get().or_else(|| work.selected.get().map(|id| PeriodRange { id, count: 1 })));
    view! {
        <div class="timeline-details work-details" aria-live="polite">
            {move || match shown.get() {
                None => view! {
                    <span class="muted for-mouse">"Hover a bar for details, click to open its session. Ctrl+scroll to zoom, drag to pan."</span>
                    <span class="muted for-touch">"Tap a bar for details. Pinch to zoom, drag to pan."</span>
                }
                .into_any(),
                Some(range) => work.period(range.id, |session, period| view_of(session, period, range.count)).into_any(),
            }}
        </div>
    }
}

fn view_of(session: &Listed, period: &Period<'_>, number: usize) -> AnyView {
    let href = Route::of(session).href();
    let title = session_title(session.summary());
    let head = view! { <a class="details-what" href=href><bdi>{title}</bdi></a> };
    if number > 1 {
        return view! { {head}<span>{count(number, "attempt", "attempts")}" here: zoom in"</span> }.into_any();
    }
    let result = period.kind.map(|kind| match kind {
        BarKind::Running if period.stalled => "stalled",
        kind => word(kind),
    });
    let attempt = period.attempt.map(|attempt| format!("attempt {attempt}"));
    let words: Vec<String> = attempt.into_iter().chain(result.map(str::to_owned)).collect();
    let back = period.sent_back.map(|stage| format!("sent back to {}", stage.name()));
    let colour = match period.kind {
        // The colours of the bar and of its marks.
        _ if period.failed() => "failed",
        Some(BarKind::Skipped) => "skipped",
        _ => super::overview::colour(period.stage),
    };
    let is_running = period.kind == Some(BarKind::Running);
    let end = (!is_running || period.stalled).then(|| Timestamp::from_unix(period.to));
    let late = period.overdue().map(|due| {
        view! {
            <span class="state" data-state="retry">
                <Icon glyph=Glyph::Warning/>
                <span class="state-word">{format!("{} late", duration(period.to - due))}</span>
            </span>
        }
    });
    let error = period.error.map(|error| view! { <span class="details-error"><bdi>{error.to_owned()}</bdi></span> });
    view! {
        {head}
        <span class="mono" translate="no">{period.who.to_owned()}</span>
        <span class="state" data-state=colour><span class="state-word">{words.join(", ")}</span></span>
        {back.map(|back| view! { <span>{back}</span> })}
        <span class:derived=period.derived>
            <ExactTime moment=Some(Timestamp::from_unix(period.from))/>
            " to "
            <ExactTime moment=end missing="Not ended yet."/>
        </span>
        <span>{duration(period.to - period.from)}</span>
        {late}
        {period.derived.then(|| view! { <span class="muted">"estimated from timestamps"</span> })}
        {error}
    }
    .into_any()
}

/// Returns what happened in a period, for the table.
pub fn happened(period: &Period<'_>) -> String {
    match (period.kind, period.sent_back) {
        (_, Some(stage)) => format!("gates failed, sent back to {}", stage.name()),
        (Some(BarKind::Running), _) if period.stalled => "stalled".to_owned(),
        (Some(BarKind::Running), _) if period.overdue().is_some() => "running, late".to_owned(),
        (Some(kind), _) => event_words(kind).to_owned(),
        (None, _) => "recorded".to_owned(),
    }
}
