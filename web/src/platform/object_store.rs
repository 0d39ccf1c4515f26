//! Records of one kind in the database.
//!
//! Several tabs write to it. A record carries the stamp of the write it comes from and is replaced only where the stored
//! one still has that stamp: the browser runs transactions that write to one object store one after another, whichever
//! tab they are of, so that no tab's change is lost.
use super::indexed_db::{IndexedDb, Mode, abort_on_error, finish};
use super::record_codec::{RecordCodec, new_stamp, set_stamp, stamp_of};
use super::storage_error::StorageError;
use callboard_workspace::{Durability, Page, SessionStorage, Stored, Write, Written};
use futures::future::{join_all, try_join};
use idb::{Error, KeyRange, Query, Transaction};
use std::future::IntoFuture as _;
use std::marker::PhantomData;
use wasm_bindgen::JsValue;

/// The number of records that are read together.
const PAGE: u32 = 64;

/// The records of type `T` in the database.
#[derive(Clone, Debug)]
pub struct ObjectStore<T> {
    database: IndexedDb,
    records: PhantomData<T>,
}

impl<T: RecordCodec> ObjectStore<T> {
    /// Returns the records in a database.
    pub fn of(database: &IndexedDb) -> Self {
        Self { database: database.clone(), records: PhantomData }
    }

    /// Counts the records, readable or not.
    ///
    /// # Errors
    /// They cannot be counted.
    pub async fn count(&self) -> Result<usize, StorageError> {
        let (_transaction, store) = self.begin(Mode::Read, Durability::Relaxed)?;
        Ok(store.count(None)?.await? as usize)
    }

    /// Writes new records under free keys, for which nothing need be read. None where nothing was written: one of them
    /// is not new, its key is taken, or it was refused.
    async fn add_all(
        &self,
        writes: &[Prepared],
        durability: Durability,
    ) -> Result<Option<Vec<Written<T>>>, StorageError> {
        let new: Option<Vec<_>> = writes.iter().map(Prepared::as_new).collect();
        let Some(new) = new else { return Ok(None) };
        let (transaction, store) = self.begin(Mode::Write, durability)?;
        let (transaction, on_error) = abort_on_error(transaction);
        let added = new.iter().try_fold(None, |_, (key, object, _)| store.add(object, Some(key)).map(Some));
        // Requests are done in their order, and the first that fails takes all others with it. They are committed only
        // then: after an earlier commit, Firefox stores the others.
        let is_done = match added {
            Ok(Some(last)) => last.await.is_ok(),
            Ok(None) => true,
            Err(_) => false,
        };
        if !is_done {
            // It fails only for one that its handler has aborted. The handler is still called for the other requests.
            let _ = transaction.abort();
            on_error.forget();
            return Ok(None);
        }
        finish(transaction).await?;
        Ok(Some(new.iter().map(|(_, _, stamp)| Written::Stored(*stamp)).collect()))
    }

    fn begin(&self, mode: Mode, durability: Durability) -> Result<(Transaction, idb::ObjectStore), StorageError> {
        let transaction = self.database.begin(T::STORE, mode, durability)?;
        let store = transaction.object_store(T::STORE)?;
        Ok((transaction, store))
    }
}

impl<T: RecordCodec + Stored> SessionStorage<T> for ObjectStore<T> {
    type Error = StorageError;

    async fn read(&self, ids: &[String]) -> Result<Vec<Option<T>>, StorageError> {
        let (_transaction, store) = self.begin(Mode::Read, Durability::Relaxed)?;
        let mut requests = Vec::with_capacity(ids.len());
        for id in ids {
            requests.push(store.get(JsValue::from(id))?.into_future());
        }
        let mut found = Vec::with_capacity(ids.len());
        for value in join_all(requests).await {
            found.push(value?.as_ref().and_then(T::from_js));
        }
        Ok(found)
    }

    async fn page(&self, after: Option<&str>) -> Result<Page<T>, StorageError> {
        let (_transaction, store) = self.begin(Mode::Read, Durability::Relaxed)?;
        let range = || after.map(|id| KeyRange::lower_bound(&JsValue::from(id), Some(true))).transpose();
        let keys = store.get_all_keys(range()?.map(Query::KeyRange), Some(PAGE))?;
        let values = store.get_all(range()?.map(Query::KeyRange), Some(PAGE))?;
        let (keys, values) = try_join(keys.into_future(), values.into_future()).await?;
        let is_last = keys.len() < PAGE as usize;
        Ok(Page {
            items: values.iter().filter_map(T::from_js).collect(),
            found: keys.len(),
            next: keys.last().filter(|_| !is_last).and_then(JsValue::as_string),
        })
    }

    async fn write(&self, writes: &[Write<T>], durability: Durability) -> Result<Vec<Written<T>>, StorageError> {
        // Before it begins: a transaction in which nothing is asked for ends by itself.
        let mut prepared = Vec::with_capacity(writes.len());
        for write in writes {
            prepared.push(Prepared::new(write)?);
        }
        if T::IS_COMPARED
            && let Some(written) = self.add_all(&prepared, durability).await?
        {
            return Ok(written);
        }
        let (transaction, store) = self.begin(Mode::Write, durability)?;
        match put_all(&store, &prepared).await {
            Ok(written) => finish(transaction).await.map(|()| written),
            Err(why) => {
                // It fails only for one that was aborted by what it reports.
                let _ = transaction.abort();
                Err(why.into())
            }
        }
    }

    async fn clear(&self) -> Result<(), StorageError> {
        let (transaction, store) = self.begin(Mode::Write, Durability::Strict)?;
        drop(store.clear()?);
        finish(transaction).await
    }
}

/// A write in the form of the database.
struct Prepared {
    key: JsValue,
    /// The stamp that the stored record must have.
    expected: u64,
    /// The object and its own stamp; none to remove what is stored.
    put: Option<(JsValue, u64)>,
}

impl Prepared {
    fn new<T: RecordCodec + Stored>(write: &Write<T>) -> Result<Self, StorageError> {
        Ok(match write {
            Write::Put(record) => {
                let object = record.to_js().map_err(|error| StorageError::named("DataError", &error.to_string()))?;
                let stamp = new_stamp();
                set_stamp(&object, stamp);
                Self { key: JsValue::from(record.id()), expected: record.stamp(), put: Some((object, stamp)) }
            }
            Write::Remove { id, stamp } => Self { key: JsValue::from(id), expected: *stamp, put: None },
        })
    }

    /// Returns the key, the object and its stamp of a record that was never stored.
    fn as_new(&self) -> Option<(&JsValue, &JsValue, u64)> {
        let (object, stamp) = self.put.as_ref().filter(|_| self.expected == 0)?;
        Some((&self.key, object, *stamp))
    }

    /// Returns the stored object, unless it is the expected one.
    async fn other(&self, store: &idb::ObjectStore) -> Result<Option<JsValue>, Error> {
        let is_new = self.expected == 0 && self.put.is_some();
        // A new one needs only a key that is free, not the object that may be there.
        if is_new && store.get_key(self.key.clone())?.await?.is_none() {
            return Ok(None);
        }
        let there: Option<JsValue> = store.get(self.key.clone())?.await?;
        Ok(there.filter(|there| is_new || stamp_of(there) != self.expected))
    }
}

async fn put_all<T: RecordCodec>(store: &idb::ObjectStore, writes: &[Prepared]) -> Result<Vec<Written<T>>, Error> {
    let mut written = Vec::with_capacity(writes.len());
    let others = if T::IS_COMPARED {
        join_all(writes.iter().map(|write| write.other(store))).await
    } else {
        writes.iter().map(|_| Ok(None)).collect()
    };
    for (write, other) in writes.iter().zip(others) {
        if let Some(other) = other? {
            if let Some(record) = T::from_js(&other) {
                written.push(Written::Behind(Box::new(record)));
                continue;
            }
            set_aside(store, &write.key, &other)?;
        }
        // The transaction's own end says whether it was written.
        match &write.put {
            Some((object, stamp)) => {
                drop(store.put(object, Some(&write.key))?);
                written.push(Written::Stored(*stamp));
            }
            None => {
                drop(store.delete(Query::Key(write.key.clone()))?);
                written.push(Written::Removed);
            }
        }
    }
    Ok(written)
}

/// Keeps a record that this version cannot read under a key of its own, before another one takes its place.
fn set_aside(store: &idb::ObjectStore, key: &JsValue, unreadable: &JsValue) -> Result<(), Error> {
    let id = key.as_string().unwrap_or_default();
    let key = JsValue::from(format!("{id} (unreadable, {})", new_stamp()));
    // The end of the transaction reports whether it was written, like for every record.
    store.put(unreadable, Some(&key)).map(drop)
}
