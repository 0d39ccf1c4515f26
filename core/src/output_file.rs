//! Files that a session names as the work of its agents.

use crate::document::{Kind, NodeId};
use crate::named_enum::named_enum;
use crate::names::same_name;
use crate::{Agent, Session, Stage};

named_enum! {
    /// Kind of an output file, by its extension.
    ///
    /// ```
    /// use callboard_core::OutputKind;
    /// assert_eq!((OutputKind::of("a/Script.MD"), OutputKind::of("notes")), (OutputKind::Markdown, OutputKind::Other));
    /// assert_eq!((OutputKind::ALL.len(), OutputKind::Audio.name()), (7, "audio"));
    /// ```
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub enum OutputKind {
        /// Text with Markdown.
        Markdown = "markdown",
        /// JSON, also one document a line.
        Json = "json",
        /// Plain text.
        Text = "text",
        /// Picture.
        Picture = "picture",
        /// Sound.
        Audio = "audio",
        /// Film.
        Video = "video",
        /// Any other file.
        Other = "other",
    }
}

/// Extensions of each kind, in lower case.
const EXTENSIONS: [(OutputKind, &[&str]); 6] = [
    (OutputKind::Markdown, &["md", "markdown", "mdown", "mkd"]),
    (OutputKind::Json, &["json", "jsonl", "ndjson"]),
    (OutputKind::Text, &["txt", "text", "log", "csv", "tsv", "srt", "vtt", "ssml", "xml", "yaml", "yml"]),
    (OutputKind::Picture, &["png", "jpg", "jpeg", "gif", "webp", "avif", "svg"]),
    (OutputKind::Audio, &["mp3", "wav", "m4a", "aac", "ogg", "oga", "opus", "flac"]),
    (OutputKind::Video, &["mp4", "webm", "mov", "m4v"]),
];

impl OutputKind {
    /// The kind of the file at a path.
    ///
    /// See the example at [`OutputKind`].
    pub fn of(path: &str) -> OutputKind {
        let Some(extension) = extension(path).map(str::to_ascii_lowercase) else { return OutputKind::Other };
        let kind = EXTENSIONS.iter().find(|(_, all)| all.contains(&extension.as_str()));
        kind.map_or(OutputKind::Other, |(kind, _)| *kind)
    }
}

/// Extension of a path's file name: up to ten letters and digits after its last dot.
fn extension(path: &str) -> Option<&str> {
    let (stem, extension) = path.rsplit(['/', '\\']).next()?.rsplit_once('.')?;
    let is_extension =
        (1..=10).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_extension && !stem.is_empty()).then_some(extension)
}

/// File that a session names as the work of an agent.
///
/// See the example at [`Session::outputs`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct OutputFile {
    /// Stage of the agent that names it.
    pub stage: Stage,
    /// Path, as it is in the file.
    pub path: String,
    /// Kind, by the extension.
    pub kind: OutputKind,
}

/// Levels of objects and lists below an agent's block that are searched: a handoff's data is at the third.
const DEPTH: usize = 4;

/// Longest path that is taken for one, in bytes.
const LONGEST: usize = 1_024;

/// The key whose text is a path whatever it looks like.
const OUTPUT_FILE: &str = "output_file";

/// Endings of the keys whose texts are paths if they have an extension, in lower case.
const ENDINGS: [&str; 12] = [
    "file",
    "files",
    "path",
    "paths",
    "output",
    "outputs",
    "package",
    "script",
    "report",
    "reports",
    "audio",
    "artifacts",
];

impl Session {
    /// The files that the session names as the work of its agents, by stage; a file is listed once.
    ///
    /// An agent's `output_file` counts, and every other text of its block, with its handoff, that names a file.
    ///
    /// ```
    /// use callboard_core::{OutputKind, Session, Stage};
    /// let session = Session::parse(r#"{"session_id": "a", "agent_outputs": {"script_writer": {"output_file": "out/script.md",
    ///     "handoff": {"data": {"script_file": "out/script.md", "word_count": 4100}}}}}"#).unwrap();
    /// let outputs = session.outputs();
    /// assert_eq!((outputs.len(), &*outputs[0].path), (1, "out/script.md"));
    /// assert_eq!((outputs[0].stage, outputs[0].kind), (Stage::Writing, OutputKind::Markdown));
    /// ```
    pub fn outputs(&self) -> Vec<OutputFile> {
        let mut found: Vec<OutputFile> = Vec::new();
        for agent in Agent::ALL {
            let block = self.at(&["agent_outputs", agent.name()]);
            let Some(block) = block.filter(|block| self.document().kind(*block) == Kind::Object) else { continue };
            let mut paths = self.string_at(&["agent_outputs", agent.name(), OUTPUT_FILE]).into_iter().collect();
            self.collect_paths(block, "", DEPTH, &mut paths);
            for path in paths {
                if !path.trim().is_empty() && !found.iter().any(|output| output.path == path) {
                    found.push(OutputFile { stage: agent.stage(), kind: OutputKind::of(&path), path });
                }
            }
        }
        found
    }

    /// Collects the texts that name a file. Elements of a list count by the key of the list.
    fn collect_paths(&self, value: NodeId, key: &str, depth: usize, paths: &mut Vec<String>) {
        let document = self.document();
        match document.kind(value) {
            Kind::String => {
                let text = document.string(value).unwrap_or_default();
                if names_file(key, &text) {
                    paths.push(text.into_owned());
                }
            }
            Kind::Object if depth > 0 => {
                for (name, value) in document.members(value) {
                    let name = document.string(name).unwrap_or_default();
                    // Objects such as `outputs` have a member for each file.
                    let name = if names_paths(key) { key } else { &*name };
                    self.collect_paths(value, name, depth - 1, paths);
                }
            }
            Kind::Array if depth > 0 => {
                for element in document.elements(value) {
                    self.collect_paths(element, key, depth - 1, paths);
                }
            }
            _ => {}
        }
    }
}

/// True if the texts of a key are paths.
fn names_paths(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| key.ends_with(ending))
}

/// True if the text of a key names a file: sentences and links do not.
fn names_file(key: &str, text: &str) -> bool {
    let is_path = text.len() <= LONGEST && !text.contains(char::is_control) && !text.contains("://");
    if !is_path || same_name(key, "error") {
        return false;
    }
    match names_paths(key) {
        true => extension(text).is_some(),
        false => !text.contains(char::is_whitespace) && OutputKind::of(text) != OutputKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(blocks: &str) -> Vec<(Stage, String)> {
        let text = format!("{{\"session_id\": \"a\", \"agent_outputs\": {blocks}}}");
        let outputs = Session::parse(text).unwrap().outputs();
        outputs.into_iter().map(|output| (output.stage, output.path)).collect()
    }

    #[test]
    fn every_kind_of_key_is_found_in_the_order_of_the_stages() {
        let found = outputs(
            r#"{
            "audio_synthesizer": {"audio": {"mp3": "out/ep 1.mp3", "length": "27 min"}},
            "research_coordinator": {"output_file": "research/package", "notes": ["a.txt", "b c.txt"],
                "output_files": ["sources one.json", "research/package"]},
            "quality_evaluator": {"handoff": {"data": {"validated_script": "script.md", "quality_report": "q.json"}}},
            "script_writer": {"output_file": "script.md", "drafts_path": "C:\\show\\draft.md"}}"#,
        );
        let expected = [
            (Stage::Research, "research/package"),
            (Stage::Research, "a.txt"),
            (Stage::Research, "sources one.json"),
            (Stage::Writing, "script.md"),
            (Stage::Writing, "C:\\show\\draft.md"),
            (Stage::Evaluation, "q.json"),
            (Stage::Synthesis, "out/ep 1.mp3"),
        ];
        assert_eq!(found, expected.map(|(stage, path)| (stage, path.to_owned())));
    }

    #[test]
    fn texts_that_name_no_file_are_left_out() {
        let found = outputs(
            r#"{
            "research_coordinator": {"status": "complete", "output_file": " ", "error": "research.json",
                "research_package": "A package: what they don't know...", "source_file": "https://example.org/a.md",
                "report": {"summary": "two\nlines.md"}, "version": "1.2", "cost": 1.20, "output_directory": "out"},
            "script_writer": "script.md", "unknown_agent": {"output_file": "x.md"}}"#,
        );
        assert_eq!(found, []);
        assert_eq!(outputs("[]"), []);
    }

    #[test]
    fn the_extension_tells_the_kind() {
        for (path, kind) in [
            ("a/b.markdown", OutputKind::Markdown),
            ("b.JSONL", OutputKind::Json),
            ("b.srt", OutputKind::Text),
            ("b\\c.webp", OutputKind::Picture),
            ("b.opus", OutputKind::Audio),
            ("b.mp4", OutputKind::Video),
            ("b.html", OutputKind::Other),
            ("md", OutputKind::Other),
            (".md", OutputKind::Other),
            ("a.md/b", OutputKind::Other),
        ] {
            assert_eq!(OutputKind::of(path), kind, "{path}");
        }
    }
}
