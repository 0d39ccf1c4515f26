//! The browser's local and session storage, guarded: a browser that blocks site data throws on every access to them, and
//! one in which they are switched off has none. A value that cannot be stored is kept in memory for as long as the page
//! is open.
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::collections::HashMap;

thread_local! {
    /// The values that were not stored.
    static MEMORY: RefCell<HashMap<(Area, String), String>> = RefCell::default();
}

/// One of the two storages. Both hold values as JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Area {
    /// Shared by all tabs, and kept when they are closed.
    Local,
    /// The tab's own.
    Session,
}

impl Area {
    fn storage(self) -> Option<web_sys::Storage> {
        let window = web_sys::window()?;
        match self {
            Self::Local => window.local_storage(),
            Self::Session => window.session_storage(),
        }
        .ok()?
    }

    /// Whether the browser has this storage and lets the page use it.
    pub fn is_available(self) -> bool {
        self.storage().is_some()
    }

    /// The value under a key; `None` where there is none or it cannot be read.
    pub fn get<T: DeserializeOwned>(self, key: &str) -> Option<T> {
        let remembered = MEMORY.with_borrow(|memory| memory.get(&(self, key.to_owned())).cloned());
        let text = remembered.or_else(|| self.storage()?.get_item(key).ok()?)?;
        serde_json::from_str(&text).ok()
    }

    /// Stores a value under a key, or else keeps it in memory.
    ///
    /// # Errors
    /// A sentence, when the browser did not store it.
    pub fn set<T: Serialize + ?Sized>(self, key: &str, value: &T) -> Result<(), String> {
        let text = serde_json::to_string(value).map_err(|error| format!("It cannot be stored: {error}."))?;
        let stored = match self.storage() {
            Some(storage) => storage.set_item(key, &text).map_err(|error| super::storage_failure(&error).to_string()),
            None => Err("The browser blocks storage.".to_owned()),
        };
        MEMORY.with_borrow_mut(|memory| match &stored {
            Ok(()) => memory.remove(&(self, key.to_owned())),
            Err(_) => memory.insert((self, key.to_owned()), text),
        });
        stored
    }

    /// Removes a value.
    pub fn remove(self, key: &str) {
        MEMORY.with_borrow_mut(|memory| memory.remove(&(self, key.to_owned())));
        if let Some(storage) = self.storage() {
            // Never throws where the storage itself can be had.
            let _ = storage.remove_item(key);
        }
    }
}
