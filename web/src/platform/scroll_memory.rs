//! Scroll offsets of content that is shown in turns in one scroller.
use leptos::prelude::*;
use std::collections::HashMap;
use web_sys::Element;

/// The scroll offset of each content, by its name.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScrollMemory(StoredValue<HashMap<String, i32>>);

impl ScrollMemory {
    /// Remembers the offset at which a content is scrolled.
    pub fn save(self, name: &str, scroller: &Element) {
        self.0.update_value(|offsets| {
            offsets.insert(name.to_owned(), scroller.scroll_top());
        });
    }

    /// Scrolls to the remembered offset of a content; to its beginning if there is none.
    pub fn restore(self, name: &str, scroller: &Element) {
        scroller.set_scroll_top(self.0.with_value(|offsets| offsets.get(name).copied().unwrap_or_default()));
    }
}
