//! Browser tests of virtual rows and saved views.
#![allow(missing_docs, clippy::unwrap_used)]

use callboard_web::components::virtual_list::{ListContainer, VirtualList};
use callboard_web::platform::dom;
use callboard_web::platform::preferences::{SavedView, set_views, views};
use callboard_web::platform::row_pool::{ListRow, RowPool};
use callboard_web::platform::row_template::{AnyRow, Node, Row, Slot};
use callboard_web::store::query::Query;
use leptos::mount::mount_to;
use leptos::prelude::*;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// A row that shows its index and the drawing it belongs to.
#[derive(PartialEq)]
struct Plain {
    at: usize,
    drawing: usize,
}

impl Row for Plain {
    const TEMPLATE: Node<Self> = Node {
        tag: "li",
        attributes: &[("class", "plain")],
        slots: &[Slot::Attribute("data-at", |row| Some(row.at.to_string().into()))],
        children: &[
            Node {
                tag: "input",
                attributes: &[("type", "checkbox")],
                slots: &[Slot::Checked(|row| row.at.is_multiple_of(2))],
                children: &[],
            },
            Node {
                tag: "b",
                attributes: &[],
                slots: &[
                    Slot::Attribute("title", |row| {
                        row.at.is_multiple_of(3).then(|| format!("title {}", row.at).into())
                    }),
                    Slot::Text(|row| format!("{} of {}", row.at, row.drawing).into()),
                ],
                children: &[],
            },
        ],
    };

    fn key(&self) -> Cow<'_, str> {
        self.at.to_string().into()
    }
}

/// A row of another kind, with a view as content.
#[derive(PartialEq)]
struct Head {
    at: usize,
    drawing: usize,
}

impl Row for Head {
    const TEMPLATE: Node<Self> = Node {
        tag: "li",
        attributes: &[("class", "head")],
        slots: &[Slot::Content(|row| {
            let (at, drawing) = (row.at, row.drawing);
            view! { <b>{at}</b>{move || format!(" of {drawing}")} }.into_any()
        })],
        children: &[],
    };

    fn key(&self) -> Cow<'_, str> {
        self.at.to_string().into()
    }
}

#[derive(PartialEq)]
enum Either {
    Plain(Plain),
    Head(Head),
}

impl ListRow for Either {
    fn row(&self) -> &dyn AnyRow {
        match self {
            Self::Plain(row) => row,
            Self::Head(row) => row,
        }
    }
}

/// Returns the rows of a range; every seventh is a heading.
fn stretch(range: Range<usize>, drawing: usize) -> Vec<Either> {
    let row = |at: usize| match at.is_multiple_of(7) {
        true => Either::Head(Head { at, drawing }),
        false => Either::Plain(Plain { at, drawing }),
    };
    range.map(row).collect()
}

fn pool<R: ListRow>() -> RowPool<R> {
    // Mounting a view starts the executor that views in rows need.
    mount_to(element("div").unchecked_into(), || ()).forget();
    RowPool::new(Owner::new())
}

fn element(name: &str) -> Element {
    document().create_element(name).unwrap()
}

#[track_caller]
fn shows(body: &Element, range: Range<usize>, drawing: usize) {
    let children = body.children();
    assert_eq!(children.length() as usize, range.len(), "{range:?}");
    for (child, at) in (0..children.length()).map(|at| children.item(at).unwrap()).zip(range) {
        assert_eq!(child.text_content().unwrap(), format!("{at} of {drawing}"));
        assert_eq!(child.class_name(), if at.is_multiple_of(7) { "head" } else { "plain" });
        if at.is_multiple_of(7) {
            continue;
        }
        assert_eq!(child.get_attribute("data-at"), Some(at.to_string()));
        let field: HtmlInputElement = child.first_element_child().unwrap().unchecked_into();
        assert_eq!(field.checked(), at.is_multiple_of(2));
        let title = child.last_element_child().unwrap().get_attribute("title");
        assert_eq!(title, at.is_multiple_of(3).then(|| format!("title {at}")));
    }
}

#[wasm_bindgen_test]
fn rows_are_those_of_the_range_after_any_history() {
    let body = element("ul");
    let mut rows = pool();
    let stretches = [0..20, 2..22, 6..26, 4..24, 300..320, 298..318, 0..20, 0..5, 0..0, 40..44, 43..60, 10..41, 10..11];
    // A fixed pseudo-random sequence, after the chosen cases.
    let mut number = 7_u32;
    let mut next = |below: usize| {
        number = number.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        (number >> 16) as usize % below
    };
    let others = (0..200).map(|_| {
        let start = next(60);
        start..start + next(30)
    });
    let all: Vec<Range<usize>> = stretches.into_iter().chain(others).collect();
    for (drawing, range) in all.into_iter().enumerate() {
        rows.show(&body, range.start, stretch(range.clone(), drawing));
        shows(&body, range, drawing);
    }
}

#[wasm_bindgen_test]
fn a_kept_row_keeps_its_element() {
    let body = element("ul");
    let mut rows = pool();
    rows.show(&body, 1, stretch(1..6, 0));
    let third = body.children().item(2).unwrap();
    rows.show(&body, 2, stretch(2..7, 1));
    assert!(third.is_same_node(Some(&body.children().item(1).unwrap())));
    assert_eq!(third.text_content().unwrap(), "3 of 1");
}

#[wasm_bindgen_test]
fn rows_replace_the_content_of_an_element() {
    let (body, other) = (element("ul"), element("ul"));
    pool().show(&body, 0, stretch(0..9, 0));
    let mut rows = pool();
    rows.show(&body, 3, stretch(3..6, 1));
    shows(&body, 3..6, 1);
    rows.show(&other, 4, stretch(4..8, 2));
    shows(&other, 4..8, 2);
}

/// Mounts rows in the page, so that they can take the focus.
fn in_the_page() -> Element {
    let body = element("ul");
    document().body().unwrap().append_child(&body).unwrap();
    body
}

/// Returns the item of the focused row, if the focus is in these rows.
fn focused(body: &Element) -> Option<String> {
    let active = document().active_element().filter(|active| body.contains(Some(active)))?;
    active.closest("[data-at]").unwrap()?.get_attribute("data-at")
}

fn focus(body: &Element, about: usize) {
    let field = body.query_selector(&format!("[data-at='{about}'] input")).unwrap().unwrap();
    field.unchecked_into::<HtmlElement>().focus().unwrap();
}

/// Returns the range of a list that begins `from` items later.
fn moved(range: Range<usize>, from: usize) -> Vec<Plain> {
    range.map(|at| Plain { at: at + from, drawing: 0 }).collect()
}

#[wasm_bindgen_test]
fn the_focus_follows_its_item() {
    let body = in_the_page();
    let mut rows = pool();
    rows.show(&body, 0, moved(0..10, 0));
    focus(&body, 4);
    // The list is sorted anew: the item of row 4 is now in row 1.
    rows.show(&body, 0, moved(0..10, 3));
    assert_eq!(focused(&body).as_deref(), Some("4"));
    assert!(
        document()
            .active_element()
            .unwrap()
            .is_same_node(Some(&body.children().item(1).unwrap().first_element_child().unwrap()))
    );
    // The row is scrolled away and reused: the focus must not move to another item.
    rows.show(&body, 20, moved(20..30, 3));
    assert_eq!(focused(&body), None);
    // The focus returns with its row, unless something else has it by then.
    rows.show(&body, 0, moved(0..10, 0));
    assert_eq!(focused(&body).as_deref(), Some("4"));
    rows.show(&body, 20, moved(20..30, 0));
    let other = element("button");
    document().body().unwrap().append_child(&other).unwrap();
    other.clone().unchecked_into::<HtmlElement>().focus().unwrap();
    rows.show(&body, 0, moved(0..10, 0));
    assert_eq!(focused(&body), None);
    body.remove();
    other.remove();
}

/// Waits frame by frame until a condition holds.
async fn until(holds: impl Fn() -> bool) {
    while !holds() {
        let frame = js_sys::Promise::new(&mut |resolve, _| {
            window().request_animation_frame(&resolve).unwrap();
        });
        JsFuture::from(frame).await.unwrap();
    }
}

/// A line of a long list.
#[derive(PartialEq)]
struct Line {
    at: usize,
    of: usize,
    item: usize,
}

impl Row for Line {
    const TEMPLATE: Node<Self> = Node {
        tag: "li",
        attributes: &[("class", "virtual-row"), ("style", "height: 32px")],
        slots: &[
            Slot::Attribute("aria-setsize", |row| Some(row.of.to_string().into())),
            Slot::Attribute("aria-posinset", |row| Some((row.at + 1).to_string().into())),
        ],
        children: &[Node {
            tag: "button",
            attributes: &[],
            slots: &[Slot::Text(|row| row.item.to_string().into())],
            children: &[],
        }],
    };

    fn key(&self) -> Cow<'_, str> {
        self.item.to_string().into()
    }
}

#[wasm_bindgen_test]
async fn a_long_list_renders_only_rows_in_view() {
    let scroller: HtmlElement = element("div").unchecked_into();
    scroller.set_attribute("data-scroller", "").unwrap();
    scroller.set_attribute("style", "height: 320px; overflow: auto; --list-row: 32px").unwrap();
    document().body().unwrap().append_child(&scroller).unwrap();
    let items = RwSignal::new(Arc::new((0..10_000_usize).collect::<Vec<_>>()));
    let mounted = mount_to(scroller.clone(), move || {
        let rows = move |range: Range<usize>| {
            let items = items.get();
            range.map(|at| Line { at, of: items.len(), item: items[at] }).collect()
        };
        let count = Signal::derive(move || items.with(|items| items.len()));
        view! { <VirtualList container=ListContainer::List { class: "many", label: "Many" } count rows/> }
    });
    let found = |selector: &str| {
        let all = scroller.query_selector_all(selector).unwrap();
        (0..all.length()).map(|at| all.item(at).unwrap().unchecked_into::<Element>()).collect::<Vec<_>>()
    };
    let texts = || found(".virtual-row").iter().map(|row| row.text_content().unwrap()).collect::<Vec<_>>();
    until(|| texts().len() == 14).await;
    assert_eq!(texts()[0], "0");
    assert_eq!(found(".virtual-row")[3].get_attribute("aria-posinset").as_deref(), Some("4"));
    assert_eq!(found(".virtual-row")[3].get_attribute("aria-setsize").as_deref(), Some("10000"));
    // Padding replaces the rows that are not rendered; the list has some of its own.
    let whole = scroller.scroll_height();
    assert!((320_000..320_100).contains(&whole), "{whole}");
    // The focus leaves with its row and returns with it.
    let focused = || document().active_element().and_then(|active| active.text_content()).unwrap_or_default();
    found("button")[5].clone().unchecked_into::<HtmlElement>().focus().unwrap();
    scroller.set_scroll_top(96);
    until(|| texts().last().is_some_and(|text| text == "17")).await;
    assert_eq!(focused(), "5");
    scroller.set_scroll_top(160_000);
    until(|| texts().iter().any(|text| text == "5000")).await;
    assert!(texts().len() < 30);
    assert_eq!(scroller.scroll_height(), whole);
    assert_ne!(focused(), "5");
    scroller.set_scroll_top(0);
    until(|| focused() == "5").await;
    scroller.set_scroll_top(whole);
    until(|| texts().last().is_some_and(|text| text == "9999")).await;
    // The list becomes shorter than its scroll offset.
    items.set(Arc::new(vec![7, 8, 9]));
    until(|| texts() == ["7", "8", "9"]).await;
    items.set(Arc::default());
    until(|| texts().is_empty()).await;
    drop(mounted);
    scroller.remove();
}

#[wasm_bindgen_test]
fn views_are_stored_with_name_and_query() {
    let query = |text: &str| Query::parse(text);
    let kept: Vec<SavedView> =
        [("Mornings", "state=FAILED,RETRY&sort=-cost"), ("\u{1f3a7} \"a\" <b>", "q=a%26b%20%C3%A9&group=episode")]
            .map(|(name, query)| SavedView { name: name.into(), query: query.into() })
            .into();
    set_views(&kept).unwrap();
    assert_eq!(views(), kept);
    for view in views() {
        // Only canonical queries survive a round trip.
        assert_eq!(query(&view.query).text(), view.query);
    }
    set_views(&[]).unwrap();
    assert!(views().is_empty());
}

#[wasm_bindgen_test]
fn the_browser_keeps_the_query() {
    for search in ["", "tide table", "a&b=c#d%?", "\u{1f3a7}\u{e9}\u{202e}", "'\"<>`{}|\\^", "%41", "+", "\u{0}\n\t"] {
        let asked = Query { search: search.into(), edited: true, ..Query::default() };
        dom::navigate(&asked.href());
        let hash = dom::hash();
        assert_eq!(Query::parse(hash.split_once('?').unwrap().1), asked, "{hash}");
    }
    dom::navigate("#/");
}
