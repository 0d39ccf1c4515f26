//! The panel that shows the open output of a session.
use super::markdown_view::MarkdownView;
use super::reading::{OutputReading, OutputView};
use crate::components::button::{Button, IconButton, Weight};
use crate::components::icon::Glyph;
use crate::components::json::JsonLine;
use crate::components::session_signals::SessionSignals;
use crate::components::virtual_list::{ListContainer, VirtualList};
use crate::format::{bytes, count, playing_time};
use crate::platform::scroll_memory::ScrollMemory;
use crate::platform::{dom, media};
use crate::session_address::SessionAddress;
use crate::source::output::use_outputs;
use crate::store::workspace::use_workspace;
use callboard_workspace::split;
use leptos::html;
use leptos::prelude::*;
use std::ops::Range;

/// The panel, shown while the address names an output and the source hands out outputs.
#[component]
pub fn OutputReader(
    /// The session.
    session: SessionSignals,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    let chosen = Memo::new(move |_| at.with(|at| at.output.clone()).filter(|_| use_outputs().is_some()));
    let is_open = Memo::new(move |_| chosen.with(Option::is_some));
    let path = session.entry_part(|entry| entry.path().to_owned());
    let reading = OutputReading::follow(path, chosen);
    let scrolls = ScrollMemory::default();
    // The keys that scroll then scroll the output that was opened. A page that opens with one keeps its focus.
    Effect::new(move |before: Option<()>| {
        if chosen.with(Option::is_some) && before.is_some() {
            dom::focus_after_render("#output-body");
        }
    });
    let close = move || {
        let next = SessionAddress { output: None, ..at.get_untracked() };
        dom::navigate(&next.href(&session.id()));
        dom::focus_after_render("#outputs-title");
    };
    move || is_open.get().then(|| view! { <Opened chosen reading scrolls close/> })
}

/// The panel's content.
#[component]
fn Opened(
    /// The path, as the session names it.
    chosen: Memo<Option<String>>,
    /// Its content, as far as it is read.
    reading: OutputReading,
    /// The scroll offset of each output.
    scrolls: ScrollMemory,
    /// Closes the panel.
    close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let status = use_workspace().status;
    let path = Memo::new(move |_| chosen.get().unwrap_or_default());
    let name = Memo::new(move |_| path.with(|path| split(&path.replace('\\', "/")).1.to_owned()));
    let body = NodeRef::<html::Div>::new();
    // The offset is remembered only while the output is shown, not while it loads.
    let is_shown = StoredValue::new(false);
    let restore = move || {
        dom::after_render(move || {
            if let (Some(body), Some(path)) = (body.try_get_untracked().flatten(), path.try_get_untracked()) {
                if is_shown.try_get_value() == Some(false) {
                    scrolls.restore(&path, &body);
                }
                let _ = is_shown.try_update_value(|is_shown| *is_shown = true);
            }
        });
    };
    Effect::new(move |_| {
        path.track();
        is_shown.set_value(false);
    });
    let save = move |_| {
        if let Some(body) = body.get_untracked().filter(|_| is_shown.get_value()) {
            path.with_untracked(|path| scrolls.save(path, &body));
        }
    };
    let download = move || {
        let downloaded = reading.output.with_untracked(|output| output.as_ref().map(|output| output.download()));
        if let Some(Err(why)) = downloaded {
            status.set(format!("Cannot download {}: {why}", name.get_untracked()), None);
        }
    };
    let is_found = Memo::new(move |_| reading.output.with(Option::is_some));
    view! {
        <section
            class="panel output-reader"
            aria-labelledby="output-title"
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.prevent_default();
                    event.stop_propagation();
                    close();
                }
            }
        >
            <div class="panel-head output-head">
                <h2 id="output-title" class="path" translate="no">{name}</h2>
                <span class="muted output-facts">{move || facts(reading)}</span>
                <div class="head-buttons">
                    {move || is_found.get().then(|| view! {
                        <Button label="Download" weight=Weight::Quiet on_press=download/>
                    })}
                    <IconButton label="Close output" glyph=Glyph::Close on_press=close/>
                </div>
            </div>
            <div
                node_ref=body
                id="output-body"
                class="output-body"
                data-scroller
                role="region"
                tabindex="0"
                aria-label=move || format!("Content of {}", name.get())
                on:scroll=save
            >
                // A single element whose size tells long lists that they have moved.
                <div class="output-content">
                    {move || content(reading, name, path, restore)}
                </div>
            </div>
        </section>
    }
}

/// Returns the size of the file and the length of its text.
fn facts(reading: OutputReading) -> String {
    let Some(size) = reading.output.with(|output| output.as_ref().map(|output| output.size)) else {
        return String::new();
    };
    let length = match reading.view.get() {
        OutputView::Markdown => Some(count(reading.markdown.with(|text| text.words), "word", "words")),
        OutputView::Lines => Some(count(reading.lines.with(|lines| lines.len()), "line", "lines")),
        _ => None,
    };
    length.into_iter().chain([bytes(size)]).collect::<Vec<_>>().join(" \u{b7} ")
}

fn content(
    reading: OutputReading,
    name: Memo<String>,
    path: Memo<String>,
    restore: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let view = reading.view.get();
    match view {
        OutputView::Loading => view! { <p class="output-wait muted" role="status">"Opening…"</p> }.into_any(),
        OutputView::Missing => {
            restore();
            view! {
                <div class="output-note" role="status">
                    <p>{name.get_untracked()}" is not in the folder."</p>
                    <p class="muted">
                        "The session names "<bdi class="path" translate="no">{path.get_untracked()}</bdi>
                        ". It opens here as soon as it is written."
                    </p>
                </div>
            }
            .into_any()
        }
        OutputView::Failed(why) => view! {
            <div class="output-note" role="status">
                <p>{name.get_untracked()}" cannot be read."</p>
                <p class="muted">{why}</p>
            </div>
        }
        .into_any(),
        OutputView::Markdown => {
            let file = reading.output.with_untracked(|output| output.as_ref().map(|output| output.path.clone()));
            let file = file.unwrap_or_else(|| path.get_untracked());
            view! { <MarkdownView text=reading.markdown.into() path=file rendered=restore/> }.into_any()
        }
        OutputView::Lines => {
            let number = Memo::new(move |_| reading.lines.with(|lines| lines.len()));
            let rows = move |range: Range<usize>| {
                reading.lines.with(|lines| range.map(|index| JsonLine::unchanged(index, lines, None)).collect())
            };
            restore();
            view! {
                <div class="json-lines output-lines"><VirtualList container=ListContainer::Lines count=number rows/></div>
            }
            .into_any()
        }
        OutputView::Picture(address) => {
            restore();
            view! { <img class="output-picture" src=address alt=move || name.get()/> }.into_any()
        }
        OutputView::Audio(address) => view! { <Player address name is_film=false/> }.into_any(),
        OutputView::Video(address) => view! { <Player address name is_film=true/> }.into_any(),
        OutputView::Download(why) => view! {
            <div class="output-note" role="status">
                <p>{why}</p>
                <p class="muted">"Download it to open it with another program."</p>
            </div>
        }
        .into_any(),
    }
}

/// A player with its length.
#[component]
fn Player(
    /// The address of the file.
    address: String,
    /// The file's name.
    name: Memo<String>,
    /// True for a film.
    is_film: bool,
) -> impl IntoView {
    let length = RwSignal::new(None::<f64>);
    let is_broken = RwSignal::new(false);
    let note = move |event: leptos::ev::Event| length.set(media::length(&event));
    let fail = move |_| is_broken.set(true);
    let label = move || format!("Player for {}", name.get());
    let player = if is_film {
        view! {
            <video
                class="output-player" controls preload="metadata" src=address aria-label=label
                on:loadedmetadata=note on:durationchange=note on:error=fail
            ></video>
        }
        .into_any()
    } else {
        view! {
            <audio
                class="output-player" controls preload="metadata" src=address aria-label=label
                on:loadedmetadata=note on:durationchange=note on:error=fail
            ></audio>
        }
        .into_any()
    };
    let words = move || match (is_broken.get(), length.get()) {
        (true, _) => "This browser cannot play this file. Download it to open it with another program.".to_owned(),
        (false, Some(seconds)) => format!("Length: {}", playing_time(seconds)),
        (false, None) => "Length: \u{2013}".to_owned(),
    };
    view! {
        <div class="output-media">
            {player}
            <p class="muted" role="status">{words}</p>
        </div>
    }
}
