//! Formats dates for people by the browser's `Intl`, in the chosen time zone.
use crate::zone_names::todays_name;
use callboard_core::Timestamp;
use std::cell::RefCell;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

/// The parts of a date or time to format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `11 Aug 2024, 16:58:00 CEST`
    Stamp,
    /// `16:58`
    Time,
    /// `11 Aug`
    Day,
    /// `Aug 2024`
    Month,
    /// `11/08/2024, GMT+02:00`
    Offset,
    /// `16:58:04`
    Seconds,
    /// `Tue 12 Aug`
    Weekday,
    /// `Aug`
    MonthName,
    /// `2024`
    Year,
}

thread_local! {
    static FORMATS: RefCell<[Function; 9]> = RefCell::new(formats(&super::preferences::zone()));
    // Creating a format takes milliseconds.
    static OWN: String = own();
}

/// Returns the formats of a time zone. An empty or unknown zone, as after a browser update, means the browser's
/// own.
fn formats(zone: &str) -> [Function; 9] {
    let zone = if is_known(zone) { zone } else { "" };
    [
        format(
            &[
                ("year", "numeric"),
                ("month", "short"),
                ("day", "numeric"),
                ("hour", "2-digit"),
                ("minute", "2-digit"),
                ("second", "2-digit"),
                ("timeZoneName", "short"),
            ],
            zone,
        ),
        format(&[("hour", "2-digit"), ("minute", "2-digit")], zone),
        format(&[("month", "short"), ("day", "numeric")], zone),
        format(&[("year", "numeric"), ("month", "short")], zone),
        format(&[("timeZoneName", "longOffset")], zone),
        format(&[("hour", "2-digit"), ("minute", "2-digit"), ("second", "2-digit")], zone),
        format(&[("weekday", "short"), ("day", "numeric"), ("month", "short")], zone),
        format(&[("month", "short")], zone),
        format(&[("year", "numeric")], zone),
    ]
}

fn format(parts: &[(&str, &str)], zone: &str) -> Function {
    let options = Object::new();
    let zone = (!zone.is_empty()).then_some(("timeZone", zone));
    for (name, value) in parts.iter().copied().chain([("hourCycle", "h23")]).chain(zone) {
        // Setting a member of a new object cannot fail.
        let _ = Reflect::set(&options, &JsValue::from(name), &JsValue::from(value));
    }
    let locales = Array::of1(&JsValue::from("en-GB"));
    Intl::DateTimeFormat::new(&locales, &options).format()
}

/// The parts of a day of the calendar to format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateStyle {
    /// `Sat 5 Dec 2026`
    Long,
    /// `5 Dec`
    Short,
    /// `Sat 5`
    Weekday,
}

thread_local! {
    // A day of the calendar has no time zone.
    static DATE_FORMATS: [Function; 3] = [
        format(&[("weekday", "short"), ("day", "numeric"), ("month", "short"), ("year", "numeric")], "UTC"),
        format(&[("day", "numeric"), ("month", "short")], "UTC"),
        format(&[("weekday", "short"), ("day", "numeric")], "UTC"),
    ];
}

/// Formats a day of the calendar; empty if the browser cannot.
pub fn format_date(date: callboard_core::Date, style: DateStyle) -> String {
    #[allow(clippy::cast_precision_loss)]
    let date = Date::new(&JsValue::from(date.start(0).unix() as f64 * 1000.0));
    let text = DATE_FORMATS.with(|formats| formats[style as usize].call1(&JsValue::UNDEFINED, &date));
    // Browsers differ in the comma after the weekday.
    text.ok().and_then(|text| text.as_string()).unwrap_or_default().replace(',', "")
}

/// Sets the time zone of all formats; empty for the browser's own.
pub fn use_zone(zone: &str) {
    FORMATS.with(|kept| *kept.borrow_mut() = formats(zone));
}

/// Returns true if the browser accepts a zone's name. It accepts aliases that it does not list, such as
/// Asia/Calcutta for Asia/Kolkata.
pub fn is_known(zone: &str) -> bool {
    let options = Object::new();
    // Setting a member of a new object cannot fail.
    let _ = Reflect::set(&options, &JsValue::from("timeZone"), &JsValue::from(zone));
    zone.is_empty()
        || Reflect::get(&intl(), &JsValue::from("DateTimeFormat"))
            .and_then(wasm_bindgen::JsCast::dyn_into::<Function>)
            .and_then(|format| Reflect::construct(&format, &Array::of2(&JsValue::UNDEFINED, &options)))
            .is_ok()
}

/// Returns the namespace itself, as the bindings do not catch its exceptions.
fn intl() -> JsValue {
    Reflect::get(&js_sys::global(), &JsValue::from("Intl")).unwrap_or_default()
}

/// Returns the names of all zones that the browser lists.
pub fn zones() -> Vec<String> {
    let intl = intl();
    let list = Reflect::get(&intl, &JsValue::from("supportedValuesOf"))
        .and_then(wasm_bindgen::JsCast::dyn_into::<Function>)
        .and_then(|list| list.call1(&intl, &JsValue::from("timeZone")));
    list.map(|list| Array::from(&list).iter().filter_map(|zone| zone.as_string()).collect()).unwrap_or_default()
}

/// Formats a time; empty if the browser cannot.
pub fn format_time(moment: Timestamp, style: Style) -> String {
    #[allow(clippy::cast_precision_loss)]
    let date = Date::new(&JsValue::from(moment.unix() as f64 * 1000.0));
    let text = FORMATS
        .with(|formats| formats.borrow()[style as usize].call1(&JsValue::UNDEFINED, &date))
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default();
    // Browsers differ in the comma after the weekday.
    if style == Style::Weekday { text.replace(',', "") } else { text }
}

/// Returns the seconds by which the zone in force is ahead of UTC at a time.
pub fn offset_at(moment: Timestamp) -> i64 {
    let text = format_time(moment, Style::Offset);
    // `GMT+05:30`, `GMT-08:00`, or just `GMT`.
    let offset = text.rsplit_once("GMT").map(|(_, offset)| offset).unwrap_or_default();
    let sign = if offset.starts_with(['-', '\u{2212}']) { -1 } else { 1 };
    let mut parts = offset.trim_start_matches(['+', '-', '\u{2212}']).split(':').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0_i64);
    sign * (next() * 3_600 + next() * 60 + next())
}

/// Returns the offset of a zone at a time, such as `UTC+5:30`; empty for an unknown zone. An empty zone is the browser's
/// own.
pub fn offset_name(zone: &str, moment: Timestamp) -> String {
    if !is_known(zone) {
        return String::new();
    }
    let format = format(&[("timeZoneName", "shortOffset")], zone);
    #[allow(clippy::cast_precision_loss)]
    let date = Date::new(&JsValue::from(moment.unix() as f64 * 1000.0));
    let text = format.call1(&JsValue::UNDEFINED, &date).ok().and_then(|text| text.as_string()).unwrap_or_default();
    // `11/08/2024, GMT+5:30`
    text.rsplit_once("GMT").map(|(_, offset)| format!("UTC{}", offset.replace('-', "\u{2212}"))).unwrap_or_default()
}

/// Returns the second at which a day (`2024-08-11`), plus `later` days, begins in the zone in force.
pub fn day_start(day: &str, later: i64) -> Option<i64> {
    let midnight = Timestamp::parse(&format!("{day}T00:00:00Z"))?.plus(later * 86_400);
    // The offset is taken at UTC midnight: correct except for nights when clocks change.
    Some(midnight.unix() - offset_at(midnight))
}

/// Returns the time at which clocks in the zone in force show a local time, such as `2024-08-11T14:30`; `None` for any
/// other text. A time that is skipped or repeated when clocks change is one of the two that it may mean.
pub fn from_local(text: &str) -> Option<Timestamp> {
    let seconds = if text.len() == "2024-08-11T14:30".len() { ":00" } else { "" };
    let local = Timestamp::parse(&format!("{text}{seconds}Z"))?;
    let near = local.plus(-offset_at(local));
    Some(local.plus(-offset_at(near)))
}

/// Formats a time as clocks in the zone in force show it, for a field: `2024-08-11T14:30`.
pub fn to_local(moment: Timestamp) -> String {
    let local = moment.plus(offset_at(moment)).to_string();
    local.chars().take("2024-08-11T14:30".len()).collect()
}

/// Returns the name of the zone in force, such as `Europe/Berlin`.
pub fn zone() -> String {
    let chosen = super::preferences::zone();
    let zone = if chosen.is_empty() || !is_known(&chosen) { own_zone() } else { chosen };
    todays_name(&zone).to_owned()
}

/// Returns the name of the browser's own zone.
pub fn own_zone() -> String {
    OWN.with(Clone::clone)
}

fn own() -> String {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    Reflect::get(&format.resolved_options(), &JsValue::from("timeZone"))
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "UTC".into())
}
