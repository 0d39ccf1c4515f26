//! Output files of sessions, as a source hands them out.
use crate::platform::blob_url::BlobUrl;

/// An output file that was found.
#[derive(Debug)]
pub struct Output {
    /// Path in the source.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Media type, such as `text/markdown`.
    pub media_type: String,
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

/// Media types by extension, for sources that do not know them. Others are downloaded only.
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
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let known = MEDIA_TYPES.iter().find(|(known, _)| *known == extension);
    known.map_or("application/octet-stream", |(_, media_type)| media_type)
}
