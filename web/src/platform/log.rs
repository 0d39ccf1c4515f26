//! Texts that outlive the page, kept in the order they came: a small database of its own.
use idb::{Database, DatabaseEvent as _, Error, Factory, ObjectStoreParams, TransactionMode};
use std::rc::Rc;
use wasm_bindgen::JsValue;

const TEXTS: &str = "texts";

/// The texts. Cloning it gives another handle to the same ones.
#[derive(Clone, Debug)]
pub struct Log {
    inner: Rc<Database>,
}

fn say(error: Error) -> String {
    format!("The browser's storage says: {error}.")
}

impl Log {
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
        let read = async {
            let transaction = self.inner.transaction(&[TEXTS], TransactionMode::ReadOnly)?;
            transaction.object_store(TEXTS)?.get_all(None, None)?.await
        };
        let texts = read.await.map_err(say)?;
        Ok(texts.into_iter().filter_map(|text| text.as_string()).collect())
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
        let transaction = self.inner.transaction(&[TEXTS], TransactionMode::ReadWrite)?;
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
}
