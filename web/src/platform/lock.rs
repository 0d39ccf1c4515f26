//! The browser's locks: one page at a time holds a name, until it releases it or ends in any way.
use futures::channel::oneshot;
use futures::future::{Either, select};
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

// Declared by hand, as web-sys marks locks unstable.
#[wasm_bindgen]
extern "C" {
    type Locks;
    #[wasm_bindgen(method, catch)]
    fn request(this: &Locks, name: &str, options: &Object, then: &JsValue) -> Result<Promise, JsValue>;
}

fn locks() -> Option<Locks> {
    let navigator = web_sys::window()?.navigator();
    // Only secure contexts have locks.
    let locks = Reflect::get(&navigator, &JsValue::from("locks")).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}

/// A lock, held until it is dropped or the page ends.
#[derive(Debug)]
pub struct LockGuard {
    /// `None` if the browser has no locks.
    release: Option<Function>,
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            // Resolving a promise never throws.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Returns the name that other pages wait for while a page holds `name`. Pages that wait are granted it for a moment,
/// which would refuse a page that takes it just then.
fn awaited(name: &str) -> String {
    format!("{name}\nawaited")
}

fn options(mode: &str, if_available: bool) -> Object {
    let options = Object::new();
    // Setting a member of a new object cannot fail.
    let _ = Reflect::set(&options, &JsValue::from("mode"), &JsValue::from(mode));
    let _ = Reflect::set(&options, &JsValue::from("ifAvailable"), &JsValue::from(if_available));
    options
}

/// Takes a named lock; `None` if this or another page holds it. Without locks in the browser every name is free.
pub async fn try_hold(name: &str) -> Option<LockGuard> {
    let unguarded = Some(LockGuard { release: None });
    let Some(locks) = locks() else { return unguarded };
    let (sender, answer) = oneshot::channel();
    let awaited = awaited(name);
    let then = Closure::once_into_js(move |lock: JsValue| {
        if !lock.is_object() {
            // The receiver may be gone.
            let _ = sender.send(None);
            return JsValue::UNDEFINED;
        }
        // Both locks are held until this promise resolves, or the page ends.
        let mut release = None;
        let until: JsValue = Promise::new(&mut |fulfil, _| release = Some(fulfil)).into();
        let also = until.clone();
        // If the browser refuses, other pages do not wait.
        if let Some(locks) = self::locks() {
            let _ =
                locks.request(&awaited, &options("exclusive", false), &Closure::once_into_js(move |_: JsValue| also));
        }
        // A dropped receiver drops the lock, which releases it.
        let _ = sender.send(Some(LockGuard { release }));
        until
    });
    let Ok(ended) = locks.request(name, &options("exclusive", true), &then) else { return unguarded };
    match select(answer, JsFuture::from(ended)).await {
        Either::Left((Ok(held), _)) => held,
        // The request fails only if the browser refuses locks.
        Either::Left((Err(_), _)) | Either::Right((Err(_), _)) => unguarded,
        Either::Right((Ok(_), _)) => None,
    }
}

/// Takes a named lock, waiting while this or another page holds it. Without locks in the browser every name is free.
pub async fn hold(name: &str) -> LockGuard {
    let Some(locks) = locks() else { return LockGuard { release: None } };
    let (sender, granted) = oneshot::channel();
    let then = Closure::once_into_js(move |_: JsValue| {
        // The lock is held until this promise resolves, or the page ends.
        let mut release = None;
        let until = Promise::new(&mut |fulfil, _| release = Some(fulfil));
        // A dropped receiver drops the guard, which releases the lock.
        let _ = sender.send(LockGuard { release });
        until
    });
    match locks.request(name, &options("exclusive", false), &then) {
        Ok(ended) => match select(granted, JsFuture::from(ended)).await {
            Either::Left((Ok(guard), _)) => guard,
            // The request fails only if the browser refuses locks.
            Either::Left((Err(_), _)) | Either::Right(_) => LockGuard { release: None },
        },
        Err(_) => LockGuard { release: None },
    }
}

/// Returns true if no page holds a named lock, as always without locks in the browser.
pub async fn is_free(name: &str) -> bool {
    let Some(locks) = locks() else { return true };
    // Once granted, the lock is released immediately.
    let then = Closure::once_into_js(|lock: JsValue| JsValue::from(lock.is_object()));
    match locks.request(&awaited(name), &options("shared", true), &then) {
        // If the browser refuses, the lock counts as free.
        Ok(asked) => JsFuture::from(asked).await.map_or(true, |is_granted| is_granted.is_truthy()),
        Err(_) => true,
    }
}

/// Waits until a named lock is free; returns at once without locks in the browser.
pub async fn wait_until_free(name: &str) {
    let Some(locks) = locks() else { return };
    // Once granted, the lock is released immediately.
    let then = Closure::once_into_js(|_: JsValue| JsValue::UNDEFINED);
    if let Ok(granted) = locks.request(&awaited(name), &options("shared", false), &then) {
        // If the browser refuses, the lock counts as free.
        let _ = JsFuture::from(granted).await;
    }
}
