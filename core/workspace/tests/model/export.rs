//! Exports: the mark that they leave, and taking it back.

use crate::support::*;
use callboard_workspace::plan::{Export, Resolution};
use callboard_workspace::{Entry, Source};

fn exported(entry: &Entry) -> (Export, Entry) {
    let export = Export::of([entry]);
    assert_eq!((export.is_empty(), export.ids()), (false, vec!["ep_1".to_owned()]));
    let marked = done(export.mark(entry, NOW));
    (export, marked)
}

#[test]
fn an_export_is_marked_and_taken_back() {
    let edited = edit(&loaded(&text("one")), &text("two"));
    let (export, marked) = exported(&edited);
    is(&marked, "a.json", &text("two"), false);
    assert_eq!(done(export.unmark(&marked, NOW)).record(), edited.record());
    // A file that came between the export and its mark is not marked over.
    let newer = imported(&edited, "a.json", &text("three"), "conflict");
    assert!(export.mark(&newer, NOW).unwrap_err().contains("imported during"));
    // With an undo in between: what the file holds is known all the same.
    let undone = undo(&marked);
    is(&undone, "a.json", &text("one"), true);
    is(&done(export.unmark(&undone, NOW)), "a.json", &text("one"), false);
    // Not after the file came again.
    let newer = imported(&marked, "a.json", &text("three"), "updated");
    assert!(export.unmark(&newer, NOW).unwrap_err().contains("imported again"));
    let other = loaded(&text("one").replace("ep_1", "ep_2"));
    let other =
        Entry::new(callboard_workspace::Record { id: "ep_2".into(), ..other.record().clone() }, other.session());
    assert!(export.mark(&other, NOW).is_err() && export.unmark(&other, NOW).is_err());
}

#[test]
fn a_created_session_has_its_file_with_the_export() {
    let made = created("sessions/a.json", &text("new"));
    assert!(made.changed() && made.record().compared_with().is_none());
    let (export, marked) = exported(&made);
    is(&marked, "sessions/a.json", &text("new"), false);
    assert_eq!(done(export.unmark(&marked, NOW)).record(), made.record());
}

#[test]
fn an_export_over_a_conflict_decides_nothing() {
    let edited = edit(&loaded(&text("one")), &text("mine"));
    let open = imported(&edited, "a.json", &text("two"), "conflict");
    let (export, marked) = exported(&open);
    // The overwritten text is nowhere else.
    assert!(!marked.changed() && !marked.record().overwrites());
    assert_eq!(conflicts(&marked), [(Source::File, text("two"))]);
    assert_eq!(done(export.unmark(&marked, NOW)).record(), open.record());
    let newer = imported(&marked, "a.json", &text("three"), "updated");
    is(&newer, "a.json", &text("three"), false);
    assert_eq!(conflicts(&newer), [(Source::File, text("two"))]);
    // A decision made meanwhile is kept.
    let decided = resolve(&marked, &text("two"), Resolution::KeepCurrent);
    assert_eq!(conflicts(&done(export.unmark(&decided, NOW))), []);
}
