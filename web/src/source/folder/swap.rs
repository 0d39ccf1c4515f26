//! Replacing a file's content if it is the expected one.
use super::FolderState;
use super::errors::{explain, lock_lost};
use super::lock_file::LockFile;
use crate::platform::directory::FileWriter;
use crate::platform::{folder_picker, lock};
use crate::source::Swapped;
use crate::source::error::SourceError;
use futures::channel::oneshot;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Replaces a file. It goes on if the caller does not wait for it, so that it always releases its locks.
pub(super) async fn swap(
    shared: &Rc<FolderState>,
    path: &str,
    expected: Option<&[u8]>,
    bytes: &[u8],
) -> Result<Swapped, SourceError> {
    let write = Write {
        shared: Rc::clone(shared),
        path: path.to_owned(),
        expected: expected.map(<[u8]>::to_vec),
        bytes: bytes.to_vec(),
    };
    let (sender, result) = oneshot::channel();
    spawn_local(async move {
        // The receiver may be gone.
        let _ = sender.send(write.run().await);
    });
    result.await.unwrap_or_else(|_| Err(SourceError::new(format!("{path} was not saved. Try again."))))
}

/// A file's content as it is now, compared with the expected and the new one.
enum FileState {
    /// It is the expected one.
    Expected,
    /// It is the new one already.
    New,
    Other(Option<Vec<u8>>),
}

struct Write {
    shared: Rc<FolderState>,
    path: String,
    expected: Option<Vec<u8>>,
    bytes: Vec<u8>,
}

impl Write {
    async fn run(self) -> Result<Swapped, SourceError> {
        let directory = &self.shared.directory;
        if !folder_picker::is_granted(directory.handle()).await {
            // Works during a click only; otherwise the error says what to do.
            let granted = folder_picker::request(directory.handle()).await;
            if granted != Ok(true) {
                let message = format!(
                    "{} cannot be saved: the page may no longer write to {}. Open that folder again and allow changes.",
                    self.path,
                    directory.name()
                );
                return Err(SourceError::new(message));
            }
        }
        let _write_lock = lock::hold(&format!("callboard-write:{}/{}", directory.name(), self.path)).await;
        // A lock beside a file that is gone would bring its folder back.
        if self.expected.is_some() && self.read().await?.is_none() {
            return Ok(Swapped::Changed(None));
        }
        let held = LockFile::take(directory, &self.path).await?;
        let result = self.write(&held).await;
        held.release().await;
        result
    }

    async fn read(&self) -> Result<Option<Vec<u8>>, SourceError> {
        let read = self.shared.directory.read(&self.path).await.map_err(|error| explain(error, &self.path))?;
        Ok(read.map(|(bytes, _)| bytes))
    }

    async fn find(&self) -> Result<FileState, SourceError> {
        let found = self.read().await?;
        Ok(match found {
            Some(found) if found == self.bytes => FileState::New,
            found if found == self.expected => FileState::Expected,
            found => FileState::Other(found),
        })
    }

    async fn write(&self, held: &LockFile) -> Result<Swapped, SourceError> {
        match self.find().await? {
            FileState::Expected => {}
            FileState::New => return Ok(Swapped::Written),
            FileState::Other(found) => return Ok(Swapped::Changed(found)),
        }
        let directory = &self.shared.directory;
        let failed = |error| explain(error, &self.path);
        if self.expected.is_none() {
            directory.create(&self.path).await.map_err(failed)?;
        }
        let swapped = match directory.writer(&self.path).await {
            Ok(writer) => self.replace(held, writer).await,
            Err(error) => Err(failed(error)),
        };
        let is_written = swapped == Ok(Swapped::Written);
        if self.expected.is_none()
            && !is_written
            && self.read().await.is_ok_and(|found| found.is_some_and(|found| found.is_empty()))
        {
            // The empty file of a failed save. The error that led to it matters more than one here.
            let _ = directory.remove(&self.path).await;
        }
        swapped
    }

    async fn replace(&self, held: &LockFile, writer: FileWriter) -> Result<Swapped, SourceError> {
        let failed = |error| explain(error, &self.path);
        if let Err(error) = writer.write(&self.bytes).await {
            writer.discard().await;
            return Err(failed(error));
        }
        // Programs that know nothing of the lock may have written meanwhile.
        let stop = match self.find_before_commit().await {
            Ok(Some(found)) => Some(Ok(found)),
            Ok(None) if held.is_held().await.map_err(failed)? => None,
            Ok(None) => Some(Err(lock_lost(&self.path))),
            Err(error) => Some(Err(error)),
        };
        if let Some(result) = stop {
            writer.discard().await;
            return result;
        }
        writer.commit().await.map_err(failed)?;
        let read = self.shared.directory.read(&self.path).await.map_err(failed)?;
        match read {
            Some((found, version)) if found == self.bytes => {
                self.shared.snapshot.borrow_mut().set(&self.path, Some(version), f64::INFINITY);
                Ok(Swapped::Written)
            }
            // Somebody wrote after this page.
            read => Ok(Swapped::Changed(read.map(|(found, _)| found))),
        }
    }

    /// Compares the file once more; returns the result if the new content must not take its place.
    async fn find_before_commit(&self) -> Result<Option<Swapped>, SourceError> {
        Ok(match (self.find().await?, &self.expected) {
            (FileState::Expected, _) => None,
            // The file that this page has just created.
            (FileState::Other(Some(found)), None) if found.is_empty() => None,
            (FileState::New, _) => Some(Swapped::Written),
            (FileState::Other(found), _) => Some(Swapped::Changed(found)),
        })
    }
}
