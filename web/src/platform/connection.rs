//! Connections to the browser's databases: opened whatever stands in their way, and let go when another version of the
//! app asks for the database.
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

/// Time to wait for the first answer, before the page says that there is none and before it asks again: some
/// browsers lose the first request, but not the next one.
const PATIENCE: Duration = Duration::from_secs(4);

/// The longest time between two requests.
const MOST: Duration = Duration::from_secs(60);

/// A database to open.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    pub(super) version: u32,
    /// Makes what this version has and the stored one has not.
    pub(super) upgrade: fn(&Database),
}

enum Answer {
    Opened(Database),
    /// An open connection to an older version keeps it from being opened.
    Blocked,
    Failed(StorageError),
}

/// Opens a database. `wait` is told what it waits for, [`StorageError::OldTab`] or [`StorageError::Unresponsive`], each
/// once at most and for as long as it takes. `lost` is told why the connection ended: by then it is closed.
///
/// # Errors
/// Why it cannot be opened.
pub(super) async fn open(
    wanted: Wanted<'_>,
    wait: impl Fn(StorageError),
    lost: impl Fn(StorageError) + Clone + 'static,
) -> Result<IdbDatabase, StorageError> {
    let (tell, mut answers) = unbounded();
    let mut patience = PATIENCE;
    let mut is_told = false;
    request(wanted, &tell);
    loop {
        match select(answers.next(), pin!(pause(patience))).await {
            Either::Left((Some(Answer::Opened(database)), _)) => {
                let database: IdbDatabase = database.into();
                watch(&database, lost);
                return Ok(database);
            }
            Either::Left((Some(Answer::Failed(why)), _)) => return Err(why),
            Either::Left((Some(Answer::Blocked), _)) => {
                wait(StorageError::OldTab);
                is_told = true;
                // It is not lost: it is answered once the other one is closed.
                patience = MOST;
            }
            // Never: there is a sender here.
            Either::Left((None, _)) => return Err(StorageError::Unresponsive),
            Either::Right(_) => {
                if !is_told {
                    wait(StorageError::Unresponsive);
                    is_told = true;
                }
                request(wanted, &tell);
                patience = (patience * 2).min(MOST);
            }
        }
    }
}

/// Asks once for the database to be opened.
fn request(wanted: Wanted<'_>, tell: &UnboundedSender<Answer>) {
    let request = Factory::new().and_then(|factory| factory.open(wanted.name, Some(wanted.version)));
    // Whoever asked has gone when they have had an answer.
    let mut request = match request {
        Ok(request) => request,
        Err(error) => return drop(tell.unbounded_send(Answer::Failed(opening_failure(&error)))),
    };
    let blocked = tell.clone();
    request.on_blocked(move |_| drop(blocked.unbounded_send(Answer::Blocked)));
    let upgrade = wanted.upgrade;
    request.on_upgrade_needed(move |event| {
        // A failure here aborts the upgrade, and opening reports it.
        if let Ok(database) = event.database() {
            upgrade(&database);
        }
    });
    let tell = tell.clone();
    spawn_local(async move {
        let answer = match request.await {
            Ok(database) => Answer::Opened(database),
            Err(error) => Answer::Failed(opening_failure(&error)),
        };
        if let Err(refused) = tell.unbounded_send(answer)
            && let Answer::Opened(database) = refused.into_inner()
        {
            // Another request was answered first. A connection that nobody uses would hold up the next version.
            database.close();
        }
    });
}

/// Closes the connection when another version of the app, or somebody who deletes the database, waits for it.
fn watch(database: &IdbDatabase, lost: impl Fn(StorageError) + Clone + 'static) {
    let own = database.clone();
    let closed = lost.clone();
    let on_version_change = Closure::<dyn Fn(IdbVersionChangeEvent)>::new(move |event: IdbVersionChangeEvent| {
        own.close();
        lost(if event.new_version().is_some() { StorageError::Outdated } else { StorageError::Deleted });
    });
    database.set_onversionchange(Some(on_version_change.as_ref().unchecked_ref()));
    // The browser ends a connection by itself when the page's data is deleted.
    let on_close = Closure::<dyn Fn()>::new(move || closed(StorageError::Deleted));
    database.set_onclose(Some(on_close.as_ref().unchecked_ref()));
    // They last as long as the connection, which lasts as long as the page.
    on_version_change.forget();
    on_close.forget();
}

/// Makes an object store, where the database does not have it.
pub(super) fn ensure_store(database: &Database, name: &str, params: idb::ObjectStoreParams) {
    if !database.store_names().iter().any(|known| known == name) {
        // As for every upgrade: a failure is reported by opening.
        let _ = database.create_object_store(name, params);
    }
}

fn opening_failure(error: &Error) -> StorageError {
    match (error, thrown(error)) {
        (Error::IndexedDbNotFound(_), _) => StorageError::Blocked,
        // Chromium has no name of its own for storage that is blocked, but blocks all of it.
        (_, Some(error)) if error.name() == "UnknownError" && !Area::Local.is_available() => StorageError::Blocked,
        (_, Some(error)) => StorageError::of_opening(&error.name(), &error.message()),
        (error, None) => StorageError::named("Error", &error.to_string()),
    }
}

/// Why a database that is open refused something.
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

/// The value that the browser threw.
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
