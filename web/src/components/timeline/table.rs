//! The timeline as a table, for those who read rather than look.
use super::layout::{took, word};
use crate::components::facts::TextOr;
use crate::components::moment::Stamp;
use crate::format::{UNKNOWN, duration, money, score};
use crate::store::workspace::use_workspace;
use callboard_core::{Bar, Lane, Timeline};
use leptos::prelude::*;

/// Every bar as a row. The rows are made when somebody opens it: there may be a thousand.
#[component]
pub fn TimelineTable(
    /// What happened.
    timeline: StoredValue<Timeline>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let rows = move || {
        open.get().then(|| {
            timeline.with_value(|timeline| {
                let lanes = timeline.lanes.iter();
                lanes.flat_map(|lane| lane.bars.iter().map(move |bar| row(lane, bar))).collect_view()
            })
        })
    };
    view! {
        <details class="fold" on:toggle:target=move |event| open.set(event.target().open())>
            <summary>"As a table"</summary>
            <div class="scroll-x timeline-table" role="region" aria-label="The timeline as a table" tabindex="0">
                <table class="plain">
                    <thead>
                        <tr>
                            <th scope="col">"Stage"</th>
                            <th scope="col">"Attempt"</th>
                            <th scope="col">"What"</th>
                            <th scope="col">"From"</th>
                            <th scope="col">"To"</th>
                            <th scope="col">"Took"</th>
                            <th scope="col">"Cost"</th>
                            <th scope="col">"Quality"</th>
                            <th scope="col">"Error"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}

fn row(lane: &Lane, bar: &Bar) -> impl IntoView + use<> {
    let clock = use_workspace().clock;
    let timed = bar.clone();
    let derived = bar.derived.then_some("Worked out from the file's other times.");
    view! {
        <tr>
            <th scope="row">{lane.stage.name()}</th>
            <td class="num">{bar.attempt}</td>
            <td class:derived=bar.derived title=derived>{word(bar.kind)}</td>
            <td class="nowrap"><Stamp moment=bar.start/></td>
            <td class="nowrap"><Stamp moment=bar.end/></td>
            <td class="nowrap num">
                {move || took(&timed, clock.half_minute.get()).map_or_else(|| UNKNOWN.to_owned(), duration)}
            </td>
            <td class="num">{money(bar.cost)}</td>
            <td class="num">{score(bar.quality)}</td>
            <td><TextOr text=bar.error.clone() missing="No error is recorded."/></td>
        </tr>
    }
}
