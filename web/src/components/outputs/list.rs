//! The list of a session's outputs, each with its size or that it is missing.
use crate::components::icon::{Glyph, Icon};
use crate::components::session_signals::SessionSignals;
use crate::format::{bytes, count, title_case};
use crate::platform::pace::pause;
use crate::session_address::SessionAddress;
use crate::source::output::{Outputs, use_outputs};
use callboard_core::OutputFile;
use callboard_workspace::{output_candidates, split};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::HashMap;
use std::time::Duration;

/// Least interval between two looks at the files.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// The state of an output's file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum FileStatus {
    /// It has this size in bytes.
    Found(u64),
    /// It is not in the source.
    Missing,
    /// The source could not be asked, for this reason.
    Failed(String),
}

/// The panel with the list. It is not shown where the source hands out no outputs.
#[component]
pub fn OutputList(
    /// The session.
    session: SessionSignals,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    let outputs = session.part(callboard_core::Session::outputs);
    let is_offered = Memo::new(move |_| use_outputs().is_some());
    let statuses = watch_files(session, outputs);
    let number = Memo::new(move |_| outputs.with(Vec::len));
    let row = move |output: OutputFile| view! { <OutputRow output session=session.id() at statuses/> };
    move || {
        is_offered.get().then(|| {
            view! {
                <section class="panel session-outputs" aria-labelledby="outputs-title">
                    <div class="panel-head">
                        <h2 id="outputs-title" tabindex="-1">"Outputs"</h2>
                        <span class="muted">{move || count(number.get(), "file", "files")}</span>
                    </div>
                    {move || (number.get() == 0).then(|| view! {
                        <p class="panel-body muted">{"No agent of this session has named an output yet."}</p>
                    })}
                    <ul class="output-list">
                        <For each=move || outputs.get() key=|output| output.path.clone() children=row/>
                    </ul>
                </section>
            }
        })
    }
}

/// Follows what is known of each output's file, by its path in the session.
fn watch_files(session: SessionSignals, outputs: Memo<Vec<OutputFile>>) -> RwSignal<HashMap<String, FileStatus>> {
    let statuses = RwSignal::new(HashMap::new());
    let path = session.entry_part(|entry| entry.path().to_owned());
    let is_looking = StoredValue::new(false);
    let is_stale = StoredValue::new(false);
    let source = StoredValue::new(None::<Outputs>);
    let look = move || {
        is_looking.set_value(true);
        spawn_local(async move {
            // The page may be left meanwhile.
            while is_stale.try_update_value(|is_stale| std::mem::replace(is_stale, false)) == Some(true) {
                let (Some(source), Some(names), Some(path)) =
                    (source.try_get_value().flatten(), outputs.try_get_untracked(), path.try_get_untracked())
                else {
                    break;
                };
                let mut now = HashMap::new();
                for output in names {
                    let found = source.open(output_candidates(&path, &output.path)).await;
                    let status = match found {
                        Ok(Some(file)) => FileStatus::Found(file.size),
                        Ok(None) => FileStatus::Missing,
                        Err(why) => FileStatus::Failed(why),
                    };
                    now.insert(output.path, status);
                }
                let is_new = statuses.try_with_untracked(|before| *before != now);
                if is_new == Some(true) {
                    statuses.set(now);
                }
                // Agents may write many times a second.
                pause(MIN_INTERVAL).await;
            }
            let _ = is_looking.try_update_value(|is_looking| *is_looking = false);
        });
    };
    Effect::new(move |_| {
        outputs.track();
        path.track();
        let Some(now) = use_outputs() else { return };
        now.changed.track();
        source.set_value(Some(now));
        is_stale.set_value(true);
        if !is_looking.get_value() {
            look();
        }
    });
    statuses
}

#[component]
fn OutputRow(
    /// The output.
    output: OutputFile,
    /// The session's id.
    session: String,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
    /// The state of each file.
    statuses: RwSignal<HashMap<String, FileStatus>>,
) -> impl IntoView {
    let path = output.path.clone();
    let status = Memo::new(move |_| statuses.with(|statuses| statuses.get(&path).cloned()));
    let state = output.stage.state();
    view! {
        <li class="output-row">
            <span class="output-stage state" data-state=state.name().to_lowercase()>
                <Icon glyph=Glyph::of_state(state)/>
                <span>{title_case(output.stage.name())}</span>
            </span>
            <OutputLink path=output.path session at/>
            {move || match status.get() {
                None => ().into_any(),
                Some(FileStatus::Found(size)) => view! { <span class="output-status num">{bytes(size)}</span> }.into_any(),
                Some(FileStatus::Missing) => {
                    view! { <span class="output-status output-missing">{"Missing"}</span> }.into_any()
                }
                Some(FileStatus::Failed(why)) => {
                    view! { <span class="output-status output-missing" title=why>{"Cannot be read"}</span> }.into_any()
                }
            }}
        </li>
    }
}

/// The link that opens an output; its folder is muted.
#[component]
pub fn OutputLink(
    /// The path, as the session names it.
    path: String,
    /// The session's id.
    session: String,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    let (folder, name) = split(&path);
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let name = name.to_owned();
    let open = path.clone();
    let is_open = Memo::new(move |_| at.with(|at| at.output.as_deref() == Some(&*open)));
    let target = path.clone();
    let href = move || at.with(|at| SessionAddress { output: Some(target.clone()), ..at.clone() }.href(&session));
    view! {
        <a
            class="path output-link"
            href=href
            title=path
            aria-current=move || is_open.get().then_some("true")
        >
            <span class="path-name">{name}</span>
            <span class="path-folder">{folder}</span>
        </a>
    }
}
