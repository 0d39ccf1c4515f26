//! Another writer's habits: keys in another order, keys of its own, other spellings of the same values.

use super::layout::Node;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// One thing that a writer does otherwise.
#[derive(Debug, Clone)]
pub enum Noise {
    /// An unknown member, in some object, at some position.
    Unknown { object: Index, place: Index, key: &'static str, value: &'static str },
    /// A repeated member, whose first value does not count.
    Duplicate { object: Index, member: Index, value: &'static str },
    /// A number spelt in another way.
    Number { scalar: Index, spelling: Index },
    /// A letter of a text written as an escape.
    Escape { scalar: Index, letter: Index },
}

const KEYS: [&str; 9] = [
    r#""note""#,
    r#""__proto__""#,
    r#""constructor""#,
    r#""""#,
    "\"überschrift \u{202e}\u{1F419}\"",
    r#""esc\u0061ped\n""#,
    r#""\ud800""#,
    r#""x.y""#,
    r#"" ""#,
];

const VALUES: [&str; 12] = [
    "null",
    "0.00",
    "-0",
    "1e3",
    "9007199254740993123",
    "1E-400",
    r#""\ud83d\udc19 \/ \u00e9 é""#,
    r#""\ud800""#,
    "[]",
    "{}",
    r#"[1, [2.50, {"deep": [null]}]]"#,
    r#"{"status": "complete", "a": {"current_stage": "complete"}, "a": 2}"#,
];

pub fn noise() -> impl Strategy<Value = Noise> {
    prop_oneof![
        3 => (any::<Index>(), any::<Index>(), select(&KEYS[..]), select(&VALUES[..]))
            .prop_map(|(object, place, key, value)| Noise::Unknown { object, place, key, value }),
        1 => (any::<Index>(), any::<Index>(), select(&VALUES[..]))
            .prop_map(|(object, member, value)| Noise::Duplicate { object, member, value }),
        2 => (any::<Index>(), any::<Index>()).prop_map(|(scalar, spelling)| Noise::Number { scalar, spelling }),
        2 => (any::<Index>(), any::<Index>()).prop_map(|(scalar, letter)| Noise::Escape { scalar, letter }),
    ]
}

/// Reorders every object's members by `order`, and does each of `noise`.
pub fn disguise(tree: &mut Node, order: u64, noise: &[Noise]) {
    let mut order = order;
    if !order.is_multiple_of(4) {
        reorder(tree, &mut order);
    }
    for noise in noise {
        match noise {
            Noise::Unknown { object, place, key, value } => with_one(tree, *object, &is_object, &|node| {
                let Node::Object(members) = node else { return };
                // A name that is there already would be a duplicate, and count.
                if members.iter().all(|(name, _)| name != key) {
                    members.insert(place.index(members.len() + 1), ((*key).to_owned(), Node::parse(value)));
                }
            }),
            Noise::Duplicate { object, member, value } => with_one(tree, *object, &is_object, &|node| {
                let Node::Object(members) = node else { return };
                if !members.is_empty() {
                    let key = members[member.index(members.len())].0.clone();
                    members.insert(0, (key, Node::parse(value)));
                }
            }),
            Noise::Number { scalar, spelling } => {
                let number =
                    |node: &Node| matches!(node, Node::Scalar(text) if text.starts_with(|c: char| c.is_ascii_digit()));
                with_one(tree, *scalar, &number, &|node| respell(node, *spelling));
            }
            Noise::Escape { scalar, letter } => {
                let plain = |node: &Node| {
                    let fits = |text: &str| text.starts_with('"') && text.is_ascii() && !text.contains('\\');
                    matches!(node, Node::Scalar(text) if text.len() > 2 && fits(text))
                };
                with_one(tree, *scalar, &plain, &|node| {
                    let Node::Scalar(text) = node else { return };
                    let at = 1 + letter.index(text.len() - 2);
                    let escape = format!("\\u{:04X}", text.as_bytes()[at]);
                    text.replace_range(at..=at, &escape);
                });
            }
        }
    }
}

fn is_object(node: &Node) -> bool {
    matches!(node, Node::Object(_))
}

fn respell(number: &mut Node, spelling: Index) {
    let Node::Scalar(number) = number else { return };
    if number.contains(['e', 'E']) {
        return;
    }
    let whole = !number.contains('.');
    let mut spellings = vec![format!("{number}e0"), format!("{number}E+00")];
    spellings.push(if whole { format!("{number}.000") } else { format!("{number}0") });
    if number.parse() == Ok(0.0) {
        spellings.extend(["-0", "0e7", "0"].map(str::to_owned));
    }
    *number = spellings.swap_remove(spelling.index(spellings.len()));
}

fn reorder(node: &mut Node, order: &mut u64) {
    let items: Vec<&mut Node> = match node {
        Node::Scalar(_) => return,
        Node::Array(items) => items.iter_mut().collect(),
        Node::Object(items) => {
            for at in (1..items.len()).rev() {
                *order = order.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                items.swap(at, (*order >> 33) as usize % (at + 1));
            }
            items.iter_mut().map(|(_, item)| item).collect()
        }
    };
    items.into_iter().for_each(|item| reorder(item, order));
}

/// Does `act` to one of the nodes that `fits`.
fn with_one(tree: &mut Node, pick: Index, fits: &dyn Fn(&Node) -> bool, act: &dyn Fn(&mut Node)) {
    let mut count = 0;
    visit(tree, &mut |node| count += usize::from(fits(node)));
    if count == 0 {
        return;
    }
    let (picked, mut at) = (pick.index(count), 0);
    visit(tree, &mut |node| {
        if fits(node) {
            if at == picked {
                act(node);
            }
            at += 1;
        }
    });
}

/// Visits a node after its children, so that nodes that `each` adds are not visited.
fn visit(node: &mut Node, each: &mut dyn FnMut(&mut Node)) {
    match node {
        Node::Scalar(_) => {}
        Node::Array(items) => items.iter_mut().for_each(|item| visit(item, each)),
        Node::Object(items) => items.iter_mut().for_each(|(_, item)| visit(item, each)),
    }
    each(node);
}
