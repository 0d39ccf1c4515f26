//! The page itself: its address, its keys, its focus.
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, Element, History, HtmlElement, HtmlInputElement, MouseEvent, Node, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

pub(crate) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The part of the address after `#`, without it.
pub fn hash() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok());
    hash.unwrap_or_default().trim_start_matches('#').to_owned()
}

/// Goes to another place of the app, at once: by itself the browser would tell of it only after keys that were pressed
/// meanwhile.
pub fn go(href: &str) {
    if href.trim_start_matches('#') == hash() {
        return;
    }
    change_address(|history| history.push_state_with_url(&JsValue::NULL, "", Some(href)));
}

/// The address after `#` as it changes, with its query; handed down as context.
#[derive(Clone, Copy, Debug)]
pub struct Address(pub ReadSignal<String>);

/// The address after `#`, as it changes; `moved` is called first, while the page is still what it was.
pub fn watch_hash(moved: impl Fn() + 'static) -> ReadSignal<String> {
    let (read, write) = signal(hash());
    window_event_listener(ev::hashchange, move |_| {
        moved();
        write.set(hash());
    });
    read
}

/// Changes the address in its place: no new step of the way back. What watches the address is told.
pub fn replace(href: &str) {
    // The step stays what it is for the way back.
    change_address(|history| history.replace_state_with_url(&history.state()?, "", Some(href)));
}

fn change_address(change: impl FnOnce(&History) -> Result<(), JsValue>) {
    let Some(window) = web_sys::window() else { return };
    // Browsers refuse more than some hundred in half a minute; then the address stays behind.
    if window.history().and_then(|history| change(&history)).is_ok()
        && let Ok(event) = web_sys::Event::new("hashchange")
    {
        let _ = window.dispatch_event(&event);
    }
}

/// Does something as soon as what is changed now has been drawn. The page is drawn before any key that is pressed next,
/// and so is this: what is typed at once must not go where the focus was, nor be taken for a command.
pub fn once_drawn(then: impl FnOnce() + 'static) {
    spawn_local(async {
        // Behind what is drawn there may be effects of its own.
        super::pace::yield_microtask().await;
        then();
    });
}

/// Whether the focus is where text is typed.
pub fn is_typing() -> bool {
    let active = document().and_then(|document| document.active_element());
    active.is_some_and(|element| takes_text(&element))
}

/// Whether an event comes from where text is typed.
pub fn is_on_text_field(event: &web_sys::Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|element| takes_text(&element) && !element.has_attribute("readonly"))
}

fn takes_text(element: &Element) -> bool {
    match element.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => !matches!(element.get_attribute("type").as_deref(), Some("file" | "checkbox" | "radio")),
        _ => false,
    }
}

/// Closes what is unfolded (`<details class="menu">`) when the focus or the pointer goes elsewhere, and at
/// Escape. Listens as long as the page lives.
pub fn close_menus_by_themselves() {
    window_event_listener(ev::pointerdown, |event| {
        close_menus_but(event.target().and_then(|target| target.dyn_into::<Node>().ok()));
    });
    window_event_listener(ev::focusin, |event| {
        close_menus_but(event.target().and_then(|target| target.dyn_into::<Node>().ok()));
    });
}

/// Calls `left` when the focus or a press comes to something that is not in an element that matches, as long as the
/// view lives that asks for it.
pub fn watch_leaving(selector: &'static str, left: impl Fn() + Copy + 'static) {
    let come = move |target: Option<web_sys::EventTarget>| {
        let inside = target.and_then(|target| target.dyn_into::<Element>().ok()?.closest(selector).ok()?);
        if inside.is_none() {
            left();
        }
    };
    let pressed = window_event_listener(ev::pointerdown, move |event| come(event.target()));
    let focused = window_event_listener(ev::focusin, move |event| come(event.target()));
    on_cleanup(move || {
        pressed.remove();
        focused.remove();
    });
}

/// Closes every open menu; `true` when there was one. The focus goes back to what opened it.
pub fn close_menus() -> bool {
    let open = all("details.menu[open]");
    for menu in &open {
        if let Ok(Some(summary)) = menu.query_selector("summary")
            && let Ok(summary) = summary.dyn_into::<HtmlElement>()
        {
            focus_on(&summary);
        }
        // Refused only for an illegal attribute name.
        let _ = menu.remove_attribute("open");
    }
    !open.is_empty()
}

fn close_menus_but(inside: Option<Node>) {
    for menu in all("details.menu[open]") {
        if !menu.contains(inside.as_ref()) {
            let _ = menu.remove_attribute("open");
        }
    }
}

/// Loads the page again.
pub fn reload() {
    // Refused only where the page may not be left.
    let _ = web_sys::window().map(|window| window.location().reload());
}

/// Has the browser ask whoever leaves or reloads the page, where that loses something. Listens as long as the page lives.
pub fn warn_before_leaving(loses: impl Fn() -> bool + 'static) {
    window_event_listener(ev::beforeunload, move |event| {
        if loses() {
            event.prevent_default();
            // Some browsers ask only for this.
            event.set_return_value("unsaved");
        }
    });
}

/// Sets a `data-…` attribute of the root element, for the style sheet to read.
pub fn set_root_data(name: &str, value: &str) {
    let root = document().and_then(|document| document.document_element());
    if let Some(root) = root {
        // Refused only for an illegal attribute name.
        let _ = root.set_attribute(&format!("data-{name}"), value);
    }
}

/// Names the page in the browser's tab.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// A key that was pressed.
#[derive(Debug)]
pub struct Key {
    /// `KeyboardEvent.key`.
    pub name: String,
    /// The focus is where text is typed.
    pub typing: bool,
    /// Control, Alt or Meta is held: the browser's own shortcut.
    pub modified: bool,
    /// Control or Meta alone is held: a command of the page.
    pub command: bool,
}

/// Calls `on_key` for every key; `true` means that it was used and the browser must not.
pub fn watch_keys(on_key: impl Fn(&Key) -> bool + 'static) {
    window_event_listener(ev::keydown, move |event| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let typing = element.is_some_and(|element| takes_text(&element));
        let (ctrl, alt, meta) = (event.ctrl_key(), event.alt_key(), event.meta_key());
        let key = Key { name: event.key(), typing, modified: ctrl || alt || meta, command: ctrl != meta && !alt };
        if on_key(&key) {
            event.prevent_default();
        }
    });
}

fn all(selector: &str) -> Vec<HtmlElement> {
    let Some(found) = document().and_then(|document| document.query_selector_all(selector).ok()) else {
        return Vec::new();
    };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

fn focus_on(element: &HtmlElement) {
    // An element that left the page in the meantime cannot take the focus; nothing is lost.
    let _ = element.focus();
}

/// Where a pointer is, in pixels from an element's upper left corner.
pub fn place_in(element: &Element, event: &MouseEvent) -> (f64, f64) {
    let box_ = element.get_bounding_client_rect();
    (f64::from(event.client_x()) - box_.left(), f64::from(event.client_y()) - box_.top())
}

/// Whether an element is rendered: one that is folded away or hidden cannot take the focus.
fn is_rendered(element: &HtmlElement) -> bool {
    // By name: web-sys counts it among its unstable parts.
    let check = js_sys::Reflect::get(element, &JsValue::from("checkVisibility"));
    let check = check.ok().and_then(|check| check.dyn_into::<js_sys::Function>().ok());
    check.and_then(|check| check.call0(element).ok()).is_none_or(|answer| answer.is_truthy())
}

/// Puts the focus on the first element that matches and is rendered, and selects the text of a field. `false` where
/// there is none.
pub fn focus(selector: &str) -> bool {
    let Some(element) = all(selector).into_iter().find(is_rendered) else {
        return false;
    };
    focus_on(&element);
    if let Some(field) = element.dyn_ref::<HtmlInputElement>() {
        field.select();
    }
    true
}

/// As [`focus`], once what is being drawn has been drawn.
pub fn focus_soon(selector: &'static str) {
    once_drawn(move || {
        focus(selector);
    });
}

/// What has the focus now, to give it back later.
pub fn focus_holder() -> Option<HtmlElement> {
    document()?.active_element()?.dyn_into().ok()
}

/// Gives the focus back to what had it, if it is still on the page.
pub fn give_focus_back(holder: &HtmlElement) {
    focus_on(holder);
}

/// Scrolls no further than needed for the first element that matches to be seen, once it is drawn.
pub fn show_soon(selector: &'static str) {
    request_animation_frame(move || {
        if let Some(element) = all(selector).first() {
            show(element);
        }
    });
}

/// Scrolls no further than needed for an element to be seen.
pub fn show(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Takes the focus from whatever has it.
pub fn blur() {
    let active = document().and_then(|document| document.active_element());
    if let Some(element) = active.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // As for focus: nothing to lose.
        let _ = element.blur();
    }
}

/// Moves the focus by `step` among the elements that match and are rendered; from outside, to the first in view.
pub fn step_focus(selector: &'static str, step: isize) {
    if !try_step(selector, step) {
        // Of a long list the next rows come with the scrolling, of which the browser tells only in the next frame:
        // whoever holds the key down is not held up.
        tell_scrolled();
        once_drawn(move || {
            try_step(selector, step);
        });
    }
}

/// Tells at once those that follow how far something is scrolled.
fn tell_scrolled() {
    for scroller in all("[data-scroller]") {
        if let Ok(event) = web_sys::Event::new("scroll") {
            let _ = scroller.dispatch_event(&event);
        }
    }
}

/// `false` where there is no further one on the page.
fn try_step(selector: &str, step: isize) -> bool {
    let mut elements = all(selector);
    // What is folded away cannot take the focus, and would keep it from what can.
    elements.retain(is_rendered);
    let active = document().and_then(|document| document.active_element());
    let at = elements.iter().position(|element| {
        let node: &Node = element;
        active.as_ref().is_some_and(|active| node.is_same_node(Some(active)))
    });
    let next = match at {
        Some(at) => at.saturating_add_signed(step).min(elements.len().saturating_sub(1)),
        // Rows above the view are on the page too; the first that is seen is meant.
        None => elements.iter().position(|element| is_below_top(element)).unwrap_or(0),
    };
    if let Some(element) = elements.get(next) {
        focus_on(element);
    }
    at != Some(next)
}

/// Whether an element begins below the upper edge of what it scrolls in.
fn is_below_top(element: &Element) -> bool {
    let scroller = element.closest("[data-scroller]").ok().flatten();
    let top = scroller.map_or(0.0, |scroller| scroller.get_bounding_client_rect().top());
    element.get_bounding_client_rect().top() >= top
}

/// Puts the focus on the element whose `data-{name}` attribute has this value, and shows its beginning.
pub fn focus_data(name: &str, value: &str) {
    if let Some(element) = all_about(name, value).first() {
        element.scroll_into_view();
        focus_on(element);
    }
}

/// The `data-{name}` attribute of the focused element or of what holds it.
pub fn focused_data(name: &str) -> Option<String> {
    let attribute = format!("data-{name}");
    let active = document()?.active_element()?;
    let holder = active.closest(&format!("[{attribute}]")).ok()??;
    holder.get_attribute(&attribute)
}

/// What the row is about that holds the focus, as its `data-{name}` attribute says.
pub(super) fn focused_row(name: &str) -> Option<String> {
    let attribute = format!("data-{name}");
    document()?.active_element()?.closest(&format!(".row[{attribute}]")).ok()??.get_attribute(&attribute)
}

/// Whether what has the focus is itself such an element, and nothing in it.
pub fn focus_is_on(selector: &str) -> bool {
    let active = document().and_then(|document| document.active_element());
    active.is_some_and(|active| active.matches(selector).unwrap_or_default())
}

/// Scrolls the place for a page's content, to so many pixels from its top.
pub fn scroll_to(top: i32) {
    if let Some(main) = all("main").first() {
        main.set_scroll_top(top);
    }
}

/// How far the place for a page's content is scrolled, in pixels.
pub fn scrolled() -> i32 {
    all("main").first().map_or(0, |main| main.scroll_top())
}

/// Every element of the page's content whose `data-{name}` attribute has this value.
pub(super) fn all_about(name: &str, value: &str) -> Vec<HtmlElement> {
    let attribute = format!("data-{name}");
    let mut found = all(&format!("main [{attribute}]"));
    found.retain(|element| element.get_attribute(&attribute).as_deref() == Some(value));
    found
}

/// The `data-{name}` attribute around what an event came from, where that matches a selector.
pub fn data_around(event: &web_sys::Event, selector: &str, name: &str) -> Option<String> {
    let attribute = format!("data-{name}");
    let target: Element = event.target()?.dyn_into().ok()?;
    let holder = target.closest(selector).ok()??.closest(&format!("[{attribute}]")).ok()??;
    holder.get_attribute(&attribute)
}
