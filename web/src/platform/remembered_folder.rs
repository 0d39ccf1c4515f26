//! The folder that was opened last, kept in a database of its own: only there can a browser keep a folder's handle.
use super::connection::{self, OpenRequest};
use super::storage_error::StorageError;
use idb::{Database, ObjectStore, ObjectStoreParams, TransactionMode};
use wasm_bindgen::{JsCast, JsValue};
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

/// Returns the remembered folder; `None` if there is none.
///
/// # Errors
/// The database cannot be read.
pub async fn get() -> Result<Option<FileSystemDirectoryHandle>, StorageError> {
    with_store(TransactionMode::ReadOnly, async |store| {
        let found = store.get(JsValue::from(KEY))?.await?;
        Ok(found.and_then(|found| found.dyn_into().ok()))
    })
    .await
}

/// Remembers a folder.
///
/// # Errors
/// It was not stored.
pub async fn set(folder: &FileSystemDirectoryHandle) -> Result<(), StorageError> {
    with_store(TransactionMode::ReadWrite, async |store| {
        store.put(folder, Some(&JsValue::from(KEY)))?.await?;
        Ok(())
    })
    .await
}

/// Forgets the remembered folder.
///
/// # Errors
/// It was not removed.
pub async fn remove() -> Result<(), StorageError> {
    with_store(TransactionMode::ReadWrite, async |store| Ok(store.delete(JsValue::from(KEY))?.await?)).await
}
