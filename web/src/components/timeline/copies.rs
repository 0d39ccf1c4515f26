//! Copies of the timeline as an image, to the clipboard or as a download.
use super::drawing::{tick_label, ticks};
use super::export::{COLOURS, Colours, SvgTimeline, size, svg};
use super::layout::scene;
use super::timeline_view::TimelineView;
use crate::components::button::{Button, Weight};
use crate::components::icon::Glyph;
use crate::platform::clipboard::{copy_png, copy_text};
use crate::platform::clock;
use crate::platform::download::{download, download_blob};
use crate::platform::picture::{colours, png};
use crate::store::workspace::{Workspace, use_workspace};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Width of the lanes in an image.
const WIDTH: f64 = 1_200.0;

/// The copy buttons.
#[component]
pub fn CopyButtons(
    /// The state of the timeline.
    view_state: TimelineView,
    /// The title of the image: the session's id.
    title: String,
) -> impl IntoView {
    let workspace = use_workspace();
    let title = StoredValue::new(title);
    let copy_svg = move || {
        let Some((text, _)) = picture(view_state, &title.get_value()) else { return report_nothing(workspace) };
        let name = format!("{}-timeline.svg", file_stem(&title.get_value()));
        spawn_local(async move {
            match copy_text(&text).await {
                Ok(()) => workspace.status.set("Copied the timeline as SVG.", None),
                Err(_) => report_download(workspace, &name, download(&name, &text)),
            }
        });
    };
    let copy_image = move || {
        let Some((text, size)) = picture(view_state, &title.get_value()) else { return report_nothing(workspace) };
        let name = format!("{}-timeline.png", file_stem(&title.get_value()));
        spawn_local(async move {
            let blob = match png(&text, size).await {
                Ok(blob) => blob,
                Err(why) => return workspace.status.set(format!("The image could not be created: {why}"), None),
            };
            match copy_png(&blob).await {
                Ok(()) => workspace.status.set("Copied the timeline as PNG.", None),
                Err(_) => report_download(workspace, &name, download_blob(&name, &blob)),
            }
        });
    };
    view! {
        <Button label="Copy SVG" glyph=Glyph::Copy weight=Weight::Quiet on_press=copy_svg/>
        <Button label="Copy PNG" glyph=Glyph::Copy weight=Weight::Quiet on_press=copy_image/>
    }
}

fn report_nothing(workspace: Workspace) {
    workspace.status.set("Nothing to copy: no times in this file.", None);
}

fn report_download(workspace: Workspace, name: &str, saved: Result<(), String>) {
    match saved {
        Ok(()) => workspace.status.set(format!("The browser blocked the clipboard, so {name} was downloaded."), None),
        Err(why) => workspace.status.set(format!("{name} was not downloaded: {why}"), None),
    }
}

/// Turns an id into a file name, replacing special characters by `_`.
fn file_stem(id: &str) -> String {
    let fits = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    id.chars().take(80).map(|letter| if fits(letter) { letter } else { '_' }).collect()
}

/// Returns the visible part as SVG text, with its size.
fn picture(view_state: TimelineView, title: &str) -> Option<(String, (f64, f64))> {
    let scale = view_state.view.get_untracked()?.over(WIDTH);
    let now = clock::now();
    view_state.timeline.with_untracked(|timeline| {
        let scene = scene(timeline, &scale, (0.0, scale.width), now);
        let picture = SvgTimeline {
            title,
            lanes: timeline.lanes.iter().map(|lane| lane.stage.name()).collect(),
            scale,
            scene: &scene,
            ticks: ticks(&scale).iter().map(|tick| (tick.x, tick_label(tick))).collect(),
            now: (view_state.is_active.get_untracked() && scale.shows(now.unix())).then(|| scale.x(now.unix())),
        };
        Some((svg(&picture, &Colours(colours(&COLOURS))), size(&picture)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_name_is_no_path() {
        assert_eq!(file_stem("ep_001_20240811_1430"), "ep_001_20240811_1430");
        assert_eq!(file_stem("../<b>"), ".._(b)".replace(['(', ')'], "_"));
    }
}
