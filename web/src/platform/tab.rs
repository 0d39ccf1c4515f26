//! Which tab this is, also after it was loaded anew; and which others are open.
//!
//! A tab has a name, and holds the browser's lock of that name as long as it is open: the browser lets a lock go with
//! its page, however that ends.
use super::stored::new_stamp;
use futures::channel::oneshot;
use futures::future::{Either, select};
use gloo_storage::{SessionStorage, Storage};
use js_sys::{Array, Object, Promise, Reflect};
use leptos::ev;
use leptos::prelude::{document, set_timeout, window_event_listener};
use std::collections::HashSet;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

const KEY: &str = "callboard.tab";
const LOCK: &str = "callboard.tab.";

/// So often, and so long each time, the page that was here before is waited for to let its lock go. On a busy machine
/// a browser takes it down well after the next one has begun; a page that gives up too early is taken for a copy.
const TRIES: u32 = 40;
const WAIT: Duration = Duration::from_millis(50);

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

/// This tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Its name.
    pub name: String,
    /// The tab that it was made from, as a copy, where that is still open.
    pub copy_of: Option<String>,
}

impl Tab {
    /// Finds out which tab this is. What a tab that was copied remembers of itself, the copy does too: it is another.
    pub async fn here() -> Self {
        let mut copy_of = None;
        if let Ok(name) = SessionStorage::get::<String>(KEY) {
            if locks().is_none() || take(&name).await {
                return Self { name, copy_of };
            }
            copy_of = Some(name);
        }
        let name = new_stamp().to_string();
        // A browser that remembers nothing takes it for another tab each time.
        let _ = SessionStorage::set(KEY, &name);
        let _ = lock(&name).await;
        Self { name, copy_of }
    }

    /// The names of the tabs that are open; `None` where that cannot be known.
    pub async fn open_ones() -> Option<HashSet<String>> {
        let found = JsFuture::from(locks()?.query().ok()?).await.ok()?;
        let held = Array::from(&Reflect::get(&found, &JsValue::from("held")).ok()?);
        let names = held.iter().filter_map(|lock| Reflect::get(&lock, &JsValue::from("name")).ok()?.as_string());
        Some(names.filter_map(|name| Some(name.strip_prefix(LOCK)?.to_owned())).collect())
    }
}

/// Calls `then` whenever this tab comes to lie before the others.
pub fn when_looked_at(then: impl Fn() + 'static) {
    window_event_listener(ev::visibilitychange, move |_| {
        if !document().hidden() {
            then();
        }
    });
}

/// Holds the lock of a name, waiting a moment for a page that is just going.
async fn take(name: &str) -> bool {
    for _ in 0..TRIES {
        if lock(name).await {
            return true;
        }
        let (then, later) = oneshot::channel();
        // Ends also where it is not heard, or not told.
        let tell = move || {
            let _ = then.send(());
        };
        set_timeout(tell, WAIT);
        let _ = later.await;
    }
    false
}

/// Holds the lock of a name as long as this page is open; `false` where another does.
async fn lock(name: &str) -> bool {
    let Some(locks) = locks() else { return false };
    let (told, hears) = oneshot::channel();
    let then = Closure::once_into_js(move |lock: JsValue| {
        let is_ours = lock.is_object();
        // Whoever asked may have gone.
        let _ = told.send(is_ours);
        // It is let go when this ends, which it does with the page.
        if is_ours { Promise::new(&mut |_, _| {}).into() } else { JsValue::UNDEFINED }
    });
    let options = Object::new();
    super::stored::set(&options, "ifAvailable", true);
    let Ok(ended) = locks.request(&format!("{LOCK}{name}"), &options, &then) else { return false };
    match select(hears, JsFuture::from(ended)).await {
        Either::Left((is_ours, _)) => is_ours.unwrap_or_default(),
        Either::Right(_) => false,
    }
}
