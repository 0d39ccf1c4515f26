//! The choice between several files of one session in an import: by content and then by path, whatever their order.
use super::entry::Entry;
use super::fate::{Fate, Item};
use super::place::joined;
use super::receiving::Received;
use super::shelf::Shelf;
use callboard_core::{Candidate, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;

/// The sessions that have come in an import so far.
#[derive(Debug, Default)]
pub struct Arrivals {
    by_id: HashMap<String, Arrival>,
}

/// The file that stands for a session so far.
#[derive(Debug)]
struct Arrival {
    path: String,
    candidate: Candidate,
    /// The file's text.
    text: Arc<str>,
    /// The session before the import.
    before: Option<Arc<Entry>>,
    /// The session's text since this file came: another one has been changed by somebody.
    shown: Arc<str>,
    /// The paths and texts of the other files of the session.
    others: Vec<(String, Arc<str>)>,
}

impl Arrival {
    /// The outcome of another file of the session.
    fn fate(&self, id: &str, text: &Arc<str>) -> Fate {
        if *text == self.text { Fate::Unchanged } else { Fate::Another { id: id.to_owned(), at: self.path.clone() } }
    }
}

impl Arrivals {
    /// Receives a file. The second value has the new outcomes of files that came before it.
    ///
    /// A file that `aside` asks to put aside is not counted as come.
    pub fn receive(
        &mut self,
        shelf: &Shelf,
        (file, folder): (&str, &str),
        bytes: &[u8],
        now: Timestamp,
        aside: bool,
    ) -> (Received, Vec<Item>) {
        let by_id = &self.by_id;
        let earlier = |id: &str| by_id.get(id).map(|arrival| arrival.path.as_str());
        let received = shelf.receive((file, folder), bytes, now, earlier);
        let (Some(id), Some(candidate)) = (received.id.clone(), received.candidate.clone()) else {
            return (received, Vec::new());
        };
        let path = joined(folder, file);
        let text = received.texts.first().map_or_else(|| "".into(), |incoming| incoming.text.clone());
        let before = shelf.get(&id).cloned();
        let shown = |received: &Received| {
            let entry = received.entry.as_ref().or(before.as_deref());
            entry.map_or_else(|| text.clone(), |entry| entry.text().clone())
        };
        let Some(arrival) = self.by_id.get_mut(&id) else {
            if !(received.elsewhere && aside) {
                let shown = shown(&received);
                let arrival = Arrival { path, candidate, text, before, shown, others: Vec::new() };
                self.by_id.insert(id, arrival);
            }
            return (received, Vec::new());
        };
        let stands = arrival.is_the_same(&path, &text).unwrap_or(candidate < arrival.candidate);
        let instead = if stands { arrival.replaced(shelf, (file, folder), bytes, now) } else { None };
        let Some(instead) = instead else {
            if matches!(received.fate, Fate::Another { .. } | Fate::Unchanged) {
                arrival.others.push((path, text));
            }
            return (received, Vec::new());
        };
        let previous = (std::mem::replace(&mut arrival.path, path), std::mem::replace(&mut arrival.text, text.clone()));
        arrival.others.push(previous);
        arrival.candidate = candidate;
        arrival.shown = shown(&instead);
        let amended = arrival.others.iter();
        let amended = amended.map(|(path, text)| Item {
            path: path.clone(),
            id: Some(id.clone()),
            fate: arrival.fate(&id, text),
        });
        (instead, amended.collect())
    }
}

impl Arrival {
    /// Tells one file that was dropped twice, with and without its folders, from two files.
    ///
    /// True if the new path is the one with the folders; none for two files.
    fn is_the_same(&self, path: &str, text: &Arc<str>) -> Option<bool> {
        let ends = |path: &str, name: &str| path.strip_suffix(name).is_some_and(|folders| folders.ends_with('/'));
        let (longer, shorter) = (ends(path, &self.path), ends(&self.path, path));
        (*text == self.text && (longer || shorter)).then_some(longer)
    }

    /// The outcome with another file of the session in place of this one; none where somebody has changed the session
    /// since this one came.
    fn replaced(&self, shelf: &Shelf, file: (&str, &str), bytes: &[u8], now: Timestamp) -> Option<Received> {
        let mut alone = Shelf::default();
        if let Some(before) = &self.before {
            alone.put((**before).clone());
        }
        let mut received = alone.receive(file, bytes, now, |_| None);
        let here = shelf.get(received.id.as_deref()?).filter(|here| *here.text() == self.shown)?;
        let entry = received.entry.take().or_else(|| self.before.as_deref().cloned())?;
        received.entry = Some(entry.stamped(here.record().stamp)).filter(|entry| entry.record() != here.record());
        received.elsewhere = false;
        Some(received)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);

    fn text(topic: &str, entries: usize) -> String {
        let history = vec!["{}"; entries].join(", ");
        format!(
            r#"{{"session_id": "ep_1", "episode": {{"topic": "{topic}"}}, "pipeline_state": {{"current_stage": "writing"}}, "history": [{history}]}}"#
        )
    }

    /// An import of files: what became of each by path, and the session's path and text.
    fn import(shelf: &mut Shelf, files: &[(&str, String)]) -> (Vec<(String, &'static str)>, String, String) {
        let mut arrivals = Arrivals::default();
        let mut items: Vec<Item> = Vec::new();
        let mut aside = Vec::new();
        for last in [false, true] {
            let files = if last { std::mem::take(&mut aside) } else { files.to_vec() };
            for (path, text) in files {
                let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
                let (received, amended) = arrivals.receive(shelf, (file, folder), text.as_bytes(), NOW, !last);
                if received.elsewhere && !last {
                    aside.push((path, text));
                    continue;
                }
                if let Some(entry) = received.entry {
                    shelf.put(entry);
                }
                for item in amended {
                    let known = items.iter_mut().find(|known| known.path == item.path).unwrap();
                    *known = item;
                }
                items.push(Item { path: path.to_owned(), id: received.id, fate: received.fate });
            }
        }
        let mut fates: Vec<_> = items.into_iter().map(|item| (item.path, item.fate.label())).collect();
        fates.sort_unstable();
        let entry = shelf.get("ep_1").unwrap();
        (fates, entry.path(), entry.text().to_string())
    }

    fn orders(files: &[(&'static str, String)]) -> Vec<Vec<(&'static str, String)>> {
        let mut orders = vec![files.to_vec()];
        for turn in 1..files.len() {
            let mut order = files.to_vec();
            order.rotate_left(turn);
            orders.push(order.clone());
            order.reverse();
            orders.push(order);
        }
        orders
    }

    #[test]
    fn the_file_that_went_on_stands_in_any_order() {
        let files =
            [("a.json", text("a", 1)), ("b/z.json", text("z", 3)), ("c.json", text("c", 2)), ("d.json", text("a", 1))];
        for order in orders(&files) {
            let (fates, path, shown) = import(&mut Shelf::default(), &order);
            assert_eq!((path.as_str(), shown), ("b/z.json", text("z", 3)));
            let expected =
                [("a.json", "not taken"), ("b/z.json", "added"), ("c.json", "not taken"), ("d.json", "not taken")];
            assert_eq!(fates, expected.map(|(path, fate)| (path.to_owned(), fate)), "{order:?}");
        }
    }

    #[test]
    fn of_equal_files_the_path_decides_in_any_order() {
        let files = [("b.json", text("x", 1)), ("a.json", text("x", 1)), ("c.json", text("y", 1))];
        for order in orders(&files) {
            let (fates, path, _) = import(&mut Shelf::default(), &order);
            assert_eq!(path, "a.json", "{order:?}");
            let expected = [("a.json", "added"), ("b.json", "unchanged"), ("c.json", "not taken")];
            assert_eq!(fates, expected.map(|(path, fate)| (path.to_owned(), fate)), "{order:?}");
        }
    }

    #[test]
    fn a_file_that_is_dropped_twice_keeps_its_folders() {
        for order in orders(&[("x.json", text("x", 1)), ("season/x.json", text("x", 1))]) {
            let (fates, path, _) = import(&mut Shelf::default(), &order);
            assert_eq!(path, "season/x.json", "{order:?}");
            assert_eq!(fates, [("season/x.json".to_owned(), "added"), ("x.json".to_owned(), "unchanged")]);
        }
    }

    #[test]
    fn a_file_that_says_no_state_stands_for_nothing_beside_one_that_does() {
        let silent = r#"{"session_id": "ep_1", "status": "completed", "history": [{}, {}, {}]}"#.to_owned();
        for order in orders(&[("a.json", silent), ("b.json", text("b", 0))]) {
            let (_, path, shown) = import(&mut Shelf::default(), &order);
            assert_eq!((path.as_str(), shown), ("b.json", text("b", 0)));
        }
    }

    #[test]
    fn a_known_session_ends_the_same_in_any_order() {
        for order in orders(&[("a.json", text("old", 1)), ("b.json", text("new", 2))]) {
            let mut shelf = Shelf::default();
            import(&mut shelf, &[("a.json", text("old", 1))]);
            let (fates, path, shown) = import(&mut shelf, &order);
            assert_eq!((path.as_str(), shown), ("b.json", text("new", 2)));
            assert_eq!(fates, [("a.json".to_owned(), "not taken"), ("b.json".to_owned(), "from another path")]);
            assert!(!shelf.get("ep_1").unwrap().changed() && shelf.get("ep_1").unwrap().undone().is_none());
        }
    }
}
