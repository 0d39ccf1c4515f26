//! Shared values compared by identity.
use std::sync::Arc;

/// A shared value, equal only to clones of the same `Arc`. Entries are replaced, never mutated.
#[derive(Debug)]
pub struct ArcEq<T>(pub Arc<T>);

impl<T> Clone for ArcEq<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: Default> Default for ArcEq<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> PartialEq for ArcEq<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> std::ops::Deref for ArcEq<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
