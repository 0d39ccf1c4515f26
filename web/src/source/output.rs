//! A file that a session names as its output.
use crate::platform::object_url::ObjectUrl;

/// An output that exists, ready to be shown.
#[derive(Clone, Debug)]
pub struct Output {
    /// The path in the source.
    pub path: String,
    /// The size in bytes.
    pub size: u64,
    /// The media type, such as `audio/mpeg`.
    pub media_type: String,
    /// The address of the content.
    pub url: OutputUrl,
}

/// The address of an output's content.
#[derive(Clone, Debug)]
pub enum OutputUrl {
    /// A file of the browser; the address ends with its last clone.
    Object(ObjectUrl),
    /// An address on the page's own server.
    Server(String),
}

impl OutputUrl {
    /// Returns the address.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Object(url) => url.as_str(),
            Self::Server(url) => url,
        }
    }
}
