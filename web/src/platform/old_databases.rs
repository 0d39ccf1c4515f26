//! Migration of the databases in which releases before 0.2 kept drafts and the last import's report.
use super::clock;
use super::connection::{self, OpenRequest};
use super::indexed_db::{IndexedDb, finish};
use super::object_store::ObjectStore;
use super::storage_error::StorageError;
use callboard_workspace::{Draft, Durability, SessionStorage as _, Write};
use futures::future::try_join;
use idb::{Database, Factory, ObjectStoreParams, TransactionMode};
use js_sys::{Array, Function, Promise, Reflect};
use std::collections::HashMap;
use std::future::IntoFuture as _;
use std::sync::Arc;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::IdbFactory;

/// The only object store in each of them.
const TEXTS: &str = "texts";

/// Moves drafts from the old databases into `database`, then deletes the old ones. Returns the number of drafts.
/// Later calls do nothing.
///
/// # Errors
/// The drafts are unchanged; the next call retries.
pub async fn migrate(database: &IndexedDb) -> Result<usize, StorageError> {
    let (name, drafts) = (database.name(), ObjectStore::of(database));
    let factory = Factory::new()?;
    let known = names(&factory).await;
    let [old_drafts, old_report] = ["drafts", "import"].map(|part| format!("{name}-{part}"));
    // A browser that does not list its databases opens an empty one.
    let is_there = |name: &String| known.as_ref().is_none_or(|known| known.contains(name));
    let mut moved = 0;
    if is_there(&old_drafts) {
        moved = move_drafts(&old_drafts, &drafts).await?;
        // Not awaited, as a tab of the old release may block it.
        drop(factory.delete(&old_drafts)?);
    }
    if is_there(&old_report) {
        drop(factory.delete(&old_report)?);
    }
    Ok(moved)
}

async fn move_drafts(name: &str, drafts: &ObjectStore<Draft>) -> Result<usize, StorageError> {
    let upgrade = |database: &Database| connection::ensure_store(database, TEXTS, ObjectStoreParams::new());
    let old: Database = connection::open(OpenRequest { name, version: 1, upgrade }, |_| {}, |_| {}).await?.into();
    let reading = old.transaction(&[TEXTS], TransactionMode::ReadOnly)?;
    let texts = reading.object_store(TEXTS)?;
    let (keys, texts) = (texts.get_all_keys(None, None)?, texts.get_all(None, None)?);
    let (keys, texts) = try_join(keys.into_future(), texts.into_future()).await?;
    let texts = keys.iter().zip(&texts).filter_map(|(key, text)| Some((key.as_string()?, text.as_string()?)));
    let found = gathered(texts.collect(), clock::now().unix());
    let writes: Vec<_> = found.into_iter().map(|draft| Write::Put(Arc::new(draft))).collect();
    // Another tab may have moved a draft already; its id prevents duplicates.
    drafts.write(&writes, Durability::Strict).await?;
    // If the database cannot be deleted now, its drafts are not moved twice.
    let clearing = old.transaction(&[TEXTS], TransactionMode::ReadWrite)?;
    drop(clearing.object_store(TEXTS)?.clear()?);
    finish(clearing).await?;
    old.close();
    Ok(writes.len())
}

/// Returns the names of the browser's databases; `None` if it does not list them.
async fn names(factory: &Factory) -> Option<Vec<String>> {
    // Missing in web-sys.
    let factory = IdbFactory::from(factory.clone());
    let databases = Reflect::get(&factory, &JsValue::from("databases")).ok()?.dyn_into::<Function>().ok()?;
    let found = databases.call0(&factory).ok()?.dyn_into::<Promise>().ok()?;
    let found = Array::from(&JsFuture::from(found).await.ok()?);
    Some(found.iter().filter_map(|found| Reflect::get(&found, &JsValue::from("name")).ok()?.as_string()).collect())
}

/// Returns the drafts for which both texts exist. A key is the tab's name, the part and the session's id, one per
/// line.
fn gathered(texts: HashMap<String, String>, at: i64) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (key, base) in &texts {
        let mut parts = key.splitn(3, '\n');
        let (Some(tab), Some("over"), Some(session)) = (parts.next(), parts.next(), parts.next()) else { continue };
        if let Some(text) = texts.get(&format!("{tab}\nfield\n{session}")) {
            drafts.push(Draft {
                id: format!("{session} {tab}"),
                stamp: 0,
                session: session.to_owned(),
                base: base.as_str().into(),
                text: text.clone(),
                at,
            });
        }
    }
    drafts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incomplete_drafts_are_dropped() {
        let text = |tab: &str, part: &str, text: &str| (format!("{tab}\n{part}\nan\nid"), text.to_owned());
        let texts = [
            text("7", "over", "before"),
            text("7", "field", "after"),
            text("8", "over", "alone"),
            text("9", "field", "alone"),
            ("something else".into(), String::new()),
        ];
        let expected = Draft {
            id: "an\nid 7".into(),
            stamp: 0,
            session: "an\nid".into(),
            base: "before".into(),
            text: "after".into(),
            at: 5,
        };
        assert_eq!(gathered(texts.into(), 5), [expected]);
    }
}
