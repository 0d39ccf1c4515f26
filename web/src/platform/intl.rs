//! Dates for people, in the viewer's own zone, by the browser's `Intl`.
use callboard_core::Timestamp;
use std::cell::RefCell;

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::JsValue;

/// What of a moment is written.
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
}

thread_local! {
    static FORMATS: RefCell<[Function; 6]> = RefCell::new(formats(&super::preferences::zone()));
    // Making a format takes milliseconds.
    static OWN: String = own();
}

/// The formats of a zone; the empty one is the viewer's own. A zone that the browser does not know, as it
/// may be after an update, is the viewer's own too.
fn formats(zone: &str) -> [Function; 6] {
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
    ]
}

fn format(parts: &[(&str, &str)], zone: &str) -> Function {
    let options = Object::new();
    let zone = (!zone.is_empty()).then_some(("timeZone", zone));
    for (name, value) in parts.iter().copied().chain([("hourCycle", "h23")]).chain(zone) {
        // Setting a plain member of a new object cannot fail.
        let _ = Reflect::set(&options, &JsValue::from(name), &JsValue::from(value));
    }
    let locales = Array::of1(&JsValue::from("en-GB"));
    Intl::DateTimeFormat::new(&locales, &options).format()
}

/// Says moments in another zone from now on; the empty one is the viewer's own.
pub fn use_zone(zone: &str) {
    FORMATS.with(|kept| *kept.borrow_mut() = formats(zone));
}

/// Whether the browser takes this name. It takes more than it lists: where it lists Asia/Calcutta, another
/// browser, or a newer one, lists Asia/Kolkata, and both take both.
fn is_known(zone: &str) -> bool {
    let options = Object::new();
    // Setting a plain member of a new object cannot fail.
    let _ = Reflect::set(&options, &JsValue::from("timeZone"), &JsValue::from(zone));
    zone.is_empty()
        || Reflect::get(&intl(), &JsValue::from("DateTimeFormat"))
            .and_then(wasm_bindgen::JsCast::dyn_into::<Function>)
            .and_then(|format| Reflect::construct(&format, &Array::of2(&JsValue::UNDEFINED, &options)))
            .is_ok()
}

/// The namespace itself: of what may throw there, the bindings catch nothing.
fn intl() -> JsValue {
    Reflect::get(&js_sys::global(), &JsValue::from("Intl")).unwrap_or_default()
}

/// Every zone that the browser lists, by its name.
pub fn zones() -> Vec<String> {
    let intl = intl();
    let list = Reflect::get(&intl, &JsValue::from("supportedValuesOf"))
        .and_then(wasm_bindgen::JsCast::dyn_into::<Function>)
        .and_then(|list| list.call1(&intl, &JsValue::from("timeZone")));
    list.map(|list| Array::from(&list).iter().filter_map(|zone| zone.as_string()).collect()).unwrap_or_default()
}

/// A moment in words. Empty when the browser cannot say it.
pub fn say(moment: Timestamp, style: Style) -> String {
    #[allow(clippy::cast_precision_loss)]
    let date = Date::new(&JsValue::from(moment.unix() as f64 * 1000.0));
    FORMATS
        .with(|formats| formats.borrow()[style as usize].call1(&JsValue::UNDEFINED, &date))
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// Seconds that the zone in force is ahead of UTC at a moment.
pub fn offset_at(moment: Timestamp) -> i64 {
    let said = say(moment, Style::Offset);
    // `GMT+05:30`, `GMT-08:00`, and `GMT` alone for none.
    let offset = said.rsplit_once("GMT").map(|(_, offset)| offset).unwrap_or_default();
    let sign = if offset.starts_with(['-', '\u{2212}']) { -1 } else { 1 };
    let mut parts = offset.trim_start_matches(['+', '-', '\u{2212}']).split(':').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0_i64);
    sign * (next() * 3_600 + next() * 60 + next())
}

/// The second at which a day (`2024-08-11`), or one so many days later, begins in the zone in force.
pub fn day_begins(day: &str, later: i64) -> Option<i64> {
    let midnight = Timestamp::parse(&format!("{day}T00:00:00Z"))?.plus(later * 86_400);
    // Asked of the moment itself, which is off by no more than the offset: right but for the nights when
    // clocks change.
    Some(midnight.unix() - offset_at(midnight))
}

/// The name of the zone in force, such as `Europe/Berlin`.
pub fn zone() -> String {
    let chosen = super::preferences::zone();
    if chosen.is_empty() || !is_known(&chosen) { own_zone() } else { chosen }
}

/// The name of the viewer's own zone.
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
