//! The outlook in the header of a session's page: what happens now, since when, and when it should be done.
use super::icon::{Glyph, Icon};
use super::labelled_value::{LabelledValue, ValueOrUnknown};
use super::session_signals::SessionSignals;
use super::time::{format_time, offset_at, offset_minutes};
use crate::format::{UNKNOWN, duration, relative};
use crate::platform::intl::{DateStyle, Style, format_date};
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{DueStatus, Outlook, Phase, Timestamp};
use leptos::prelude::*;

/// The activity, the expected completion and the next agent, as labelled values.
#[component]
pub fn HeadOutlook(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let now = use_workspace().clock.half_minute;
    let outlook = session.part(move |session| session.outlook(now.get(), &policy()));
    let is_complete = Memo::new(move |_| outlook.with(|outlook| outlook.phase == Phase::Complete));
    let next = Memo::new(move |_| outlook.with(|outlook| outlook.next_agent.map(|agent| agent.name())));
    view! {
        <LabelledValue name="Activity">
            {move || outlook.with(|outlook| activity(outlook, now.get()))}
        </LabelledValue>
        {move || (!is_complete.get()).then(|| view! {
            <LabelledValue name="Expected">
                {move || outlook.with(|outlook| expected(outlook, now.get()))}
            </LabelledValue>
            <LabelledValue name="Next agent">
                {move || match next.get() {
                    Some(agent) => view! { <span class="mono" translate="no">{agent}</span> }.into_any(),
                    None => view! { <ValueOrUnknown value=None missing="This is the last stage."/> }.into_any(),
                }}
            </LabelledValue>
        })}
    }
}

/// Returns the words, colour and icon of a phase.
fn phase_style(outlook: &Outlook) -> (&'static str, &'static str, Glyph) {
    match outlook.phase {
        Phase::Ready => ("Ready to start", "initialized", Glyph::Pending),
        Phase::Running => {
            let colour = outlook.agent.map_or("in_progress", |agent| super::state_chip::stage_colour(agent.stage()));
            ("Running", colour, Glyph::Running)
        }
        Phase::Failed => ("Failed", "failed", Glyph::Failed),
        Phase::Retry => ("Ready to start again", "retry", Glyph::Retry),
        Phase::Escalated => ("Needs your decision", "failed", Glyph::Warning),
        Phase::Complete => ("Complete", "complete", Glyph::Complete),
        Phase::Unknown => (UNKNOWN, "unknown", Glyph::Unknown),
    }
}

/// Describes how long a session is in its phase and stage: `for 20 min, in writing for 1 h 5 min`.
fn time_in_stage(outlook: &Outlook, now: Timestamp) -> Option<String> {
    let length = |since: Timestamp| Some(now.unix() - since.unix()).filter(|seconds| *seconds >= 60).map(duration);
    let phase = outlook.since.and_then(length).map(|length| format!("for {length}"));
    // The first attempt of a stage begins with it.
    let is_same = outlook.since == outlook.in_stage_since;
    let stage = outlook.agent.zip(outlook.in_stage_since.filter(|_| !is_same || outlook.since.is_none()));
    let stage = stage.and_then(|(agent, since)| Some(format!("in {} for {}", agent.stage().name(), length(since)?)));
    let parts: Vec<String> = phase.into_iter().chain(stage).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn activity(outlook: &Outlook, now: Timestamp) -> impl IntoView + use<> {
    let (words, colour, glyph) = phase_style(outlook);
    let length = time_in_stage(outlook, now).filter(|_| outlook.agent.is_some());
    view! {
        <span class="state" data-state=colour>
            <Icon glyph/>
            <span class="state-word">{words}</span>
        </span>
        {length.map(|length| view! { <span class="fact-more">{length}</span> })}
    }
}

/// Returns a time of day, with its day if that is another than today's.
fn clock_time(moment: Timestamp, now: Timestamp) -> String {
    let day = |at: Timestamp| (at.unix() + offset_at(at)).div_euclid(86_400);
    let time = format_time(moment, Style::Time);
    if day(moment) == day(now) { time } else { format!("{} {time}", format_time(moment, Style::Day)) }
}

fn expected(outlook: &Outlook, now: Timestamp) -> AnyView {
    let Some(estimate) = outlook.estimate else {
        let missing = match outlook.phase {
            Phase::Failed | Phase::Escalated => "No estimate while the stage has failed.",
            _ => "The file does not say its state.",
        };
        return view! { <ValueOrUnknown value=None missing/> }.into_any();
    };
    // An agent that is late by less than a minute is on time.
    let overdue =
        outlook.overdue().filter(|seconds| *seconds >= 60).map(|seconds| format!("{} late", duration(seconds)));
    let due = match (outlook.due_status(offset_minutes(now)), outlook.due) {
        (Some(DueStatus::Late), Some(due)) => {
            Some(("failed", Glyph::Warning, format!("late, due {}", format_date(due, DateStyle::Long))))
        }
        (Some(DueStatus::DueToday), Some(_)) => Some(("evaluating", Glyph::Stalled, "due today".to_owned())),
        _ => overdue.map(|late| ("failed", Glyph::Warning, late)),
    };
    let words = format!("{}, {}", clock_time(estimate, now), relative(estimate, now));
    view! {
        <time class="moment" datetime=estimate.to_string() tabindex="0">{words}</time>
        {due.map(|(colour, glyph, words)| view! {
            <span class="state" data-state=colour>
                <Icon glyph/>
                <span class="state-word">{words}</span>
            </span>
        })}
    }
    .into_any()
}
