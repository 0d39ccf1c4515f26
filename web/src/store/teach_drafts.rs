//! Shapes that are being taught, one draft a file, in the browser's local storage: a draft survives a reload, and a kept
//! shape can be edited as it was taught.
use crate::platform::web_storage::Area;
use callboard_core::import::{ForeignStatus, Meaning, ShapeDraft};
use serde::{Deserialize, Serialize};

const DRAFTS: &str = "callboard.teach";

/// Number of drafts that are kept; the oldest are dropped.
const MOST: usize = 50;

/// A shape that is being taught by one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TeachDraft {
    /// The shape's title.
    pub title: String,
    /// The name under which it is kept already, or of the kept shape that it replaces.
    pub name: Option<String>,
    /// True if a file of the shape lists every stage.
    pub lists_every_stage: bool,
    /// Names of meanings with the pointers of their values.
    points: Vec<(String, String)>,
    /// Words of statuses with the names of the statuses they mean.
    words: Vec<(String, String)>,
}

impl TeachDraft {
    /// Starts a draft for a file.
    pub fn new(path: &str) -> Self {
        Self { title: ShapeDraft::title_for(path), ..Self::default() }
    }

    /// Returns the stored draft of a file.
    pub fn stored(path: &str) -> Option<Self> {
        all().into_iter().find(|(known, _)| known == path).map(|(_, draft)| draft)
    }

    /// Returns the path of the file by which a kept shape was taught in this browser.
    pub fn path_of(name: &str) -> Option<String> {
        let is_of = |draft: &Self| draft.name.as_deref() == Some(name);
        all().into_iter().rev().find(|(_, draft)| is_of(draft)).map(|(path, _)| path)
    }

    /// Stores the draft of a file.
    pub fn store(&self, path: &str) {
        let mut drafts = all();
        drafts.retain(|(known, _)| known != path);
        drafts.push((path.to_owned(), self.clone()));
        let extra = drafts.len().saturating_sub(MOST);
        // Without storage the draft lasts until the page is closed.
        let _ = Area::Local.set(DRAFTS, &drafts.split_off(extra));
    }

    /// Returns the meaning of a value.
    pub fn meaning_of(&self, pointer: &str) -> Option<Meaning> {
        let (name, _) = self.points.iter().find(|(_, known)| known == pointer)?;
        meaning(name)
    }

    /// Says the meaning of a value; none removes it.
    pub fn point(&mut self, meaning: Option<Meaning>, pointer: &str) {
        self.points.retain(|(_, known)| known != pointer);
        self.points.extend(meaning.map(|meaning| (meaning.name().to_owned(), pointer.to_owned())));
    }

    /// Returns true if no value has a meaning.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// Returns the status that a word means: as chosen, else as it most likely is.
    pub fn status_of(&self, word: &str) -> Option<ForeignStatus> {
        let chosen = self.words.iter().find(|(known, _)| known == word);
        chosen.map_or_else(|| ForeignStatus::suggestion(word), |(_, name)| status(name))
    }

    /// Returns true if the status of a word was chosen.
    pub fn is_chosen(&self, word: &str) -> bool {
        self.words.iter().any(|(known, _)| known == word)
    }

    /// Says the status that a word means.
    pub fn mean(&mut self, word: &str, status: ForeignStatus) {
        self.words.retain(|(known, _)| known != word);
        self.words.push((word.to_owned(), status.name().to_owned()));
    }

    /// Returns the words of statuses in a sample, in its order.
    pub fn words(&self, sample: &str) -> Vec<String> {
        // Text that is no JSON has no outline, and no draft either.
        self.without_words("").unknown_words(sample).unwrap_or_default()
    }

    /// Returns the draft of a definition under a name, with the words that have a meaning.
    pub fn shape_draft(&self, name: &str, words: &[String]) -> ShapeDraft {
        let mut draft = self.without_words(name);
        for word in words {
            if let Some(status) = self.status_of(word) {
                draft.mean(word.as_str(), status);
            }
        }
        draft
    }

    fn without_words(&self, name: &str) -> ShapeDraft {
        let mut draft = ShapeDraft::new(name, self.title.trim());
        draft.lists_every_stage = self.lists_every_stage;
        for (name, pointer) in &self.points {
            if let Some(meaning) = meaning(name) {
                draft.point(meaning, pointer.as_str());
            }
        }
        draft
    }
}

fn all() -> Vec<(String, TeachDraft)> {
    Area::Local.get(DRAFTS).unwrap_or_default()
}

fn meaning(name: &str) -> Option<Meaning> {
    Meaning::ALL.into_iter().find(|meaning| meaning.name() == name)
}

fn status(name: &str) -> Option<ForeignStatus> {
    ForeignStatus::ALL.into_iter().find(|status| status.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_their_likely_status_until_one_is_chosen() {
        let sample = r#"{"show": "Tides", "acts": {"pitch": {"state": "done"}, "cast": {"state": "amber"}}}"#;
        let mut draft = TeachDraft::new("plays/tides-1.json");
        assert_eq!(draft.title, "Tides");
        draft.point(Some(Meaning::Topic), "/show");
        draft.point(Some(Meaning::StageStatus), "/acts/pitch/state");
        assert_eq!(draft.words(sample), ["done", "amber"]);
        assert_eq!((draft.status_of("done"), draft.status_of("amber")), (Some(ForeignStatus::Complete), None));
        assert_eq!(draft.shape_draft("tides", &draft.words(sample)).unknown_words(sample).unwrap(), ["amber"]);
        draft.mean("amber", ForeignStatus::InProgress);
        draft.mean("done", ForeignStatus::Skipped);
        assert!(draft.shape_draft("tides", &draft.words(sample)).unknown_words(sample).unwrap().is_empty());
        assert_eq!(draft.status_of("done"), Some(ForeignStatus::Skipped));
        draft.point(None, "/show");
        assert_eq!(draft.meaning_of("/show"), None);
        let text = serde_json::to_string(&draft).unwrap();
        assert_eq!(serde_json::from_str::<TeachDraft>(&text).unwrap(), draft);
    }
}
