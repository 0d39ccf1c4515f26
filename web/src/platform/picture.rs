//! Rendering of pictures, and the current colours of the page.
use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlElement, HtmlImageElement};

/// Returns the current values of custom properties (named without `--`) as `#rrggbb`.
pub fn colours(names: &[&'static str]) -> Vec<(&'static str, String)> {
    names.iter().filter_map(|name| Some((*name, colour(name).ok()??))).collect()
}

/// Resolves any CSS colour by painting one pixel of a canvas.
fn colour(name: &str) -> Result<Option<String>, JsValue> {
    let Some(window) = web_sys::window() else { return Ok(None) };
    let Some(body) = window.document().and_then(|document| document.body()) else { return Ok(None) };
    let probe: HtmlElement = make("span")?;
    probe.set_hidden(true);
    probe.style().set_property("color", &format!("var(--{name})"))?;
    body.append_child(&probe)?;
    let computed = window.get_computed_style(&probe)?.map(|style| style.get_property_value("color"));
    probe.remove();
    let Some(css) = computed.transpose()? else { return Ok(None) };
    let (_, context) = canvas(1, 1)?;
    context.set_fill_style_str(&css);
    context.fill_rect(0.0, 0.0, 1.0, 1.0);
    let pixel = context.get_image_data(0.0, 0.0, 1.0, 1.0)?.data();
    Ok(match pixel.get(..3) {
        Some([red, green, blue]) => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
        _ => None,
    })
}

fn make<T: JsCast>(tag: &str) -> Result<T, JsValue> {
    let document = super::dom::document().ok_or("There is no document.")?;
    document.create_element(tag)?.dyn_into().map_err(Into::into)
}

fn canvas(width: u32, height: u32) -> Result<(HtmlCanvasElement, CanvasRenderingContext2d), JsValue> {
    let canvas: HtmlCanvasElement = make("canvas")?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d")?.ok_or("This browser has no canvas.")?;
    Ok((canvas, context.dyn_into()?))
}

/// Renders an SVG of this size as a PNG at double resolution.
///
/// # Errors
/// The browser's message.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub async fn png(svg: &str, (width, height): (f64, f64)) -> Result<Blob, String> {
    try_png(svg, (width * 2.0).ceil() as u32, (height * 2.0).ceil() as u32)
        .await
        .map_err(|error| super::error_text(&error))
}

async fn try_png(svg: &str, width: u32, height: u32) -> Result<Blob, JsValue> {
    let image = HtmlImageElement::new()?;
    // The content security policy allows only data images.
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{}", String::from(js_sys::encode_uri_component(svg))));
    JsFuture::from(image.decode()).await?;
    let (canvas, context) = canvas(width, height)?;
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, f64::from(width), f64::from(height))?;
    let made = Promise::new(&mut |resolve: Function, reject: Function| {
        if let Err(error) = canvas.to_blob(&resolve) {
            // The functions of a promise do not throw.
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    });
    JsFuture::from(made).await?.dyn_into()
}
