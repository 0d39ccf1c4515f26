//! The workspace in IndexedDB: one record a session, on the disk before anyone is told so.
//!
//! Several tabs write to it. A record carries the *stamp* of the writing it comes from, and is
//! replaced only where the stored one still has that stamp: the browser runs transactions that
//! write one after another, whichever tab they are of, so that no tab's change is ever lost.
use super::connection::{self, Wanted, failure};
use super::storage_error::StorageError;
use super::stored::{from_js, new_stamp, set, stamp, to_js};
use crate::store::record::Record;
use futures::future::join_all;
use idb::{Error, KeyRange, ObjectStore, ObjectStoreParams, Query, Transaction};
use js_sys::{Function, Object, Reflect};
use std::future::IntoFuture as _;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbTransaction};

const SESSIONS: &str = "sessions";
const VERSION: u32 = 1;

/// How many records are read in one go.
const READ_AT_ONCE: u32 = 64;

/// The open database. Cloning it gives another handle to the same one.
#[derive(Clone, Debug)]
pub struct Database {
    inner: IdbDatabase,
}

/// What became of one record that was to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is stored, under this stamp.
    Stored(u64),
    /// Another tab was first: nothing was written, and this is what is stored.
    Behind(Box<Record>),
}

/// When a writing counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// When the disk has it.
    Strict,
    /// When the system has it: for what can be had again from the user's own files.
    Relaxed,
}

impl Durability {
    fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Relaxed => "relaxed",
        }
    }
}

/// A stretch of the stored records.
#[derive(Debug)]
pub struct Page {
    /// Those that can be read.
    pub records: Vec<Record>,
    /// How many there are in the stretch, readable or not.
    pub found: usize,
    /// Where the next one begins; `None` after the last.
    pub next: Option<JsValue>,
}

/// Keeps what this version cannot read, and who comes in its place would overwrite, under a key of its own.
fn set_aside(sessions: &ObjectStore, id: &str, unreadable: &JsValue) -> Result<(), Error> {
    let key = JsValue::from(format!("{id} (unreadable, {})", new_stamp()));
    // As for every record, the transaction's own end says whether it was written.
    sessions.put(unreadable, Some(&key)).map(drop)
}

impl Database {
    /// Opens the database, making it on the first visit. `wait` is told what it waits for, where it has to; `lost` is
    /// told why the connection ended.
    ///
    /// # Errors
    /// Why the browser stores nothing.
    pub async fn open(
        name: &str,
        wait: impl Fn(StorageError),
        lost: impl Fn(StorageError) + Clone + 'static,
    ) -> Result<Self, StorageError> {
        let upgrade = |database: &idb::Database| {
            connection::ensure_store(database, SESSIONS, ObjectStoreParams::new());
        };
        let wanted = Wanted { name, version: VERSION, upgrade };
        Ok(Self { inner: connection::open(wanted, wait, lost).await? })
    }

    /// Ends the connection.
    pub fn close(&self) {
        self.inner.close();
    }

    /// How many sessions are stored.
    ///
    /// # Errors
    /// Why, when they cannot be counted.
    pub async fn count(&self) -> Result<usize, StorageError> {
        let count = async {
            let transaction = self.begin("readonly", Durability::Relaxed)?;
            store(&transaction)?.count(None)?.await
        };
        count.await.map(|count| count as usize).map_err(|error| failure(&error))
    }

    /// The stored records after a place, a few at a time.
    ///
    /// # Errors
    /// Why, when they cannot be read.
    pub async fn page(&self, after: Option<&JsValue>) -> Result<Page, StorageError> {
        self.try_page(after).await.map_err(|error| failure(&error))
    }

    async fn try_page(&self, after: Option<&JsValue>) -> Result<Page, Error> {
        let transaction = self.begin("readonly", Durability::Relaxed)?;
        let sessions = store(&transaction)?;
        let range = || after.map(|key| KeyRange::lower_bound(key, Some(true))).transpose();
        let keys = sessions.get_all_keys(range()?.map(Query::KeyRange), Some(READ_AT_ONCE))?;
        let values = sessions.get_all(range()?.map(Query::KeyRange), Some(READ_AT_ONCE))?;
        let (keys, values) = futures::future::try_join(keys.into_future(), values.into_future()).await?;
        Ok(Page {
            records: values.iter().filter_map(from_js).collect(),
            found: keys.len(),
            next: (keys.len() == READ_AT_ONCE as usize).then(|| keys.last().cloned()).flatten(),
        })
    }

    /// The records of these sessions, in their order; `None` for one that is not stored.
    ///
    /// # Errors
    /// Why, when they cannot be read.
    pub async fn get(&self, ids: &[String]) -> Result<Vec<Option<Record>>, StorageError> {
        self.try_get(ids).await.map_err(|error| failure(&error))
    }

    async fn try_get(&self, ids: &[String]) -> Result<Vec<Option<Record>>, Error> {
        let transaction = self.begin("readonly", Durability::Relaxed)?;
        let sessions = store(&transaction)?;
        let mut requests = Vec::with_capacity(ids.len());
        for id in ids {
            requests.push(sessions.get(JsValue::from(id))?.into_future());
        }
        let found = join_all(requests).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(found.into_iter().map(|value| value.as_ref().and_then(from_js)).collect())
    }

    /// Writes records, each in place of the one it comes from: see [`Written`]. What is there and cannot be read is
    /// kept beside it.
    ///
    /// # Errors
    /// Why, when none was written.
    pub async fn put(&self, records: &[Record], durability: Durability) -> Result<Vec<Written>, StorageError> {
        self.try_put(records, durability).await.map_err(|error| failure(&error))
    }

    async fn try_put(&self, records: &[Record], durability: Durability) -> Result<Vec<Written>, Error> {
        let transaction = self.begin("readwrite", durability)?;
        let sessions = store(&transaction)?;
        let mut requests = Vec::with_capacity(records.len());
        for record in records {
            let key = JsValue::from(&record.id);
            let sessions = &sessions;
            requests.push(async move {
                // A new one needs only a place that is free, not what may be there.
                if record.stamp == 0 && sessions.get_key(key.clone())?.await?.is_none() {
                    return Ok(None);
                }
                sessions.get(key)?.await
            });
        }
        let mut written = Vec::with_capacity(records.len());
        for (record, there) in records.iter().zip(join_all(requests).await) {
            let there: Option<JsValue> = there?;
            let other = there.filter(|there| stamp(there) != record.stamp || record.stamp == 0);
            match other.as_ref().map(|other| (other, from_js(other))) {
                Some((_, Some(other))) => {
                    written.push(Written::Behind(Box::new(other)));
                    continue;
                }
                Some((unreadable, None)) => set_aside(&sessions, &record.id, unreadable)?,
                None => {}
            }
            let mut record = record.clone();
            record.stamp = new_stamp();
            // The transaction's own end says whether it was written.
            drop(sessions.put(&to_js(&record), Some(&JsValue::from(&record.id)))?);
            written.push(Written::Stored(record.stamp));
        }
        finish(transaction).await?;
        Ok(written)
    }

    /// Removes a session's record, where it still has this stamp; else says what is stored instead. What cannot be
    /// read stays, under another key.
    ///
    /// # Errors
    /// Why, when it was not removed.
    pub async fn remove(&self, id: &str, known: u64) -> Result<Option<Box<Record>>, StorageError> {
        self.try_remove(id, known).await.map_err(|error| failure(&error))
    }

    async fn try_remove(&self, id: &str, known: u64) -> Result<Option<Box<Record>>, Error> {
        let transaction = self.begin("readwrite", Durability::Strict)?;
        let sessions = store(&transaction)?;
        let there: Option<JsValue> = sessions.get(JsValue::from(id))?.await?;
        let other = there.filter(|there| stamp(there) != known);
        let readable = other.as_ref().and_then(from_js);
        if readable.is_none() {
            if let Some(unreadable) = &other {
                set_aside(&sessions, id, unreadable)?;
            }
            drop(sessions.delete(Query::Key(JsValue::from(id)))?);
        }
        finish(transaction).await?;
        Ok(readable.map(Box::new))
    }

    /// Removes every record.
    ///
    /// # Errors
    /// Why, when they were not removed.
    pub async fn clear(&self) -> Result<(), StorageError> {
        self.try_clear().await.map_err(|error| failure(&error))
    }

    async fn try_clear(&self) -> Result<(), Error> {
        let transaction = self.begin("readwrite", Durability::Strict)?;
        drop(store(&transaction)?.clear()?);
        finish(transaction).await
    }

    /// Begins a transaction. Called by name, because web-sys counts the option for durability among
    /// its unstable parts; a browser that does not know it ignores it.
    fn begin(&self, mode: &str, durability: Durability) -> Result<Transaction, Error> {
        let options = Object::new();
        set(&options, "durability", durability.name());
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
    // Of one that is given up only the transaction itself says why.
    let inner = IdbTransaction::from(transaction);
    if Transaction::from(inner.clone()).await?.is_committed() {
        return Ok(());
    }
    Err(inner
        .error()
        .map_or_else(|| Error::TransactionAbortError(JsValue::from("the write was given up")), Error::DomException))
}
