//! Texts that are being written by hand, before they are applied. They live here and not in their field: a
//! page that is drawn anew, left or reloaded, a browser that is killed, and a text that is refused, take nothing away
//! from them.
//!
//! Each tab keeps its own under its own name, and is the only one that writes them. Those of a tab that is no longer
//! open are taken over by the next one that is opened or, once they have stayed away for a while, by one that is looked
//! at, where that does not write the same session's text itself.
use super::storage_error::StorageError;
use crate::platform::pace::pause;
use crate::platform::stored::new_stamp;
use crate::platform::tab::{Away, Tab, hold, when_looked_at};
use crate::platform::texts::Texts;
use futures::channel::oneshot;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Where they are kept.
const NAME: &str = "callboard-drafts";

/// How far apart it is looked for the tabs that have drafts.
const APART: Duration = Duration::from_secs(1);

/// A text somebody is writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The session's text that it is written over.
    pub over: String,
    /// What is in the field.
    pub field: String,
}

/// What is being written, by the session's id.
#[derive(Clone, Copy)]
pub struct Drafts {
    all: RwSignal<HashMap<String, Draft>>,
    begun: RwSignal<HashMap<String, u64>>,
    /// Why what is written now is not kept for when the page is closed, where it is so.
    pub unkept: RwSignal<Option<StorageError>>,
    kept: StoredValue<Option<(Texts, String)>, LocalStorage>,
    /// The tabs that have drafts, as far as they are away.
    away: StoredValue<Away>,
    /// They are looked for whenever this tab is looked at.
    is_watching: StoredValue<bool>,
    /// Those of which the text they are written over is kept: of these only the field is written from then on.
    begun_kept: StoredValue<HashSet<String>>,
    /// Those of which what was written last is not kept.
    failed: StoredValue<HashSet<String>>,
    /// Those that were applied where the browser did not store the change: kept until it does, for when the page is
    /// closed.
    applied: StoredValue<HashMap<String, Draft>>,
}

impl Default for Drafts {
    fn default() -> Self {
        Self {
            all: RwSignal::default(),
            begun: RwSignal::default(),
            unkept: RwSignal::new(None),
            kept: StoredValue::new_local(None),
            away: StoredValue::default(),
            is_watching: StoredValue::new(false),
            begun_kept: StoredValue::default(),
            failed: StoredValue::default(),
            applied: StoredValue::default(),
        }
    }
}

impl Drafts {
    /// Brings back those that this tab had before it was loaded anew, and those that nobody has any more; of these,
    /// also later, whenever this tab is looked at. Where the browser's storage is not open for now, it goes on without
    /// them, and they come when it is.
    pub async fn restore(self) {
        let (tell, settled) = oneshot::channel();
        spawn_local(async move {
            let tell = Cell::new(Some(tell));
            let wait = |why| {
                self.unkept.set(Some(why));
                tell.take();
            };
            match self.try_restore(wait).await {
                Ok(()) => {
                    self.look_for_others();
                    if self.is_watching.try_update_value(|watching| std::mem::replace(watching, true)) == Some(false) {
                        when_looked_at(move || self.look_for_others());
                    }
                }
                Err(why) => self.unkept.set(Some(why)),
            }
        });
        // It ends with the sender, which is never used.
        let _: Result<(), _> = settled.await;
    }

    async fn try_restore(self, wait: impl Fn(StorageError)) -> Result<(), StorageError> {
        // At once: until then it is away, in the eyes of the others.
        let (told, here) = oneshot::channel();
        spawn_local(async move {
            // Whoever asked may have failed.
            let _ = told.send(Tab::here().await);
        });
        let unknown = |_| StorageError::Failed("The browser does not say which tab this is.".into());
        let here = async move { here.await.map_err(unknown) };
        let lost = move |why| {
            self.kept.set_value(None);
            self.unkept.set(Some(why));
        };
        let texts = Texts::open(NAME, wait, lost).await?;
        if texts.names().await?.is_empty() {
            // Nothing to bring back: nobody waits until this tab knows which it is.
            spawn_local(async move {
                match here.await {
                    Ok(Tab { name, .. }) => self.keep_under(texts, name),
                    Err(why) => self.unkept.set(Some(why)),
                }
            });
            return Ok(());
        }
        let Tab { name: here, came_back, copy_of } = here.await?;
        // Not before: until it is known to be here, another may take over what it had.
        let stored = gathered(texts.named().await?);
        let (mine, others): (Vec<_>, Vec<_>) = stored.into_iter().partition(|(tab, ..)| *tab == here);
        let (late, mine): (Vec<_>, Vec<_>) = mine.into_iter().partition(|(_, id, _)| self.has(id));
        for (_, id, _) in late {
            // It was begun anew before the storage was open: the earlier one is found once that has ended.
            let other = new_stamp().to_string();
            texts.rename(&PARTS.map(|part| (named(&here, part, &id), named(&other, part, &id)))).await?;
        }
        self.keep_under(texts, here.clone());
        for (_, id, draft) in mine {
            self.show_kept(id, draft);
        }
        for (_, id, draft) in others.into_iter().filter(|(tab, ..)| copy_of.as_ref() == Some(tab)) {
            if self.get(&id).is_none() {
                self.begin(&id, draft);
            }
        }
        // Where this tab comes back, the others may be about to. Where it cannot be known which tabs are open, each is
        // taken for one that is.
        if !came_back && let Some(open) = Tab::open_ones().await {
            // Where that fails, they stay as they are kept: the next look finds them.
            let _ = self.take_over(|tab| !open.contains(tab)).await;
        }
        Ok(())
    }

    /// Looks for the tabs that have drafts until each was found or is gone.
    fn look_for_others(self) {
        let was_looking = self.away.try_update_value(|away| {
            let was_looking = away.goes_on();
            away.begin();
            was_looking
        });
        if was_looking == Some(false) {
            spawn_local(async move {
                // As at the start.
                let _ = self.look().await;
                self.away.update_value(Away::end);
            });
        }
    }

    async fn look(self) -> Result<(), StorageError> {
        while self.away.with_value(Away::goes_on) {
            let Some((texts, here)) = self.kept.get_value() else { return Ok(()) };
            let mut others: HashSet<_> =
                texts.names().await?.iter().filter_map(|name| Some(tab_of(name)?.to_owned())).collect();
            others.remove(&here);
            if others.is_empty() {
                return Ok(());
            }
            let Some(open) = Tab::open_ones().await else { return Ok(()) };
            let gone = self.away.try_update_value(|away| away.look(&others, &open)).unwrap_or_default();
            if !gone.is_empty() {
                self.take_over(|tab| gone.contains(tab)).await?;
            }
            pause(APART).await;
        }
        Ok(())
    }

    /// Takes over those of tabs that are gone.
    async fn take_over(self, is_gone: impl Fn(&str) -> bool) -> Result<(), StorageError> {
        let Some((texts, here)) = self.kept.get_value() else { return Ok(()) };
        let others = gathered(texts.named().await?);
        for (tab, id, draft) in others.into_iter().filter(|(tab, ..)| *tab != here && is_gone(tab)) {
            if self.has(&id) {
                continue;
            }
            // Should it come back now, it waits for what becomes of this.
            let Some(_held) = hold(&tab).await else { continue };
            let names = PARTS.map(|part| (named(&tab, part, &id), named(&here, part, &id)));
            if !texts.rename(&names).await? {
                continue;
            }
            if self.has(&id) {
                // Somebody has begun to write it here meanwhile: each is put back to where it was.
                self.write_anew(&id);
                let [over, field] = names.map(|(theirs, _)| theirs);
                texts.keep(&[(over, Some(&draft.over)), (field, Some(&draft.field))]).await?;
            } else {
                self.show_kept(id, draft);
            }
        }
        Ok(())
    }

    /// From now on what is written is kept, as this tab's; what has been begun already, too.
    fn keep_under(self, texts: Texts, here: String) {
        self.kept.set_value(Some((texts, here)));
        self.unkept.set(None);
        for id in self.all.with_untracked(|all| all.keys().cloned().collect::<Vec<_>>()) {
            self.write_anew(&id);
        }
    }

    /// Whether what is written outlives the page.
    pub fn are_kept(self) -> bool {
        self.kept.with_value(Option::is_some)
    }

    /// Whether something is being written that does not outlive the page.
    pub fn are_unkept(self) -> bool {
        // A field knows no byte order mark and one end of lines.
        let letters =
            |text: &str| text.chars().filter(|letter| !matches!(letter, '\r' | '\u{feff}')).collect::<String>();
        let is_written = |draft: &Draft| letters(&draft.field) != letters(&draft.over);
        self.unkept.with_untracked(Option::is_some) && self.all.with_untracked(|all| all.values().any(is_written))
    }

    /// How often a session's text was begun to be written, while it is. Followed: it stays the same from key
    /// to key.
    pub fn begun(self, id: &str) -> Option<u64> {
        self.begun.with(|begun| begun.get(id).copied())
    }

    /// What is being written of a session. Not followed: it changes with every key.
    pub fn get(self, id: &str) -> Option<Draft> {
        self.all.with_untracked(|all| all.get(id).cloned())
    }

    /// Begins, or begins anew.
    pub fn begin(self, id: &str, draft: Draft) {
        self.show(id.to_owned(), draft);
        self.write_anew(id);
    }

    fn show(self, id: String, draft: Draft) {
        self.all.update_untracked(|all| {
            all.insert(id.clone(), draft);
        });
        self.begun.update(|begun| *begun.entry(id).or_default() += 1);
    }

    /// Shows one that is kept as it is.
    fn show_kept(self, id: String, draft: Draft) {
        self.begun_kept.update_value(|kept| {
            kept.insert(id.clone());
        });
        self.show(id, draft);
    }

    /// Goes on: what is in the field now.
    pub fn go_on(self, id: &str, field: String) {
        self.all.update_untracked(|all| {
            if let Some(draft) = all.get_mut(id) {
                draft.field = field;
            }
        });
    }

    /// Keeps what is written so far for when the page is closed: to be called when the keys rest.
    pub fn keep(self, id: &str) {
        if self.all.with_untracked(|all| all.contains_key(id)) {
            self.write(id);
        }
    }

    /// Ends: it was given up.
    pub fn end(self, id: &str) {
        self.hide(id);
        self.write(id);
    }

    /// What was in the field was applied, which led to the text `now`. What was written on meanwhile goes on over that,
    /// and where the change is not stored, what was applied is kept until [`Drafts::applied_is_stored`].
    pub fn applied(self, id: &str, field: &str, now: &str, is_stored: bool) {
        let kept = self.to_keep(id).filter(|_| !is_stored);
        self.applied.update_value(|applied| match kept {
            Some(Draft { over, .. }) => drop(applied.insert(id.to_owned(), Draft { over, field: field.to_owned() })),
            None => drop(applied.remove(id)),
        });
        match self.get(id) {
            Some(draft) if draft.field != field => self.begin(id, Draft { over: now.to_owned(), ..draft }),
            _ => self.end(id),
        }
    }

    /// What was applied to a session is stored now.
    pub fn applied_is_stored(self, id: &str) {
        let was_applied = self.applied.try_update_value(|applied| applied.remove(id).is_some());
        if was_applied == Some(true) {
            self.write_anew(id);
        }
    }

    /// Whether there is something of a session's that is kept.
    fn has(self, id: &str) -> bool {
        self.all.with_untracked(|all| all.contains_key(id))
            || self.applied.with_value(|applied| applied.contains_key(id))
    }

    /// What of a session is to be kept: what is being written, else what was applied. Over a change that is not stored,
    /// it is the stored text that it will be found over when the page was closed.
    fn to_keep(self, id: &str) -> Option<Draft> {
        let applied = self.applied.with_value(|applied| applied.get(id).cloned());
        match (self.get(id), applied) {
            (Some(draft), Some(applied)) => Some(Draft { over: applied.over, ..draft }),
            (draft, applied) => draft.or(applied),
        }
    }

    fn hide(self, id: &str) {
        self.all.update_untracked(|all| {
            all.remove(id);
        });
        self.begun.update(|begun| {
            begun.remove(id);
        });
    }

    /// Keeps a draft whole: the text that it is written over is another one.
    fn write_anew(self, id: &str) {
        self.begun_kept.update_value(|kept| {
            kept.remove(id);
        });
        self.write(id);
    }

    /// Keeps a draft as it is now: the text that it is written over until that is kept, and what is in the field. Where
    /// there is none, what was kept is forgotten.
    fn write(self, id: &str) {
        let Some((texts, here)) = self.kept.get_value() else { return };
        let draft = self.to_keep(id);
        let is_begun = self.begun_kept.with_value(|kept| kept.contains(id));
        let names = PARTS.map(|part| named(&here, part, id));
        let id = id.to_owned();
        // Begun in their order, they are written in their order.
        spawn_local(async move {
            let parts = draft.as_ref().map_or([Some(None), Some(None)], |draft| {
                [(!is_begun).then_some(Some(draft.over.as_str())), Some(Some(draft.field.as_str()))]
            });
            let parts: Vec<_> = names.into_iter().zip(parts).filter_map(|(name, part)| Some((name, part?))).collect();
            let done = texts.keep(&parts).await;
            self.is_written(&id, draft, done);
        });
    }

    /// What became of the writing of a draft; with the first that the browser keeps again, those that it did not keep
    /// are written again.
    fn is_written(self, id: &str, draft: Option<Draft>, done: Result<(), StorageError>) {
        let unkept = match done {
            Err(why) => {
                self.failed.update_value(|failed| {
                    failed.insert(id.to_owned());
                });
                Some(why)
            }
            Ok(()) => {
                self.begun_kept.update_value(|kept| match draft {
                    // It may have been begun anew since, over another text.
                    Some(draft) if self.to_keep(id).is_some_and(|now| now.over == draft.over) => {
                        kept.insert(id.to_owned());
                    }
                    _ => {
                        kept.remove(id);
                    }
                });
                let left = self.failed.try_update_value(|failed| {
                    failed.remove(id);
                    failed.iter().cloned().collect::<Vec<_>>()
                });
                let left = left.unwrap_or_default();
                for id in &left {
                    self.write(id);
                }
                // The last of them says that all are kept.
                if !left.is_empty() {
                    return;
                }
                None
            }
        };
        if self.unkept.with_untracked(|before| *before != unkept) {
            self.unkept.set(unkept);
        }
    }
}

/// The parts of a draft, in the order of [`Draft`]: only what changes is written at each rest of the keys.
const PARTS: [&str; 2] = ["over", "field"];

/// The name under which a part of a tab's draft is kept.
fn named(tab: &str, part: &str, id: &str) -> String {
    format!("{tab}\n{part}\n{id}")
}

/// The tab whose draft a part is, by the part's name.
fn tab_of(name: &str) -> Option<&str> {
    Some(name.split_once('\n')?.0)
}

/// The drafts that are kept: the tab's name, the session's id, and the draft. One of which a part is missing is none.
fn gathered(texts: Vec<(String, String)>) -> Vec<(String, String, Draft)> {
    let texts: HashMap<String, String> = texts.into_iter().collect();
    let mut drafts = Vec::new();
    for (name, over) in &texts {
        let mut parts = name.splitn(3, '\n');
        let (Some(tab), Some("over"), Some(id)) = (parts.next(), parts.next(), parts.next()) else { continue };
        if let Some(field) = texts.get(&named(tab, "field", id)) {
            let draft = Draft { over: over.clone(), field: field.clone() };
            drafts.push((tab.to_owned(), id.to_owned(), draft));
        }
    }
    drafts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_whole_or_none() {
        let text = |name: String, text: &str| (name, text.to_owned());
        let id = "an\nid";
        let texts = vec![
            text(named("7", "over", id), "before"),
            text(named("7", "field", id), "after"),
            text(named("8", "over", id), "alone"),
            text(named("9", "field", id), "alone"),
            text("something else".into(), ""),
        ];
        let draft = Draft { over: "before".into(), field: "after".into() };
        assert_eq!(gathered(texts), [("7".to_owned(), id.to_owned(), draft)]);
    }
}
