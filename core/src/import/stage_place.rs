//! The places of a sample's stages, found from values of one stage that a person points at.

use super::meaning::Meaning;
use super::pattern::Pattern;
use super::sample::{children, find, parts, unescaped};
use crate::document::{Document, Kind, NodeId, ROOT};
use crate::names::same_name;

/// A place of stages in a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StagePlace {
    /// Each member of an object, or each element of a list, is a stage, but for those of some names; of an element, the
    /// key of its name.
    Members { container: String, name: Option<String>, except: Vec<String> },
    /// Keys of an object that have a part in common, such as `draft_status`, and the names that are no stages.
    Keys { container: String, pattern: String, except: Vec<String> },
    /// A list of names; its key is the word for how these stages stand.
    Names { list: String, word: String },
    /// The file tells of one stage.
    File,
}

/// A value of a stage that is pointed at.
#[derive(Debug, Clone)]
pub(super) struct StageValue {
    pub(super) meaning: Meaning,
    pub(super) pointer: String,
    pub(super) place: StagePlace,
    /// The path of the value from a stage on; from the root for a file of one stage.
    pub(super) inner: String,
}

impl StagePlace {
    /// The path of every stage; none for a file of one stage.
    pub(super) fn each(&self) -> Option<String> {
        match self {
            StagePlace::Members { container, .. } | StagePlace::Keys { container, .. } => {
                Some(format!("{container}/*"))
            }
            StagePlace::Names { list, .. } => Some(format!("{list}/*")),
            StagePlace::File => None,
        }
    }
}

impl StageValue {
    /// The values of all stages in a sample.
    pub(super) fn nodes(&self, document: &Document) -> Vec<NodeId> {
        let members = |pointer: &str| find(document, ROOT, &parts(pointer)).map(|node| children(document, node));
        match &self.place {
            StagePlace::Members { container, .. } => {
                let inner: Vec<&str> = self.inner.split('/').filter(|step| !step.is_empty()).collect();
                let members = members(container).unwrap_or_default();
                members.into_iter().filter_map(|(_, child)| find(document, child, &inner)).collect()
            }
            StagePlace::Keys { container, pattern, except } => {
                let members = members(container).unwrap_or_default().into_iter();
                let is_stage = |key: &str| stem(pattern, key).is_some_and(|name| !except.contains(&name));
                members.filter(|(key, _)| is_stage(&unescaped(key))).map(|(_, child)| child).collect()
            }
            StagePlace::Names { .. } => Vec::new(),
            StagePlace::File => find(document, ROOT, &parts(&self.pointer)).into_iter().collect(),
        }
    }
}

/// Finds the place of each value of a stage that is pointed at.
pub(super) fn stage_values(document: &Document, points: &[(Meaning, String)]) -> Vec<StageValue> {
    let of_stages = || points.iter().filter(|(meaning, _)| meaning.is_of_stage());
    let of_file = of_stages().any(|(meaning, pointer)| {
        let node = find(document, ROOT, &parts(pointer));
        let is_list = node.is_some_and(|node| document.kind(node) == Kind::Array);
        *meaning == Meaning::StageName && parts(pointer).len() == 1 && !is_list
    });
    let mut values: Vec<StageValue> = Vec::new();
    for (meaning, pointer) in of_stages() {
        let value =
            |place: StagePlace, inner: String| StageValue { meaning: *meaning, pointer: pointer.clone(), place, inner };
        let steps = parts(pointer);
        let found = if let Some(place) = names(document, *meaning, pointer, &steps) {
            value(place, String::new())
        } else if of_file {
            value(StagePlace::File, pointer.clone())
        } else if let Some((place, inner)) = values.iter().find_map(|known| beside(document, known, &steps)) {
            value(place, inner)
        } else {
            let Some((place, inner)) = place(document, *meaning, &steps) else { continue };
            value(place, inner)
        };
        values.push(found);
    }
    leave_out(document, points, &mut values);
    values
}

/// The list of names that a value is in, or is.
fn names(document: &Document, meaning: Meaning, pointer: &str, steps: &[&str]) -> Option<StagePlace> {
    if !matches!(meaning, Meaning::StageName | Meaning::StageStatus) {
        return None;
    }
    let is_list = |steps: &[&str]| {
        let node = find(document, ROOT, steps).filter(|node| document.kind(*node) == Kind::Array);
        node.is_some_and(|node| document.elements(node).all(|element| document.kind(element) == Kind::String))
    };
    let (_, list) = steps.split_last()?;
    let (list, key) = if is_list(steps) {
        (pointer, steps.last()?)
    } else if is_list(list) {
        (pointer.rsplit_once('/')?.0, list.last()?)
    } else {
        return None;
    };
    Some(StagePlace::Names { list: list.to_owned(), word: unescaped(key) })
}

/// The place of a value in a stage of which another value is known.
fn beside(document: &Document, known: &StageValue, steps: &[&str]) -> Option<(StagePlace, String)> {
    let StagePlace::Members { container, .. } = &known.place else { return None };
    let container = parts(container);
    let (stage, inner) = (steps.get(..=container.len())?, steps.get(container.len() + 1..)?);
    let own: Vec<&str> = known.inner.split('/').filter(|step| !step.is_empty()).collect();
    let is_stage = stage.starts_with(&container)
        && find(document, ROOT, stage).is_some_and(|node| find(document, node, &own).is_some());
    is_stage.then(|| (known.place.clone(), inner.join("/")))
}

/// The place of a value of a stage alone: the object or list whose members are alike, else keys with a common part.
fn place(document: &Document, meaning: Meaning, steps: &[&str]) -> Option<(StagePlace, String)> {
    let (key, parent) = steps.split_last()?;
    let alike = |depth: usize| {
        let (container, rest) = (steps.get(..depth).unwrap_or_default(), steps.get(depth + 1..).unwrap_or_default());
        let members = find(document, ROOT, container).map(|node| children(document, node)).unwrap_or_default();
        members.iter().filter(|(_, child)| find(document, *child, rest).is_some()).count()
    };
    // Of the containers around what holds the value the one with the most stages, the outermost of several. The members
    // of the root are stages only if nothing below can be the stages.
    let around = (1..parent.len()).rev().max_by_key(|depth| alike(*depth)).filter(|depth| alike(*depth) > 1);
    let root = || Some(0).filter(|_| !parent.is_empty() && alike(0) > 1);
    // In a sample of one stage, a key that only says what it is belongs to the stage.
    let one = || parent.len().checked_sub(1).filter(|_| says(meaning, &unescaped(key)));
    if let Some(depth) = around.or_else(root).or_else(one) {
        return members(document, steps, depth);
    }
    keys(document, meaning, &unescaped(key), parent).or_else(|| members(document, steps, parent.len()))
}

fn members(document: &Document, steps: &[&str], depth: usize) -> Option<(StagePlace, String)> {
    let (container, inner) = (steps.get(..depth)?, steps.get(depth + 1..)?);
    let node = find(document, ROOT, container)?;
    let first = document.elements(node).next();
    // Beside stages at the root stand the parts of the session.
    let others = children(document, node).into_iter().filter(|(_, child)| find(document, *child, inner).is_none());
    let except = if depth == 0 { others.map(|(key, _)| unescaped(&key)).collect() } else { Vec::new() };
    let name = first.map(|first| name_key(document, first).unwrap_or_default());
    let container = container.iter().map(|step| format!("/{step}")).collect();
    Some((StagePlace::Members { container, name, except }, inner.join("/")))
}

/// The keys beside one that have a part in common with it: the part that says the meaning, else the most frequent.
fn keys(document: &Document, meaning: Meaning, key: &str, parent: &[&str]) -> Option<(StagePlace, String)> {
    let node = find(document, ROOT, parent).filter(|node| document.kind(*node) == Kind::Object)?;
    let beside: Vec<String> = children(document, node).iter().map(|(key, _)| unescaped(key)).collect();
    let count = |pattern: &str| beside.iter().filter(|key| stem(pattern, key).is_some()).count();
    let says = |fixed: &str| words(fixed).iter().any(|word| says(meaning, word));
    let best = affixes(key)
        .into_iter()
        .map(|(pattern, fixed)| (says(&fixed), count(&pattern), pattern))
        .filter(|(says, count, _)| *says || parent.is_empty() && *count > 1)
        .rev()
        .max_by_key(|(says, count, _)| (*says, *count))?;
    let container = parent.iter().map(|step| format!("/{step}")).collect();
    Some((StagePlace::Keys { container, pattern: best.2, except: Vec::new() }, String::new()))
}

/// Leaves out the keys that belong to the session, and those that have no status where others have one.
fn leave_out(document: &Document, points: &[(Meaning, String)], values: &mut [StageValue]) {
    let of_session: Vec<&str> =
        points.iter().filter(|(meaning, _)| !meaning.is_of_stage()).map(|(_, pointer)| pointer.as_str()).collect();
    let stems = |place: &StagePlace, wanted: &dyn Fn(&str, &str) -> bool| -> Vec<String> {
        let StagePlace::Keys { container, pattern, .. } = place else { return Vec::new() };
        let node = find(document, ROOT, &parts(container));
        let members = node.map(|node| children(document, node)).unwrap_or_default();
        let stem =
            |key: &str| stem(pattern, &unescaped(key)).filter(|name| wanted(name, &format!("{container}/{key}")));
        members.iter().filter_map(|(key, _)| stem(key)).collect()
    };
    let statuses = values.iter().filter(|value| value.meaning == Meaning::StageStatus);
    let known: Vec<String> =
        statuses.flat_map(|value| stems(&value.place, &|_, pointer| !of_session.contains(&pointer))).collect();
    for value in values {
        let is_status = value.meaning == Meaning::StageStatus;
        let is_left_out = |name: &str, pointer: &str| {
            of_session.contains(&pointer) || !is_status && !known.is_empty() && !known.iter().any(|known| known == name)
        };
        let left_out = stems(&value.place, &is_left_out);
        if let StagePlace::Keys { except, .. } = &mut value.place {
            *except = left_out;
        }
    }
}

/// The part of a key that a pattern captures.
fn stem(pattern: &str, key: &str) -> Option<String> {
    Pattern::parse(pattern).ok()?.matches(key)?.text.map(str::to_owned)
}

/// The patterns of a key with a part that others may have in common: each with the part, the ends before the starts.
fn affixes(key: &str) -> Vec<(String, String)> {
    let mut affixes = Vec::new();
    if key.contains(['*', '{', '}']) {
        return affixes;
    }
    let cuts = cuts(key);
    for (_, after) in &cuts {
        let start = key.get(..*after).unwrap_or_default();
        let end = key.get(start.trim_end_matches(is_joint).len()..).unwrap_or_default();
        affixes.push((format!("{{}}{end}"), end.to_owned()));
    }
    for (before, after) in cuts {
        let start = key.get(..after).unwrap_or_default();
        affixes.push((format!("{start}{{}}"), key.get(..before).unwrap_or_default().to_owned()));
    }
    affixes
}

fn is_joint(letter: char) -> bool {
    matches!(letter, '_' | '-' | '.' | ' ' | ':')
}

/// The ends of each word of a key but the last, and the starts of the words after them.
fn cuts(key: &str) -> Vec<(usize, usize)> {
    let mut cuts = Vec::new();
    let letters: Vec<(usize, char)> = key.char_indices().collect();
    for (at, pair) in letters.windows(2).enumerate() {
        let [(start, one), (next, other)] = pair else { continue };
        if is_joint(*one) && !is_joint(*other) && at > 0 {
            let before = key.get(..*start).unwrap_or_default().trim_end_matches(is_joint).len();
            if before > 0 {
                cuts.push((before, *next));
            }
        } else if one.is_lowercase() && other.is_uppercase() {
            cuts.push((*next, *next));
        }
    }
    cuts
}

fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut from = 0;
    for (before, after) in cuts(text) {
        words.extend(text.get(from..before).map(str::to_owned));
        from = after;
    }
    words.extend(text.get(from..).map(str::to_owned));
    words.iter().map(|word| word.trim_matches(is_joint).to_owned()).collect()
}

/// True if a key is a usual one for a meaning.
fn says(meaning: Meaning, key: &str) -> bool {
    let usual: &[&str] = match meaning {
        Meaning::StageName => &["name", "stage", "step", "phase"],
        Meaning::StageStatus => {
            &["status", "state", "done", "ok", "complete", "completed", "finished", "result", "progress", "ready"]
        }
        Meaning::StageStarted => &["started", "start", "began", "begin", "from", "started_at", "start_time"],
        Meaning::StageEnded => {
            &["ended", "end", "finished", "completed", "until", "at", "date", "time", "completed_at", "end_time"]
        }
        Meaning::StageCost => &["cost", "costs", "price", "spent", "spend", "amount", "usd", "dollars", "cents"],
        Meaning::StageAgent => &["agent", "by", "who", "owner", "assignee"],
        Meaning::StageError => &["error", "errors", "failure", "reason", "message"],
        Meaning::StageOutputs => &["output", "outputs", "file", "files", "path", "result"],
        Meaning::StageScore => &["score", "quality", "rating", "grade"],
        _ => &[],
    };
    usual.iter().any(|usual| same_name(usual, key))
}

/// The key of a list element's name: one that is called so, else its first text.
fn name_key(document: &Document, element: NodeId) -> Option<String> {
    let texts: Vec<String> = children(document, element)
        .into_iter()
        .filter(|(_, value)| document.kind(*value) == Kind::String)
        .map(|(key, _)| key)
        .collect();
    let named = ["name", "stage", "step", "phase", "id", "key", "title", "label"];
    let known = named.iter().find_map(|name| texts.iter().find(|key| same_name(name, key)));
    known.or(texts.first()).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_the_parts_of_its_words() {
        let patterns = |key: &str| affixes(key).into_iter().map(|(pattern, _)| pattern).collect::<Vec<_>>();
        assert_eq!(patterns("mix"), [""; 0]);
        assert_eq!(patterns("draft_status"), ["{}_status", "draft_{}"]);
        assert_eq!(patterns("draftStatus"), ["{}Status", "draft{}"]);
        assert_eq!(patterns("first-draft.status"), ["{}-draft.status", "{}.status", "first-{}", "first-draft.{}"]);
        assert_eq!(patterns("_draft"), [""; 0]);
        assert_eq!(patterns("draft_"), [""; 0]);
        assert_eq!(patterns("a__b"), ["{}__b", "a__{}"]);
        assert_eq!(patterns("a{}_b"), [""; 0]);
        assert_eq!(words("_firstDraft_status"), ["first", "Draft", "status"]);
    }
}
