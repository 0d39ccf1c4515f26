//! Stored report of the last import: texts in the order they were added.
use super::indexed_db::{IMPORT_LOG as STORE, IndexedDb, Mode, finish};
use super::storage_error::StorageError;
use callboard_workspace::Durability;
use wasm_bindgen::JsValue;

/// The stored texts of the last import's report.
#[derive(Clone, Debug)]
pub struct ImportLog {
    database: IndexedDb,
}

impl ImportLog {
    /// Returns the log in a database.
    pub fn of(database: &IndexedDb) -> Self {
        Self { database: database.clone() }
    }

    /// Reads every text.
    ///
    /// # Errors
    /// The texts cannot be read.
    pub async fn read(&self) -> Result<Vec<String>, StorageError> {
        let transaction = self.database.begin(STORE, Mode::Read, Durability::Relaxed)?;
        let texts = transaction.object_store(STORE)?.get_all(None, None)?.await?;
        Ok(texts.into_iter().filter_map(|text| text.as_string()).collect())
    }

    /// Appends a text.
    ///
    /// # Errors
    /// The text was not stored.
    pub async fn append(&self, text: &str) -> Result<(), StorageError> {
        self.write(Some(text), false).await
    }

    /// Replaces all texts by one.
    ///
    /// # Errors
    /// The texts are unchanged.
    pub async fn replace(&self, text: &str) -> Result<(), StorageError> {
        self.write(Some(text), true).await
    }

    /// Removes every text.
    ///
    /// # Errors
    /// The texts are unchanged.
    pub async fn clear(&self) -> Result<(), StorageError> {
        self.write(None, true).await
    }

    async fn write(&self, text: Option<&str>, anew: bool) -> Result<(), StorageError> {
        let transaction = self.database.begin(STORE, Mode::Write, Durability::Relaxed)?;
        let texts = transaction.object_store(STORE)?;
        // The transaction's end reports failures.
        if anew {
            drop(texts.clear()?);
        }
        if let Some(text) = text {
            drop(texts.add(&JsValue::from(text), None)?);
        }
        finish(transaction).await
    }
}
