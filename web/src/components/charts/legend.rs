//! The legend of a chart.

use super::chart_source::{LegendEntry, SharedChart};
use crate::components::icon::Icon;
use leptos::prelude::*;

/// The legend of a chart, whose entries can link to their sessions.
#[component]
pub fn Legend(
    /// The chart.
    chart: Memo<SharedChart>,
) -> impl IntoView {
    let entries = move || chart.with(|chart| chart.0.legend().into_iter().map(entry).collect_view());
    view! { <div class="chart-keys">{entries}</div> }
}

fn entry(entry: LegendEntry) -> AnyView {
    match entry.link {
        Some((href, glyph, number)) => view! {
            <a class="chart-key state" data-state=entry.state href=href>
                <Icon glyph/>
                <span class="state-word">{entry.words}</span>
                <span class="chart-key-number">{number}</span>
            </a>
        }
        .into_any(),
        None => {
            let state = (!entry.state.is_empty()).then_some(entry.state);
            view! { <span class="chart-key" data-state=state><i class=entry.mark></i>{entry.words}</span> }.into_any()
        }
    }
}
