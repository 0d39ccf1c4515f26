//! Shapes made by pointing at values: a draft becomes a definition.

use super::meaning::Meaning;
use super::read::same_word;
use super::sample::{find, parts, unescaped};
use super::shape::{ForeignStatus, Shape};
use super::stage_place::{StagePlace, StageValue, stage_values};
use crate::ParseError;
use crate::document::{Document, Kind, NodeId, ROOT, quote};

/// Shape that is being taught: values of a sample file with their meanings.
///
/// ```
/// use callboard_core::import::{ForeignStatus, Meaning, Shape, ShapeDraft, Shapes, assemble};
/// let sample = r#"{"show": "Tides", "acts": {"pitch": {"state": "fertig"}, "cast": {"state": "offen"}}}"#;
/// let mut draft = ShapeDraft::new("plays", "Radio plays");
/// draft.point(Meaning::Topic, "/show");
/// draft.point(Meaning::StageStatus, "/acts/pitch/state");
/// assert_eq!(draft.unknown_words(sample).unwrap(), ["fertig", "offen"]);
/// draft.mean("fertig", ForeignStatus::Complete);
/// draft.mean("offen", ForeignStatus::NotStarted);
/// draft.lists_every_stage = true;
/// let shape = Shape::parse(draft.definition("a.json", sample).unwrap()).unwrap();
/// let import = assemble(vec![Shapes::built_in().with(vec![shape]).read("a.json", sample.as_bytes())]);
/// assert_eq!(import.sessions[0].progress.as_ref().unwrap().value.percent, Some(50.0));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShapeDraft {
    /// Name of the shape: lower-case letters, digits and hyphens.
    pub name: String,
    /// Title for people.
    pub title: String,
    /// True if a file of the shape lists every stage, so that a percentage follows from the complete ones.
    pub lists_every_stage: bool,
    points: Vec<(Meaning, String)>,
    words: Vec<(String, ForeignStatus)>,
}

impl ShapeDraft {
    /// Starts a draft without values.
    ///
    /// See the example at [`ShapeDraft`].
    pub fn new(name: impl Into<String>, title: impl Into<String>) -> ShapeDraft {
        ShapeDraft { name: name.into(), title: title.into(), ..ShapeDraft::default() }
    }

    /// Says the meaning of a value by its pointer in the outline; an empty pointer is the name of the file's folder, for
    /// an id or an episode's number. A value has one meaning: a new one replaces the old.
    ///
    /// A value of one stage stands for all stages: those beside it in an object or a list, or under keys with a part in
    /// common, such as `scout_status` and `draft_status`. For lists of names, such as `"done": ["scout"]`, a name in each
    /// list is pointed at; the list's key is the word for how these stages stand. A name and a status at the root are of
    /// the one stage that the file tells of.
    ///
    /// See the example at [`ShapeDraft`].
    pub fn point(&mut self, meaning: Meaning, pointer: impl Into<String>) {
        let pointer = pointer.into();
        self.remove(&pointer);
        self.points.push((meaning, pointer));
    }

    /// Removes the meaning of a value.
    ///
    /// ```
    /// use callboard_core::import::{Meaning, ShapeDraft};
    /// let mut draft = ShapeDraft::new("a", "A");
    /// draft.point(Meaning::Topic, "/show");
    /// draft.remove("/show");
    /// assert_eq!(draft.points().len(), 0);
    /// ```
    pub fn remove(&mut self, pointer: &str) {
        self.points.retain(|(_, known)| known != pointer);
    }

    /// The values with their meanings.
    ///
    /// See the example at [`ShapeDraft::remove`].
    pub fn points(&self) -> &[(Meaning, String)] {
        &self.points
    }

    /// Says the meaning of a word of a status.
    ///
    /// See the example at [`ShapeDraft`].
    pub fn mean(&mut self, word: impl Into<String>, status: ForeignStatus) {
        let word = word.into();
        self.words.retain(|(known, _)| *known != word);
        self.words.push((word, status));
    }

    /// The words of statuses with their meanings.
    ///
    /// ```
    /// use callboard_core::import::{ForeignStatus, ShapeDraft};
    /// let mut draft = ShapeDraft::new("a", "A");
    /// draft.mean("fertig", ForeignStatus::Complete);
    /// assert_eq!(draft.words(), [("fertig".to_owned(), ForeignStatus::Complete)]);
    /// ```
    pub fn words(&self) -> &[(String, ForeignStatus)] {
        &self.words
    }

    /// The words of statuses in a sample that have no meaning yet, in the order of the file.
    ///
    /// # Errors
    /// The errors of text that is not JSON.
    ///
    /// See the example at [`ShapeDraft`].
    pub fn unknown_words(&self, sample: &str) -> Result<Vec<String>, ParseError> {
        let document = Document::parse(sample.to_owned())?;
        let mut words: Vec<String> = Vec::new();
        let mut add = |text: String| {
            let known = self.status_of(&text).is_some() || words.contains(&text);
            if !text.is_empty() && !known {
                words.push(text);
            }
        };
        let word = |node: NodeId| match document.kind(node) {
            Kind::String => document.string(node).unwrap_or_default().trim().to_owned(),
            Kind::True | Kind::False | Kind::Number => document.raw(node).to_owned(),
            _ => String::new(),
        };
        let values = stage_values(&document, &self.points);
        for (meaning, pointer) in &self.points {
            match meaning {
                Meaning::State => add(find(&document, ROOT, &parts(pointer)).map(word).unwrap_or_default()),
                Meaning::StageStatus | Meaning::StageName => {
                    for value in values.iter().filter(|value| value.pointer == *pointer) {
                        match &value.place {
                            StagePlace::Names { word, .. } => add(word.clone()),
                            _ if *meaning == Meaning::StageName => {}
                            _ => value.nodes(&document).into_iter().map(word).for_each(&mut add),
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(words)
    }

    /// The status that a word means.
    fn status_of(&self, word: &str) -> Option<ForeignStatus> {
        self.words.iter().find(|(known, _)| same_word(known, word)).map(|(_, status)| *status)
    }

    /// The definition of the shape as JSON, by the sample at a path: a value of one stage is read in all stages beside it.
    ///
    /// # Errors
    /// The errors of text that is not JSON. [`Shape::parse`] says what a definition lacks.
    ///
    /// See the example at [`ShapeDraft`].
    pub fn definition(&self, path: &str, sample: &str) -> Result<String, ParseError> {
        let document = Document::parse(sample.to_owned())?;
        let values = stage_values(&document, &self.points);
        let mut has: Vec<(String, &str)> = Vec::new();
        let mut fields: Vec<(&str, Vec<String>)> = Vec::new();
        let mut scores: Vec<String> = Vec::new();
        for (meaning, pointer) in self.points.iter().filter(|(meaning, _)| !meaning.is_of_stage()) {
            if pointer.is_empty() {
                let source = match meaning {
                    Meaning::Episode => format!("{{\"folder\": {}}}", quote(&numbered(folder(path)))),
                    _ => "{\"folder\": \"{}\"}".to_owned(),
                };
                add(&mut fields, meaning.name(), source);
            } else if *meaning == Meaning::Score {
                let name = unescaped(parts(pointer).last().unwrap_or(&"score"));
                scores.push(format!("{}: {}", quote(&name), quote(pointer)));
            } else {
                add(&mut fields, meaning.name(), quote(pointer));
                if meaning.recognises() {
                    has.push((pointer.clone(), "any"));
                }
            }
        }
        let mut places: Vec<&StagePlace> = Vec::new();
        for value in &values {
            has.extend(recognised(value));
            if !places.contains(&&value.place) {
                places.push(&value.place);
            }
        }
        let of_place = |place: &&StagePlace| {
            let values: Vec<&StageValue> = values.iter().filter(|value| value.place == **place).collect();
            self.stage_group(place, &values)
        };
        let groups: Vec<String> = places.iter().map(of_place).collect();
        if has.is_empty() {
            // Any value that is pointed at is better than none.
            has.extend(self.points.iter().filter(|(_, at)| !at.is_empty()).map(|(_, at)| (at.clone(), "any")));
        }
        let kind = if places.contains(&&StagePlace::File) { "part" } else { "session" };
        let mut lines = vec![
            format!("\"name\": {}", quote(&self.name)),
            format!("\"title\": {}", quote(&self.title)),
            "\"version\": 1".to_owned(),
            format!("\"kind\": \"{kind}\""),
        ];
        let mut seen: Vec<String> = Vec::new();
        has.retain(|(path, _)| {
            let is_new = !seen.contains(path);
            seen.push(path.clone());
            is_new
        });
        let has: Vec<String> = has.iter().map(|(path, kind)| format!("{}: \"{kind}\"", quote(path))).collect();
        lines.push(format!("\"recognise\": {{\"has\": {{{}}}}}", has.join(", ")));
        if !self.words.is_empty() {
            let words: Vec<String> =
                self.words.iter().map(|(word, status)| format!("{}: \"{status}\"", quote(word))).collect();
            lines.push(format!("\"words\": {{{}}}", words.join(", ")));
        }
        lines.extend(fields.iter().map(|(key, sources)| format!("\"{key}\": [{}]", sources.join(", "))));
        if !groups.is_empty() {
            lines.push(format!("\"stages\": [{}]", groups.join(", ")));
            if self.lists_every_stage {
                lines.push("\"whole\": true".to_owned());
            }
        }
        if !scores.is_empty() {
            lines.push(format!("\"scores\": {{{}}}", scores.join(", ")));
        }
        Ok(format!("{{\n  {}\n}}\n", lines.join(",\n  ")))
    }

    /// The group of a definition for the stages of one place.
    fn stage_group(&self, place: &StagePlace, values: &[&StageValue]) -> String {
        let mut members: Vec<String> =
            place.each().map(|each| format!("\"each\": {}", quote(&each))).into_iter().collect();
        let mut fields: Vec<(&str, Vec<String>)> = Vec::new();
        if let StagePlace::Members { except, .. } | StagePlace::Keys { except, .. } = place
            && !except.is_empty()
        {
            let except: Vec<String> = except.iter().map(|name| quote(name)).collect();
            members.push(format!("\"except\": [{}]", except.join(", ")));
        }
        match place {
            StagePlace::Members { name: Some(name), .. }
                if !values.iter().any(|value| value.meaning == Meaning::StageName) =>
            {
                add(&mut fields, "name", quote(name));
            }
            StagePlace::Members { .. } | StagePlace::File => {}
            StagePlace::Keys { pattern, .. } => add(&mut fields, "name", format!("{{\"key\": {}}}", quote(pattern))),
            StagePlace::Names { word, .. } => {
                add(&mut fields, "name", quote(""));
                if let Some(status) = self.status_of(word) {
                    let because = quote(&format!("Its name is in the list {}.", quote(word)));
                    add(&mut fields, "status", format!("{{\"is\": \"{status}\", \"because\": {because}}}"));
                }
            }
        }
        let mut scores: Vec<String> = Vec::new();
        for value in values {
            let is_named = matches!(place, StagePlace::Keys { .. }) && value.meaning == Meaning::StageName;
            let Some(key) = value.meaning.stage_key().filter(|_| !is_named) else { continue };
            if matches!(place, StagePlace::Names { .. }) {
                continue;
            }
            if value.meaning == Meaning::StageScore {
                let name = unescaped(value.inner.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or("score"));
                scores.push(format!("{}: {}", quote(&name), quote(&value.inner)));
            } else {
                add(&mut fields, key, quote(&value.inner));
            }
        }
        members.extend(fields.iter().map(|(key, sources)| format!("\"{key}\": [{}]", sources.join(", "))));
        if !scores.is_empty() {
            members.push(format!("\"scores\": {{{}}}", scores.join(", ")));
        }
        format!("{{{}}}", members.join(", "))
    }
}

/// The paths that a value of stages recognises a file by, with the kinds of their values.
fn recognised(value: &StageValue) -> Vec<(String, &'static str)> {
    let is_status = value.meaning == Meaning::StageStatus;
    let mut has = Vec::new();
    match &value.place {
        StagePlace::Members { container, name, .. } => {
            if is_status {
                let inner = if value.inner.is_empty() { String::new() } else { format!("/{}", value.inner) };
                has.push((format!("{container}/*{inner}"), "any"));
            }
            if !container.is_empty() {
                has.push((container.clone(), if name.is_some() { "list" } else { "object" }));
            }
        }
        StagePlace::Keys { .. } if is_status => has.push((value.pointer.clone(), "any")),
        StagePlace::Keys { .. } => {}
        StagePlace::Names { list, .. } => has.push((list.clone(), "list")),
        StagePlace::File if is_status || value.meaning == Meaning::StageName => {
            has.push((value.pointer.clone(), "any"));
        }
        StagePlace::File => {}
    }
    has
}

fn add<'a>(to: &mut Vec<(&'a str, Vec<String>)>, key: &'a str, source: String) {
    match to.iter_mut().find(|(known, _)| *known == key) {
        Some((_, sources)) => sources.push(source),
        None => to.push((key, vec![source])),
    }
}

/// The name of a file's folder.
fn folder(path: &str) -> &str {
    path.rsplit(['/', '\\']).nth(1).unwrap_or_default()
}

/// A folder's name as a pattern whose first run of digits is captured.
fn numbered(name: &str) -> String {
    let Some(start) = name.find(|letter: char| letter.is_ascii_digit()) else { return "*{#}".to_owned() };
    let (before, rest) = name.split_at(start);
    let after = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    // What follows the number, such as a date, differs from folder to folder.
    format!("{before}{{#}}{}", if after.is_empty() { "" } else { "*" })
}

impl Shape {
    /// The file name for an export of the definition.
    ///
    /// ```
    /// use callboard_core::import::Shapes;
    /// assert_eq!(Shapes::built_in().iter().find(|shape| shape.name() == "phases").unwrap().file_name(),
    ///     "phases.callboard-shape.json");
    /// ```
    pub fn file_name(&self) -> String {
        format!("{}{}", self.name(), Shape::FILE_END)
    }
}
