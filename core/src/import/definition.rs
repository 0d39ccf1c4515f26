//! Reading a shape's definition.

use super::path::ValuePath;
use super::pattern::Pattern;
use super::shape::{
    FieldSource, FieldSources, ForeignStatus, Recognise, ScoreField, Shape, ShapeFields, ShapeKind, StageGroup,
    StatusWords, Unit, ValueFrom, ValueKind,
};
use crate::document::{Document, Kind, NodeId, ROOT};
use crate::names::{closest, shorten};
use crate::{ParseError, ParseErrorCode, Stage};
use std::sync::Arc;

/// The keys of a definition.
pub(crate) const KEYS: [&str; 34] = [
    "$schema",
    "name",
    "title",
    "version",
    "kind",
    "recognise",
    "split",
    "covers",
    "words",
    "id",
    "episode",
    "topic",
    "state",
    "current_stage",
    "created",
    "updated",
    "completed",
    "cost",
    "stages_cost",
    "budget",
    "remaining",
    "percent",
    "stages_completed",
    "stages_total",
    "errors",
    "outputs",
    "stages",
    "order",
    "labels",
    "maps_to",
    "whole",
    "last",
    "scores",
    "marks",
];

/// The keys of a group of stages.
pub(crate) const STAGE_KEYS: [&str; 15] = [
    "each", "except", "name", "order", "status", "started", "ended", "duration", "cost", "budget", "attempts", "agent",
    "error", "outputs", "scores",
];

/// The keys of one source of a value.
pub(crate) const SOURCE_KEYS: [&str; 11] =
    ["at", "key", "folder", "file", "is", "because", "pattern", "unset", "scale", "unit", "words"];

/// The keys of what recognises a file.
pub(crate) const RECOGNISE_KEYS: [&str; 4] = ["file", "has", "lacks", "is"];

const VALUE_KINDS: [(&str, ValueKind); 7] = [
    ("any", ValueKind::Any),
    ("set", ValueKind::Set),
    ("object", ValueKind::Object),
    ("list", ValueKind::List),
    ("text", ValueKind::Text),
    ("number", ValueKind::Number),
    ("flag", ValueKind::Flag),
];

const UNITS: [(&str, Unit); 5] = [
    ("cents", Unit::Cents),
    ("fraction", Unit::Fraction),
    ("seconds", Unit::Seconds),
    ("minutes", Unit::Minutes),
    ("milliseconds", Unit::Milliseconds),
];

const STAGES: [(&str, Stage); 4] = [
    ("research", Stage::Research),
    ("writing", Stage::Writing),
    ("evaluation", Stage::Evaluation),
    ("synthesis", Stage::Synthesis),
];

impl Shape {
    /// Reads a definition.
    ///
    /// # Errors
    /// The codes of text that is not JSON, and `invalid_shape` for an unknown key, one that is given twice, one that is
    /// missing, or a value that its key cannot have: what is wrong, with line and column.
    ///
    /// See the example at [`Shape`].
    pub fn parse(text: impl Into<String>) -> Result<Shape, ParseError> {
        let document = Document::parse(text.into())?;
        let mut reader = DefinitionReader { document: &document, words: Arc::default(), slots: 0, split: false };
        let shape = reader.shape()?;
        Ok(Shape { text: document.text().to_owned(), ..shape })
    }
}

/// The paths that a field may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// From the root only.
    Root,
    /// From the root, or from an element or stage.
    Inner,
}

struct DefinitionReader<'a> {
    document: &'a Document,
    /// The pipeline's words for how a stage stands.
    words: Arc<StatusWords>,
    slots: u32,
    split: bool,
}

type Parsed<T> = Result<T, ParseError>;

impl DefinitionReader<'_> {
    #[cold]
    #[inline(never)]
    fn error(&self, at: NodeId, message: impl Into<String>) -> ParseError {
        let offset = self.document.node(at).start as usize;
        ParseError::new(ParseErrorCode::InvalidShape, message, self.document.text(), offset)
    }

    #[cold]
    #[inline(never)]
    fn wrong(&self, at: NodeId, name: &str, expected: &str) -> ParseError {
        let shown = match self.document.kind(at) {
            kind @ (Kind::Object | Kind::Array) => kind.name().to_owned(),
            _ => shorten(self.document.raw(at)),
        };
        self.error(at, format!("{name} must be {expected}, not {shown}"))
    }

    /// Refuses a value that is no object, keys that are none of `known`, and one that stands twice.
    fn object(&self, at: NodeId, of: &str, known: &[&str]) -> Parsed<()> {
        if self.document.kind(at) != Kind::Object {
            let subject = if of == "the shape" { "A shape" } else { of };
            return Err(self.wrong(at, subject, "an object"));
        }
        let mut seen = Vec::new();
        for (key, _) in self.document.members(at) {
            let name = self.document.string(key).unwrap_or_default();
            if !known.is_empty() && !known.contains(&&*name) {
                let meant = closest(&name, known.iter().copied());
                let meant = meant.map_or_else(
                    || format!("Known are {}", known.join(", ")),
                    |meant| format!("Did you mean \"{meant}\"?"),
                );
                return Err(self.error(key, format!("Unknown key \"{}\" in {of}. {meant}", shorten(&name))));
            }
            if seen.contains(&name) {
                return Err(self.error(key, format!("Duplicate key \"{}\" in {of}", shorten(&name))));
            }
            seen.push(name);
        }
        Ok(())
    }

    fn get(&self, object: NodeId, name: &str) -> Option<NodeId> {
        self.document.find_exact(object, name)
    }

    fn text(&self, at: NodeId, name: &str) -> Parsed<String> {
        let text = self.document.string(at).filter(|_| self.document.kind(at) == Kind::String);
        match text.filter(|text| !text.trim().is_empty()) {
            Some(text) => Ok(text.into_owned()),
            None => Err(self.wrong(at, name, "a string")),
        }
    }

    fn required(&self, object: NodeId, name: &str) -> Parsed<NodeId> {
        self.get(object, name).ok_or_else(|| self.error(object, format!("The shape has no {name}")))
    }

    fn one_of<T: Copy>(&self, at: NodeId, name: &str, known: &[(&str, T)]) -> Parsed<T> {
        let text = self.document.string(at).unwrap_or_default();
        let found = known.iter().find(|(known, _)| *known == text).map(|(_, value)| *value);
        let expected = || known.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", ");
        found.ok_or_else(|| self.wrong(at, name, &format!("one of {}", expected())))
    }

    fn texts(&self, at: NodeId, name: &str) -> Parsed<Vec<String>> {
        match self.document.kind(at) {
            Kind::Array => self.document.elements(at).map(|element| self.text(element, name)).collect(),
            _ => Ok(vec![self.text(at, name)?]),
        }
    }

    /// The elements of a list, or the value alone.
    fn each(&self, at: NodeId) -> Vec<NodeId> {
        match self.document.kind(at) {
            Kind::Array => self.document.elements(at).collect(),
            _ => vec![at],
        }
    }

    fn path(&self, at: NodeId, name: &str, scope: Scope) -> Parsed<ValuePath> {
        let Some(text) = self.document.string(at).filter(|_| self.document.kind(at) == Kind::String) else {
            return Err(self.wrong(at, name, "a path"));
        };
        let path = ValuePath::parse(&text).map_err(|message| self.error(at, format!("{name}: {message}")))?;
        if scope == Scope::Root && !path.absolute {
            return Err(self.error(at, format!("{name} must be a path from the root: it begins with \"/\"")));
        }
        if self.split && path.absolute && path.is_wild() && scope == Scope::Inner {
            let message = format!("{name}: with split, a path from the root has no \"*\"; begin it at the element");
            return Err(self.error(at, message));
        }
        Ok(path)
    }

    fn pattern(&self, at: NodeId, name: &str) -> Parsed<Pattern> {
        let text = self.text(at, name)?;
        Pattern::parse(&text).map_err(|message| self.error(at, format!("{name}: {message}")))
    }

    fn words(&self, at: NodeId) -> Parsed<Arc<StatusWords>> {
        self.object(at, "words", &[])?;
        let statuses = ForeignStatus::ALL.map(|status| (status.name(), status));
        let word = |(key, value): (NodeId, NodeId)| {
            let word = self.document.string(key).unwrap_or_default().into_owned();
            Ok((word, self.one_of(value, "A word's meaning", &statuses)?))
        };
        self.document.members(at).map(word).collect::<Parsed<StatusWords>>().map(Arc::new)
    }

    fn shape(&mut self) -> Parsed<Shape> {
        let root = ROOT;
        self.object(root, "the shape", &KEYS)?;
        let name = self.required(root, "name")?;
        let spelt = self.text(name, "name")?;
        if !spelt.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-') {
            return Err(self.wrong(name, "name", "lower-case letters, digits and hyphens"));
        }
        let title = self.text(self.required(root, "title")?, "title")?;
        let version = self.required(root, "version")?;
        let version = self
            .document
            .whole(version)
            .filter(|version| *version > 0)
            .ok_or_else(|| self.wrong(version, "version", "a whole number from 1"))?;
        let kinds = ShapeKind::ALL.map(|kind| (kind.name(), kind));
        let kind = self.one_of(self.required(root, "kind")?, "kind", &kinds)?;
        if let Some(words) = self.get(root, "words") {
            self.words = self.words(words)?;
        }
        let split = self.get(root, "split").map(|at| self.path(at, "split", Scope::Root)).transpose()?;
        self.split = split.is_some();
        let covers = self.get(root, "covers").map(|at| self.one_of(at, "covers", &STAGES)).transpose()?;
        let recognise = self.recognise(self.required(root, "recognise")?)?;
        let inner = if self.split { Scope::Inner } else { Scope::Root };
        let fields = ShapeFields {
            id: self.field(root, "id", inner)?,
            episode: self.field(root, "episode", inner)?,
            topic: self.field(root, "topic", inner)?,
            state: self.field(root, "state", inner)?,
            current_stage: self.field(root, "current_stage", inner)?,
            created: self.field(root, "created", inner)?,
            updated: self.field(root, "updated", inner)?,
            completed: self.field(root, "completed", inner)?,
            cost: self.field(root, "cost", inner)?,
            stages_cost: self.field(root, "stages_cost", inner)?,
            budget: self.field(root, "budget", inner)?,
            remaining: self.field(root, "remaining", inner)?,
            percent: self.field(root, "percent", inner)?,
            stages_completed: self.field(root, "stages_completed", inner)?,
            stages_total: self.field(root, "stages_total", inner)?,
            errors: self.field(root, "errors", inner)?,
            outputs: self.field(root, "outputs", inner)?,
        };
        let mut stages = Vec::new();
        for group in self.get(root, "stages").map(|at| self.each(at)).unwrap_or_default() {
            stages.push(self.stage_group(group, inner)?);
        }
        let marks = self.get(root, "marks").map(|at| self.named_fields(at, "marks", inner)).transpose()?;
        Ok(Shape {
            name: spelt.into(),
            title,
            version,
            kind,
            weight: recognise.weight(),
            recognise,
            split,
            covers,
            fields,
            stages,
            order: self.get(root, "order").map(|at| self.texts(at, "order")).transpose()?.unwrap_or_default(),
            labels: self.mapped(root, "labels", |reader, at| reader.text(at, "A label"))?,
            maps_to: self.mapped(root, "maps_to", |reader, at| reader.one_of(at, "A stage's counterpart", &STAGES))?,
            whole: self.flag(root, "whole")?,
            last: self.get(root, "last").map(|at| self.texts(at, "last")).transpose()?.unwrap_or_default(),
            scores: self.scores(root, inner)?,
            marks: marks.unwrap_or_default(),
            slots: self.slots,
            text: String::new(),
        })
    }

    fn flag(&self, object: NodeId, name: &str) -> Parsed<bool> {
        match self.get(object, name).map(|at| (at, self.document.kind(at))) {
            None => Ok(false),
            Some((_, kind @ (Kind::True | Kind::False))) => Ok(kind == Kind::True),
            Some((at, _)) => Err(self.wrong(at, name, "true or false")),
        }
    }

    fn mapped<T>(&self, object: NodeId, name: &str, read: fn(&Self, NodeId) -> Parsed<T>) -> Parsed<Vec<(String, T)>> {
        let Some(at) = self.get(object, name) else { return Ok(Vec::new()) };
        self.object(at, name, &[])?;
        let member = |(key, value): (NodeId, NodeId)| {
            Ok((self.document.string(key).unwrap_or_default().into_owned(), read(self, value)?))
        };
        self.document.members(at).map(member).collect()
    }

    fn recognise(&self, at: NodeId) -> Parsed<Recognise> {
        self.object(at, "recognise", &RECOGNISE_KEYS)?;
        let mut recognise = Recognise::default();
        for file in self.get(at, "file").map(|file| self.each(file)).unwrap_or_default() {
            recognise.files.push(self.pattern(file, "file")?);
        }
        let members = |name: &str| -> Parsed<Vec<(NodeId, NodeId)>> {
            let Some(object) = self.get(at, name) else { return Ok(Vec::new()) };
            self.object(object, name, &[])?;
            Ok(self.document.members(object).collect())
        };
        for (key, value) in members("has")? {
            recognise.has.push((self.key_path(key)?, self.one_of(value, "A value's kind", &VALUE_KINDS)?));
        }
        for (key, value) in members("is")? {
            let mut values = Vec::new();
            for value in self.each(value) {
                values.push(self.scalar(value, "A value to recognise")?);
            }
            recognise.is.push((self.key_path(key)?, values));
        }
        for path in self.get(at, "lacks").map(|lacks| self.each(lacks)).unwrap_or_default() {
            recognise.lacks.push(self.path(path, "lacks", Scope::Root)?);
        }
        if recognise.has.is_empty() && recognise.is.is_empty() {
            return Err(self.error(at, "recognise needs a path in has or is: a name alone does not tell a shape"));
        }
        Ok(recognise)
    }

    fn key_path(&self, key: NodeId) -> Parsed<ValuePath> {
        let text = self.document.string(key).unwrap_or_default();
        let path = ValuePath::parse(&text).map_err(|message| self.error(key, format!("recognise: {message}")))?;
        if path.absolute { Ok(path) } else { Err(self.error(key, "recognise: a path begins with \"/\"")) }
    }

    /// The text of a scalar, as a value of a file is compared to it.
    fn scalar(&self, at: NodeId, name: &str) -> Parsed<String> {
        match self.document.kind(at) {
            Kind::String => Ok(self.document.string(at).unwrap_or_default().into_owned()),
            Kind::Object | Kind::Array => Err(self.wrong(at, name, "a string, a number, true, false or null")),
            _ => Ok(self.document.raw(at).to_owned()),
        }
    }

    fn named_fields(&mut self, at: NodeId, name: &str, scope: Scope) -> Parsed<Vec<(String, FieldSources)>> {
        self.object(at, name, &[])?;
        let members: Vec<_> = self.document.members(at).collect();
        let mut fields = Vec::with_capacity(members.len());
        for (key, value) in members {
            let key = self.document.string(key).unwrap_or_default().into_owned();
            fields.push((key, self.sources(value, name, scope)?));
        }
        Ok(fields)
    }

    fn scores(&mut self, object: NodeId, scope: Scope) -> Parsed<Vec<ScoreField>> {
        let Some(at) = self.get(object, "scores") else { return Ok(Vec::new()) };
        let fields = self.named_fields(at, "scores", scope)?;
        let field = |(name, from): (String, FieldSources)| ScoreField { name: (name != "*").then_some(name), from };
        Ok(fields.into_iter().map(field).collect())
    }

    fn stage_group(&mut self, at: NodeId, outer: Scope) -> Parsed<StageGroup> {
        self.object(at, "a stage", &STAGE_KEYS)?;
        let each = self.get(at, "each").map(|each| self.path(each, "each", outer)).transpose()?;
        let scope = if each.is_some() { Scope::Inner } else { outer };
        let mut name = FieldSources::new();
        match self.get(at, "name") {
            // A text that is no path is the name itself.
            Some(text) if self.document.string(text).is_some_and(|text| !text.is_empty() && !text.starts_with('/')) => {
                let constant = ValueFrom::Constant(self.text(text, "name")?);
                name.push(self.source(constant));
            }
            Some(sources) => name = self.sources(sources, "name", scope)?,
            None if each.is_some() => name.push(self.source(ValueFrom::Key)),
            None => return Err(self.error(at, "A stage needs a name, or each")),
        }
        let mut group = StageGroup {
            reads_scalars: false,
            except: self.get(at, "except").map(|at| self.texts(at, "except")).transpose()?.unwrap_or_default(),
            each,
            name,
            order: self.field(at, "order", scope)?,
            status: self.field(at, "status", scope)?,
            started: self.field(at, "started", scope)?,
            ended: self.field(at, "ended", scope)?,
            duration: self.field(at, "duration", scope)?,
            cost: self.field(at, "cost", scope)?,
            budget: self.field(at, "budget", scope)?,
            attempts: self.field(at, "attempts", scope)?,
            agent: self.field(at, "agent", scope)?,
            error: self.field(at, "error", scope)?,
            outputs: self.field(at, "outputs", scope)?,
            scores: self.scores(at, scope)?,
        };
        let below = |source: &FieldSource| match &source.from {
            ValueFrom::At(path, _) if !path.absolute => Some(path.depth() > 0),
            _ => None,
        };
        let below: Vec<bool> = group.sources().filter_map(below).collect();
        group.reads_scalars = below.is_empty() || below.contains(&false);
        Ok(group)
    }

    fn field(&mut self, object: NodeId, name: &str, scope: Scope) -> Parsed<FieldSources> {
        self.get(object, name).map_or(Ok(FieldSources::new()), |at| self.sources(at, name, scope))
    }

    fn sources(&mut self, at: NodeId, name: &str, scope: Scope) -> Parsed<FieldSources> {
        let mut sources = FieldSources::new();
        for at in self.each(at) {
            match self.document.kind(at) {
                Kind::Object => self.source_object(at, name, scope, &mut sources)?,
                _ => sources.push(self.at(at, name, scope)?),
            }
        }
        Ok(sources)
    }

    fn source(&self, from: ValueFrom) -> FieldSource {
        FieldSource {
            from,
            pattern: None,
            unset: Vec::new(),
            scale: None,
            unit: Unit::Plain,
            words: self.words.clone(),
            assumed: None,
        }
    }

    fn at(&mut self, at: NodeId, name: &str, scope: Scope) -> Parsed<FieldSource> {
        let path = self.path(at, name, scope)?;
        let slot = (path.absolute && !path.is_wild()).then(|| {
            self.slots += 1;
            self.slots - 1
        });
        Ok(self.source(ValueFrom::At(path, slot)))
    }

    fn source_object(&mut self, at: NodeId, name: &str, scope: Scope, out: &mut FieldSources) -> Parsed<()> {
        self.object(at, name, &SOURCE_KEYS)?;
        let places = ["at", "key", "folder", "file", "is"];
        let given: Vec<(&str, NodeId)> =
            places.into_iter().filter_map(|place| self.get(at, place).map(|value| (place, value))).collect();
        let [(place, value)] = given[..] else {
            return Err(self.error(at, format!("{name} needs one of at, key, folder, file and is")));
        };
        let mut found = Vec::new();
        let mut pattern = self.get(at, "pattern").map(|pattern| self.pattern(pattern, "pattern")).transpose()?;
        match place {
            "at" => {
                for value in self.each(value) {
                    found.push(self.at(value, name, scope)?);
                }
            }
            "is" => found.push(self.source(ValueFrom::Constant(self.scalar(value, "is")?))),
            _ => {
                let from = match place {
                    "key" => ValueFrom::Key,
                    "folder" => ValueFrom::Folder,
                    _ => ValueFrom::File,
                };
                pattern = Some(self.pattern(value, place)?);
                found.push(self.source(from));
            }
        }
        let mut unset = Vec::new();
        for value in self.get(at, "unset").map(|unset| self.each(unset)).unwrap_or_default() {
            unset.push(self.scalar(value, "unset")?);
        }
        let scale = self.get(at, "scale").map(|at| match self.document.whole(at) {
            Some(scale @ (1 | 10 | 100)) => Ok(scale as u8),
            _ => Err(self.wrong(at, "scale", "1, 10 or 100")),
        });
        let scale = scale.transpose()?;
        let unit = self.get(at, "unit").map(|at| self.one_of(at, "unit", &UNITS)).transpose()?.unwrap_or_default();
        let words = self.get(at, "words").map(|at| self.words(at)).transpose()?;
        let because = self.get(at, "because").map(|at| self.text(at, "because")).transpose()?;
        if place == "is" && because.is_none() {
            return Err(self.error(at, "A fixed value needs a reason: because"));
        }
        out.extend(found.into_iter().map(|source| FieldSource {
            pattern: pattern.clone(),
            unset: unset.clone(),
            scale,
            unit,
            words: words.clone().unwrap_or_else(|| self.words.clone()),
            assumed: because.clone(),
            ..source
        }));
        Ok(())
    }
}

impl Recognise {
    /// Specificity: more required values weigh more.
    fn weight(&self) -> u32 {
        let files = self.files.iter().map(Pattern::weight).min().unwrap_or_default();
        let has: u32 = self.has.iter().map(|(path, kind)| 1 + path.depth() + u32::from(*kind != ValueKind::Any)).sum();
        let is: u32 = self.is.iter().map(|(path, _)| 3 + path.depth()).sum();
        files + has + is + self.lacks.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str =
        r#"{"name": "n", "title": "T", "version": 1, "kind": "session", "recognise": {"has": {"/a": "any"}}"#;

    fn check(rest: &str, expected: &str) {
        let found = Shape::parse(format!("{WHOLE}{rest}}}")).map_err(|error| error.message().to_owned());
        assert_eq!(found.map(|_| ()), Err(expected.to_owned()), "{rest}");
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert!(Shape::parse(format!("{WHOLE}}}")).is_ok());
        check(r#", "stauts": 1"#, "Unknown key \"stauts\" in the shape. Did you mean \"state\"?");
        check(r#", "id": "a""#, "id must be a path from the root: it begins with \"/\".");
        check(r#", "id": "/""#, "id: a path from the root names a key.");
        check(r#", "id": 3"#, "id must be a path, not 3.");
        check(r#", "id": {"unit": "cents"}"#, "id needs one of at, key, folder, file and is.");
        check(r#", "id": {"at": "/a", "key": "{}"}"#, "id needs one of at, key, folder, file and is.");
        check(r#", "state": {"is": "complete"}"#, "A fixed value needs a reason: because.");
        check(
            r#", "state": {"at": "/a", "words": {"x": "finished"}}"#,
            "A word's meaning must be one of not_started, in_progress, failed, complete, skipped, not \"finished\".",
        );
        check(
            r#", "cost": {"at": "/a", "unit": "euros"}"#,
            "unit must be one of cents, fraction, seconds, minutes, milliseconds, not \"euros\".",
        );
        check(r#", "scores": {"a": {"at": "/a", "scale": 5}}"#, "scale must be 1, 10 or 100, not 5.");
        check(r#", "stages": [{"status": "/a"}]"#, "A stage needs a name, or each.");
        check(r#", "stages": [{"each": "a/*"}]"#, "each must be a path from the root: it begins with \"/\".");
        check(
            r#", "split": "/e/*", "id": "/e/*/id""#,
            "id: with split, a path from the root has no \"*\"; begin it at the element.",
        );
        check(
            r#", "maps_to": {"a": "audio"}"#,
            "A stage's counterpart must be one of research, writing, evaluation, synthesis, not \"audio\".",
        );
        check(r#", "whole": "yes""#, "whole must be true or false, not \"yes\".");
        check(r#", "id": ["/a", "/b"], "id": "/c""#, "Duplicate key \"id\" in the shape.");
        check(r#", "topic": {"folder": "{id}"}"#, "folder: a pattern captures with {} or {#}.");
        let none = Shape::parse(WHOLE.replace("\"has\": {\"/a\": \"any\"}", "\"file\": \"*.json\"") + "}");
        let message = "recognise needs a path in has or is: a name alone does not tell a shape.";
        assert_eq!(none.map(|_| ()).map_err(|error| error.message().to_owned()), Err(message.to_owned()));
        let error = Shape::parse("[]").unwrap_err();
        assert_eq!(error.message(), "A shape must be an object, not a list.");
    }
}
