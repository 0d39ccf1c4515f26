//! The timeline as a picture to take along: on the clipboard, or as a file where there is none.
use super::Looking;
use super::drawing::{tick_label, ticks};
use super::export::{COLOURS, Colours, Picture, size, svg};
use super::layout::scene;
use crate::components::button::{Button, Weight};
use crate::components::icon::Glyph;
use crate::platform::clipboard::{copy_png, copy_text};
use crate::platform::clock;
use crate::platform::download::{download, download_blob};
use crate::platform::picture::{colours, png};
use crate::store::workspace::{Workspace, use_workspace};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How wide a picture's lanes are.
const WIDTH: f64 = 1_200.0;

/// The two buttons.
#[component]
pub fn Copies(
    /// The timeline as it is looked at.
    looking: Looking,
    /// What the picture is called: the session's id.
    title: String,
) -> impl IntoView {
    let workspace = use_workspace();
    let title = StoredValue::new(title);
    let copy_svg = move || {
        let Some((text, _)) = picture(looking, &title.get_value()) else { return nothing(workspace) };
        let name = format!("{}-timeline.svg", file_stem(&title.get_value()));
        spawn_local(async move {
            match copy_text(&text).await {
                Ok(()) => workspace.status.set("The timeline is on the clipboard, as SVG.", None),
                Err(_) => said(workspace, &name, download(&name, &text)),
            }
        });
    };
    let copy_image = move || {
        let Some((text, size)) = picture(looking, &title.get_value()) else { return nothing(workspace) };
        let name = format!("{}-timeline.png", file_stem(&title.get_value()));
        spawn_local(async move {
            let blob = match png(&text, size).await {
                Ok(blob) => blob,
                Err(why) => return workspace.status.set(format!("The picture was not made: {why}"), None),
            };
            match copy_png(&blob).await {
                Ok(()) => workspace.status.set("The timeline is on the clipboard, as PNG.", None),
                Err(_) => said(workspace, &name, download_blob(&name, &blob)),
            }
        });
    };
    view! {
        <Button label="Copy SVG" glyph=Glyph::Copy weight=Weight::Quiet on_press=copy_svg/>
        <Button label="Copy PNG" glyph=Glyph::Copy weight=Weight::Quiet on_press=copy_image/>
    }
}

fn nothing(workspace: Workspace) {
    workspace.status.set("There is nothing to copy: the file does not say when anything happened.", None);
}

fn said(workspace: Workspace, name: &str, saved: Result<(), String>) {
    match saved {
        Ok(()) => workspace
            .status
            .set(format!("The browser does not let this page write to the clipboard, so {name} was downloaded."), None),
        Err(why) => workspace.status.set(format!("{name} was not downloaded: {why}"), None),
    }
}

/// An id as a file's name: what a path would read something into becomes a line.
fn file_stem(id: &str) -> String {
    let fits = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    id.chars().take(80).map(|letter| if fits(letter) { letter } else { '_' }).collect()
}

/// What is shown now, as an SVG text and its size.
fn picture(looking: Looking, title: &str) -> Option<(String, (f64, f64))> {
    let scale = looking.view.get_untracked()?.over(WIDTH);
    let now = clock::now();
    looking.timeline.with_untracked(|timeline| {
        let scene = scene(timeline, &scale, (0.0, scale.width), now);
        let picture = Picture {
            title,
            lanes: timeline.lanes.iter().map(|lane| lane.stage.name()).collect(),
            scale,
            scene: &scene,
            ticks: ticks(&scale).iter().map(|tick| (tick.x, tick_label(tick))).collect(),
            now: (looking.goes_on.get_untracked() && scale.shows(now.unix())).then(|| scale.x(now.unix())),
        };
        Some((svg(&picture, &Colours(colours(&COLOURS))), size(&picture)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_a_name_that_is_no_path() {
        assert_eq!(file_stem("ep_001_20240811_1430"), "ep_001_20240811_1430");
        assert_eq!(file_stem("../<b>"), ".._(b)".replace(['(', ')'], "_"));
    }
}
