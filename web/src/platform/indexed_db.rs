//! The browser's database: sessions, drafts, other imported files, shapes and the last import's report.
use super::connection::{self, OpenRequest};
use super::record_codec::RecordCodec;
use super::storage_error::StorageError;
use callboard_workspace::{Draft, Durability, Entry, ForeignFile, StoredShape};
use idb::{ObjectStoreParams, Transaction};
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, IdbDatabase, IdbTransaction};

const VERSION: u32 = 3;

/// The object store of the last import's report.
pub(super) const IMPORT_LOG: &str = "import_log";

/// An open database. Clones share the connection.
#[derive(Clone, Debug)]
pub struct IndexedDb {
    inner: IdbDatabase,
}

impl IndexedDb {
    /// Opens the database, creating it on the first visit. `wait` receives the reason for waiting; `lost` receives
    /// the reason after the connection was closed.
    ///
    /// # Errors
    /// The reason why the browser stores nothing.
    pub async fn open(
        name: &str,
        wait: impl Fn(StorageError),
        lost: impl Fn(StorageError) + Clone + 'static,
    ) -> Result<Self, StorageError> {
        let upgrade = |database: &idb::Database| {
            for store in [Entry::STORE, Draft::STORE, ForeignFile::STORE, StoredShape::STORE] {
                connection::ensure_store(database, store, ObjectStoreParams::new());
            }
            let mut numbered = ObjectStoreParams::new();
            numbered.auto_increment(true);
            connection::ensure_store(database, IMPORT_LOG, numbered);
        };
        let inner = connection::open(OpenRequest { name, version: VERSION, upgrade }, wait, lost).await?;
        Ok(Self { inner })
    }

    /// Returns the database's name.
    pub(super) fn name(&self) -> String {
        self.inner.name()
    }

    /// Closes the connection.
    pub fn close(&self) {
        self.inner.close();
    }

    /// Begins a transaction. Called by name, as web-sys marks the durability option unstable; browsers that do not
    /// know the option ignore it.
    pub(super) fn begin(&self, store: &str, mode: Mode, durability: Durability) -> Result<Transaction, StorageError> {
        let options = Object::new();
        let durability = match durability {
            Durability::Strict => "strict",
            Durability::Relaxed => "relaxed",
        };
        let mode = match mode {
            Mode::Read => "readonly",
            Mode::Write => "readwrite",
        };
        // Setting a member of a new object cannot fail.
        let _ = Reflect::set(&options, &JsValue::from("durability"), &JsValue::from(durability));
        let begun = Reflect::get(&self.inner, &JsValue::from("transaction"))
            .and_then(JsCast::dyn_into::<Function>)
            .and_then(|begin| begin.call3(&self.inner, &JsValue::from(store), &JsValue::from(mode), &options))
            .and_then(JsCast::dyn_into::<IdbTransaction>);
        Ok(begun.map(Transaction::from).map_err(idb::Error::TransactionOpenFailed)?)
    }
}

/// The access mode of a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Shared reading.
    Read,
    /// Exclusive writing.
    Write,
}

/// Aborts a transaction on its first failing request. The returned handler must outlive the requests.
pub(super) fn abort_on_error(transaction: Transaction) -> (Transaction, Closure<dyn Fn(Event)>) {
    let inner = IdbTransaction::from(transaction);
    let own = inner.clone();
    let on_error = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        // Handled here, as Firefox would report it as an error of the page.
        event.prevent_default();
        // Fails only if the transaction is aborted already.
        let _ = own.abort();
    });
    inner.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    (Transaction::from(inner), on_error)
}

/// Commits a transaction after its requests were made, and waits until it is stored.
pub(super) async fn finish(transaction: Transaction) -> Result<(), StorageError> {
    let inner = IdbTransaction::from(transaction);
    let ended = Promise::new(&mut |complete, abort| {
        inner.set_oncomplete(Some(&complete));
        inner.set_onabort(Some(&abort));
    });
    // Committing explicitly makes the write survive a page that is closed meanwhile. If it was aborted already, its
    // end says why.
    #[allow(deprecated)]
    let _ = inner.commit();
    if JsFuture::from(ended).await.is_ok() {
        return Ok(());
    }
    // Only the transaction reports the reason; a full disk is not an error of one request.
    Err(match inner.error() {
        Some(error) => StorageError::named(&error.name(), &error.message()),
        None => StorageError::named("AbortError", "The write was aborted"),
    })
}
