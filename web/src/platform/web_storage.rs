//! The browser's local and session storage, guarded against browsers that block or lack them. Values that cannot be
//! stored are kept in memory while the page is open.
use super::storage_error::StorageError;
use gloo_storage::errors::StorageError as GlooError;
use gloo_storage::{LocalStorage, SessionStorage, Storage};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::collections::HashMap;

thread_local! {
    /// Values that could not be stored.
    static MEMORY: RefCell<HashMap<(Area, String), String>> = RefCell::default();
}

/// One of the two storages; values are JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Area {
    /// Shared by all tabs, and permanent.
    Local,
    /// Limited to this tab.
    Session,
}

impl Area {
    /// Returns true if the browser allows this storage; `gloo-storage` panics otherwise.
    pub fn is_available(self) -> bool {
        let Some(window) = web_sys::window() else { return false };
        let storage = match self {
            Self::Local => window.local_storage(),
            Self::Session => window.session_storage(),
        };
        matches!(storage, Ok(Some(_)))
    }

    /// Returns the value of a key; `None` if it is missing or unreadable.
    pub fn get<T: DeserializeOwned>(self, key: &str) -> Option<T> {
        let remembered = MEMORY.with_borrow(|memory| memory.get(&(self, key.to_owned())).cloned());
        match remembered {
            Some(text) => serde_json::from_str(&text).ok(),
            None if !self.is_available() => None,
            None => match self {
                Self::Local => LocalStorage::get(key),
                Self::Session => SessionStorage::get(key),
            }
            .ok(),
        }
    }

    /// Stores a value under a key, or keeps it in memory if that fails.
    ///
    /// # Errors
    /// A sentence if the browser did not store it.
    pub fn set<T: Serialize + ?Sized>(self, key: &str, value: &T) -> Result<(), String> {
        let stored = match self {
            _ if !self.is_available() => Err("The browser blocks storage.".to_owned()),
            Self::Local => LocalStorage::set(key, value).map_err(sentence),
            Self::Session => SessionStorage::set(key, value).map_err(sentence),
        };
        match &stored {
            Ok(()) => MEMORY.with_borrow_mut(|memory| memory.remove(&(self, key.to_owned()))),
            Err(_) => {
                let text =
                    serde_json::to_string(value).map_err(|error| format!("The value cannot be stored: {error}."))?;
                MEMORY.with_borrow_mut(|memory| memory.insert((self, key.to_owned()), text))
            }
        };
        stored
    }

    /// Removes a value.
    pub fn remove(self, key: &str) {
        MEMORY.with_borrow_mut(|memory| memory.remove(&(self, key.to_owned())));
        match self {
            _ if !self.is_available() => {}
            Self::Local => LocalStorage::delete(key),
            Self::Session => SessionStorage::delete(key),
        }
    }
}

/// Returns the sentence for an error of `gloo-storage`.
fn sentence(error: GlooError) -> String {
    match error {
        GlooError::JsError(error) => StorageError::named(&error.name, &error.message).to_string(),
        other => format!("The value cannot be stored: {other}."),
    }
}
