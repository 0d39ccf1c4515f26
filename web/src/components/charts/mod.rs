//! The dashboard's charts: SVG with a cursor for pointer and keys, and a table with the same data.

pub mod chart_source;
pub mod cost;
pub mod duration;
pub mod episodes;
pub mod funnel;
pub mod legend;
pub mod pen;
pub mod quality;
pub mod scale;
pub mod table;

use crate::platform::dom::{self, position_in};
use crate::platform::width::width_of;
use chart_source::{Shape, Shapes, SharedChart};
use legend::Legend;
use leptos::html;
use leptos::prelude::*;
use table::ChartTable;

/// A chart of the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartKind {
    /// Cost per episode.
    Cost,
    /// Quality of episodes over time.
    Quality,
    /// All episodes by state.
    Episodes,
    /// Number of sessions per stage.
    Funnel,
    /// Duration of each stage.
    Duration,
}

impl ChartKind {
    /// All charts in display order.
    pub const ALL: [Self; 5] = [Self::Cost, Self::Quality, Self::Episodes, Self::Funnel, Self::Duration];

    /// Returns its name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Quality => "quality",
            Self::Episodes => "episodes",
            Self::Funnel => "funnel",
            Self::Duration => "duration",
        }
    }

    /// Returns its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::Cost => "Cost per episode",
            Self::Quality => "Quality trend",
            Self::Episodes => "Every episode",
            Self::Funnel => "Pipeline funnel",
            Self::Duration => "Duration by stage",
        }
    }
}

/// A panel with a title, a readout, and the chart or its table.
#[component]
pub fn Chart(
    /// The kind of chart.
    kind: ChartKind,
    /// The chart.
    chart: Memo<SharedChart>,
    /// True to show the table.
    as_table: Memo<bool>,
    /// Toggles between chart and table.
    toggle: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let (title, name) = (kind.title(), kind.name());
    let title_id = format!("chart-{name}");
    let labelled = title_id.clone();
    let empty = Memo::new(move |_| chart.with(|chart| chart.0.empty()));
    let toggle = move || {
        empty.get().is_none().then(|| {
            view! {
                <button
                    type="button"
                    class="button button-quiet"
                    aria-pressed=move || as_table.get().to_string()
                    aria-label=format!("{title} as table")
                    on:click=move |_| toggle()
                >
                    "Table"
                </button>
            }
        })
    };
    let body = move || match empty.get() {
        Some(why) => view! { <p class="chart-empty">{why}</p> }.into_any(),
        None if as_table.get() => view! { <ChartTable title chart/> }.into_any(),
        None => view! { <Plot title chart/> }.into_any(),
    };
    view! {
        <section class=format!("panel chart chart-{name}") aria-labelledby=labelled>
            <div class="panel-head">
                <h2 id=title_id>{title}</h2>
                <span class="spacer"></span>
                {toggle}
            </div>
            <div class="chart-body">{body}</div>
        </section>
    }
}

/// The chart with its cursor. For assistive technology it is a slider over its marks.
#[component]
fn Plot(
    /// The title.
    title: &'static str,
    /// The chart.
    chart: Memo<SharedChart>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let width = width_of(node, 560.0);
    let focused = RwSignal::new(false);
    let at = RwSignal::new(None::<usize>);
    let here = move || at.get().filter(|at| chart.with(|chart| *at < chart.0.count()));
    let words = Memo::new(move |_| {
        let here = here();
        chart.with(|chart| here.map_or_else(|| chart.0.summary(), |at| chart.0.describe(at)))
    });
    let last = move || chart.with(|chart| chart.0.count().saturating_sub(1));
    let open = move |at: usize| {
        if let Some(href) = chart.with_untracked(|chart| chart.0.href(at)) {
            dom::navigate(&href);
        }
    };
    let find = move |event: &leptos::ev::MouseEvent| {
        let node = node.get_untracked()?;
        let place = position_in(&node, event);
        chart.with_untracked(|chart| chart.0.locate(place, width.get_untracked()))
    };
    // A tap first shows the readout, and opens the session only when repeated.
    let by_finger = StoredValue::new(false);
    let read = StoredValue::new(None::<usize>);
    let on_press = move |event: leptos::ev::MouseEvent| {
        let found = find(&event);
        if opens(by_finger.get_value(), found, read.get_value()) {
            found.into_iter().for_each(open);
        }
        read.set_value(found);
        at.set(found);
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let columns = chart.with_untracked(|chart| chart.0.columns(width.get_untracked()));
        let now = at.get_untracked();
        match event.key().as_str() {
            "Enter" if now.is_some() => now.into_iter().for_each(open),
            "Escape" if now.is_some() => at.set(None),
            key => match step(key, now, untrack(last), columns) {
                Some(next) => at.set(Some(next)),
                None => return,
            },
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let picture = move || chart.with(|chart| shapes(&chart.0.draw(width.get())));
    let cursor = move || {
        let here = here()?;
        Some(chart.with(|chart| shapes(&chart.0.cursor(here, width.get()))))
    };
    view! {
        <p class="chart-readout" aria-hidden="true"><bdi>{words}</bdi></p>
        <div
            class="plot"
            role="slider"
            tabindex="0"
            aria-label=title
            aria-valuemin="0"
            aria-valuemax=move || last().to_string()
            aria-valuenow=move || here().unwrap_or_default().to_string()
            aria-valuetext=words
            on:keydown=on_key
            on:focus=move |_| focused.set(true)
            // A chart that is removed loses the focus too.
            on:blur=move |_| if focused.try_set(false).is_none() {
                at.set(None);
                read.set_value(None);
            }
            on:mousemove=move |event| {
                let found = find(&event);
                if found != at.get_untracked() {
                    at.set(found);
                }
            }
            on:mouseleave=move |_| if !focused.get_untracked() { at.set(None) }
            on:pointerdown=move |event| by_finger.set_value(event.pointer_type() == "touch")
            on:click=on_press
        >
            <div node_ref=node class="plot-inner">
                <svg
                    width=move || width.get()
                    height=move || chart.with(|chart| chart.0.height(width.get()))
                    aria-hidden="true"
                >
                    <g>{picture}</g>
                    <g>{cursor}</g>
                </svg>
            </div>
        </div>
        <Legend chart/>
    }
}

/// Returns true if a press opens its mark; a touch must have shown it before.
fn opens(by_finger: bool, found: Option<usize>, read: Option<usize>) -> bool {
    found.is_some() && (!by_finger || found == read)
}

/// Returns the mark to which a key moves the cursor; `None` for other keys.
fn step(key: &str, now: Option<usize>, last: usize, columns: usize) -> Option<usize> {
    let at = now.unwrap_or_default();
    let next = match key {
        "ArrowRight" => at + 1,
        "ArrowLeft" => at.saturating_sub(1),
        "ArrowDown" => at + columns,
        "ArrowUp" => at.checked_sub(columns).unwrap_or(at),
        "PageDown" => at + columns * 10,
        "PageUp" => at.saturating_sub(columns * 10),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(match now {
        // The first key press only shows the cursor.
        None if key != "End" => 0,
        _ if key == "ArrowDown" && next > last => at,
        _ => next.min(last),
    })
}

fn shapes(shapes: &Shapes) -> impl IntoView + use<> {
    let shapes = shapes.0.iter().map(|shape| match shape.clone() {
        Shape::Path(class, state, data) => view! { <path class=class data-state=state d=data></path> }.into_any(),
        Shape::Text(class, anchor, (x, y), text) => {
            view! { <text class=class x=x y=y text-anchor=anchor.name()>{text}</text> }.into_any()
        }
    });
    shapes.collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_touch_reads_before_it_opens() {
        assert!(opens(false, Some(1), None) && opens(true, Some(1), Some(1)));
        assert!(!opens(true, Some(1), None) && !opens(true, Some(2), Some(1)));
        assert!(!opens(false, None, None) && !opens(true, None, None));
    }

    #[test]
    fn keys_move_the_cursor_and_stay_inside() {
        let cases = [
            ("ArrowRight", None, Some(0)),
            ("End", None, Some(9)),
            ("ArrowRight", Some(9), Some(9)),
            ("ArrowDown", Some(1), Some(5)),
            ("ArrowDown", Some(7), Some(7)),
            ("ArrowUp", Some(2), Some(2)),
            ("PageDown", Some(0), Some(9)),
            ("j", Some(2), None),
        ];
        for (key, now, expected) in cases {
            assert_eq!(step(key, now, 9, 4), expected, "{key} at {now:?}");
        }
    }
}
