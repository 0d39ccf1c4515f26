//! The browser's locks: a name is held by one page at a time, and free again when that page goes, however it ends.
use futures::channel::oneshot;
use futures::future::{Either, select};
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

// web-sys counts locks among its unstable parts.
#[wasm_bindgen]
extern "C" {
    type Locks;
    #[wasm_bindgen(method, catch)]
    fn request(this: &Locks, name: &str, options: &Object, then: &JsValue) -> Result<Promise, JsValue>;
}

fn locks() -> Option<Locks> {
    let navigator = web_sys::window()?.navigator();
    // None where the page came over a line that anybody can change.
    let locks = Reflect::get(&navigator, &JsValue::from("locks")).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}

/// A lock, held until this is dropped or the page is closed.
#[derive(Debug)]
pub struct Held {
    /// None where the browser has no locks.
    release: Option<Function>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            // It fulfils a promise, which never throws.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Takes the lock of a name; none if it is held, by another page or by this one. In a browser that has no locks, or
/// blocks them together with its storage, every name is free.
pub async fn try_hold(name: &str) -> Option<Held> {
    let unguarded = Some(Held { release: None });
    let Some(locks) = locks() else { return unguarded };
    let (tell, answer) = oneshot::channel();
    let then = Closure::once_into_js(move |lock: JsValue| {
        if !lock.is_object() {
            // The caller may have gone.
            let _ = tell.send(None);
            return JsValue::UNDEFINED;
        }
        // The lock is held until this promise is fulfilled, and at most as long as the page.
        let mut release = None;
        let until = Promise::new(&mut |fulfil, _| release = Some(fulfil));
        // A caller that has gone drops it, which releases the lock.
        let _ = tell.send(Some(Held { release }));
        until.into()
    });
    let options = Object::new();
    // Setting a plain member of a new object cannot fail.
    let _ = Reflect::set(&options, &JsValue::from("ifAvailable"), &JsValue::TRUE);
    let Ok(ended) = locks.request(name, &options, &then) else { return unguarded };
    match select(answer, JsFuture::from(ended)).await {
        Either::Left((Ok(held), _)) => held,
        // It ends before it has asked only where the browser refuses it.
        Either::Left((Err(_), _)) | Either::Right((Err(_), _)) => unguarded,
        Either::Right((Ok(_), _)) => None,
    }
}

/// Waits until the lock of a name is free; in a browser that has no locks, it is.
pub async fn wait_until_free(name: &str) {
    let Some(locks) = locks() else { return };
    // Granted, it is released at once.
    let then = Closure::once_into_js(|_: JsValue| JsValue::UNDEFINED);
    if let Ok(granted) = locks.request(name, &Object::new(), &then) {
        // Where the browser refuses it, nothing is known: it counts as free.
        let _ = JsFuture::from(granted).await;
    }
}
