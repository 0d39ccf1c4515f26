//! The bars of a timeline.
use super::layout::top;
use super::layout::{BAR, Block};
use crate::platform::row_template::Slot::{Attribute, Content};
use crate::platform::row_template::{Node, Row, node};
use leptos::prelude::*;
use std::borrow::Cow;

/// A number of pixels, to the hundredth.
#[allow(clippy::unnecessary_wraps)]
fn pixels(number: f64) -> Option<Cow<'static, str>> {
    Some(((number * 100.0).round() / 100.0).to_string().into())
}

#[allow(clippy::unnecessary_wraps)]
fn count(number: usize) -> Option<Cow<'static, str>> {
    Some(number.to_string().into())
}

impl Row for Block {
    const TEMPLATE: Node<Self> = node!("g"
        [
            Attribute("class", |bar| Some(if bar.derived { "bar bar-derived" } else { "bar" }.into())),
            Attribute("data-state", |bar| Some(bar.colour.into())),
            Attribute("data-lane", |bar| count(bar.lane)),
            Attribute("data-bar", |bar| count(bar.bar)),
            Attribute("data-count", |bar| count(bar.count)),
            Content(label),
        ]
        {
            node!("rect" ("class" = "bar-body", "height" = "24", "rx" = "3") [
                Attribute("x", |bar| pixels(bar.x)),
                Attribute("y", |bar| pixels(top(bar.lane))),
                Attribute("width", |bar| pixels(bar.width)),
            ]),
            node!("rect" ("class" = "bar-edge", "width" = "3", "height" = "24", "rx" = "1.5") [
                Attribute("x", |bar| pixels(bar.x)),
                Attribute("y", |bar| pixels(top(bar.lane))),
            ]),
        }
    );

    fn key(&self) -> Cow<'_, str> {
        format!("{} {}", self.lane, self.bar).into()
    }
}

/// The words on a bar, or beside it on a ground of their own.
fn label(bar: &Block) -> AnyView {
    let Some(label) = &bar.label else { return ().into_any() };
    let y = top(bar.lane);
    let beside = bar.beside();
    let class = if beside.is_some() { "bar-label bar-label-beside" } else { "bar-label" };
    let ground = beside.map(|(x, width)| {
        view! { <rect class="bar-ground" height="20" x=pixels(x) y=pixels(y + 2.0) width=pixels(width)></rect> }
    });
    view! {
        {ground}
        <text class=class x=pixels(label.x) y=pixels(y + BAR / 2.0 + 4.0)>{label.text.clone()}</text>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_says_how_high_a_bar_is() {
        for part in Block::TEMPLATE.children {
            assert!(part.attributes.contains(&("height", BAR.to_string().as_str())));
        }
    }
}
