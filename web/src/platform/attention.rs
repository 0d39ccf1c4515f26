//! The tab's title and icon, and the badge of the installed app: they carry a count of what needs attention.
use super::dom;
use js_sys::{Function, Promise, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlLinkElement;

thread_local! {
    /// The title without its count, and the count.
    static SHOWN: RefCell<(String, usize)> = RefCell::default();
}

/// Sets the title of the current page; the count stays before it.
pub fn set_title(title: &str) {
    let shown = SHOWN.with_borrow_mut(|shown| {
        title.clone_into(&mut shown.0);
        with_count(title, shown.1)
    });
    dom::set_title(&shown);
}

/// Sets the count; 0 shows none.
pub fn set_count(count: usize) {
    let title = SHOWN.with_borrow_mut(|shown| {
        (shown.1 != count).then(|| {
            shown.1 = count;
            with_count(&shown.0, count)
        })
    });
    let Some(title) = title else { return };
    dom::set_title(&title);
    show_icon(if count > 0 { "./icon-alert.svg" } else { "./icon.svg" });
    show_badge(count);
}

fn with_count(title: &str, count: usize) -> String {
    if count > 0 { format!("({count}) {title}") } else { title.to_owned() }
}

fn show_icon(href: &str) {
    let icon = dom::document().and_then(|document| document.query_selector("link[rel=icon]").ok()?);
    if let Some(icon) = icon.and_then(|icon| icon.dyn_into::<HtmlLinkElement>().ok()) {
        icon.set_href(href);
    }
}

/// Shows the count on the installed app's icon, where the browser can.
#[allow(clippy::cast_precision_loss)]
fn show_badge(count: usize) {
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else { return };
    let method = Reflect::get(&navigator, &JsValue::from("setAppBadge")).ok();
    let Some(method) = method.and_then(|method| method.dyn_into::<Function>().ok()) else { return };
    // A count of 0 removes the badge. It is refused where the app is not installed.
    if let Ok(shown) = method.call1(&navigator, &JsValue::from(count as f64))
        && let Ok(shown) = shown.dyn_into::<Promise>()
    {
        spawn_local(async move {
            let _ = JsFuture::from(shown).await;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_has_its_count_before_it() {
        assert_eq!(
            (with_count("Callboard", 3), with_count("Callboard", 0)),
            ("(3) Callboard".into(), "Callboard".into())
        );
    }
}
