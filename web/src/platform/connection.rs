//! Connections to the browser's databases: opening retries past obstacles, and an open connection closes when
//! another version of the app needs the database.
use super::pace::pause;
use super::storage_error::StorageError;
use super::web_storage::Area;
use futures::StreamExt as _;
use futures::channel::mpsc::{UnboundedSender, unbounded};
use futures::future::{Either, select};
use idb::{Database, DatabaseEvent as _, Error, Factory};
use std::pin::pin;
use std::time::Duration;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DomException, IdbDatabase, IdbVersionChangeEvent};

/// Delay until the first request counts as unanswered and is repeated: some browsers lose the first request, but
/// not the next one.
const RETRY_DELAY: Duration = Duration::from_secs(4);

/// Longest delay between two requests.
const MAX_DELAY: Duration = Duration::from_secs(60);

/// A database to open.
#[derive(Clone, Copy)]
pub(super) struct OpenRequest<'a> {
    pub(super) name: &'a str,
    pub(super) version: u32,
    /// Creates the object stores that this version needs.
    pub(super) upgrade: fn(&Database),
}

enum OpenResult {
    Opened(Database),
    /// An open connection to an older version blocks opening.
    Blocked,
    Failed(StorageError),
}

/// Opens a database. `wait` receives the reason for waiting, [`StorageError::OldTab`] or
/// [`StorageError::Unresponsive`], at most once each; waiting has no limit. `lost` receives the reason after the
/// connection was closed.
///
/// # Errors
/// The reason why it cannot be opened.
pub(super) async fn open(
    target: OpenRequest<'_>,
    wait: impl Fn(StorageError),
    lost: impl Fn(StorageError) + Clone + 'static,
) -> Result<IdbDatabase, StorageError> {
    let (sender, mut results) = unbounded();
    let mut delay = RETRY_DELAY;
    let mut is_notified = false;
    request(target, &sender);
    loop {
        match select(results.next(), pin!(pause(delay))).await {
            Either::Left((Some(OpenResult::Opened(database)), _)) => {
                let database: IdbDatabase = database.into();
                watch(&database, lost);
                return Ok(database);
            }
            Either::Left((Some(OpenResult::Failed(why)), _)) => return Err(why),
            Either::Left((Some(OpenResult::Blocked), _)) => {
                wait(StorageError::OldTab);
                is_notified = true;
                // The request is pending, not lost: it completes once the other connection closes.
                delay = MAX_DELAY;
            }
            // Unreachable, as this function holds a sender.
            Either::Left((None, _)) => return Err(StorageError::Unresponsive),
            Either::Right(_) => {
                if !is_notified {
                    wait(StorageError::Unresponsive);
                    is_notified = true;
                }
                request(target, &sender);
                delay = (delay * 2).min(MAX_DELAY);
            }
        }
    }
}

/// Sends one request to open the database.
fn request(target: OpenRequest<'_>, sender: &UnboundedSender<OpenResult>) {
    let request = Factory::new().and_then(|factory| factory.open(target.name, Some(target.version)));
    // The receiver is gone once it has one result.
    let mut request = match request {
        Ok(request) => request,
        Err(error) => return drop(sender.unbounded_send(OpenResult::Failed(opening_failure(&error)))),
    };
    let blocked = sender.clone();
    request.on_blocked(move |_| drop(blocked.unbounded_send(OpenResult::Blocked)));
    let upgrade = target.upgrade;
    request.on_upgrade_needed(move |event| {
        // A failure here aborts the upgrade, which opening reports.
        if let Ok(database) = event.database() {
            upgrade(&database);
        }
    });
    let sender = sender.clone();
    spawn_local(async move {
        let answer = match request.await {
            Ok(database) => OpenResult::Opened(database),
            Err(error) => OpenResult::Failed(opening_failure(&error)),
        };
        if let Err(refused) = sender.unbounded_send(answer)
            && let OpenResult::Opened(database) = refused.into_inner()
        {
            // Another request was answered first. An unused connection would block the next version.
            database.close();
        }
    });
}

/// Closes the connection when another version of the app or a deletion waits for the database.
fn watch(database: &IdbDatabase, lost: impl Fn(StorageError) + Clone + 'static) {
    let own = database.clone();
    let closed = lost.clone();
    let on_version_change = Closure::<dyn Fn(IdbVersionChangeEvent)>::new(move |event: IdbVersionChangeEvent| {
        own.close();
        lost(if event.new_version().is_some() { StorageError::Outdated } else { StorageError::Deleted });
    });
    database.set_onversionchange(Some(on_version_change.as_ref().unchecked_ref()));
    // The browser closes the connection when the page's data is deleted.
    let on_close = Closure::<dyn Fn()>::new(move || closed(StorageError::Deleted));
    database.set_onclose(Some(on_close.as_ref().unchecked_ref()));
    // Leaked on purpose: they last as long as the connection, which lasts as long as the page.
    on_version_change.forget();
    on_close.forget();
}

/// Creates an object store if it does not exist.
pub(super) fn ensure_store(database: &Database, name: &str, params: idb::ObjectStoreParams) {
    if !database.store_names().iter().any(|known| known == name) {
        // A failure aborts the upgrade, which opening reports.
        let _ = database.create_object_store(name, params);
    }
}

fn opening_failure(error: &Error) -> StorageError {
    match (error, thrown(error)) {
        (Error::IndexedDbNotFound(_), _) => StorageError::Blocked,
        // Chromium has no specific error for blocked storage, but blocks all kinds of it.
        (_, Some(error)) if error.name() == "UnknownError" && !Area::Local.is_available() => StorageError::Blocked,
        (_, Some(error)) => StorageError::of_opening(&error.name(), &error.message()),
        (error, None) => StorageError::named("Error", &error.to_string()),
    }
}

/// Converts the error of an operation on an open database.
pub(super) fn failure(error: &Error) -> StorageError {
    match thrown(error) {
        Some(error) => StorageError::named(&error.name(), &error.message()),
        None => StorageError::named("Error", &error.to_string()),
    }
}

impl From<Error> for StorageError {
    fn from(error: Error) -> Self {
        failure(&error)
    }
}

/// Returns the exception that the browser threw.
fn thrown(error: &Error) -> Option<DomException> {
    match error {
        Error::DomException(error) => Some(error.clone()),
        Error::AddFailed(value)
        | Error::ClearFailed(value)
        | Error::CountFailed(value)
        | Error::DeleteFailed(value)
        | Error::GetAllFailed(value)
        | Error::GetAllKeysFailed(value)
        | Error::GetFailed(value)
        | Error::GetKeyFailed(value)
        | Error::IndexedDbNotFound(value)
        | Error::IndexedDbOpenFailed(value)
        | Error::ObjectStoreNotFound(value)
        | Error::RequestResultNotFound(value)
        | Error::TransactionAbortError(value)
        | Error::TransactionCommitError(value)
        | Error::TransactionOpenFailed(value)
        | Error::UpdateFailed(value) => value.dyn_ref().cloned(),
        _ => None,
    }
}
