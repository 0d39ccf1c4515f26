//! Shows a Markdown text, some blocks at a time.
use super::markdown::{MarkdownElement, MarkdownNode, MarkdownText};
use super::reading::PICTURE_LIMIT;
use crate::arc_eq::ArcEq;
use crate::platform::pace::yield_task;
use crate::route::decode;
use crate::source::output::{Output, use_outputs};
use callboard_core::OutputKind;
use callboard_workspace::output_candidates;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;

/// The text. Blocks that a change of the file leaves as they are keep their elements.
#[component]
pub fn MarkdownView(
    /// The text.
    text: Signal<ArcEq<MarkdownText>>,
    /// The path of its file, which paths of pictures are relative to.
    path: String,
    /// Called when all blocks are rendered.
    rendered: impl Fn() + Copy + 'static,
) -> impl IntoView {
    // A long text is rendered in several tasks, so that the page stays responsive.
    let shown = RwSignal::new(1_usize);
    let is_running = StoredValue::new(false);
    Effect::new(move |_| {
        let all = text.with(|text| text.groups.len());
        if all <= shown.get_untracked() {
            rendered();
        } else if !is_running.get_value() {
            is_running.set_value(true);
            spawn_local(async move {
                loop {
                    yield_task().await;
                    // The page may have been left meanwhile.
                    let all = text.try_with_untracked(|text| text.groups.len());
                    match (shown.try_get_untracked(), all) {
                        (Some(now), Some(all)) if now < all => shown.set(now + 1),
                        (Some(_), Some(_)) => break,
                        _ => return,
                    }
                }
                is_running.set_value(false);
                rendered();
            });
        }
    });
    let path: Rc<str> = path.into();
    let groups = move || {
        let shown = shown.get();
        text.with(|text| text.groups.iter().take(shown).map(|(hash, _)| *hash).enumerate().collect::<Vec<_>>())
    };
    let path = StoredValue::new_local(path);
    let group = move |(at, _): (usize, u64)| {
        let path = path.get_value();
        text.with_untracked(|text| text.groups.get(at).map(|(_, nodes)| render_all(nodes, &path)))
    };
    view! {
        <div class="md" dir="auto" translate="no">
            <For each=groups key=|group| *group children=group/>
        </div>
    }
}

fn render_all(nodes: &[MarkdownNode], path: &Rc<str>) -> Vec<AnyView> {
    nodes.iter().map(|node| render(node, path)).collect()
}

/// Renders a node. All elements are created one by one: nothing of a file becomes markup.
fn render(node: &MarkdownNode, path: &Rc<str>) -> AnyView {
    match node {
        MarkdownNode::Text(text) => text.clone().into_any(),
        MarkdownNode::Code(text) => html::code().child(text.clone()).into_any(),
        MarkdownNode::Break => html::br().into_any(),
        MarkdownNode::Rule => html::hr().into_any(),
        MarkdownNode::Task(is_done) => {
            html::span().class("md-task").child(if *is_done { "\u{2611} " } else { "\u{2610} " }).into_any()
        }
        MarkdownNode::Element(element, nodes) => render_element(element, nodes, path),
    }
}

fn render_element(element: &MarkdownElement, nodes: &[MarkdownNode], path: &Rc<str>) -> AnyView {
    let inner = || render_all(nodes, path);
    match element {
        MarkdownElement::Paragraph => html::p().child(inner()).into_any(),
        // The page's own headings are of the first two levels.
        MarkdownElement::Heading(1) => html::h3().class("md-h1").child(inner()).into_any(),
        MarkdownElement::Heading(2) => html::h4().class("md-h2").child(inner()).into_any(),
        MarkdownElement::Heading(3) => html::h5().class("md-h3").child(inner()).into_any(),
        MarkdownElement::Heading(_) => html::h6().class("md-h4").child(inner()).into_any(),
        MarkdownElement::Quote => html::blockquote().child(inner()).into_any(),
        MarkdownElement::CodeBlock => html::pre().child(html::code().child(inner())).into_any(),
        MarkdownElement::List => html::ul().child(inner()).into_any(),
        MarkdownElement::Numbered(first) => html::ol().start(first.to_string()).child(inner()).into_any(),
        MarkdownElement::Item => html::li().child(inner()).into_any(),
        MarkdownElement::Table => html::table().class("plain").child(table(nodes, path)).into_any(),
        MarkdownElement::HeadRow | MarkdownElement::Row => html::tr().child(inner()).into_any(),
        MarkdownElement::Cell => html::td().child(inner()).into_any(),
        MarkdownElement::Emphasis => html::em().child(inner()).into_any(),
        MarkdownElement::Strong => html::strong().child(inner()).into_any(),
        MarkdownElement::Struck => html::s().child(inner()).into_any(),
        MarkdownElement::Link(url) => html::a()
            .href(url.clone())
            .target("_blank")
            .rel("noopener noreferrer")
            .title(url.clone())
            .child(inner())
            .into_any(),
        MarkdownElement::Unlinked(target) => {
            html::span().class("md-unlinked").title(target.clone()).child(inner()).into_any()
        }
        MarkdownElement::Picture(target) => {
            view! { <MarkdownPicture path=path.clone() target=target.clone() alternative=plain_text(nodes)/> }
                .into_any()
        }
        MarkdownElement::Unloaded(url) => {
            let words = format!("Picture not loaded: {}", plain_text(nodes));
            html::span().class("md-picture muted").title(url.clone()).child(words).into_any()
        }
    }
}

fn table(nodes: &[MarkdownNode], path: &Rc<str>) -> (AnyView, AnyView) {
    let (mut head, mut body) = (Vec::new(), Vec::new());
    for node in nodes {
        match node {
            MarkdownNode::Element(MarkdownElement::HeadRow, cells) => {
                let cells = cells.iter().map(|cell| match cell {
                    MarkdownNode::Element(_, nodes) => {
                        html::th().scope("col").child(render_all(nodes, path)).into_any()
                    }
                    other => render(other, path),
                });
                head.push(html::tr().child(cells.collect::<Vec<_>>()).into_any());
            }
            other => body.push(render(other, path)),
        }
    }
    (html::thead().child(head).into_any(), html::tbody().child(body).into_any())
}

/// Returns the text of nodes, without their elements.
fn plain_text(nodes: &[MarkdownNode]) -> String {
    let mut text = String::new();
    for node in nodes {
        match node {
            MarkdownNode::Text(words) | MarkdownNode::Code(words) => text.push_str(words),
            MarkdownNode::Element(_, nodes) => text.push_str(&plain_text(nodes)),
            _ => text.push(' '),
        }
    }
    text
}

/// A picture of the same source; its alternative text until it is there, and if it is not.
#[component]
fn MarkdownPicture(
    /// The path of the text's file.
    path: Rc<str>,
    /// The picture's path, relative to the text's.
    target: String,
    /// The alternative text.
    alternative: String,
) -> impl IntoView {
    let found = RwSignal::new_local(None::<Rc<Output>>);
    let target = decode(&target).unwrap_or(target);
    let is_picture = OutputKind::of(&target) == OutputKind::Picture;
    if let Some(outputs) = untrack(use_outputs).filter(|_| is_picture) {
        let candidates = output_candidates(&path, &target);
        spawn_local(async move {
            if let Ok(Some(output)) = outputs.open(candidates).await
                && output.size <= PICTURE_LIMIT
            {
                // The page may have been left meanwhile.
                let _ = found.try_set(Some(Rc::new(output)));
            }
        });
    }
    move || match found.get() {
        Some(output) => html::img().src(output.address().to_owned()).alt(alternative.clone()).into_any(),
        None => {
            let words = format!("Picture: {alternative}");
            html::span().class("md-picture muted").title(target.clone()).child(words).into_any()
        }
    }
}
