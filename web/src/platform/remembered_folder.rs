//! The folder that was opened last, kept in a database of its own: only there can a browser keep a folder's handle.
use super::connection::{self, OpenRequest};
use super::random::random_id;
use super::storage_error::StorageError;
use idb::{Database, ObjectStore, ObjectStoreParams, TransactionMode};
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::FileSystemDirectoryHandle;

const NAME: &str = "callboard-folder";
const STORE: &str = "folders";
const KEY: &str = "last";

/// Calls `work` with the store, and closes the database.
async fn with_store<T>(
    mode: TransactionMode,
    work: impl AsyncFnOnce(ObjectStore) -> Result<T, StorageError>,
) -> Result<T, StorageError> {
    let upgrade = |database: &Database| connection::ensure_store(database, STORE, ObjectStoreParams::new());
    let database: Database =
        connection::open(OpenRequest { name: NAME, version: 1, upgrade }, |_| {}, |_| {}).await?.into();
    let begun = database.transaction(&[STORE], mode).and_then(|transaction| transaction.object_store(STORE));
    let result = match begun {
        Ok(store) => work(store).await,
        Err(error) => Err(error.into()),
    };
    database.close();
    result
}

/// Returns the remembered folder and its id; `None` if there is none.
///
/// # Errors
/// The database cannot be read.
pub async fn get() -> Result<Option<(FileSystemDirectoryHandle, String)>, StorageError> {
    with_store(TransactionMode::ReadOnly, async |store| {
        let Some(found) = store.get(JsValue::from(KEY))?.await? else { return Ok(None) };
        let Ok(pair) = found.dyn_into::<Array>() else { return Ok(None) };
        Ok(pair.get(0).dyn_into().ok().zip(pair.get(1).as_string()))
    })
    .await
}

/// Remembers a folder, and returns its id: the one it was given when it was remembered before, else a new one.
pub async fn set(folder: &FileSystemDirectoryHandle) -> String {
    // Without storage nothing is remembered.
    let known = match get().await {
        Ok(Some((known, id))) if is_same(&known, folder).await => Some(id),
        _ => None,
    };
    let id = known.unwrap_or_else(random_id);
    let _ = with_store(TransactionMode::ReadWrite, async |store| {
        store.put(&Array::of2(folder, &JsValue::from(&id)), Some(&JsValue::from(KEY)))?.await?;
        Ok(())
    })
    .await;
    id
}

async fn is_same(one: &FileSystemDirectoryHandle, other: &FileSystemDirectoryHandle) -> bool {
    // A folder that cannot be compared counts as another one.
    JsFuture::from(one.is_same_entry(other)).await.is_ok_and(|is_same| is_same.is_truthy())
}

/// Forgets the remembered folder.
///
/// # Errors
/// It was not removed.
pub async fn remove() -> Result<(), StorageError> {
    with_store(TransactionMode::ReadWrite, async |store| Ok(store.delete(JsValue::from(KEY))?.await?)).await
}
