//! The workspace in IndexedDB: one record a session, on the disk before anyone is told so.
use crate::store::edit::{Edit, Patch};
use crate::store::record::Record;
use callboard_core::Timestamp;
use idb::{Database as Opened, DatabaseEvent as _, Error, Factory, ObjectStore, ObjectStoreParams, Query, Transaction};
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbTransaction};

const SESSIONS: &str = "sessions";
const VERSION: u32 = 1;

/// The open database. Cloning it gives another handle to the same one.
#[derive(Clone, Debug)]
pub struct Database {
    inner: IdbDatabase,
}

fn say(error: Error) -> String {
    format!("The browser's storage says: {error}.")
}

impl Database {
    /// Opens the database, making it on the first visit.
    ///
    /// # Errors
    /// A sentence, when the browser stores nothing (a private window, a full disk).
    pub async fn open(name: &str) -> Result<Self, String> {
        Self::try_open(name).await.map_err(say)
    }

    async fn try_open(name: &str) -> Result<Self, Error> {
        let mut request = Factory::new()?.open(name, Some(VERSION))?;
        request.on_upgrade_needed(|event| {
            // A failure here aborts the upgrade, and opening reports it.
            if let Ok(database) = event.database() {
                let _ = database.create_object_store(SESSIONS, ObjectStoreParams::new());
            }
        });
        let opened: Opened = request.await?;
        Ok(Self { inner: opened.into() })
    }

    /// Every session's record.
    ///
    /// # Errors
    /// A sentence, when they cannot be read.
    pub async fn load(&self) -> Result<Vec<Record>, String> {
        self.try_load().await.map_err(say)
    }

    async fn try_load(&self) -> Result<Vec<Record>, Error> {
        let transaction = self.begin("readonly")?;
        let values = store(&transaction)?.get_all(None, None)?.await?;
        Ok(values.iter().filter_map(from_js).collect())
    }

    /// Writes records, all or none, and waits until the disk has them.
    ///
    /// # Errors
    /// A sentence, when they were not written.
    pub async fn put(&self, records: &[Record]) -> Result<(), String> {
        self.try_put(records).await.map_err(say)
    }

    async fn try_put(&self, records: &[Record]) -> Result<(), Error> {
        let transaction = self.begin("readwrite")?;
        let sessions = store(&transaction)?;
        for record in records {
            // The transaction's own end says whether each was written.
            drop(sessions.put(&to_js(record), Some(&JsValue::from(&record.id)))?);
        }
        finish(transaction).await
    }

    /// Removes a session's record.
    ///
    /// # Errors
    /// A sentence, when it was not removed.
    pub async fn remove(&self, id: &str) -> Result<(), String> {
        self.try_remove(id).await.map_err(say)
    }

    async fn try_remove(&self, id: &str) -> Result<(), Error> {
        let transaction = self.begin("readwrite")?;
        drop(store(&transaction)?.delete(Query::Key(JsValue::from(id)))?);
        finish(transaction).await
    }

    /// Removes every record.
    ///
    /// # Errors
    /// A sentence, when they were not removed.
    pub async fn clear(&self) -> Result<(), String> {
        self.try_clear().await.map_err(say)
    }

    async fn try_clear(&self) -> Result<(), Error> {
        let transaction = self.begin("readwrite")?;
        drop(store(&transaction)?.clear()?);
        finish(transaction).await
    }

    /// Begins a transaction that ends when the disk has it. Called by name, because web-sys counts
    /// the option for that among its unstable parts; a browser that does not know it ignores it.
    fn begin(&self, mode: &str) -> Result<Transaction, Error> {
        let options = Object::new();
        set(&options, "durability", "strict");
        let begun = Reflect::get(&self.inner, &JsValue::from("transaction"))
            .and_then(JsCast::dyn_into::<Function>)
            .and_then(|begin| begin.call3(&self.inner, &JsValue::from(SESSIONS), &JsValue::from(mode), &options))
            .and_then(JsCast::dyn_into::<IdbTransaction>);
        begun.map(Transaction::from).map_err(Error::TransactionOpenFailed)
    }
}

fn store(transaction: &Transaction) -> Result<ObjectStore, Error> {
    transaction.object_store(SESSIONS)
}

async fn finish(transaction: Transaction) -> Result<(), Error> {
    if transaction.await?.is_committed() {
        Ok(())
    } else {
        Err(Error::TransactionAbortError(JsValue::from(
            "the write was given up, as when the disk or the quota is full",
        )))
    }
}

fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    // Setting a plain member of a new object cannot fail.
    let _ = Reflect::set(object, &JsValue::from(name), &value.into());
}

fn text(value: &JsValue, name: &str) -> Option<String> {
    Reflect::get(value, &JsValue::from(name)).ok()?.as_string()
}

fn number(value: &JsValue, name: &str) -> Option<f64> {
    Reflect::get(value, &JsValue::from(name)).ok()?.as_f64()
}

#[allow(clippy::cast_precision_loss)]
fn to_js(record: &Record) -> JsValue {
    let object = Object::new();
    set(&object, "id", record.id.as_str());
    set(&object, "file", record.file.as_str());
    set(&object, "folder", record.folder.as_str());
    set(&object, "root", &*record.root);
    if record.disk != record.root {
        set(&object, "disk", &*record.disk);
    }
    if let Some(incoming) = &record.incoming {
        set(&object, "incoming", &**incoming);
    }
    if !record.edits.is_empty() {
        set(&object, "done", record.done as f64);
        let edits = Array::new();
        for edit in &record.edits {
            let item = Object::new();
            set(&item, "sentence", edit.sentence.as_str());
            set(&item, "made", edit.made.unix() as f64);
            set(&item, "at", edit.patch.at as f64);
            set(&item, "removed", edit.patch.removed.as_str());
            set(&item, "added", edit.patch.added.as_str());
            edits.push(&item);
        }
        set(&object, "edits", edits);
    }
    object.into()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn from_js(value: &JsValue) -> Option<Record> {
    let root: std::sync::Arc<str> = text(value, "root")?.into();
    let list = Reflect::get(value, &JsValue::from("edits")).ok()?;
    let mut edits = Vec::new();
    if Array::is_array(&list) {
        for item in Array::from(&list).iter() {
            edits.push(Edit {
                sentence: text(&item, "sentence")?,
                made: Timestamp::from_unix(number(&item, "made")? as i64),
                patch: Patch {
                    at: number(&item, "at")? as usize,
                    removed: text(&item, "removed")?,
                    added: text(&item, "added")?,
                },
            });
        }
    }
    Some(Record {
        id: text(value, "id")?,
        file: text(value, "file")?,
        folder: text(value, "folder").unwrap_or_default(),
        disk: text(value, "disk").map_or_else(|| root.clone(), Into::into),
        root,
        incoming: text(value, "incoming").map(Into::into),
        done: number(value, "done").map_or(edits.len(), |done| done as usize),
        edits,
    })
}
