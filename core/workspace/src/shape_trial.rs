//! A shape that is being taught, tried on the file that it is taught by.

use crate::ReadOnlySession;
use callboard_core::import::{Content, Shape, Shapes, assemble};
use std::sync::Arc;

/// The reading of a file as it will be once a shape is kept.
#[derive(Clone, Debug)]
pub enum ShapeTrial {
    /// The shape reads the file, and makes these sessions of it.
    Sessions(Vec<Arc<ReadOnlySession>>),
    /// Another shape of the person reads the file, as it says more about it.
    Other {
        /// That shape's name.
        name: String,
        /// That shape's title.
        title: String,
    },
    /// No shape reads the file, for this reason.
    Unread(String),
}

impl ShapeTrial {
    /// Reads a file by a shape among the shapes that are kept: of one name, the new one counts.
    pub fn of(shape: &Shape, kept: Vec<Shape>, path: &str, bytes: &[u8]) -> Self {
        let mut own: Vec<Shape> = kept.into_iter().filter(|kept| kept.name() != shape.name()).collect();
        own.push(shape.clone());
        let reading = Shapes::built_in().with(own).read(path, bytes);
        let Some(document) = reading.documents.first() else {
            return Self::Unread(reading.broken.map(|broken| broken.message).unwrap_or_default());
        };
        match &document.content {
            Content::Foreign { shape: by, .. } if by.name() != shape.name() => {
                return Self::Other { name: by.name().to_owned(), title: by.title().to_owned() };
            }
            Content::Foreign { .. } => {}
            Content::Session { .. } => return Self::Unread("This is a session of Callboard's own shape.".to_owned()),
            Content::Template { .. } => {
                return Self::Unread("This is a template: its session_id is a placeholder.".to_owned());
            }
            Content::Definition(_) => return Self::Unread("This file is the definition of a shape.".to_owned()),
            Content::Unknown { why } => return Self::Unread(why.clone()),
        }
        let sessions = assemble(vec![reading]).sessions.into_iter();
        Self::Sessions(sessions.map(|session| Arc::new(ReadOnlySession::foreign(session))).collect())
    }
}
