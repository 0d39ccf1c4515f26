//! Outputs as a browser shows them.
#![allow(missing_docs, clippy::unwrap_used)]

use callboard_web::arc_eq::ArcEq;
use callboard_web::components::outputs::markdown::MarkdownText;
use callboard_web::components::outputs::markdown_view::MarkdownView;
use callboard_web::platform::pace::pause;
use leptos::mount::mount_to;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

/// Texts of which a careless renderer makes elements that run, load or navigate.
const HOSTILE: &str = r#"<script>globalThis.ran = true</script>

a <img src=x onerror="globalThis.ran = true"> b <a href="javascript:globalThis.ran = true">c</a>

[one](javascript:globalThis.ran=true) [two](<data:text/html,x>) [three](#/sessions/other) [four](https://example.org/a)

![five](https://example.org/x.png) ![six](x" onerror="globalThis.ran=true)

<iframe src="https://example.org"></iframe>
"#;

fn parsed(text: &str) -> ArcEq<MarkdownText> {
    ArcEq(Arc::new(MarkdownText::parse(text)))
}

fn container() -> Element {
    let document = web_sys::window().unwrap().document().unwrap();
    let element = document.create_element("div").unwrap();
    document.body().unwrap().append_child(&element).unwrap();
    element
}

fn count(root: &Element, selector: &str) -> u32 {
    root.query_selector_all(selector).unwrap().length()
}

#[wasm_bindgen_test]
async fn nothing_of_a_text_runs_loads_or_navigates() {
    let root = container();
    let text = RwSignal::new(parsed(HOSTILE));
    let mounted = mount_to(root.clone().unchecked_into(), move || {
        view! { <MarkdownView text=text.into() path="out/script.md".to_owned() rendered=|| ()/> }
    });
    pause(Duration::from_millis(100)).await;
    assert_eq!(count(&root, "script, img, iframe, object, [onerror]"), 0);
    assert_eq!(count(&root, "a"), 1);
    let link = root.query_selector("a").unwrap().unwrap();
    assert_eq!(link.get_attribute("href").as_deref(), Some("https://example.org/a"));
    assert_eq!(link.get_attribute("rel").as_deref(), Some("noopener noreferrer"));
    assert!(root.text_content().unwrap().contains("<script>globalThis.ran = true</script>"));
    let ran = js_sys::Reflect::get(&js_sys::global(), &"ran".into()).unwrap();
    assert!(ran.is_undefined());
    drop(mounted);
    root.remove();
}

#[wasm_bindgen_test]
async fn a_change_keeps_the_elements_before_it() {
    let root = container();
    let before = "words\n\n".repeat(100);
    let text = RwSignal::new(parsed(&before));
    let mounted = mount_to(root.clone().unchecked_into(), move || {
        view! { <MarkdownView text=text.into() path="script.md".to_owned() rendered=|| ()/> }
    });
    pause(Duration::from_millis(200)).await;
    assert_eq!(count(&root, "p"), 100);
    let first = root.query_selector("p").unwrap().unwrap();
    text.set(parsed(&format!("{before}more\n")));
    pause(Duration::from_millis(200)).await;
    assert_eq!(count(&root, "p"), 101);
    assert!(first.is_same_node(root.query_selector("p").unwrap().as_deref()));
    drop(mounted);
    root.remove();
}
