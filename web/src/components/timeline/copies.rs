//! Copies of the timeline as an image, to the clipboard or as a download.
use super::axis::Tick;
use super::axis_marks::{band_label, break_label, place_dates, tick_label, ticks};
use super::export::{COLOURS, Colours, SvgTimeline, size, svg};
use super::layout::scene;
use super::present::now_label;
use super::timeline_view::TimelineView;
use crate::components::button::{Button, Weight};
use crate::components::icon::Glyph;
use crate::platform::clipboard::{copy_png, copy_text};
use crate::platform::clock;
use crate::platform::download::{download, download_blob};
use crate::platform::picture::{colours, png};
use crate::store::workspace::{Workspace, use_workspace};
use callboard_core::Timestamp;
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
    // The same stretch of time as on screen, with the same gaps folded.
    let axis = untrack(|| view_state.axis.gaps.with(|gaps| Some(view_state.axis.view.get()?.over(WIDTH, gaps))))?;
    let now = clock::now();
    view_state.timeline.with_untracked(|timeline| {
        let expected = view_state.expected.get_untracked();
        let scene = scene(timeline, &expected, &axis, (0.0, axis.width), now);
        let ticks = untrack(|| ticks(&axis));
        let present = (view_state.is_active.get_untracked() && axis.shows(now.unix())).then(|| axis.x(now.unix()));
        let label = |tick: &Tick| if tick.labelled { tick_label(tick) } else { String::new() };
        let picture = SvgTimeline {
            title,
            lanes: timeline.lanes.iter().map(|lane| lane.stage.name()).collect(),
            width: axis.width,
            scene: &scene,
            ticks: ticks.ticks.iter().map(|tick| (tick.x, label(tick))).collect(),
            // With its year, as an image is looked at later.
            dates: place_dates(&ticks.bands, |band| band_label(band, Timestamp::from_unix(0)), None),
            days: ticks.bands.iter().filter(|band| band.is_start).map(|band| band.x).collect(),
            breaks: ticks.breaks.iter().map(|it| (it.x, it.width, break_label(it.gap, it.width))).collect(),
            now: present.map(|x| (x, now_label(now))),
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
