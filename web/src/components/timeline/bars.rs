//! The bars of a timeline: what is written where.
use super::drawing::top;
use super::layout::{BAR, Block};
use crate::platform::pattern::Place::{Attribute, Text};
use crate::platform::pattern::{Tag, Value};

/// A bar's own places, in the order of its values.
const OWN: &[crate::platform::pattern::Place] = &[
    Attribute("class"),
    Attribute("data-state"),
    Attribute("data-lane"),
    Attribute("data-bar"),
    Attribute("data-count"),
];
const BODY: Tag = Tag {
    name: "rect",
    fixed: &[("class", "bar-body"), ("height", "24"), ("rx", "3")],
    values: &[Attribute("x"), Attribute("y"), Attribute("width")],
    inside: &[],
};
const EDGE: Tag = Tag {
    name: "rect",
    fixed: &[("class", "bar-edge"), ("width", "3"), ("height", "24"), ("rx", "1.5")],
    values: &[Attribute("x"), Attribute("y")],
    inside: &[],
};
const GROUND: Tag = Tag {
    name: "rect",
    fixed: &[("class", "bar-ground"), ("height", "20")],
    values: &[Attribute("x"), Attribute("y"), Attribute("width")],
    inside: &[],
};
const LABEL: Tag =
    Tag { name: "text", fixed: &[], values: &[Attribute("class"), Attribute("x"), Attribute("y"), Text], inside: &[] };

/// The bars' patterns: one without a label, one with it on the bar, and one with it beside.
pub static PATTERNS: [Tag; 3] = [
    Tag { name: "g", fixed: &[], values: OWN, inside: &[BODY, EDGE] },
    Tag { name: "g", fixed: &[], values: OWN, inside: &[BODY, EDGE, LABEL] },
    Tag { name: "g", fixed: &[], values: OWN, inside: &[BODY, EDGE, GROUND, LABEL] },
];

/// The pattern of a bar, and what is written into it.
pub fn bar(block: &Block) -> (usize, Vec<Value>) {
    let y = top(block.lane);
    let number = |number: f64| Some(((number * 100.0).round() / 100.0).to_string().into());
    let count = |count: usize| Some(count.to_string().into());
    let class = if block.derived { "bar bar-derived" } else { "bar" };
    let mut values: Vec<Value> = vec![
        Some(class.into()),
        Some(block.colour.into()),
        count(block.lane),
        count(block.bar),
        count(block.count),
        number(block.x),
        number(y),
        number(block.width),
        number(block.x),
        number(y),
    ];
    let Some(label) = &block.label else { return (0, values) };
    let beside = block.beside();
    if let Some((x, width)) = beside {
        values.extend([number(x), number(y + 2.0), number(width)]);
    }
    let class = if beside.is_some() { "bar-label bar-label-beside" } else { "bar-label" };
    values.extend([Some(class.into()), number(label.x), number(y + BAR / 2.0 + 4.0), Some(label.text.clone().into())]);
    (if beside.is_some() { 2 } else { 1 }, values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::timeline::layout::Label;

    fn places(tag: &Tag) -> usize {
        tag.values.len() + tag.inside.iter().map(places).sum::<usize>()
    }

    #[test]
    fn every_place_of_a_pattern_has_its_value() {
        let mut block =
            Block { lane: 1, bar: 2, count: 3, x: 4.0, width: 50.0, colour: "failed", derived: false, label: None };
        let (plain, values) = bar(&block);
        assert_eq!(values.len(), places(&PATTERNS[plain]));
        block.label = Some(Label { text: "<b>".into(), x: 10.0 });
        let (labelled, values) = bar(&block);
        assert_eq!((plain, labelled), (0, 1));
        assert_eq!(values.len(), places(&PATTERNS[labelled]));
        block.label = Some(Label { text: "<b>".into(), x: 60.0 });
        let (beside, values) = bar(&block);
        assert_eq!(beside, 2);
        assert_eq!(values.len(), places(&PATTERNS[beside]));
        assert_eq!(values[13].as_deref(), Some("bar-label bar-label-beside"));
        // The patterns say how high a bar is.
        assert_eq!(BODY.fixed[1].1, BAR.to_string());
    }
}
