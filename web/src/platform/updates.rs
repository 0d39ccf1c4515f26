//! The service worker, which keeps the app's files for use without a network, and new versions of the app.
//!
//! The app works without it in a browser that has no service workers or blocks storage: failures are not reported.
use super::pace::pause;
use super::page;
use futures::channel::oneshot;
use futures::future::select;
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::task::spawn_local;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration, ServiceWorkerState};

/// The worker's address. The page's policy allows only this spelling (`static/policy.js`).
const WORKER: &str = "./service-worker.js";

/// Delay until the worker is registered: its first installation reads all files again.
const FIRST: Duration = Duration::from_secs(2);

/// Time between two searches for a new version.
const SEARCH_EVERY: Duration = Duration::from_secs(60 * 60);

/// Longest time to wait for a worker's answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Registers the worker for the life of the page, and calls `on_update` when a version is installed that is not this
/// page's.
pub fn watch(on_update: impl Fn() + 'static) {
    spawn_local(async move {
        pause(FIRST).await;
        // Nothing can be done about a failure, and the app works without.
        let _ = try_watch(Rc::new(on_update)).await;
    });
}

async fn try_watch(on_update: Rc<dyn Fn()>) -> Result<(), JsValue> {
    let Some(container) = container() else { return Ok(()) };
    let Some(version) = page::meta("callboard-version") else {
        // A page of `cargo xtask dev`: files that an earlier server's worker kept would be stale.
        for registration in Array::from(&JsFuture::from(container.get_registrations()).await?).iter() {
            JsFuture::from(registration.unchecked_into::<ServiceWorkerRegistration>().unregister()?).await?;
        }
        return Ok(());
    };
    let registration: ServiceWorkerRegistration = JsFuture::from(container.register(WORKER)).await?.unchecked_into();
    let check: Rc<dyn Fn(ServiceWorker)> = Rc::new(move |worker| {
        let (version, on_update) = (version.clone(), on_update.clone());
        spawn_local(async move {
            match version_of(&worker).await {
                // The page came from the network, newer than the worker that kept the files.
                Some(found) if found == version => take_over(&worker).await,
                Some(_) => on_update(),
                None => {}
            }
        });
    });
    if let Some(waiting) = registration.waiting() {
        check(waiting);
    }
    let found = registration.clone();
    let follow_installing = move || {
        // The first worker of all is no update.
        if let (Some(worker), Some(_)) = (found.installing(), found.active()) {
            let check = check.clone();
            on_state(&worker.clone(), ServiceWorkerState::Installed, move || check(worker.clone()));
        }
    };
    // The browser may have found one before this.
    follow_installing();
    let on_found = Closure::<dyn Fn()>::new(follow_installing);
    registration.set_onupdatefound(Some(on_found.as_ref().unchecked_ref()));
    // Leaked on purpose: it lasts as long as the page.
    on_found.forget();
    loop {
        pause(SEARCH_EVERY).await;
        // Fails without a network.
        let _ = JsFuture::from(registration.update()?).await;
    }
}

/// Makes the newest installed version the one that keeps the files; reload afterwards. Without one this returns at once.
pub async fn apply() {
    if let Some(container) = container()
        && let Ok(found) = JsFuture::from(container.get_registration()).await
        && let Ok(registration) = found.dyn_into::<ServiceWorkerRegistration>()
        && let Some(waiting) = registration.waiting()
    {
        take_over(&waiting).await;
    }
}

async fn take_over(worker: &ServiceWorker) {
    let (sender, active) = oneshot::channel();
    let sender = std::cell::Cell::new(Some(sender));
    on_state(worker, ServiceWorkerState::Activated, move || {
        if let Some(sender) = sender.take() {
            // The receiver may be gone.
            let _ = sender.send(());
        }
    });
    if worker.post_message(&JsValue::from("take over")).is_ok() {
        select(active, pin!(pause(PATIENCE))).await;
    }
}

/// Calls `then` whenever a worker reaches a state.
fn on_state(worker: &ServiceWorker, state: ServiceWorkerState, then: impl Fn() + 'static) {
    let watched = worker.clone();
    let listen = Closure::<dyn Fn()>::new(move || {
        if watched.state() == state {
            then();
        }
    });
    worker.set_onstatechange(Some(listen.as_ref().unchecked_ref()));
    // Leaked on purpose: a worker changes its state for as long as the page lasts.
    listen.forget();
}

/// Asks a worker for its version; `None` if it does not answer.
async fn version_of(worker: &ServiceWorker) -> Option<String> {
    // Created by name, as nothing else needs the types of message channels.
    let make: Function = Reflect::get(&js_sys::global(), &JsValue::from("MessageChannel")).ok()?.dyn_into().ok()?;
    let channel = Reflect::construct(&make, &Array::new()).ok()?;
    let port = |name: &str| Reflect::get(&channel, &JsValue::from(name)).ok();
    let (here, there) = (port("port1")?, port("port2")?);
    let answered = Promise::new(&mut |resolve, _| {
        let listen = Closure::once_into_js(move |event: JsValue| {
            let version = Reflect::get(&event, &JsValue::from("data")).unwrap_or_default();
            // Resolving a promise never throws.
            let _ = resolve.call1(&JsValue::UNDEFINED, &version);
        });
        // Setting a member of a port cannot fail.
        let _ = Reflect::set(&here, &JsValue::from("onmessage"), &listen);
    });
    worker.post_message_with_transferable(&JsValue::from("version"), &Array::of1(&there)).ok()?;
    match select(JsFuture::from(answered), pin!(pause(PATIENCE))).await {
        futures::future::Either::Left((version, _)) => version.ok()?.as_string(),
        futures::future::Either::Right(_) => None,
    }
}

/// Returns the browser's service workers, unless it has none or blocks storage.
fn container() -> Option<ServiceWorkerContainer> {
    let navigator = web_sys::window()?.navigator();
    let is_stored = Reflect::get(&navigator, &JsValue::from("cookieEnabled")).is_ok_and(|on| on.is_truthy());
    // Missing in insecure contexts and in private windows of some browsers.
    let container = Reflect::get(&navigator, &JsValue::from("serviceWorker")).ok()?;
    (is_stored && container.dyn_ref::<Object>().is_some()).then(|| container.unchecked_into())
}
