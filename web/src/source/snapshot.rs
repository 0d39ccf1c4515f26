//! Versions of the files of a folder, and the changes between looks at it.
use crate::platform::file_version::FileVersion;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Time in milliseconds for which a missing file may come back before it counts as removed.
pub(super) const GRACE: f64 = 400.0;

/// Age in milliseconds up to which the time of a change does not tell it from the next one: file systems count in
/// steps of a few milliseconds.
const YOUNG: f64 = 20.0;

/// Returns true for files that are never reported: hidden ones, among them Callboard's own locks and temporary files,
/// and those of a browser that is writing.
pub(super) fn is_ignored(path: &str) -> bool {
    let name = name(path);
    name.starts_with('.') || name.ends_with(".crswap")
}

/// The known files of a folder.
#[derive(Clone, Debug, Default)]
pub(super) struct Snapshot {
    files: BTreeMap<String, Known>,
    /// New files that are reported once a missing file is known to be gone, as they may be that one.
    deferred: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// `None` for a listed file that nobody has read or looked at.
    version: Option<FileVersion>,
    /// True if the file may have changed again without another version.
    is_young: bool,
    /// The time of the first look that did not find the file.
    missing_since: Option<f64>,
}

/// The changes between two looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// The paths of files that appeared, changed or are gone.
    pub(super) paths: Vec<String>,
    /// A folder was renamed.
    pub(super) is_reset: bool,
    /// Files are missing, perhaps for a moment: look again after [`GRACE`].
    pub(super) is_pending: bool,
}

/// The files that a look at the whole folder found.
#[derive(Clone, Debug, Default)]
pub(super) struct Scan {
    /// The files with their versions.
    pub(super) files: Vec<(String, FileVersion)>,
    /// Files and folders that could not be read this time.
    pub(super) unread: Vec<String>,
}

impl Snapshot {
    /// Takes over a list of all files.
    pub(super) fn list(&mut self, paths: impl Iterator<Item = String>) {
        let mut known = std::mem::take(&mut self.files);
        let listed = paths.filter(|path| !is_ignored(path));
        self.files = listed
            .map(|path| (known.remove(&path).unwrap_or_default(), path))
            .map(|(file, path)| (path, file))
            .collect();
    }

    /// Takes over the version of a file that the app has just read or written; `None` if it is missing.
    pub(super) fn set(&mut self, path: &str, version: Option<FileVersion>, now: f64) {
        if is_ignored(path) {
            return;
        }
        self.deferred.remove(path);
        match version {
            Some(version) => drop(self.files.insert(path.to_owned(), Known::new(version, now))),
            None => drop(self.files.remove(path)),
        }
    }

    /// Takes over the version of a listed file that is shown without being read. Later changes are then reported; one that
    /// was not reported yet stays to be reported.
    pub(super) fn show(&mut self, path: &str, version: FileVersion, now: f64) {
        if let Some(known) = self.files.get_mut(path).filter(|known| known.version.is_none()) {
            *known = Known::new(version, now);
        }
    }

    /// Returns true for a known file.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Returns true for a folder with known files.
    pub(super) fn has_folder(&self, path: &str) -> bool {
        let start = format!("{path}/");
        self.files.range(start.clone()..).next().is_some_and(|(path, _)| path.starts_with(&start))
    }

    /// Returns the files to look at again after [`GRACE`].
    pub(super) fn pending(&self) -> Vec<String> {
        let missing = self.files.iter().filter(|(_, known)| known.missing_since.is_some());
        missing.map(|(path, _)| path).chain(&self.deferred).cloned().collect()
    }

    /// Compares files that were looked at one by one; `None` is a missing one.
    pub(super) fn look(&mut self, files: Vec<(String, Option<FileVersion>)>, now: f64) -> Changes {
        let mut changes = Changes::default();
        let (mut found, mut gone) = (Vec::new(), Vec::new());
        for (path, version) in files.into_iter().filter(|(path, _)| !is_ignored(path)) {
            match version {
                Some(version) => found.push((path, version)),
                None => self.miss(path, now, &mut gone, &mut changes),
            }
        }
        self.compare(found, gone, now, changes)
    }

    /// Compares all files. Unread ones, and all in unread folders, count as unchanged.
    pub(super) fn scan(&mut self, scan: Scan, now: f64) -> Changes {
        let mut changes = Changes::default();
        let found: BTreeSet<&str> = scan.files.iter().map(|(path, _)| path.as_str()).collect();
        let is_unread = |path: &str| {
            scan.unread.iter().any(|unread| {
                path.strip_prefix(unread.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        self.deferred.retain(|path| found.contains(path.as_str()));
        let missing = self.files.keys().filter(|path| !found.contains(path.as_str()) && !is_unread(path));
        let mut gone = Vec::new();
        for path in missing.cloned().collect::<Vec<_>>() {
            self.miss(path, now, &mut gone, &mut changes);
        }
        let files = scan.files.into_iter().filter(|(path, _)| !is_ignored(path)).collect();
        self.compare(files, gone, now, changes)
    }

    /// Notes a missing file; adds it to `gone` if it has been missing for long.
    fn miss(&mut self, path: String, now: f64, gone: &mut Vec<(String, Known)>, changes: &mut Changes) {
        let Some(known) = self.files.get_mut(&path) else {
            self.deferred.remove(&path);
            return;
        };
        let since = *known.missing_since.get_or_insert(now);
        if now - since >= GRACE {
            let known = *known;
            self.files.remove(&path);
            gone.push((path, known));
        } else {
            changes.is_pending = true;
        }
    }

    fn compare(
        &mut self,
        found: Vec<(String, FileVersion)>,
        gone: Vec<(String, Known)>,
        now: f64,
        mut changes: Changes,
    ) -> Changes {
        // A file of the same version and another path is probably the same one, renamed.
        let missing = self.files.values().filter(|known| known.missing_since.is_some());
        let waiting: HashSet<_> = missing.filter_map(|known| known.version).map(FileVersion::bits).collect();
        let moved: HashSet<_> =
            gone.iter().filter_map(|(path, known)| Some((name(path).to_owned(), known.version?.bits()))).collect();
        for (path, version) in found {
            match self.files.get_mut(&path) {
                Some(known) => {
                    if known.update(version, now) {
                        changes.paths.push(path);
                    }
                }
                // It is reported together with the removal: the other way round, there would be two of them.
                None if waiting.contains(&version.bits()) => {
                    self.deferred.insert(path);
                    changes.is_pending = true;
                }
                None => {
                    // The same name in another folder.
                    changes.is_reset |= moved.contains(&(name(&path).to_owned(), version.bits()));
                    self.deferred.remove(&path);
                    self.files.insert(path.clone(), Known::new(version, now));
                    changes.paths.push(path);
                }
            }
        }
        changes.paths.extend(gone.into_iter().map(|(path, _)| path));
        changes.paths.sort_unstable();
        changes
    }
}

/// Returns a file's name without its folders.
fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

impl Known {
    fn new(version: FileVersion, now: f64) -> Self {
        Self { version: Some(version), is_young: now - version.modified < YOUNG, missing_since: None }
    }

    /// Takes over the version that a look found; returns true if the file has changed or may have.
    fn update(&mut self, version: FileVersion, now: f64) -> bool {
        self.missing_since = None;
        match self.version {
            Some(known) if known == version => {
                let is_due = self.is_young && now - version.modified >= YOUNG;
                self.is_young &= !is_due;
                is_due
            }
            known => {
                *self = Self::new(version, now);
                // The listing has told of a file without a known version.
                known.is_some()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Time at which all files of the tests are old.
    const NOW: f64 = 1_000_000.0;

    fn version(modified: f64) -> FileVersion {
        FileVersion { modified, size: 5.0 }
    }

    fn scan(files: &[(&str, f64)]) -> Scan {
        Scan { files: files.iter().map(|(path, at)| ((*path).to_owned(), version(*at))).collect(), unread: Vec::new() }
    }

    fn known(files: &[(&str, f64)]) -> Snapshot {
        let mut snapshot = Snapshot::default();
        snapshot.list(files.iter().map(|(path, _)| (*path).to_owned()));
        assert_eq!(snapshot.scan(scan(files), NOW), Changes::default());
        snapshot
    }

    fn changed(paths: &[&str]) -> Changes {
        Changes { paths: paths.iter().map(|path| (*path).to_owned()).collect(), ..Changes::default() }
    }

    const PENDING: Changes = Changes { paths: Vec::new(), is_reset: false, is_pending: true };

    #[test]
    fn changes_and_new_files_are_reported_once() {
        let mut snapshot = known(&[("a.json", 1.0), ("b/c.json", 1.0), ("b/d.json", 1.0)]);
        let after = [("a.json", 2.0), ("b/c.json", 1.0), ("b/d.json", 1.0), ("b/e.json", 1.0)];
        assert_eq!(snapshot.scan(scan(&after), NOW), changed(&["a.json", "b/e.json"]));
        assert_eq!(snapshot.scan(scan(&after), NOW), Changes::default());
        let one = vec![("b/c.json".to_owned(), Some(version(3.0))), ("n.json".to_owned(), Some(version(3.0)))];
        assert_eq!(snapshot.look(one.clone(), NOW), changed(&["b/c.json", "n.json"]));
        assert_eq!(snapshot.look(one, NOW), Changes::default());
        let other_size = vec![("n.json".to_owned(), Some(FileVersion { modified: 3.0, size: 6.0 }))];
        assert_eq!(snapshot.look(other_size, NOW), changed(&["n.json"]));
    }

    #[test]
    fn an_older_time_is_a_change_too() {
        let mut snapshot = known(&[("a.json", 10.0)]);
        assert_eq!(snapshot.scan(scan(&[("a.json", 4.0)]), NOW), changed(&["a.json"]));
    }

    #[test]
    fn a_shown_file_is_reported_if_it_changes_after_it_was_first_shown() {
        let mut snapshot = Snapshot::default();
        snapshot.list(["a.md".to_owned()].into_iter());
        snapshot.show("a.md", version(1.0), NOW);
        // Shown again, before the change was reported; and one that is not listed is reported as new.
        snapshot.show("a.md", version(2.0), NOW);
        snapshot.show("new.md", version(1.0), NOW);
        let look = vec![("a.md".to_owned(), Some(version(2.0))), ("new.md".to_owned(), Some(version(1.0)))];
        assert_eq!(snapshot.look(look, NOW), changed(&["a.md", "new.md"]));
    }

    #[test]
    fn a_listed_file_is_reported_only_if_it_changes_after_it_was_read() {
        let mut snapshot = Snapshot::default();
        snapshot.list(["a.json", "b.json", "c.json"].map(str::to_owned).into_iter());
        snapshot.set("a.json", Some(version(1.0)), NOW);
        snapshot.set("b.json", Some(version(1.0)), NOW);
        assert_eq!(
            snapshot.scan(scan(&[("a.json", 1.0), ("b.json", 2.0), ("c.json", 9.0)]), NOW),
            changed(&["b.json"])
        );
        assert_eq!(
            snapshot.scan(scan(&[("a.json", 1.0), ("b.json", 2.0), ("c.json", 10.0)]), NOW),
            changed(&["c.json"])
        );
    }

    #[test]
    fn a_list_keeps_the_versions_of_read_files() {
        let mut snapshot = known(&[("a.json", 1.0), ("b.json", 1.0)]);
        snapshot.list(["a.json".to_owned()].into_iter());
        assert!(snapshot.has("a.json") && !snapshot.has("b.json"));
        assert_eq!(snapshot.scan(scan(&[("a.json", 2.0)]), NOW), changed(&["a.json"]));
    }

    #[test]
    fn a_file_that_vanishes_for_a_moment_is_not_gone() {
        let mut snapshot = known(&[("a.json", 1.0), ("b.json", 1.0)]);
        assert_eq!(snapshot.scan(scan(&[("b.json", 1.0)]), NOW), PENDING);
        assert_eq!(snapshot.pending(), ["a.json"]);
        // As it was, as after a checkout to and fro.
        assert_eq!(snapshot.scan(scan(&[("a.json", 1.0), ("b.json", 1.0)]), NOW + 100.0), Changes::default());
        // The time counts anew.
        assert_eq!(snapshot.look(vec![("a.json".into(), None)], NOW + 1000.0), PENDING);
        assert_eq!(snapshot.look(vec![("a.json".into(), None)], NOW + 1000.0 + GRACE / 2.0), PENDING);
        // Replaced by an atomic save.
        assert_eq!(snapshot.look(vec![("a.json".into(), Some(version(2.0)))], NOW + 1300.0), changed(&["a.json"]));
        assert!(snapshot.pending().is_empty());
    }

    #[test]
    fn a_file_that_stays_away_is_reported_once() {
        let mut snapshot = known(&[("a.json", 1.0), ("b.json", 1.0)]);
        assert_eq!(snapshot.scan(scan(&[("b.json", 1.0)]), NOW), PENDING);
        assert_eq!(snapshot.scan(scan(&[("b.json", 1.0)]), NOW + GRACE), changed(&["a.json"]));
        assert_eq!(snapshot.scan(scan(&[("b.json", 1.0)]), NOW + 2.0 * GRACE), Changes::default());
        assert_eq!(snapshot.look(vec![("a.json".into(), None)], NOW + 3.0 * GRACE), Changes::default());
        // It comes back later.
        assert_eq!(snapshot.scan(scan(&[("a.json", 1.0), ("b.json", 1.0)]), NOW + 5000.0), changed(&["a.json"]));
    }

    #[test]
    fn a_renamed_file_is_reported_under_both_names_at_once() {
        let mut snapshot = known(&[("a.json", 1.0), ("b.json", 7.0)]);
        let after = [("b.json", 7.0), ("c.json", 1.0)];
        assert_eq!(snapshot.scan(scan(&after), NOW), PENDING);
        assert_eq!(snapshot.scan(scan(&after), NOW + GRACE), changed(&["a.json", "c.json"]));
        assert_eq!(snapshot.scan(scan(&after), NOW + 2.0 * GRACE), Changes::default());
    }

    #[test]
    fn a_renamed_file_is_found_again_by_looking_at_pending_files_alone() {
        let mut snapshot = known(&[("a.json", 1.0)]);
        let look = |paths: Vec<String>| {
            paths.into_iter().map(|path| (path.clone(), (path != "a.json").then(|| version(1.0)))).collect()
        };
        assert_eq!(snapshot.look(look(vec!["a.json".into(), "c.json".into()]), NOW), PENDING);
        let pending = snapshot.pending();
        assert_eq!(pending, ["a.json", "c.json"]);
        assert_eq!(snapshot.look(look(pending), NOW + GRACE), changed(&["a.json", "c.json"]));
        assert!(snapshot.pending().is_empty());
    }

    #[test]
    fn an_editors_copy_beside_a_file_that_it_saves_is_no_renamed_file() {
        let mut snapshot = known(&[("a.json", 1.0)]);
        assert_eq!(snapshot.scan(scan(&[("a.json~", 1.0)]), NOW), PENDING);
        assert_eq!(snapshot.scan(scan(&[("a.json", 2.0)]), NOW + 50.0), changed(&["a.json"]));
        assert!(snapshot.pending().is_empty());
    }

    #[test]
    fn a_renamed_folder_is_a_reset() {
        let mut snapshot = known(&[("old/a.json", 1.0), ("old/b.json", 2.0), ("c.json", 3.0)]);
        let after = [("new/a.json", 1.0), ("new/b.json", 2.0), ("c.json", 3.0)];
        assert_eq!(snapshot.scan(scan(&after), NOW), PENDING);
        let changes = snapshot.scan(scan(&after), NOW + GRACE);
        assert!(changes.is_reset && !changes.is_pending);
        assert_eq!(snapshot.scan(scan(&after), NOW + 2.0 * GRACE), Changes::default());
        assert!(snapshot.has_folder("new") && !snapshot.has_folder("old") && !snapshot.has_folder("ne"));
    }

    #[test]
    fn files_of_folders_that_cannot_be_read_just_now_are_unchanged() {
        let mut snapshot = known(&[("a/b.json", 1.0), ("ab/c.json", 1.0), ("d.json", 1.0)]);
        let unread = vec!["a".to_owned(), "d.json".to_owned()];
        assert_eq!(snapshot.scan(Scan { files: Vec::new(), unread }, NOW), PENDING);
        assert_eq!(snapshot.pending(), ["ab/c.json"]);
    }

    #[test]
    fn the_apps_own_writes_are_not_reported() {
        let mut snapshot = known(&[("a.json", 1.0)]);
        snapshot.set("a.json", Some(version(5.0)), NOW);
        snapshot.set("new.json", Some(version(6.0)), NOW);
        assert_eq!(snapshot.scan(scan(&[("a.json", 5.0), ("new.json", 6.0)]), NOW), Changes::default());
        // Its own write is younger than the look.
        snapshot.set("a.json", Some(version(NOW)), f64::INFINITY);
        for now in [NOW, NOW + YOUNG] {
            assert_eq!(snapshot.look(vec![("a.json".into(), Some(version(NOW)))], now), Changes::default());
        }
        snapshot.set("a.json", Some(version(5.0)), NOW);
        snapshot.set("new.json", None, NOW);
        assert_eq!(snapshot.scan(scan(&[("a.json", 5.0)]), NOW), Changes::default());
    }

    #[test]
    fn a_file_that_was_read_right_after_a_change_is_read_once_more() {
        let mut snapshot = known(&[("a.json", 1.0)]);
        snapshot.set("a.json", Some(version(NOW)), NOW + YOUNG / 2.0);
        let look = vec![("a.json".to_owned(), Some(version(NOW)))];
        assert_eq!(snapshot.look(look.clone(), NOW + YOUNG / 2.0), Changes::default());
        assert_eq!(snapshot.look(look.clone(), NOW + YOUNG), changed(&["a.json"]));
        assert_eq!(snapshot.look(look, NOW + 3.0 * YOUNG), Changes::default());
    }

    #[test]
    fn hidden_and_temporary_files_are_never_reported() {
        for path in [".a.json.lock", "b/.a.json.tmp-1", "a.json.crswap", ".a.json.lock.1.next", "b/.c.json"] {
            assert!(is_ignored(path), "{path}");
            let mut snapshot = known(&[]);
            assert_eq!(snapshot.scan(scan(&[(path, 1.0)]), NOW), Changes::default());
            snapshot.set(path, Some(version(1.0)), NOW);
            assert!(!snapshot.has(path));
            assert_eq!(snapshot.look(vec![(path.to_owned(), Some(version(2.0)))], NOW), Changes::default());
        }
        assert!(!is_ignored("a/.b/c.json") && !is_ignored("a.json"));
    }
}
