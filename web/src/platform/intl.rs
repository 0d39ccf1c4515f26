//! Dates for people, in the viewer's own zone, by the browser's `Intl`.
use callboard_core::Timestamp;
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
    /// `16:58:04`
    Seconds,
}

thread_local! {
    static FORMATS: [Function; 5] = [
        format(&[("year", "numeric"), ("month", "short"), ("day", "numeric"), ("hour", "2-digit"),
                 ("minute", "2-digit"), ("second", "2-digit"), ("timeZoneName", "short")]),
        format(&[("hour", "2-digit"), ("minute", "2-digit")]),
        format(&[("month", "short"), ("day", "numeric")]),
        format(&[("year", "numeric"), ("month", "short")]),
        format(&[("hour", "2-digit"), ("minute", "2-digit"), ("second", "2-digit")]),
    ];
}

fn format(parts: &[(&str, &str)]) -> Function {
    let options = Object::new();
    for (name, value) in parts.iter().chain(&[("hourCycle", "h23")]) {
        // Setting a plain member of a new object cannot fail.
        let _ = Reflect::set(&options, &JsValue::from(*name), &JsValue::from(*value));
    }
    let locales = Array::of1(&JsValue::from("en-GB"));
    Intl::DateTimeFormat::new(&locales, &options).format()
}

/// A moment in words. Empty when the browser cannot say it.
pub fn say(moment: Timestamp, style: Style) -> String {
    #[allow(clippy::cast_precision_loss)]
    let date = Date::new(&JsValue::from(moment.unix() as f64 * 1000.0));
    FORMATS
        .with(|formats| formats[style as usize].call1(&JsValue::UNDEFINED, &date))
        .ok()
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}

/// Seconds that the viewer's zone is ahead of UTC at a moment.
pub fn offset_at(moment: Timestamp) -> i64 {
    #[allow(clippy::cast_precision_loss)]
    let date = Date::new(&JsValue::from(moment.unix() as f64 * 1000.0));
    #[allow(clippy::cast_possible_truncation)]
    let minutes_behind = date.get_timezone_offset() as i64;
    -minutes_behind * 60
}

/// The name of the viewer's zone, such as `Europe/Berlin`.
pub fn zone() -> String {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    Reflect::get(&format.resolved_options(), &JsValue::from("timeZone"))
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "UTC".into())
}
