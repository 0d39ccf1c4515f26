//! Which tab this is, also after it was loaded anew; and which others are open.
//!
//! A tab has a name, and holds the browser's lock of that name as long as it is open: the browser lets a lock go with
//! its page, however that ends.
use super::pace::pause;
use super::stored::new_stamp;
use super::web_storage::Area;
use futures::channel::oneshot;
use futures::future::{Either, select};
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::ev;
use leptos::prelude::{document, window_event_listener};
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

const KEY: &str = "callboard.tab";
const LOCK: &str = "callboard.tab.";

/// So often, and so long each time, the page that was here before is waited for to let its lock go. On a busy machine
/// a browser takes it down well after the next one has begun; a page that gives up too early is taken for a copy.
const TRIES: u32 = 40;
const WAIT: Duration = Duration::from_millis(50);

/// So many times in a row, a second apart, a tab is not found before it is taken for gone: one that is loaded anew is
/// away until its page has come, seconds on a busy machine, and so is every tab of a browser that brings back those of
/// the last time.
const LOOKS: u32 = 10;

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
    /// Whether it was here before: it was loaded anew, or brought back by the browser.
    pub came_back: bool,
    /// The tab that it was made from, as a copy, where that is still open.
    pub copy_of: Option<String>,
}

impl Tab {
    /// Finds out which tab this is. What a tab that was copied remembers of itself, the copy does too: it is another.
    pub async fn here() -> Self {
        let mut copy_of = None;
        if let Some(name) = Area::Session.get::<String>(KEY) {
            if take(&name).await {
                return Self { name, came_back: true, copy_of };
            }
            copy_of = Some(name);
        }
        let name = new_stamp().to_string();
        // A browser that remembers nothing takes it for another tab each time.
        let _ = Area::Session.set(KEY, &name);
        if let Lock::Held(held) = request(&name).await {
            held.keep();
        }
        Self { name, came_back: false, copy_of }
    }

    /// The names of the tabs that are open; `None` where that cannot be known.
    pub async fn open_ones() -> Option<HashSet<String>> {
        let found = JsFuture::from(locks()?.query().ok()?).await.ok()?;
        let held = Array::from(&Reflect::get(&found, &JsValue::from("held")).ok()?);
        let names = held.iter().filter_map(|lock| Reflect::get(&lock, &JsValue::from("name")).ok()?.as_string());
        Some(names.filter_map(|name| Some(name.strip_prefix(LOCK)?.to_owned())).collect())
    }
}

/// The tabs that are looked for.
#[derive(Debug, Default)]
pub struct Away {
    /// In how many looks in a row each was not found.
    missed: HashMap<String, u32>,
    /// How many looks are left.
    left: u32,
}

impl Away {
    /// Begins, or goes on for as long as from a beginning: longer than it takes to be sure, as a tab that is closed may
    /// take a moment to be gone.
    pub fn begin(&mut self) {
        self.left = 2 * LOOKS;
    }

    /// Whether looks are left.
    pub fn goes_on(&self) -> bool {
        self.left > 0
    }

    /// Ends, and forgets what was seen.
    pub fn end(&mut self) {
        *self = Self::default();
    }

    /// One look: of these tabs, where those in `open` are open. Returns those that are gone.
    pub fn look(&mut self, tabs: &HashSet<String>, open: &HashSet<String>) -> HashSet<String> {
        self.left = self.left.saturating_sub(1);
        self.missed.retain(|tab, _| tabs.contains(tab) && !open.contains(tab));
        for tab in tabs.difference(open) {
            *self.missed.entry(tab.clone()).or_default() += 1;
        }
        self.missed.iter().filter(|(_, looks)| **looks >= LOOKS).map(|(tab, _)| tab.clone()).collect()
    }
}

/// Calls `then` whenever this tab comes to lie before the others, and when its window does.
pub fn when_looked_at(then: impl Fn() + Clone + 'static) {
    let shown = then.clone();
    window_event_listener(ev::visibilitychange, move |_| {
        if !document().hidden() {
            shown();
        }
    });
    // Windows beside each other are in sight all the while.
    window_event_listener(ev::focus, move |_| then());
}

/// Holds the lock of a name, waiting a moment for a page that is just going. Without locks, the name is free.
async fn take(name: &str) -> bool {
    for _ in 0..TRIES {
        match request(name).await {
            Lock::Held(held) => held.keep(),
            Lock::Unavailable => {}
            Lock::Taken => {
                pause(WAIT).await;
                continue;
            }
        }
        return true;
    }
    false
}

/// Answer to a request for a lock.
enum Lock {
    Held(Held),
    /// An open tab holds it.
    Taken,
    /// The browser has no locks, or blocks them together with its storage.
    Unavailable,
}

/// The lock of a tab's name, until this is dropped.
#[derive(Debug)]
pub struct Held {
    let_go: Function,
}

impl Held {
    /// Holds it as long as this page is open.
    fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Never throws: it is what ends a promise.
        let _ = self.let_go.call0(&JsValue::UNDEFINED);
    }
}

/// Takes the lock of a name, so that no tab comes to have that name meanwhile; `None` where an open tab holds it, or
/// where that cannot be known.
pub async fn hold(name: &str) -> Option<Held> {
    match request(name).await {
        Lock::Held(held) => Some(held),
        Lock::Taken | Lock::Unavailable => None,
    }
}

async fn request(name: &str) -> Lock {
    let Some(locks) = locks() else { return Lock::Unavailable };
    let (told, hears) = oneshot::channel();
    let then = Closure::once_into_js(move |lock: JsValue| {
        if !lock.is_object() {
            // Whoever asked may have gone.
            let _ = told.send(Lock::Taken);
            return JsValue::UNDEFINED;
        }
        // It is let go when this ends, which it does at the latest with the page.
        let mut let_go = None;
        let until = Promise::new(&mut |resolve, _| let_go = Some(resolve));
        let _ = told.send(let_go.map_or(Lock::Unavailable, |let_go| Lock::Held(Held { let_go })));
        until.into()
    });
    let options = Object::new();
    super::stored::set(&options, "ifAvailable", true);
    let Ok(ended) = locks.request(&format!("{LOCK}{name}"), &options, &then) else { return Lock::Unavailable };
    match select(hears, JsFuture::from(ended)).await {
        Either::Left((lock, _)) => lock.unwrap_or(Lock::Unavailable),
        // It ends before it is held only where the browser refuses it.
        Either::Right((Err(_), _)) => Lock::Unavailable,
        Either::Right((Ok(_), _)) => Lock::Taken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names<const N: usize>(names: [&str; N]) -> HashSet<String> {
        names.map(str::to_owned).into()
    }

    #[test]
    fn a_tab_is_gone_that_stays_away() {
        let mut away = Away::default();
        away.begin();
        for _ in 1..LOOKS {
            assert_eq!(away.look(&names(["loaded anew", "closed", "open"]), &names(["open"])), names([]));
        }
        let open = names(["open", "loaded anew"]);
        assert_eq!(away.look(&names(["loaded anew", "closed", "open"]), &open), names(["closed"]));
        // It was away before, and is away again.
        assert_eq!(away.look(&names(["loaded anew", "open"]), &names(["open"])), names([]));
        assert!(away.goes_on());
    }

    #[test]
    fn looking_ends() {
        let mut away = Away::default();
        assert!(!away.goes_on());
        away.begin();
        for _ in 0..2 * LOOKS {
            assert!(away.goes_on());
            away.look(&names(["open"]), &names(["open"]));
        }
        assert!(!away.goes_on());
    }
}
