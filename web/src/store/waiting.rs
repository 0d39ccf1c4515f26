//! A text that waits beside local edits: what may become of it. The core's merge puts both together.
use super::entry::Entry;
use super::place::Incoming;
use callboard_core::{ParseError, Session, Timestamp, merge};

/// What somebody decides about a text that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The local edits stay, and it is put away.
    Keep,
    /// It takes their place.
    Take,
    /// Both are made one.
    Both,
}

/// Local edits and a dropped text made one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    /// The text.
    pub text: String,
    /// Where both had changed the same differently: there the local edits stand.
    pub conflicts: Vec<String>,
    /// What the core finds wrong with it that it found with neither of the two.
    pub cautions: Vec<String>,
}

impl Together {
    /// What was done, in one sentence.
    pub fn sentence(&self) -> String {
        match self.conflicts.as_slice() {
            [] => "The local edits and the dropped file were put together.".into(),
            paths => format!(
                "The local edits and the dropped file were put together; both changed {}, and there the local edits \
                 stand.",
                paths.join(", ")
            ),
        }
    }
}

impl Entry {
    /// What waits taken in place of the local edits, which stay in the undo history. Its path is taken with it.
    pub fn with_incoming_taken(&self, now: Timestamp) -> Option<Self> {
        let Incoming { text, place, .. } = self.incoming()?;
        let session = Session::parse(&**text).ok()?;
        let sentence = "The dropped file was taken in place of the local edits.";
        Some(self.edited_at(Some(place.clone()), &session, sentence.into(), now))
    }

    /// What waits put away. Where it is the session's own file, the disk holds it all the same: the local edits now
    /// differ from that.
    pub fn with_incoming_put_away(&self) -> Self {
        let mut record = self.record().clone();
        if let Some(waited) = record.incoming.take()
            && self.is_own_file(&waited)
        {
            record.disk = waited.place.disk;
        }
        self.recorded(record)
    }

    /// What waits and the local edits made one, as a local change; `None` where they have no text in common: what
    /// waits is not the session's own file.
    ///
    /// # Errors
    /// The core's sentence on what cannot be read.
    pub fn put_together(&self) -> Option<Result<Together, ParseError>> {
        let waits = self.incoming().filter(|waits| self.is_own_file(waits) && !self.record().disk.is_empty())?;
        Some(merge(&self.record().disk, self.text(), &waits.text).map(|merged| Together {
            conflicts: merged.conflicts.into_iter().map(|conflict| conflict.path).collect(),
            cautions: merged.diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect(),
            text: merged.text,
        }))
    }

    /// With what was put together, which waits no more.
    pub fn with_both(&self, together: &Together, now: Timestamp) -> Option<Self> {
        let session = Session::parse(&*together.text).ok()?;
        let place = self.incoming()?.place.clone();
        Some(self.edited_at(Some(place), &session, together.sentence(), now))
    }

    /// Whether handing this text back overwrites what waits.
    pub fn overwrites(&self) -> bool {
        self.incoming().is_some_and(|waits| self.is_own_file(waits))
    }

    fn is_own_file(&self, incoming: &Incoming) -> bool {
        incoming.is_file && self.is_at(&incoming.place.path())
    }

    /// This session as what waits beside another text of it; what waited beside this one goes first.
    pub fn as_incoming(&self, is_file: bool) -> Incoming {
        let own = || Incoming { text: self.text().clone(), place: self.place(), is_file };
        self.incoming().cloned().unwrap_or_else(own)
    }
}

#[cfg(test)]
mod tests {
    use super::super::place::Place;
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn text(topic: &str, audience: &str) -> String {
        format!(r#"{{"session_id": "a", "episode": {{"topic": "{topic}", "audience": "{audience}"}}}}"#)
    }

    fn parsed(text: &str) -> Session {
        Session::parse(text).unwrap()
    }

    /// A session whose topic was changed here, beside which this text waits, of a file at this path.
    fn waiting(waits: &str, path: &str) -> Entry {
        let entry = Entry::new("a".into(), "a.json".into(), String::new(), &parsed(&text("Tides", "all")));
        let place = Place { file: path.into(), folder: String::new(), disk: waits.into() };
        let incoming = Incoming { text: waits.into(), place, is_file: true };
        entry.edited(&parsed(&text("Ebb", "all")), "Edited.".into(), NOW).with_incoming(Some(incoming))
    }

    #[test]
    fn what_is_kept_is_held_against_what_was_dropped() {
        let dropped = text("Tides", "few");
        let kept = waiting(&dropped, "a.json").with_incoming_put_away();
        assert_eq!((&*kept.record().disk, &**kept.text()), (&*dropped, &*text("Ebb", "all")));
        assert!(kept.changed() && kept.incoming().is_none());
        // Another file's text says nothing about this one's.
        let kept = waiting(&dropped, "b.json").with_incoming_put_away();
        assert_eq!(&*kept.record().disk, text("Tides", "all"));
        // Nor does one that was written over since.
        let exported = waiting(&dropped, "a.json").with_disk(text("Ebb", "all").into());
        assert!(exported.incoming().is_some() && !exported.with_incoming_put_away().changed());
    }

    #[test]
    fn both_are_put_together_as_a_change_that_can_be_undone() {
        let dropped = text("Tides", "few");
        let entry = waiting(&dropped, "a.json");
        let together = entry.put_together().unwrap().unwrap();
        assert_eq!((&together.text, together.conflicts.len()), (&text("Ebb", "few"), 0));
        let both = entry.with_both(&together, NOW).unwrap();
        assert_eq!((&*both.record().disk, both.incoming()), (&*dropped, None));
        assert!(both.changed());
        let undone = both.undone().unwrap();
        assert_eq!((&**undone.text(), undone.changed()), (&*text("Ebb", "all"), true));
    }

    #[test]
    fn what_both_changed_differently_is_said() {
        let entry = waiting(&text("Flood", "few"), "a.json");
        let together = entry.put_together().unwrap().unwrap();
        assert_eq!(together.text, text("Ebb", "few"));
        let both = entry.with_both(&together, NOW).unwrap();
        assert!(both.last().unwrap().sentence.contains("both changed episode.topic"));
        // Files at two paths have no text in common.
        assert!(waiting(&text("Flood", "few"), "b.json").put_together().is_none());
    }
}
