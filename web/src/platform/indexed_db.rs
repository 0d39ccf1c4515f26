//! stub
use super::storage_error::StorageError;
use callboard_workspace::*;
use std::marker::PhantomData;
#[derive(Clone, Debug)]
pub struct Database;
#[derive(Clone, Debug)]
pub struct ObjectStore<T>(PhantomData<T>);
#[derive(Clone, Debug)]
pub struct ImportLog;
pub fn new_stamp() -> u64 {
    1
}
impl Database {
    pub async fn open(
        _wait: impl Fn(StorageError),
        _lost: impl Fn(StorageError) + Clone + 'static,
    ) -> Result<Self, StorageError> {
        Err(StorageError::Blocked)
    }
    pub fn close(&self) {}
    pub async fn count(&self) -> Result<usize, StorageError> {
        Ok(0)
    }
    pub fn sessions(&self) -> ObjectStore<Entry> {
        ObjectStore(PhantomData)
    }
    pub fn drafts(&self) -> ObjectStore<Draft> {
        ObjectStore(PhantomData)
    }
    pub fn import_log(&self) -> ImportLog {
        ImportLog
    }
}
impl ImportLog {
    pub async fn append(&self, _t: &str) -> Result<(), StorageError> {
        Ok(())
    }
    pub async fn replace(&self, _t: &str) -> Result<(), StorageError> {
        Ok(())
    }
    pub async fn clear(&self) -> Result<(), StorageError> {
        Ok(())
    }
    pub async fn read(&self) -> Result<Vec<String>, StorageError> {
        Ok(Vec::new())
    }
}
impl<T> SessionStorage<T> for ObjectStore<T> {
    type Error = StorageError;
    async fn read(&self, _ids: &[String]) -> Result<Vec<Option<T>>, StorageError> {
        Err(StorageError::Blocked)
    }
    async fn page(&self, _a: Option<&str>) -> Result<Page<T>, StorageError> {
        Err(StorageError::Blocked)
    }
    async fn write(&self, _w: &[Write<T>], _d: Durability) -> Result<Vec<Written<T>>, StorageError> {
        Err(StorageError::Blocked)
    }
    async fn clear(&self) -> Result<(), StorageError> {
        Err(StorageError::Blocked)
    }
}
