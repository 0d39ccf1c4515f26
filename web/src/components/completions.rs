//! The sessions that are due, and the next expected completions.
use super::icon::{Glyph, Icon};
use super::time::{format_time, offset_at};
use crate::format::{duration, session_title};
use crate::platform::intl::Style;
use crate::route::Route;
use crate::store::session_rows::SessionRows;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{DueStatus, Timestamp};
use callboard_workspace::{Completion, Completions};
use leptos::prelude::*;

/// Maximum number of completions that are named.
const NAMED: usize = 5;

/// A row of the panel.
#[derive(Clone, Debug, PartialEq)]
struct CompletionRow {
    id: String,
    title: String,
    href: String,
    at: Timestamp,
    words: String,
    is_late: bool,
}

impl CompletionRow {
    fn of(completion: &Completion, now: Timestamp) -> Self {
        let Completion { session, at, status } = completion;
        let left = at.unix() - now.unix();
        let words = if left < 60 { "any minute".to_owned() } else { format!("in {}", duration(left)) };
        Self {
            id: session.key().to_owned(),
            title: session_title(session.summary()),
            href: Route::of(session).href(),
            at: *at,
            words,
            is_late: *status == Some(DueStatus::Late),
        }
    }
}

/// Number of sessions due today and late, and the next completions.
#[component]
pub fn NextCompletions(
    /// All sessions.
    rows: Signal<SessionRows>,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let found = Memo::new(move |_| {
        let now = clock.half_minute.get();
        let offset = i32::try_from(offset_at(now) / 60).unwrap_or_default();
        let found = rows.with(|rows| Completions::of(rows, now, &policy(), offset, NAMED));
        let rows: Vec<CompletionRow> = found.next.iter().map(|next| CompletionRow::of(next, now)).collect();
        (found.today, found.late, found.running, rows)
    });
    let link = |name: &'static str, words: &'static str, number: Memo<usize>| {
        let is_any = move || number.get() > 0;
        view! {
            <a class="due-count" class:due-some=is_any href=Route::sessions_where("due", name)>
                <span class="due-number">{number}</span>
                " "
                {words}
            </a>
        }
    };
    let today = Memo::new(move |_| found.with(|found| found.0));
    let late = Memo::new(move |_| found.with(|found| found.1));
    let list = move || {
        found.with(|(_, _, running, rows)| {
            if rows.is_empty() {
                return view! { <p class="chart-empty">"No session is running."</p> }.into_any();
            }
            let more = (*running > rows.len()).then(|| {
                view! { <p class="cost-note">{format!("and {} more running", running - rows.len())}</p> }
            });
            let rows = rows.iter().cloned().map(|row| {
                let late = row.is_late.then(|| view! {
                    <span class="state due-late" data-state="evaluating">
                        <Icon glyph=Glyph::Stalled/>
                        <span class="state-word">"Late"</span>
                    </span>
                });
                let time = format_time(row.at, Style::Time);
                view! {
                    <li data-session=row.id>
                        <a href=row.href><bdi>{row.title}</bdi></a>
                        {late}
                        <time class="moment" datetime=row.at.to_string() tabindex="0">{row.words} " \u{b7} " {time}</time>
                    </li>
                }
            });
            view! { <ol class="completions">{rows.collect_view()}</ol> {more} }.into_any()
        })
    };
    view! {
        <section class="panel next-completions" aria-labelledby="completions-title">
            <div class="panel-head">
                <h2 id="completions-title">"Next completions"</h2>
                <span class="due-counts">{link("today", "due today", today)} {link("late", "late", late)}</span>
            </div>
            <div class="panel-body">{list}</div>
        </section>
    }
}
