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
    let each = move || chart.with(|chart| chart.0.legend());
    let numbers = Memo::new(move |_| {
        let legend = chart.with(|chart| chart.0.legend());
        legend.into_iter().filter_map(|entry| Some((entry.words, entry.link?.2))).collect::<Vec<_>>()
    });
    // An entry keeps its element while its number changes.
    let key =
        |entry: &LegendEntry| (entry.words, entry.states.clone(), entry.link.as_ref().map(|(href, ..)| href.clone()));
    let children = move |entry: LegendEntry| view_of(entry, numbers);
    view! { <div class="chart-keys"><For each key children/></div> }
}

fn view_of(entry: LegendEntry, numbers: Memo<Vec<(&'static str, usize)>>) -> AnyView {
    let LegendEntry { mark, states, words, link } = entry;
    match link {
        Some((href, glyph, _)) => {
            let number = move || {
                numbers.with(|numbers| numbers.iter().find(|(name, _)| *name == words).map(|(_, number)| *number))
            };
            view! {
                <a class="chart-key state" data-state=states.into_iter().next() href=href>
                    <Icon glyph/>
                    <span class="state-word">{words}</span>
                    <span class="chart-key-number">{number}</span>
                </a>
            }
            .into_any()
        }
        None => {
            let neutral = states.is_empty().then(|| view! { <i class=mark></i> });
            let marks = states.into_iter().map(|state| view! { <i class=mark data-state=state></i> });
            view! { <span class="chart-key">{neutral} {marks.collect_view()} {words}</span> }.into_any()
        }
    }
}
