//! The dashboard's charts: plain SVG, each with a cursor for pointer and keys, and with a table that says
//! the same.

pub mod cost;
pub mod drawing;
pub mod duration;
pub mod episodes;
pub mod funnel;
pub mod pen;
pub mod quality;
pub mod scale;
pub mod table;

use super::icon::Icon;
use crate::platform::dom::{self, place_in};
use crate::platform::width::width_of;
use crate::route::Route;
use drawing::{Drawing, Key, Shape, Shapes};
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;
use table::AsTable;

/// A drawing as a signal hands it on: it is equal only to itself.
#[derive(Clone, Debug)]
pub struct Drawn(Arc<dyn Drawing>);

impl Drawn {
    /// A drawing to show.
    pub fn new(drawing: impl Drawing + 'static) -> Self {
        Self(Arc::new(drawing))
    }
}

impl PartialEq for Drawn {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A chart of the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// What each episode has cost.
    Cost,
    /// How good they have become.
    Quality,
    /// Each of them by its state.
    Episodes,
    /// How many have come how far.
    Funnel,
    /// How long the stages take.
    Duration,
}

impl Which {
    /// Every chart, in the order of the page.
    pub const ALL: [Self; 5] = [Self::Cost, Self::Quality, Self::Episodes, Self::Funnel, Self::Duration];

    /// Its word in the address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Quality => "quality",
            Self::Episodes => "episodes",
            Self::Funnel => "funnel",
            Self::Duration => "duration",
        }
    }

    /// What it shows.
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

/// A panel with a title, what is read at the cursor, and either the chart or its table.
#[component]
pub fn Chart(
    /// Which it is.
    which: Which,
    /// The chart.
    drawn: Memo<Drawn>,
    /// It stands as a table.
    as_table: Memo<bool>,
    /// Makes a table of it, or a drawing again.
    turn: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let (title, name) = (which.title(), which.name());
    let title_id = format!("chart-{name}");
    let labelled = title_id.clone();
    let empty = Memo::new(move |_| drawn.with(|drawn| drawn.0.empty()));
    let toggle = move || {
        empty.get().is_none().then(|| {
            view! {
                <button
                    type="button"
                    class="button button-quiet"
                    aria-pressed=move || as_table.get().to_string()
                    aria-label=format!("{title} as a table")
                    on:click=move |_| turn()
                >
                    "Table"
                </button>
            }
        })
    };
    let body = move || match empty.get() {
        Some(why) => view! { <p class="chart-empty">{why}</p> }.into_any(),
        None if as_table.get() => view! { <AsTable title drawn/> }.into_any(),
        None => view! { <Plot title drawn/> }.into_any(),
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

/// The drawing with its cursor. To those who do not see it, it is a slider over its marks.
#[component]
fn Plot(
    /// What it shows.
    title: &'static str,
    /// The chart.
    drawn: Memo<Drawn>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let width = width_of(node, 560.0);
    let focused = RwSignal::new(false);
    let at = RwSignal::new(None::<usize>);
    let here = move || at.get().filter(|at| drawn.with(|drawn| *at < drawn.0.count()));
    let words = Memo::new(move |_| {
        let here = here();
        drawn.with(|drawn| here.map_or_else(|| drawn.0.whole(), |at| drawn.0.says(at)))
    });
    let last = move || drawn.with(|drawn| drawn.0.count().saturating_sub(1));
    let open = move |at: usize| {
        if let Some(id) = drawn.with_untracked(|drawn| drawn.0.session(at)) {
            dom::go(&Route::Session(id).href());
        }
    };
    let find = move |event: &leptos::ev::MouseEvent| {
        let node = node.get_untracked()?;
        let place = place_in(&node, event);
        drawn.with_untracked(|drawn| drawn.0.locate(place, width.get_untracked()))
    };
    // A finger reads before it opens: it cannot point without pressing.
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
        let columns = drawn.with_untracked(|drawn| drawn.0.columns(width.get_untracked()));
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
    let picture = move || drawn.with(|drawn| shapes(&drawn.0.draw(width.get())));
    let cursor = move || {
        let here = here()?;
        Some(drawn.with(|drawn| shapes(&drawn.0.cursor(here, width.get()))))
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
            on:blur=move |_| {
                focused.set(false);
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
                    height=move || drawn.with(|drawn| drawn.0.height(width.get()))
                    aria-hidden="true"
                >
                    <g>{picture}</g>
                    <g>{cursor}</g>
                </svg>
            </div>
        </div>
        <div class="chart-keys">{move || drawn.with(|drawn| drawn.0.keys().into_iter().map(key).collect_view())}</div>
    }
}

/// Whether a press opens what is found there: with a finger only where it was read already.
fn opens(by_finger: bool, found: Option<usize>, read: Option<usize>) -> bool {
    found.is_some() && (!by_finger || found == read)
}

/// Where a key moves the cursor; none for a key that does not.
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
        // The first key only shows where the cursor is.
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

fn key(key: Key) -> AnyView {
    match key.link {
        Some((href, glyph, number)) => view! {
            <a class="chart-key state" data-state=key.state href=href>
                <Icon glyph/>
                <span class="state-word">{key.words}</span>
                <span class="chart-key-number">{number}</span>
            </a>
        }
        .into_any(),
        None => {
            let state = (!key.state.is_empty()).then_some(key.state);
            view! { <span class="chart-key" data-state=state><i class=key.mark></i>{key.words}</span> }.into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finger_reads_before_it_opens() {
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
