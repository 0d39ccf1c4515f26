//! The browser's locks: a name is held by one page at a time, and free again when that page goes, however it ends.
use futures::channel::oneshot;
use futures::future::{Either, select};
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::collections::HashSet;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

// web-sys counts locks among its unstable parts.
#[wasm_bindgen]
extern "C" {
    type Locks;
    #[wasm_bindgen(method, catch)]
    fn request(this: &Locks, name: &str, options: &Object, then: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn query(this: &Locks) -> Result<Promise, JsValue>;
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

/// Returns the names that are held, in all tabs; none of them where the browser does not tell.
pub async fn held_names() -> HashSet<String> {
    query().await.unwrap_or_default()
}

async fn query() -> Option<HashSet<String>> {
    let found = JsFuture::from(locks()?.query().ok()?).await.ok()?;
    let held = Array::from(&Reflect::get(&found, &JsValue::from("held")).ok()?);
    Some(held.iter().filter_map(|lock| Reflect::get(&lock, &JsValue::from("name")).ok()?.as_string()).collect())
}
