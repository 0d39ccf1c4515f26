//! Rows of one height, of which only those in view are in the page.
use crate::platform::dom;
use crate::platform::width::height_of;
use leptos::html;
use leptos::prelude::*;

/// How many rows are drawn beyond what is seen, on each side.
const SPARE: usize = 8;

/// From which row to which is drawn.
pub fn drawn(top: f64, height: f64, row: f64, count: usize) -> (usize, usize) {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let at = |pixels: f64| (pixels / row).max(0.0) as usize;
    let from = at(top).saturating_sub(SPARE).min(count);
    (from, (at(top + height) + 1 + SPARE).clamp(from, count))
}

/// A scrolled list of many rows.
#[component]
pub fn VirtualRows(
    /// How many there are.
    #[prop(into)]
    count: Signal<usize>,
    /// How high each is, in pixels; the style sheet says the same.
    row: f64,
    /// What the list is called.
    label: &'static str,
    /// Its role: `list`, or `region` for lines of a text.
    #[prop(default = "region")]
    role: &'static str,
    /// The row that is brought into view, when there is one.
    target: Signal<Option<usize>>,
    /// Draws a row.
    draw: impl Fn(usize) -> AnyView + Send + Sync + 'static,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let height = height_of(node, 600.0);
    let top = RwSignal::new(0.0_f64);
    let range = Memo::new(move |_| drawn(top.get(), height.get(), row, count.get()));
    Effect::new(move |_| {
        let (Some(element), Some(target)) = (node.get(), target.get()) else { return };
        dom::show_soon(".virtual");
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
        element.set_scroll_top((target as f64 * row - f64::from(element.client_height()) / 3.0) as i32);
    });
    #[allow(clippy::cast_precision_loss)]
    let whole = move || format!("{}px", count.get() as f64 * row);
    #[allow(clippy::cast_precision_loss)]
    let rows = move || {
        let (from, to) = range.get();
        (from..to)
            .map(|at| {
                let offset = format!("{}px", at as f64 * row);
                view! { <div class="laid-row" style:top=offset>{draw(at)}</div> }
            })
            .collect_view()
    };
    view! {
        <div
            class="virtual"
            role=role
            aria-label=label
            tabindex="0"
            node_ref=node
            on:scroll:target=move |event| top.set(f64::from(event.target().scroll_top()))
        >
            <div class="laid-whole" style:height=whole>{rows}</div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_is_drawn() {
        assert_eq!(drawn(0.0, 400.0, 20.0, 100_000), (0, 29));
        assert_eq!(drawn(20_000.0, 400.0, 20.0, 100_000), (992, 1_029));
        assert_eq!(drawn(20_000.0, 400.0, 20.0, 10), (10, 10));
        assert_eq!(drawn(-50.0, 400.0, 20.0, 3), (0, 3));
    }
}
