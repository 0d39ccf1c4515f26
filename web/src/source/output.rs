//! Output files of sessions, as a source hands them out.
use crate::platform::blob_url::BlobUrl;
use crate::platform::download;
use crate::platform::http::{HttpRequest, NoAnswer};
use callboard_workspace::split;
use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use std::fmt;
use std::rc::Rc;

/// An output file that was found.
#[derive(Debug)]
pub struct Output {
    /// Path in the source.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Name of the content, such as an ETag or the time of the last change: another content has another one.
    pub version: String,
    /// Its address.
    pub url: OutputUrl,
}

/// The address of an output file, which pictures and players load.
#[derive(Debug)]
pub enum OutputUrl {
    /// A file of an open folder.
    Blob(BlobUrl),
    /// An address of the page's own origin.
    Server(String),
}

/// The reason why an output file cannot be shown as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutputError {
    /// It is larger than the limit, in bytes.
    TooLarge(u64),
    /// It is not UTF-8.
    NotText,
    /// It cannot be read, for this reason.
    Unreadable(String),
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(_) => f.write_str("Too large to show here."),
            Self::NotText => f.write_str("Not UTF-8 text."),
            Self::Unreadable(why) => f.write_str(why),
        }
    }
}

impl Output {
    /// Returns its address.
    pub fn address(&self) -> &str {
        match &self.url {
            OutputUrl::Blob(blob) => blob.url(),
            OutputUrl::Server(url) => url,
        }
    }

    /// Reads its bytes, at most `limit` of them.
    ///
    /// # Errors
    /// The reason why it cannot be read, or that it is larger.
    pub async fn bytes(&self, limit: u64) -> Result<Vec<u8>, OutputError> {
        if self.size > limit {
            return Err(OutputError::TooLarge(limit));
        }
        let unreadable = |NoAnswer(why)| OutputError::Unreadable(why);
        match &self.url {
            OutputUrl::Blob(blob) => blob.bytes().await.map_err(OutputError::Unreadable),
            OutputUrl::Server(url) => {
                let answer = HttpRequest::get(url).send().await.map_err(unreadable)?;
                if answer.status() != 200 {
                    return Err(OutputError::Unreadable(format!(
                        "The server responded with status {}.",
                        answer.status()
                    )));
                }
                // It may have grown since it was found.
                let length = answer.header("Content-Length").and_then(|length| length.parse::<u64>().ok());
                if length.is_some_and(|length| length > limit) {
                    return Err(OutputError::TooLarge(limit));
                }
                answer.bytes().await.map_err(unreadable)
            }
        }
    }

    /// Reads its text, at most `limit` bytes, without a byte order mark.
    ///
    /// # Errors
    /// See [`Output::bytes`]; also bytes that are not UTF-8.
    pub async fn text(&self, limit: u64) -> Result<String, OutputError> {
        let text = String::from_utf8(self.bytes(limit).await?).map_err(|_| OutputError::NotText)?;
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }

    /// Downloads it under its own name.
    ///
    /// # Errors
    /// The browser's message.
    pub fn download(&self) -> Result<(), String> {
        let name = split(&self.path).1;
        match &self.url {
            OutputUrl::Blob(blob) => download::download_blob(name, blob.blob()),
            OutputUrl::Server(url) => download::download_url(name, url),
        }
    }
}

/// Opens the file at a path of the source; `Ok(None)` if there is none.
pub type OutputOpener = Rc<dyn Fn(String) -> LocalBoxFuture<'static, Result<Option<Output>, String>>>;

/// The output files of a source.
#[derive(Clone, Copy)]
pub struct Outputs {
    /// Counts the changes of the source's files.
    pub changed: Signal<u64>,
    opener: StoredValue<OutputOpener, LocalStorage>,
}

impl Outputs {
    /// Creates the output files of a source.
    pub fn new(opener: OutputOpener, changed: Signal<u64>) -> Self {
        Self { changed, opener: StoredValue::new_local(opener) }
    }

    /// Opens the first of these paths that is a file.
    ///
    /// # Errors
    /// The source's message.
    pub async fn open(self, candidates: Vec<String>) -> Result<Option<Output>, String> {
        // The source may be closed meanwhile.
        let Some(opener) = self.opener.try_get_value() else { return Ok(None) };
        for path in candidates {
            if let Some(output) = opener(path).await? {
                return Ok(Some(output));
            }
        }
        Ok(None)
    }
}

/// The output files of the open source, provided as context.
#[derive(Clone, Copy)]
pub struct OpenOutputs(pub RwSignal<Option<Outputs>>);

impl OpenOutputs {
    /// Provides the context: no source so far.
    pub fn provide() -> Self {
        let outputs = Self(RwSignal::new(None));
        provide_context(outputs);
        outputs
    }
}

/// Returns the output files of the open source, and follows it; `None` if it hands out none, like dropped files.
pub fn use_outputs() -> Option<Outputs> {
    use_context::<OpenOutputs>().and_then(|outputs| outputs.0.get())
}

/// Media types by extension, for sources that do not know them. Others are `application/octet-stream`, so that no
/// browser opens them as a page.
const MEDIA_TYPES: [(&str, &str); 26] = [
    ("md", "text/markdown"),
    ("markdown", "text/markdown"),
    ("json", "application/json"),
    ("jsonl", "application/x-ndjson"),
    ("txt", "text/plain"),
    ("csv", "text/csv"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("svg", "image/svg+xml"),
    ("mp3", "audio/mpeg"),
    ("wav", "audio/wav"),
    ("m4a", "audio/mp4"),
    ("aac", "audio/aac"),
    ("ogg", "audio/ogg"),
    ("oga", "audio/ogg"),
    ("opus", "audio/ogg"),
    ("flac", "audio/flac"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("webm", "video/webm"),
    ("mov", "video/quicktime"),
    ("srt", "text/plain"),
];

/// Returns the media type of the file at a path, by its extension.
pub fn media_type(path: &str) -> &'static str {
    let extension = split(path).1.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let known = MEDIA_TYPES.iter().find(|(known, _)| *known == extension);
    known.map_or("application/octet-stream", |(_, media_type)| media_type)
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::OutputKind;

    #[test]
    fn the_media_type_fits_the_kind() {
        assert_eq!((media_type("a.b/Ep 1.MP3"), media_type("a.md/b")), ("audio/mpeg", "application/octet-stream"));
        // A page of its own would run in the app's origin.
        assert_eq!(media_type("a.html"), "application/octet-stream");
        for (extension, media_type) in MEDIA_TYPES {
            let kind = OutputKind::of(&format!("a.{extension}"));
            let start = match kind {
                OutputKind::Picture => "image/",
                OutputKind::Audio => "audio/",
                OutputKind::Video => "video/",
                _ => continue,
            };
            assert!(media_type.starts_with(start), "{extension}: {media_type}");
        }
    }
}
