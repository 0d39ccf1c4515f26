//! A folder as a live source, with the page's own files in the place of the computer's.
#![allow(missing_docs, clippy::panic, clippy::unwrap_used)]

use callboard_web::platform::clock::millis;
use callboard_web::platform::directory::{Directory, DirectoryHandle};
use callboard_web::platform::files::ClosedFolder;
use callboard_web::platform::pace::pause;
use callboard_web::source::{FolderSource, Source, SourceEvent, Swapped};
use futures::future::{Either, join, select};
use futures::stream::LocalBoxStream;
use futures::{FutureExt as _, StreamExt as _};
use js_sys::{Function, Object, Promise, Reflect};
use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::FileSystemGetDirectoryOptions;

async fn root() -> DirectoryHandle {
    let storage = web_sys::window().unwrap().navigator().storage();
    JsFuture::from(storage.get_directory()).await.unwrap().unchecked_into()
}

async fn remove(name: &str) {
    let options = Object::new();
    Reflect::set(&options, &JsValue::from("recursive"), &JsValue::TRUE).unwrap();
    let root = root().await;
    let removal = Reflect::get(&root, &JsValue::from("removeEntry")).unwrap().unchecked_into::<Function>();
    let removed = removal.call2(&root, &JsValue::from(name), &options).unwrap().unchecked_into::<Promise>();
    // It may not be there.
    let _ = JsFuture::from(removed).await;
}

async fn handle(name: &str) -> DirectoryHandle {
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(true);
    let folder = root().await.get_directory_handle_with_options(name, &options);
    JsFuture::from(folder).await.unwrap().unchecked_into()
}

/// Returns an empty folder with this name: as a source, and for the writes of others.
async fn empty(name: &str) -> (Source, Directory) {
    remove(name).await;
    let handle = handle(name).await;
    (Source::Folder(FolderSource::of(handle.clone(), "own".into())), Directory::new(handle))
}

async fn write(folder: &Directory, path: &str, text: &str) {
    folder.create(path).await.unwrap();
    let writer = folder.writer(path).await.unwrap();
    writer.write(text.as_bytes()).await.unwrap();
    writer.commit().await.unwrap();
}

async fn text(folder: &Directory, path: &str) -> Option<String> {
    folder.read(path).await.unwrap().map(|(bytes, _)| String::from_utf8(bytes).unwrap())
}

/// Returns the names of all files, hidden ones too.
async fn names(source: &Source) -> Vec<String> {
    let mut names: Vec<_> = source.list(|| false).await.unwrap().files.iter().map(|file| file.path()).collect();
    names.sort();
    names
}

/// Returns the next event, or `None` after a time.
async fn next(events: &mut LocalBoxStream<'static, SourceEvent>, within: Duration) -> Option<SourceEvent> {
    match select(events.next(), pin!(pause(within))).await {
        Either::Left((event, _)) => event,
        Either::Right(_) => None,
    }
}

const SOON: Duration = Duration::from_secs(10);

fn changed(paths: &[&str]) -> Option<SourceEvent> {
    Some(SourceEvent::Changed(paths.iter().map(|path| (*path).to_owned()).collect()))
}

/// Takes the observer from the browser for a test, so that only looking at files finds changes.
struct NoObserver(JsValue);

impl NoObserver {
    fn hide() -> Self {
        let name = JsValue::from("FileSystemObserver");
        let class = Reflect::get(&js_sys::global(), &name).unwrap();
        Reflect::set(&js_sys::global(), &name, &JsValue::UNDEFINED).unwrap();
        Self(class)
    }
}

impl Drop for NoObserver {
    fn drop(&mut self) {
        Reflect::set(&js_sys::global(), &JsValue::from("FileSystemObserver"), &self.0).unwrap();
    }
}

#[wasm_bindgen_test]
async fn files_are_listed_and_read() {
    let (source, folder) = empty("source-list").await;
    for path in ["a.json", "sub/deep/\u{fc} b.json", "sub/script.md", ".git/config"] {
        write(&folder, path, path).await;
    }
    let listing = source.list(|| false).await.unwrap();
    assert_eq!(listing.closed, [(".git".to_owned(), ClosedFolder::OfTool)]);
    let mut found = Vec::new();
    for file in &listing.files {
        assert_eq!(file.bytes().await.unwrap(), file.path().as_bytes());
        found.push(file.path());
    }
    found.sort();
    assert_eq!(found, ["a.json", "sub/deep/\u{fc} b.json", "sub/script.md"]);
    assert_eq!(source.read("sub/script.md").await.unwrap().as_deref(), Some(&b"sub/script.md"[..]));
    assert_eq!(source.read("sub/none.json").await.unwrap(), None);
    assert_eq!(source.read("none/none.json").await.unwrap(), None);
    assert_eq!(source.name(), "source-list");
    let output = source.output("sub/script.md").await.unwrap().unwrap();
    assert_eq!(output.size, 13);
    assert!(source.output("sub/none.md").await.unwrap().is_none());
    remove("source-list").await;
    assert!(source.list(|| false).await.unwrap_err().message.contains("no longer there"));
}

#[wasm_bindgen_test]
async fn a_file_that_is_being_written_is_read_when_it_is_whole() {
    let (source, folder) = empty("source-cut").await;
    write(&folder, "a.json", "{\"a\":").await;
    let later = async {
        pause(Duration::from_millis(200)).await;
        write(&folder, "a.json", "{\"a\": 1}").await;
    };
    let (read, ()) = join(source.read("a.json"), later).await;
    assert_eq!(read.unwrap().as_deref(), Some(&b"{\"a\": 1}"[..]));
    // Damage that stays is handed out.
    write(&folder, "b.json", "{").await;
    let began = millis();
    assert_eq!(source.read("b.json").await.unwrap().as_deref(), Some(&b"{"[..]));
    assert!((900.0..3000.0).contains(&(millis() - began)));
}

#[wasm_bindgen_test]
async fn a_file_is_replaced_only_if_it_is_the_expected_one() {
    let (source, folder) = empty("source-swap").await;
    write(&folder, "sub/a.json", "1").await;
    assert_eq!(source.swap("sub/a.json", Some(b"1"), b"2").await, Ok(Swapped::Written));
    assert_eq!(text(&folder, "sub/a.json").await.as_deref(), Some("2"));
    // The same content again, whatever is expected.
    assert_eq!(source.swap("sub/a.json", Some(b"1"), b"2").await, Ok(Swapped::Written));
    assert_eq!(source.swap("sub/a.json", None, b"2").await, Ok(Swapped::Written));
    assert_eq!(source.swap("sub/a.json", Some(b"1"), b"3").await, Ok(Swapped::Changed(Some(b"2".to_vec()))));
    assert_eq!(source.swap("sub/a.json", None, b"3").await, Ok(Swapped::Changed(Some(b"2".to_vec()))));
    assert_eq!(text(&folder, "sub/a.json").await.as_deref(), Some("2"));
    // A missing file and its folder do not come back.
    assert_eq!(source.swap("gone/b.json", Some(b"1"), b"3").await, Ok(Swapped::Changed(None)));
    assert_eq!(source.swap("sub/c.json", None, b"new").await, Ok(Swapped::Written));
    assert_eq!(source.swap("other/d.json", None, b"new").await, Ok(Swapped::Written));
    assert_eq!(names(&source).await, ["other/d.json", "sub/a.json", "sub/c.json"]);
}

#[wasm_bindgen_test]
async fn writes_wait_for_each_other() {
    let (source, folder) = empty("source-race").await;
    write(&folder, "a.json", "0").await;
    let other = Source::Folder(FolderSource::of(handle("source-race").await, "own".into()));
    let (one, two) = join(source.swap("a.json", Some(b"0"), b"1"), other.swap("a.json", Some(b"0"), b"2")).await;
    assert_eq!((one, two), (Ok(Swapped::Written), Ok(Swapped::Changed(Some(b"1".to_vec())))));
    assert_eq!(names(&source).await, ["a.json"]);
}

#[wasm_bindgen_test]
async fn a_write_waits_for_the_lock_of_an_agent() {
    let (source, folder) = empty("source-lock").await;
    write(&folder, "a.json", "1").await;
    write(&folder, ".a.json.lock", r#"{"nonce":"n-1","place":"studio/boot","pid":17}"#).await;
    let is_released = Cell::new(false);
    let agent = async {
        pause(Duration::from_millis(700)).await;
        write(&folder, "a.json", "2").await;
        is_released.set(true);
        folder.remove(".a.json.lock").await.unwrap();
    };
    let save = source.swap("a.json", Some(b"1"), b"3").map(|result| (result, is_released.get()));
    let (saved, ()) = join(save, agent).await;
    assert_eq!(saved, (Ok(Swapped::Changed(Some(b"2".to_vec()))), true));
    assert_eq!(source.swap("a.json", Some(b"2"), b"3").await, Ok(Swapped::Written));
    assert_eq!(names(&source).await, ["a.json"]);
}

#[wasm_bindgen_test]
async fn a_lock_of_a_page_of_this_browser_that_has_ended_is_taken_over() {
    let (source, folder) = empty("source-dead").await;
    write(&folder, "a.json", "1").await;
    // A lock of this browser, to learn its place.
    assert_eq!(source.swap("a.json", Some(b"1"), b"2").await, Ok(Swapped::Written));
    let place: String = {
        let storage = web_sys::window().unwrap().local_storage().unwrap().unwrap();
        storage.get_item("callboard:lock-place").unwrap().unwrap().replace('"', "")
    };
    let owner = |nonce: &str| format!(r#"{{"nonce":"{nonce}","place":"a browser/{place}","pid":0}}"#);
    write(&folder, ".a.json.lock", &owner("dead")).await;
    // The one that took it over has ended too.
    write(&folder, ".a.json.lock.dead.next", &owner("heir")).await;
    let began = millis();
    assert_eq!(source.swap("a.json", Some(b"2"), b"3").await, Ok(Swapped::Written));
    assert!(millis() - began < 5000.0);
    assert_eq!(text(&folder, "a.json").await.as_deref(), Some("3"));
    assert_eq!(text(&folder, ".a.json.lock").await, None);
}

#[wasm_bindgen_test]
async fn changes_are_reported_without_an_observer() {
    let _hidden = NoObserver::hide();
    watch("source-poll").await;
}

#[wasm_bindgen_test]
async fn changes_are_reported_with_an_observer() {
    watch("source-observe").await;
}

async fn watch(name: &str) {
    let (source, folder) = empty(name).await;
    for path in ["a.json", "sub/b.json", "sub/c.md"] {
        write(&folder, path, "1").await;
    }
    let listing = source.list(|| false).await.unwrap();
    for file in &listing.files {
        file.bytes().await.unwrap();
    }
    // Between the listing and the watch.
    pause(Duration::from_millis(50)).await;
    write(&folder, "sub/b.json", "22").await;
    let mut events = source.watch();
    assert_eq!(next(&mut events, SOON).await, changed(&["sub/b.json"]));
    source.read("sub/b.json").await.unwrap();
    // What the app writes is not reported, nor are locks and temporary files.
    assert_eq!(source.swap("a.json", Some(b"1"), b"2").await, Ok(Swapped::Written));
    write(&folder, ".sub.lock", "1").await;
    assert_eq!(next(&mut events, Duration::from_millis(2500)).await, None);
    write(&folder, "new/d.json", "1").await;
    assert_eq!(next(&mut events, SOON).await, changed(&["new/d.json"]));
    source.read("new/d.json").await.unwrap();
    // Gone for a moment, then for good.
    folder.remove("sub/c.md").await.unwrap();
    pause(Duration::from_millis(100)).await;
    write(&folder, "sub/c.md", "33").await;
    assert_eq!(next(&mut events, SOON).await, changed(&["sub/c.md"]));
    source.read("sub/c.md").await.unwrap();
    folder.remove("sub/c.md").await.unwrap();
    assert_eq!(next(&mut events, SOON).await, changed(&["sub/c.md"]));
    assert_eq!(next(&mut events, Duration::from_millis(1500)).await, None);
    // A whole folder.
    remove(name).await;
    match next(&mut events, SOON).await {
        Some(SourceEvent::Lost(error)) => assert!(error.message.contains("no longer there"), "{error}"),
        other => panic!("{other:?}"),
    }
    let again = Directory::new(handle(name).await);
    for path in ["a.json", "sub/b.json"] {
        write(&again, path, "later").await;
    }
    assert_eq!(next(&mut events, SOON).await, Some(SourceEvent::Restored));
    let mut seen = Vec::new();
    while !["a.json", "new/d.json", "sub/b.json"].iter().all(|path| seen.iter().any(|seen| seen == path)) {
        match next(&mut events, SOON).await {
            Some(SourceEvent::Changed(paths)) => seen.extend(paths),
            other => panic!("{other:?} after {seen:?}"),
        }
    }
}

#[wasm_bindgen_test]
async fn a_renamed_folder_is_a_reset() {
    let _hidden = NoObserver::hide();
    let (source, folder) = empty("source-rename").await;
    write(&folder, "old/a.json", "1").await;
    for file in &source.list(|| false).await.unwrap().files {
        file.bytes().await.unwrap();
    }
    let mut events = source.watch();
    assert_eq!(next(&mut events, Duration::from_millis(1500)).await, None);
    // The page's own folders cannot be renamed, but files can be moved: their time stays.
    let file: Object = JsFuture::from(
        JsFuture::from(handle("source-rename").await.get_directory_handle("old"))
            .await
            .unwrap()
            .unchecked_into::<DirectoryHandle>()
            .get_file_handle("a.json"),
    )
    .await
    .unwrap()
    .unchecked_into();
    folder.create("new/other.md").await.unwrap();
    let target = JsFuture::from(handle("source-rename").await.get_directory_handle("new")).await.unwrap();
    let moved = Reflect::get(&file, &JsValue::from("move")).unwrap().unchecked_into::<Function>();
    let moved = moved.call2(&file, &target, &JsValue::from("a.json")).unwrap();
    JsFuture::from(moved.unchecked_into::<Promise>()).await.unwrap();
    let mut last = None;
    while last != Some(SourceEvent::Reset) {
        last = next(&mut events, SOON).await;
        assert!(last == Some(SourceEvent::Reset) || last == changed(&["new/other.md"]), "{last:?}");
    }
}
