//! Texts that outlive the page: small databases of their own. Some are kept in the order they came, some by names.
use super::connection::{self, Wanted, failure};
use super::storage_error::StorageError;
use futures::future::{join_all, try_join};
use idb::{Database, Error, ObjectStoreParams, Query, Transaction, TransactionMode};
use std::future::IntoFuture as _;
use std::rc::Rc;
use wasm_bindgen::JsValue;

const TEXTS: &str = "texts";

/// The texts. Cloning it gives another handle to the same ones.
#[derive(Clone, Debug)]
pub struct Texts {
    inner: Rc<Database>,
}

impl Texts {
    /// Opens the texts of this name, none on the first visit. `wait` is told what it waits for, where it has to; `lost`
    /// is told why the connection ended.
    ///
    /// # Errors
    /// Why the browser stores nothing.
    pub async fn open(
        name: &str,
        wait: impl Fn(StorageError),
        lost: impl Fn(StorageError) + Clone + 'static,
    ) -> Result<Self, StorageError> {
        let upgrade = |database: &Database| {
            let mut numbered = ObjectStoreParams::new();
            numbered.auto_increment(true);
            connection::ensure_store(database, TEXTS, numbered);
        };
        let database = connection::open(Wanted { name, version: 1, upgrade }, wait, lost).await?;
        Ok(Self { inner: Rc::new(database.into()) })
    }

    /// Every text, in the order they came.
    ///
    /// # Errors
    /// Why, when they cannot be read.
    pub async fn read(&self) -> Result<Vec<String>, StorageError> {
        let read = async { self.begin(TransactionMode::ReadOnly)?.object_store(TEXTS)?.get_all(None, None)?.await };
        let texts = read.await.map_err(|error| failure(&error))?;
        Ok(texts.into_iter().filter_map(|text| text.as_string()).collect())
    }

    /// Every text that has a name, with it.
    ///
    /// # Errors
    /// Why, when they cannot be read.
    pub async fn named(&self) -> Result<Vec<(String, String)>, StorageError> {
        let read = async {
            let texts = self.begin(TransactionMode::ReadOnly)?.object_store(TEXTS)?;
            let (names, texts) = (texts.get_all_keys(None, None)?, texts.get_all(None, None)?);
            try_join(names.into_future(), texts.into_future()).await
        };
        let (names, texts) = read.await.map_err(|error| failure(&error))?;
        Ok(names.iter().zip(&texts).filter_map(|(name, text)| Some((name.as_string()?, text.as_string()?))).collect())
    }

    /// The names of those that have one.
    ///
    /// # Errors
    /// Why, when they cannot be read.
    pub async fn names(&self) -> Result<Vec<String>, StorageError> {
        let read =
            async { self.begin(TransactionMode::ReadOnly)?.object_store(TEXTS)?.get_all_keys(None, None)?.await };
        let names = read.await.map_err(|error| failure(&error))?;
        Ok(names.into_iter().filter_map(|name| name.as_string()).collect())
    }

    /// Adds a text; with `anew`, in place of all the others.
    ///
    /// # Errors
    /// Why, when it was not written; the others are as they were then.
    pub async fn add(&self, text: &str, anew: bool) -> Result<(), StorageError> {
        self.write(Some(text), anew).await.map_err(|error| failure(&error))
    }

    /// Removes every text.
    ///
    /// # Errors
    /// Why, when they were not removed.
    pub async fn clear(&self) -> Result<(), StorageError> {
        self.write(None, true).await.map_err(|error| failure(&error))
    }

    async fn write(&self, text: Option<&str>, anew: bool) -> Result<(), Error> {
        let transaction = self.begin(TransactionMode::ReadWrite)?;
        let texts = transaction.object_store(TEXTS)?;
        // The transaction's own end says whether they were written.
        if anew {
            drop(texts.clear()?);
        }
        if let Some(text) = text {
            drop(texts.add(&JsValue::from(text), None)?);
        }
        transaction.await.map(drop)
    }

    /// Keeps texts under names, in place of what was kept under them; a name without a text is forgotten.
    ///
    /// # Errors
    /// Why, when nothing was changed.
    pub async fn keep(&self, texts: &[(String, Option<&str>)]) -> Result<(), StorageError> {
        self.try_keep(texts).await.map_err(|error| failure(&error))
    }

    async fn try_keep(&self, texts: &[(String, Option<&str>)]) -> Result<(), Error> {
        let transaction = self.begin(TransactionMode::ReadWrite)?;
        let store = transaction.object_store(TEXTS)?;
        for (name, text) in texts {
            let name = JsValue::from(name);
            match text {
                Some(text) => drop(store.put(&JsValue::from(*text), Some(&name))?),
                None => drop(store.delete(Query::Key(name))?),
            }
        }
        end(transaction).await
    }

    /// Gives texts other names, all of them or, where one is no longer there, none: of several tabs that do so at
    /// once, one does.
    ///
    /// # Errors
    /// Why, when nothing was changed.
    pub async fn rename(&self, names: &[(String, String)]) -> Result<bool, StorageError> {
        self.try_rename(names).await.map_err(|error| failure(&error))
    }

    async fn try_rename(&self, names: &[(String, String)]) -> Result<bool, Error> {
        let transaction = self.begin(TransactionMode::ReadWrite)?;
        let store = transaction.object_store(TEXTS)?;
        let mut requests = Vec::with_capacity(names.len());
        for (name, _) in names {
            requests.push(store.get(JsValue::from(name))?.into_future());
        }
        let texts: Vec<Option<JsValue>> = join_all(requests).await.into_iter().collect::<Result<_, _>>()?;
        let Some(texts) = texts.into_iter().collect::<Option<Vec<JsValue>>>() else { return Ok(false) };
        for ((from, to), text) in names.iter().zip(texts) {
            drop(store.delete(Query::Key(JsValue::from(from)))?);
            drop(store.put(&text, Some(&JsValue::from(to)))?);
        }
        end(transaction).await.map(|()| true)
    }

    fn begin(&self, mode: TransactionMode) -> Result<Transaction, Error> {
        self.inner.transaction(&[TEXTS], mode)
    }
}

/// Ends a transaction at once: one that waits for its requests does not outlive a page that is closed meanwhile.
async fn end(transaction: Transaction) -> Result<(), Error> {
    if transaction.commit()?.await?.is_committed() {
        Ok(())
    } else {
        Err(Error::TransactionAbortError(JsValue::from(
            "the write was given up, as when the disk or the quota is full",
        )))
    }
}
