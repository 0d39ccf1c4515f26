//! Desktop notifications.
use super::dom;
use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Notification, NotificationOptions, NotificationPermission};

/// Permission for desktop notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// The browser has none.
    Unsupported,
    /// The user has not been asked.
    NotAsked,
    /// They are allowed.
    Granted,
    /// They are blocked; only the browser's settings change that.
    Denied,
}

impl Permission {
    fn of(permission: NotificationPermission) -> Self {
        match permission {
            NotificationPermission::Granted => Self::Granted,
            NotificationPermission::Denied => Self::Denied,
            _ => Self::NotAsked,
        }
    }
}

/// A notification to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DesktopNotice {
    /// Title, such as a session's.
    pub title: String,
    /// One sentence.
    pub body: String,
    /// Name of the subject: a later notification with the same tag replaces it.
    pub tag: String,
    /// The address in the app that a click opens, with its `#`.
    pub href: String,
}

/// Returns the current permission.
pub fn permission() -> Permission {
    let constructor = Reflect::get(&js_sys::global(), &JsValue::from("Notification"));
    if !constructor.is_ok_and(|constructor| constructor.is_function()) {
        return Permission::Unsupported;
    }
    Permission::of(Notification::permission())
}

/// Asks the user for permission, which browsers allow during a click only. Returns the answer.
pub async fn ask() -> Permission {
    if permission() != Permission::NotAsked {
        return permission();
    }
    if let Ok(answer) = Notification::request_permission() {
        // The answer is the permission from now on.
        let _ = JsFuture::from(answer).await;
    }
    permission()
}

/// Shows a notification if they are allowed; a click shows the window and opens the address. Returns false where the
/// browser shows none, like those of phones.
pub fn show(notice: &DesktopNotice) -> bool {
    if permission() != Permission::Granted {
        return false;
    }
    let options = NotificationOptions::new();
    options.set_body(&notice.body);
    options.set_tag(&notice.tag);
    options.set_icon("./icon-192.png");
    let Ok(shown) = Notification::new_with_options(&notice.title, &options) else { return false };
    let (href, clicked) = (notice.href.clone(), shown.clone());
    let on_click = Closure::once_into_js(move || {
        if let Some(window) = web_sys::window() {
            // A browser may refuse to show its window.
            let _ = window.focus();
        }
        dom::navigate(&href);
        clicked.close();
    });
    shown.set_onclick(Some(on_click.unchecked_ref()));
    true
}
