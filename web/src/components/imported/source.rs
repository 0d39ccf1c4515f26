//! Values with their source: a tip says the place in the files, and a click opens the file there.
use super::address::ImportedAddress;
use crate::components::time::format_time;
use crate::format::{UNKNOWN, relative};
use crate::platform::intl::Style;
use crate::store::workspace::use_workspace;
use callboard_core::Timestamp;
use callboard_core::import::{Derived, Found, How, Origin};
use callboard_workspace::split;
use leptos::prelude::*;

/// The longest text of a file that a tip repeats, in characters.
const REPEATED: usize = 48;

/// The key of the page's session, provided as context.
#[derive(Clone, Debug)]
pub struct SessionKey(pub String);

/// Returns the address of a place in the files of the page's session.
pub fn place_href(file: &str, line: u32) -> String {
    let SessionKey(key) = expect_context();
    ImportedAddress::of_place(file, line).href(&key)
}

/// The source of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueSource {
    /// The places, and what was assumed or computed.
    tip: String,
    /// The first place.
    place: Option<Origin>,
    /// True if a file states the value without a doubt.
    is_certain: bool,
}

impl ValueSource {
    /// Returns the source of a value as a file says it.
    pub fn found<T>(found: &Found<T>) -> Self {
        Self { tip: found.source(), place: Some(found.origin.clone()), is_certain: found.assumed.is_none() }
    }

    /// Returns the source of a value that is shown in other words than the file's, which the tip repeats.
    pub fn in_words<T>(found: &Found<T>) -> Self {
        let mut source = Self::found(found);
        let raw = found.raw.trim();
        if found.origin.line > 0 && !raw.is_empty() && raw.chars().count() <= REPEATED {
            source.tip = format!("{} In the file: {raw}.", source.tip);
        }
        source
    }

    /// Returns the source of a figure; the tip repeats the file's text unless it is the plain number.
    pub fn figure<T>(found: &Found<T>) -> Self {
        if found.raw.trim().parse::<f64>().is_ok() { Self::found(found) } else { Self::in_words(found) }
    }

    /// Returns the source of a derived value.
    pub fn derived<T>(derived: &Derived<T>) -> Self {
        let is_certain = derived.how == How::Stated && derived.note.is_empty();
        Self { tip: derived.source(), place: derived.from.first().cloned(), is_certain }
    }

    /// Returns the source of a value that is read from a line of a file.
    pub fn line(file: &str, line: u32) -> Self {
        let origin = Origin { file: file.into(), pointer: String::new(), line, column: 1 };
        Self { tip: format!("{origin}."), place: Some(origin), is_certain: true }
    }
}

/// A value with its source.
#[component]
pub fn Sourced(
    /// The source.
    source: ValueSource,
    /// The value.
    children: Children,
) -> impl IntoView {
    let ValueSource { tip, place, is_certain } = source;
    match place {
        Some(place) => {
            let href = place_href(&place.file, place.line);
            view! { <a class="source" class:derived=!is_certain href=href data-tip=tip>{children()}</a> }.into_any()
        }
        None => view! { <span class="derived" data-tip=tip tabindex="0">{children()}</span> }.into_any(),
    }
}

/// A value with its source, or the placeholder with the reason as a tip.
#[component]
pub fn SourcedOrUnknown(
    /// The formatted value and its source.
    value: Option<(String, ValueSource)>,
    /// The reason why it may be unknown.
    missing: &'static str,
) -> impl IntoView {
    match value {
        Some((text, source)) => view! { <Sourced source><bdi>{text}</bdi></Sourced> }.into_any(),
        None => view! { <span class="muted" data-tip=missing tabindex="0">{UNKNOWN}</span> }.into_any(),
    }
}

/// The form of a time on the page; its tip has the exact one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeForm {
    /// `12 min ago`
    Relative,
    /// `11 Aug 16:58`
    DayAndTime,
}

/// A time with its source, or the placeholder with the reason as a tip.
#[component]
pub fn SourcedTime(
    /// The time.
    found: Option<Found<Timestamp>>,
    /// The form.
    form: TimeForm,
    /// The reason why it may be unknown.
    missing: &'static str,
) -> impl IntoView {
    let Some(found) = found else {
        return view! { <SourcedOrUnknown value=None missing/> }.into_any();
    };
    let now = use_workspace().clock.half_minute;
    let moment = found.value;
    let ValueSource { tip, place, is_certain } = ValueSource::in_words(&found);
    let href = place.map(|place| place_href(&place.file, place.line));
    let words = move || match form {
        TimeForm::Relative => relative(moment, now.get()),
        TimeForm::DayAndTime => {
            format!("{} {}", format_time(moment, Style::Day), format_time(moment, Style::Time))
        }
    };
    let tip = move || format!("{} \u{b7} {tip}", format_time(moment, Style::Stamp));
    view! { <a class="source moment" class:derived=!is_certain href=href data-tip=tip>{words}</a> }.into_any()
}

/// Links to places in the files: each file once, with its lines.
#[component]
pub fn Places(
    /// The places.
    places: Vec<Origin>,
) -> impl IntoView {
    let mut files: Vec<(std::sync::Arc<str>, Vec<u32>)> = Vec::new();
    for Origin { file, line, .. } in places {
        match files.iter_mut().find(|(known, _)| *known == file) {
            Some((_, lines)) if lines.contains(&line) => {}
            Some((_, lines)) => lines.push(line),
            None => files.push((file, vec![line])),
        }
    }
    let files = files.into_iter().map(|(file, lines)| {
        let name = split(&file).1.to_owned();
        let links = lines.into_iter().enumerate().map(|(at, line)| {
            let words = match (at, line) {
                (_, 0) => "path".to_owned(),
                (0, line) => format!("line {line}"),
                (_, line) => line.to_string(),
            };
            let label = format!("{file}, {}", if line == 0 { words.clone() } else { format!("line {line}") });
            view! { <a class="place" href=place_href(&file, line) data-tip=label.clone() aria-label=label>{words}</a> }
        });
        let links = links.collect_view();
        view! { <li><bdi class="mono break" translate="no">{name}</bdi>" "{links}</li> }
    });
    view! { <ul class="places">{files.collect_view()}</ul> }
}
