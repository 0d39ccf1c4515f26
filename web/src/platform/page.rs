//! The state of the page and what its document says about itself.

/// Returns true if the page is in the background.
pub fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Returns the content of a `meta` element by its name.
pub fn meta(name: &str) -> Option<String> {
    document()?.query_selector(&format!("meta[name=\"{name}\"]")).ok()??.get_attribute("content")
}

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}
