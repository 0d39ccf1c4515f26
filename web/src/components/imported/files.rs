//! The files of a read-only session, each with its role, and the text of the open one.
use super::address::ImportedAddress;
use super::file_text::FileText;
use super::source::place_href;
use crate::format::count;
use crate::route::Route;
use crate::store::library::use_library;
use callboard_core::import::{Encoding, FilePlace, FileRole};
use callboard_workspace::{ReadOnlyContent, ReadOnlySession};
use leptos::prelude::*;

/// A file of the session.
struct SessionFileRow {
    path: String,
    /// The session's key or number in a file of several.
    index: Option<String>,
    role: &'static str,
    why: &'static str,
    line: u32,
    place: Option<FilePlace>,
}

/// Returns the label of a role, and its explanation.
fn label(role: FileRole) -> (&'static str, &'static str) {
    match role {
        FileRole::State => ("State", "Status of the session."),
        FileRole::Part => ("Part", "Status of a part of the session."),
        FileRole::Report => ("Report", "Report on the session."),
        FileRole::Plan => ("Plan", "Plan of the session."),
        FileRole::Output => ("Output", "Written by the session."),
        FileRole::Copy => ("Copy", "Same content as another file of the session."),
        FileRole::Older => ("Older version", "Older than another file of the session, which is used instead."),
    }
}

fn rows(session: &ReadOnlySession) -> Vec<SessionFileRow> {
    let library = use_library();
    let place = |path: &str| library.assembled.with_untracked(|all| all.file(path).cloned());
    match &session.content {
        ReadOnlyContent::Foreign(foreign) => {
            let row = |file: &callboard_core::import::SessionFile| {
                let (role, why) = label(file.role);
                let (path, index) = (file.path.to_string(), file.index.clone());
                SessionFileRow { place: place(&path), path, index, role, why, line: 0 }
            };
            foreign.files.iter().map(row).collect()
        }
        ReadOnlyContent::Own(own) => {
            let (role, why) = label(FileRole::State);
            let index = own.place.index.map(|index| (index + 1).to_string());
            let (path, line) = (own.path.to_string(), own.place.line);
            vec![SessionFileRow { place: place(&path), path, index, role, why, line }]
        }
    }
}

/// The panel of files.
#[component]
pub fn Files(
    /// The session.
    session: ReadOnlySession,
    /// The parameters of the page's address.
    at: Memo<ImportedAddress>,
) -> impl IntoView {
    let open = Memo::new(move |_| at.with(|at| at.file.clone()));
    let rows = rows(&session);
    let number = count(rows.len(), "file", "files");
    let rows = rows.into_iter().map(|file| row(file, open)).collect_view();
    let key = session.key;
    view! {
        <section class="panel" aria-labelledby="files-title">
            <div class="panel-head"><h2 id="files-title" tabindex="-1">"Files"</h2><span class="muted">{number}</span></div>
            <ul class="imported-files">{rows}</ul>
            {move || open.get().map(|path| view! { <FileText path at close=ImportedAddress::default().href(&key)/> })}
        </section>
    }
}

fn row(file: SessionFileRow, open: Memo<Option<String>>) -> impl IntoView {
    let SessionFileRow { path, index, role, why, line, place } = file;
    let href = place_href(&path, line);
    let library = use_library();
    let teach = (path.to_lowercase().ends_with(".json") && library.bytes(&path).is_some()).then(|| {
        let label = format!("Teach the shape of {path}");
        view! { <a class="button button-quiet" href=Route::Teach(path.clone()).href() aria-label=label>"Teach"</a> }
    });
    let remarks = place.as_ref().map(remarks).unwrap_or_default();
    let remarks = remarks.into_iter().map(|words| view! { <li>{words}</li> }).collect_view();
    let is_open = {
        let path = path.clone();
        move || open.with(|open| open.as_deref() == Some(&*path))
    };
    view! {
        <li class="imported-file">
            <span class="file-role" data-tip=why tabindex="0">{role}</span>
            <div class="file-words">
                <a class="path" href=href aria-current=move || is_open().then_some("true")>{path}</a>
                {index.map(|index| view! { <span class="muted">" # "<bdi>{index}</bdi></span> })}
                <ul class="file-remarks">{remarks}</ul>
            </div>
            {teach}
        </li>
    }
}

/// Returns what was done to read a file, a sentence each.
fn remarks(place: &FilePlace) -> Vec<String> {
    let encoding =
        (place.encoding != Encoding::Utf8).then(|| format!("In {}, and exported in it.", place.encoding.name()));
    place.repairs.iter().map(ToString::to_string).chain(encoding).collect()
}
