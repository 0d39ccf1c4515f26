//! Texts that outlive the page: small databases of their own. Some are kept in the order they came, some by names.
use futures::future::{join_all, try_join};
use idb::{Database, DatabaseEvent as _, Error, Factory, ObjectStoreParams, Query, Transaction, TransactionMode};
use std::future::IntoFuture as _;
use std::rc::Rc;
use wasm_bindgen::JsValue;

const TEXTS: &str = "texts";

/// The texts. Cloning it gives another handle to the same ones.
#[derive(Clone, Debug)]
pub struct Texts {
    inner: Rc<Database>,
}

fn say(error: Error) -> String {
    format!("The browser's storage says: {error}.")
}

impl Texts {
    /// Opens the texts of this name, none on the first visit.
    ///
    /// # Errors
    /// A sentence, when the browser stores nothing.
    pub async fn open(name: &str) -> Result<Self, String> {
        Self::try_open(name).await.map_err(say)
    }

    async fn try_open(name: &str) -> Result<Self, Error> {
        let mut request = Factory::new()?.open(name, Some(1))?;
        request.on_upgrade_needed(|event| {
            // A failure here aborts the upgrade, and opening reports it.
            if let Ok(database) = event.database() {
                let mut numbered = ObjectStoreParams::new();
                numbered.auto_increment(true);
                let _ = database.create_object_store(TEXTS, numbered);
            }
        });
        Ok(Self { inner: Rc::new(request.await?) })
    }

    /// Every text, in the order they came.
    ///
    /// # Errors
    /// A sentence, when they cannot be read.
    pub async fn read(&self) -> Result<Vec<String>, String> {
        let read = async { self.begin(TransactionMode::ReadOnly)?.object_store(TEXTS)?.get_all(None, None)?.await };
        let texts = read.await.map_err(say)?;
        Ok(texts.into_iter().filter_map(|text| text.as_string()).collect())
    }

    /// Every text that has a name, with it.
    ///
    /// # Errors
    /// A sentence, when they cannot be read.
    pub async fn named(&self) -> Result<Vec<(String, String)>, String> {
        let read = async {
            let texts = self.begin(TransactionMode::ReadOnly)?.object_store(TEXTS)?;
            let (names, texts) = (texts.get_all_keys(None, None)?, texts.get_all(None, None)?);
            try_join(names.into_future(), texts.into_future()).await
        };
        let (names, texts) = read.await.map_err(say)?;
        Ok(names.iter().zip(&texts).filter_map(|(name, text)| Some((name.as_string()?, text.as_string()?))).collect())
    }

    /// The names of those that have one.
    ///
    /// # Errors
    /// A sentence, when they cannot be read.
    pub async fn names(&self) -> Result<Vec<String>, String> {
        let read =
            async { self.begin(TransactionMode::ReadOnly)?.object_store(TEXTS)?.get_all_keys(None, None)?.await };
        let names = read.await.map_err(say)?;
        Ok(names.into_iter().filter_map(|name| name.as_string()).collect())
    }

    /// Adds a text; with `anew`, in place of all the others.
    ///
    /// # Errors
    /// A sentence, when it was not written; the others are as they were then.
    pub async fn add(&self, text: &str, anew: bool) -> Result<(), String> {
        self.write(Some(text), anew).await.map_err(say)
    }

    /// Removes every text.
    ///
    /// # Errors
    /// A sentence, when they were not removed.
    pub async fn clear(&self) -> Result<(), String> {
        self.write(None, true).await.map_err(say)
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
    /// A sentence, when nothing was changed.
    pub async fn keep(&self, texts: &[(String, Option<&str>)]) -> Result<(), String> {
        self.try_keep(texts).await.map_err(say)
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
    /// A sentence, when nothing was changed.
    pub async fn rename(&self, names: &[(String, String)]) -> Result<bool, String> {
        self.try_rename(names).await.map_err(say)
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
