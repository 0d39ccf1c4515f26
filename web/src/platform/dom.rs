//! The document: address, keys, focus, scrolling.
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, Element, History, HtmlElement, HtmlInputElement, MouseEvent, Node, ScrollIntoViewOptions,
    ScrollLogicalPosition,
};

/// Height that a heading which stays in view may cover at a scroller's top.
const HEAD: f64 = 48.0;

pub(crate) fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Returns the part of the address after `#`.
pub fn hash() -> String {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok());
    hash.unwrap_or_default().trim_start_matches('#').to_owned()
}

/// Navigates to an address of the app. The change is dispatched at once, as the browser's own event would come only
/// after keys pressed meanwhile.
pub fn navigate(href: &str) {
    if href.trim_start_matches('#') == hash() {
        return;
    }
    change_address(|history| history.push_state_with_url(&JsValue::NULL, "", Some(href)));
}

/// The part of the address after `#`, with its query; provided as context.
#[derive(Clone, Copy, Debug)]
pub struct Address(pub ReadSignal<String>);

/// Returns the part of the address after `#` as a signal. `moved` is called before it changes, while the old page
/// is still shown.
pub fn watch_hash(before_change: impl Fn() + 'static) -> ReadSignal<String> {
    let (read, write) = signal(hash());
    window_event_listener(ev::hashchange, move |_| {
        before_change();
        write.set(hash());
    });
    read
}

/// Replaces the current address without a new history entry.
pub fn replace_address(href: &str) {
    // The entry keeps its state, which scroll restoration relies on.
    change_address(|history| history.replace_state_with_url(&history.state()?, "", Some(href)));
}

fn change_address(change: impl FnOnce(&History) -> Result<(), JsValue>) {
    let Some(window) = web_sys::window() else { return };
    // Browsers refuse more than some hundred changes in half a minute; the address is then out of date.
    if window.history().and_then(|history| change(&history)).is_ok()
        && let Ok(event) = web_sys::Event::new("hashchange")
    {
        let _ = window.dispatch_event(&event);
    }
}

/// Runs a callback after the current changes are rendered and before the next key press is handled, so that typing
/// goes to the right place.
pub fn after_render(then: impl FnOnce() + 'static) {
    spawn_local(async {
        // Rendering may queue further effects.
        super::pace::yield_microtask().await;
        then();
    });
}

/// Returns true if the focus is on a text field.
pub fn is_typing() -> bool {
    let active = document().and_then(|document| document.active_element());
    active.is_some_and(|element| takes_text(&element))
}

/// Returns true if an event comes from an editable text field.
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

/// Returns true if an event comes from an element that matches, or from inside of one.
pub fn is_inside(event: &web_sys::Event, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest(selector).is_ok_and(|found| found.is_some()))
}

/// Returns true if the first match is rendered within its scroller's view.
pub fn is_in_view(selector: &str) -> bool {
    let Some(element) = all(selector).into_iter().next() else { return false };
    let Ok(Some(scroller)) = element.closest("[data-scroller]") else { return true };
    let (inner, outer) = (element.get_bounding_client_rect(), scroller.get_bounding_client_rect());
    inner.top() >= outer.top() + HEAD && inner.bottom() <= outer.bottom()
}

/// Closes open menus (`<details class="menu">`) when the focus or the pointer goes elsewhere, for the life of the
/// page.
pub fn close_menus_on_leave() {
    window_event_listener(ev::pointerdown, |event| {
        close_other_menus(event.target().and_then(|target| target.dyn_into::<Node>().ok()));
    });
    window_event_listener(ev::focusin, |event| {
        close_other_menus(event.target().and_then(|target| target.dyn_into::<Node>().ok()));
    });
}

/// Scrolls a focused tab, mark of a drawing or text area wholly into view, for the life of the page: browsers leave it
/// where it is while a part, or the caret, is in view.
pub fn show_focused_whole() {
    window_event_listener(ev::focusin, |event| {
        let focused = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(element) =
            focused.filter(|element| element.matches("[role=tab], svg [tabindex], .field-area").unwrap_or_default())
        {
            show(&element);
        }
    });
}

/// Calls `left` when the focus or a press moves to an element outside of those that match, until the calling view
/// is removed.
pub fn watch_leave(selector: &'static str, left: impl Fn() + Copy + 'static) {
    let check = move |target: Option<web_sys::EventTarget>| {
        let inside = target.and_then(|target| target.dyn_into::<Element>().ok()?.closest(selector).ok()?);
        if inside.is_none() {
            left();
        }
    };
    let pressed = window_event_listener(ev::pointerdown, move |event| check(event.target()));
    let focused = window_event_listener(ev::focusin, move |event| check(event.target()));
    on_cleanup(move || {
        pressed.remove();
        focused.remove();
    });
}

/// Closes every open menu and returns the focus to its button. Returns true if there was one.
pub fn close_menus() -> bool {
    let open = all("details.menu[open]");
    for menu in &open {
        if let Ok(Some(summary)) = menu.query_selector("summary")
            && let Ok(summary) = summary.dyn_into::<HtmlElement>()
        {
            focus_on(&summary);
        }
        // Fails only for an invalid attribute name.
        let _ = menu.remove_attribute("open");
    }
    !open.is_empty()
}

fn close_other_menus(inside: Option<Node>) {
    for menu in all("details.menu[open]") {
        if !menu.contains(inside.as_ref()) {
            let _ = menu.remove_attribute("open");
        }
    }
}

/// Returns true if the input of an event has a part of a value only, such as a date without its year.
pub fn is_incomplete(event: &web_sys::Event) -> bool {
    let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    input.is_some_and(|input| input.validity().bad_input())
}

/// Reloads the page.
pub fn reload() {
    // Fails only where the page may not navigate.
    let _ = web_sys::window().map(|window| window.location().reload());
}

/// Makes the browser ask before the page is left or reloaded while `loses` returns true, for the life of the page.
pub fn warn_before_leaving(loses: impl Fn() -> bool + 'static) {
    window_event_listener(ev::beforeunload, move |event| {
        if loses() {
            event.prevent_default();
            // Some browsers require this.
            event.set_return_value("unsaved");
        }
    });
}

/// Sets a `data-…` attribute of the root element for the style sheet.
pub fn set_root_data(name: &str, value: &str) {
    let root = document().and_then(|document| document.document_element());
    if let Some(root) = root {
        // Fails only for an invalid attribute name.
        let _ = root.set_attribute(&format!("data-{name}"), value);
    }
}

/// Sets the document's title.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// A key press.
#[derive(Debug)]
pub struct KeyPress {
    /// `KeyboardEvent.key`.
    pub name: String,
    /// True if the focus is on a text field.
    pub typing: bool,
    /// True if Control, Alt or Meta is held, as for browser shortcuts.
    pub modified: bool,
    /// True if only Control or only Meta is held, as for the app's commands.
    pub command: bool,
    /// True if Shift is held.
    pub shift: bool,
}

/// Calls `on_key` for every key press; true suppresses the browser's default.
pub fn watch_keys(on_key: impl Fn(&KeyPress) -> bool + 'static) {
    window_event_listener(ev::keydown, move |event| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let typing = element.is_some_and(|element| takes_text(&element));
        let (ctrl, alt, meta) = (event.ctrl_key(), event.alt_key(), event.meta_key());
        let (modified, command) = (ctrl || alt || meta, ctrl != meta && !alt);
        let key = KeyPress { name: event.key(), typing, modified, command, shift: event.shift_key() };
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
    // An element that left the page meanwhile cannot take the focus.
    let _ = element.focus();
}

/// Returns a pointer's position in pixels from an element's upper left corner.
pub fn position_in(element: &Element, event: &MouseEvent) -> (f64, f64) {
    let box_ = element.get_bounding_client_rect();
    (f64::from(event.client_x()) - box_.left(), f64::from(event.client_y()) - box_.top())
}

/// Returns true if an element is rendered; hidden elements cannot take the focus.
fn is_rendered(element: &HtmlElement) -> bool {
    // Looked up by name, as web-sys marks it unstable.
    let check = js_sys::Reflect::get(element, &JsValue::from("checkVisibility"));
    let check = check.ok().and_then(|check| check.dyn_into::<js_sys::Function>().ok());
    check.and_then(|check| check.call0(element).ok()).is_none_or(|answer| answer.is_truthy())
}

/// Focuses the first rendered element that matches, selecting the text of a field. Returns false if there is none.
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

/// Calls [`focus`] after the current changes are rendered.
pub fn focus_after_render(selector: &'static str) {
    after_render(move || {
        focus(selector);
    });
}

/// Returns the focused element, to restore the focus later.
pub fn focused_element() -> Option<HtmlElement> {
    document()?.active_element()?.dyn_into().ok()
}

/// Restores the focus to an element if it is still on the page.
pub fn restore_focus(holder: &HtmlElement) {
    focus_on(holder);
}

/// Scrolls the first match into view in the next frame, no further than needed.
pub fn scroll_into_view_soon(selector: &'static str) {
    request_animation_frame(move || {
        if let Some(element) = all(selector).first() {
            show(element);
        }
    });
}

/// Scrolls an element into view, no further than needed.
pub fn show(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Removes the focus from the focused element.
pub fn blur() {
    let active = document().and_then(|document| document.active_element());
    if let Some(element) = active.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // An element that left the page meanwhile has no focus.
        let _ = element.blur();
    }
}

thread_local! {
    /// True while a key moves the focus through rows.
    static IS_STEPPING: Cell<bool> = const { Cell::new(false) };
    /// True while the focus returns to where it was.
    static IS_RETURNING: Cell<bool> = const { Cell::new(false) };
}

/// Returns true while [`return_focus`] moves the focus.
pub fn is_returning() -> bool {
    IS_RETURNING.get()
}

/// Focuses the first rendered match as [`focus`] does, as a place to which the focus returns.
pub fn return_focus(selector: &str) {
    IS_RETURNING.set(true);
    focus(selector);
    IS_RETURNING.set(false);
}

/// Returns true while [`step_focus`] moves the focus.
pub(super) fn is_stepping() -> bool {
    IS_STEPPING.get()
}

/// Moves the focus by `step` among the rendered matches; from elsewhere, to the first one in view.
pub fn step_focus(selector: &'static str, step: isize) {
    if !try_step(selector, step) {
        // A long list renders its next rows after scrolling, of which the browser notifies only in the next frame:
        // too late while a key is held down.
        dispatch_scroll();
        after_render(move || {
            try_step(selector, step);
        });
    }
}

/// Notifies scroll listeners immediately.
fn dispatch_scroll() {
    for scroller in all("[data-scroller]") {
        if let Ok(event) = web_sys::Event::new("scroll") {
            let _ = scroller.dispatch_event(&event);
        }
    }
}

/// Returns false if the page has no further match.
fn try_step(selector: &str, step: isize) -> bool {
    let mut elements = all(selector);
    // Hidden elements cannot take the focus and would stop the movement.
    elements.retain(is_rendered);
    let active = document().and_then(|document| document.active_element());
    let is_active = |element: &HtmlElement| {
        let node: &Node = element;
        active.as_ref().is_some_and(|active| node.is_same_node(Some(active)))
    };
    // From elsewhere it goes on at the session that is shown beside the list.
    let is_shown = |element: &HtmlElement| element.closest(".row[aria-current]").ok().flatten().is_some();
    let at = elements.iter().position(is_active).or_else(|| elements.iter().position(is_shown));
    let next = match at {
        Some(at) => at.saturating_add_signed(step).min(elements.len().saturating_sub(1)),
        // Rows above the view are rendered too; start with the first visible one.
        None => elements.iter().position(|element| is_below_top(element)).unwrap_or(0),
    };
    if let Some(element) = elements.get(next) {
        IS_STEPPING.set(true);
        focus_on(element);
        IS_STEPPING.set(false);
    }
    at != Some(next)
}

/// Returns true if an element begins below the upper edge of its scroller.
fn is_below_top(element: &Element) -> bool {
    let scroller = element.closest("[data-scroller]").ok().flatten();
    let top = scroller.map_or(0.0, |scroller| scroller.get_bounding_client_rect().top());
    element.get_bounding_client_rect().top() >= top
}

/// Focuses the element with this value in its `data-{name}` attribute, and scrolls to its beginning.
pub fn focus_data(name: &str, value: &str) {
    if let Some(element) = all_with_data(name, value).first() {
        element.scroll_into_view();
        focus_on(element);
    }
}

/// Returns the `data-{name}` attribute of the focused element or its closest ancestor with one.
pub fn focused_data(name: &str) -> Option<String> {
    let attribute = format!("data-{name}");
    let active = document()?.active_element()?;
    let holder = active.closest(&format!("[{attribute}]")).ok()??;
    holder.get_attribute(&attribute)
}

/// Returns the `data-{name}` attribute of the row that has the focus.
pub(super) fn focused_row(name: &str) -> Option<String> {
    let attribute = format!("data-{name}");
    document()?.active_element()?.closest(&format!(".row[{attribute}]")).ok()??.get_attribute(&attribute)
}

/// Returns true if the focused element itself matches.
pub fn focus_is_on(selector: &str) -> bool {
    let active = document().and_then(|document| document.active_element());
    active.is_some_and(|active| active.matches(selector).unwrap_or_default())
}

/// Scrolls the page's content to an offset in pixels.
pub fn scroll_to(top: i32) {
    if let Some(main) = all("main").first() {
        main.set_scroll_top(top);
    }
}

/// Returns the scroll offset of the page's content in pixels.
pub fn scrolled() -> i32 {
    all("main").first().map_or(0, |main| main.scroll_top())
}

/// Returns the elements of the content with this value in their `data-{name}` attribute.
pub(super) fn all_with_data(name: &str, value: &str) -> Vec<HtmlElement> {
    let attribute = format!("data-{name}");
    let mut found = all(&format!("main [{attribute}]"));
    found.retain(|element| element.get_attribute(&attribute).as_deref() == Some(value));
    found
}

/// Returns true if the pointer is over an element that matches, or the focus is in it.
pub fn is_in_use(selector: &str) -> bool {
    !all(&format!("{selector}:hover, {selector}:focus-within")).is_empty()
}

/// Returns true if the element that matches `selector` around an event's target is expanded.
pub fn is_expanded_around(event: &web_sys::Event, selector: &str) -> bool {
    let target: Option<Element> = event.target().and_then(|target| target.dyn_into().ok());
    let holder = target.and_then(|target| target.closest(selector).ok().flatten());
    holder.is_some_and(|holder| holder.get_attribute("aria-expanded").as_deref() == Some("true"))
}

/// Returns the `data-{name}` attribute around an event's target if the target is inside of `selector`.
pub fn data_around(event: &web_sys::Event, selector: &str, name: &str) -> Option<String> {
    let attribute = format!("data-{name}");
    let target: Element = event.target()?.dyn_into().ok()?;
    let holder = target.closest(selector).ok()??.closest(&format!("[{attribute}]")).ok()??;
    holder.get_attribute(&attribute)
}
