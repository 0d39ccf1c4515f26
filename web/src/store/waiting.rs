//! Texts that wait beside the one that is shown: how they come to, and what may become of each. The core's merge puts
//! two together.
use super::entry::{Entry, known_to_changes};
use super::place::{Incoming, Source, same_file};
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
    /// With these texts waiting too. Each is kept until someone decides; only a newer text of the same file takes an
    /// older one's place, and a text that is here already waits once.
    pub fn waits_too(&self, texts: impl IntoIterator<Item = Incoming>) -> Self {
        let mut waiting = self.waiting().to_vec();
        for text in texts {
            if text.text == *self.text() {
                continue;
            }
            if text.is_file() {
                let path = text.place.path();
                waiting.retain(|waits| !waits.is_file() || !same_file(&waits.place.path(), &path));
            }
            match waiting.iter_mut().find(|waits| waits.text == text.text) {
                // What the disk has is more than a copy: it would be overwritten.
                Some(waits) if text.is_file() => *waits = text,
                Some(_) => {}
                None => waiting.push(text),
            }
        }
        self.with_waiting(waiting)
    }

    /// The text of this session of a backup and those that wait beside it, as they wait beside another text of it. Of
    /// none is it known any more whether the disk has it.
    pub fn of_backup(&self) -> Vec<Incoming> {
        let source = Source::Backup;
        let own = Incoming { text: self.text().clone(), place: self.place(), source };
        let waiting = self.waiting().iter().map(|waits| Incoming { source, ..waits.clone() });
        std::iter::once(own).chain(waiting).collect()
    }

    /// This session, which could not be stored, where another tab has stored it meanwhile: that tab's text waits beside
    /// this one. To be stored in place of that tab's.
    pub fn beside(&self, theirs: &Self) -> Self {
        let stamp = theirs.record().stamp;
        if self.text() == theirs.text() {
            return theirs.waits_too(self.waiting().to_vec()).stamped(stamp);
        }
        let own = Incoming { text: theirs.text().clone(), place: theirs.place(), source: Source::Tab };
        self.waits_too(std::iter::once(own).chain(theirs.waiting().to_vec())).stamped(stamp)
    }

    /// One that waits taken in place of the text that is shown, which stays in the undo history. Its path is taken
    /// with it.
    pub fn with_taken(&self, taken: &Incoming, now: Timestamp) -> Option<Self> {
        let session = Session::parse(&*taken.text).ok()?;
        let sentence = format!("{} was taken in place of the one that was here.", taken.source.noun());
        // What a copy says of the same file is older than what is known of it here.
        let is_news = matches!(taken.source, Source::File | Source::Tab) || !self.is_at(&taken.place.path());
        let place = is_news.then(|| taken.place.clone());
        Some(self.edited_at(place, &session, sentence, now).without(taken).having_taken(taken))
    }

    /// One that waits put away. Where it is the session's own file, the disk holds it all the same: the text that is
    /// shown now differs from that.
    pub fn with_put_away(&self, away: &Incoming) -> Self {
        let mut record = self.without(away).record().clone();
        if self.is_own_file(away) {
            record.disk.clone_from(&away.place.disk);
            known_to_changes(&mut record);
        }
        self.recorded(record)
    }

    pub(super) fn without(&self, gone: &Incoming) -> Self {
        self.with_waiting(self.waiting().iter().filter(|waits| waits.text != gone.text).cloned().collect())
    }

    /// One that waits and the text that is shown made one, as a local change; `None` where they have no text in common:
    /// what waits is not the session's own file.
    ///
    /// # Errors
    /// The core's sentence on what cannot be read.
    pub fn put_together(&self, waits: &Incoming) -> Option<Result<Together, ParseError>> {
        if !self.is_own_file(waits) || self.record().disk.is_empty() {
            return None;
        }
        Some(merge(&self.record().disk, self.text(), &waits.text).map(|merged| Together {
            conflicts: merged.conflicts.into_iter().map(|conflict| conflict.path).collect(),
            cautions: merged.diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect(),
            text: merged.text,
        }))
    }

    /// With what was put together with one that waited.
    pub fn with_both(&self, waited: &Incoming, together: &Together, now: Timestamp) -> Option<Self> {
        let session = Session::parse(&*together.text).ok()?;
        Some(self.edited_at(Some(waited.place.clone()), &session, together.sentence(), now).without(waited))
    }

    /// Whether handing this text back overwrites one that waits.
    pub fn overwrites(&self) -> bool {
        self.waiting().iter().any(|waits| self.is_own_file(waits))
    }

    fn is_own_file(&self, incoming: &Incoming) -> bool {
        incoming.is_file() && self.is_at(&incoming.place.path())
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

    /// A text that waits, of a file at this path.
    fn from(source: Source, text: &str, path: &str) -> Incoming {
        let place = Place { file: path.into(), folder: String::new(), disk: text.into() };
        Incoming { text: text.into(), place, source }
    }

    /// A session whose topic was changed here.
    fn changed() -> Entry {
        let entry = Entry::new("a".into(), "a.json".into(), String::new(), &parsed(&text("Tides", "all")));
        entry.edited(&parsed(&text("Ebb", "all")), "Edited.".into(), NOW)
    }

    /// The same, and a dropped text beside it, of a file at this path.
    fn waiting(waits: &str, path: &str) -> (Entry, Incoming) {
        let waits = from(Source::File, waits, path);
        (changed().waits_too([waits.clone()]), waits)
    }

    #[test]
    fn what_is_kept_is_held_against_what_was_dropped() {
        let dropped = text("Tides", "few");
        let (entry, waits) = waiting(&dropped, "a.json");
        let kept = entry.with_put_away(&waits);
        assert_eq!((&*kept.record().disk, &**kept.text()), (&*dropped, &*text("Ebb", "all")));
        assert!(kept.changed() && kept.waiting().is_empty());
        // Another file's text says nothing about this one's.
        let (other, waits) = waiting(&dropped, "b.json");
        assert_eq!(&*other.with_put_away(&waits).record().disk, text("Tides", "all"));
        // Nor does one that was written over since.
        let exported = entry.with_disk(text("Ebb", "all").into());
        let [waits] = exported.waiting() else { panic!("one waits") };
        assert_eq!(waits.source, Source::Overwritten);
        assert!(!exported.with_put_away(waits).changed());
    }

    #[test]
    fn both_are_put_together_as_a_change_that_can_be_undone() {
        let dropped = text("Tides", "few");
        let (entry, waits) = waiting(&dropped, "a.json");
        let together = entry.put_together(&waits).unwrap().unwrap();
        assert_eq!((&together.text, together.conflicts.len()), (&text("Ebb", "few"), 0));
        let both = entry.with_both(&waits, &together, NOW).unwrap();
        assert_eq!((&*both.record().disk, both.waiting()), (&*dropped, &[][..]));
        assert!(both.changed());
        let undone = both.undone().unwrap();
        assert_eq!((&**undone.text(), undone.changed()), (&*text("Ebb", "all"), true));
    }

    #[test]
    fn what_both_changed_differently_is_said() {
        let (entry, waits) = waiting(&text("Flood", "few"), "a.json");
        let together = entry.put_together(&waits).unwrap().unwrap();
        assert_eq!(together.text, text("Ebb", "few"));
        let both = entry.with_both(&waits, &together, NOW).unwrap();
        assert!(both.last().unwrap().sentence.contains("both changed episode.topic"));
        // Files at two paths have no text in common.
        let (entry, waits) = waiting(&text("Flood", "few"), "b.json");
        assert!(entry.put_together(&waits).is_none());
    }

    #[test]
    fn every_text_that_comes_waits_for_its_own_decision() {
        let of = |entry: &Entry| -> Vec<(Source, String)> {
            entry.waiting().iter().map(|waits| (waits.source, waits.text.to_string())).collect()
        };
        let [one, two, copy] = [text("One", "all"), text("Two", "all"), text("Copy", "all")];
        let backup = from(Source::Backup, &copy, "a.json");
        let entry = changed().waits_too([from(Source::File, &one, "a.json"), backup.clone()]);
        // Only a newer text of the same file takes the older one's place.
        let entry = entry.waits_too([from(Source::File, &two, "season/a.json"), from(Source::Tab, &copy, "a.json")]);
        assert_eq!(of(&entry), [(Source::Backup, copy.clone()), (Source::File, two.clone())]);
        // What is shown already does not wait, and what turns out to be what the disk has is more than a copy.
        let entry =
            entry.waits_too([from(Source::Tab, &text("Ebb", "all"), "a.json"), from(Source::File, &copy, "b.json")]);
        assert_eq!(of(&entry), [(Source::File, copy.clone()), (Source::File, two.clone())]);

        let entry = changed().waits_too([from(Source::File, &one, "a.json"), backup.clone()]);
        let copies = [(Source::Backup, copy.clone())];
        let [dropped, _] = entry.waiting() else { panic!("two wait") };
        let together = entry.put_together(dropped).unwrap().unwrap();
        for decided in [
            entry.with_put_away(dropped),
            entry.with_taken(dropped, NOW).unwrap(),
            entry.with_both(dropped, &together, NOW).unwrap(),
        ] {
            assert_eq!(of(&decided), copies);
            assert_eq!(&*decided.record().disk, one);
        }
        // What is known of the file stands where the copy is taken.
        let taken = entry.with_put_away(dropped).with_taken(&backup, NOW).unwrap();
        assert_eq!((&**taken.text(), &*taken.record().disk), (&*copy, &*one));
        assert!(taken.changed() && taken.waiting().is_empty());
        // An export over what waits, and an update after it, decide nothing.
        let exported = entry.with_disk(entry.text().clone());
        assert_eq!(of(&exported), [(Source::Overwritten, one.clone()), (Source::Backup, copy.clone())]);
        let place = Place { disk: two.as_str().into(), ..exported.place() };
        let updated = exported.updated(place, &parsed(&two), NOW);
        assert_eq!((of(&updated), &**updated.text()), (of(&exported), &*two));
        // A file that has caught up was written over what waits, too.
        assert_eq!(of(&entry.caught_up(entry.place())), of(&exported));
    }

    #[test]
    fn what_was_taken_waits_again_once_that_is_undone() {
        let copy = text("Copy", "all");
        for source in [Source::Backup, Source::Tab, Source::Overwritten] {
            let waits = from(source, &copy, "a.json");
            let waits = Incoming { place: changed().place(), ..waits };
            let entry = changed().waits_too([waits.clone()]);
            let taken = entry.with_taken(&waits, NOW).unwrap();
            let undone = Entry::restore(taken.undone().unwrap().record().clone()).unwrap();
            assert_eq!((undone.text(), undone.waiting()), (entry.text(), std::slice::from_ref(&waits)));
            // Also where another change then takes the place of what was undone.
            let edited = undone.edited(&parsed(&text("Flood", "all")), "Edited.".into(), NOW);
            assert_eq!(edited.waiting(), std::slice::from_ref(&waits));
            let again = undone.redone().unwrap();
            assert_eq!((&**again.text(), again.waiting()), (copy.as_str(), &[][..]));
            assert_eq!(again.undone().unwrap().waiting(), [waits]);
        }
        // What the file holds is told of without it.
        let (entry, waits) = waiting(&copy, "a.json");
        let undone = entry.with_taken(&waits, NOW).unwrap().undone().unwrap();
        assert!(undone.changed() && undone.waiting().is_empty());
        assert_eq!(&*undone.record().disk, copy);
    }

    #[test]
    fn what_another_tab_stored_waits_beside_what_could_not_be_stored() {
        let entry = |topic: &str| {
            let entry = changed().edited(&parsed(&text(topic, "few")), "Edited.".into(), NOW);
            entry.waits_too([from(Source::Backup, &text(topic, "none"), "a.json")])
        };
        let (ours, theirs) = (entry("Ours"), entry("Theirs").stamped(7));
        let both = ours.beside(&theirs);
        let texts: Vec<_> = both.waiting().iter().map(|waits| (waits.source, waits.text.to_string())).collect();
        let [backup, tab] = [Source::Backup, Source::Tab];
        let expected = [(backup, text("Ours", "none")), (tab, text("Theirs", "few")), (backup, text("Theirs", "none"))];
        assert_eq!(texts, expected);
        assert_eq!((both.text(), both.standing(), both.record().stamp), (ours.text(), ours.standing(), 7));
        // The same text does not wait beside itself, and what waits beside it does.
        let same = ours.with_waiting(Vec::new()).beside(&entry("Ours"));
        assert_eq!(same.record(), entry("Ours").record());
    }
}
