//! Entries of packed files: gzip, also of several members, tar, also gzipped, and ZIP.
//!
//! Bytes in, entries out: nothing is written anywhere, and limits hold against archives that unpack to more than memory
//! holds.

use super::folders::is_in_tool_folder;
use flate2::read::MultiGzDecoder;
use std::fmt;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Limits of what an archive may unpack to.
///
/// See the example at [`unpack`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnpackLimits {
    /// Most entries.
    pub entries: usize,
    /// Largest size of one entry, in bytes.
    pub entry_bytes: u64,
    /// Largest size of all entries, in bytes.
    pub total_bytes: u64,
}

impl Default for UnpackLimits {
    fn default() -> Self {
        UnpackLimits { entries: 100_000, entry_bytes: 64 << 20, total_bytes: 512 << 20 }
    }
}

/// Unpacked file: its path, which begins with the archive's, and its bytes.
///
/// See the example at [`unpack`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct UnpackedEntry {
    /// Path for the import.
    pub path: String,
    /// Contents.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub bytes: Vec<u8>,
}

/// Entries of a packed file.
///
/// See the example at [`unpack`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Unpacked {
    /// The entries that may be of an import, in the archive's order.
    pub entries: Vec<UnpackedEntry>,
    /// Paths of the entries that are not wanted and were not read.
    pub unread: Vec<String>,
    /// Number of entries in folders of tools, such as `.git`, that were skipped.
    pub skipped: usize,
    /// Entries that were not read, with the reason in one sentence.
    pub refused: Vec<(String, String)>,
}

/// Error of an archive that cannot be unpacked.
///
/// See the example at [`unpack`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct UnpackError {
    /// One plain sentence.
    pub message: String,
}

impl fmt::Display for UnpackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UnpackError {}

fn broken(kind: &str, error: impl fmt::Display) -> UnpackError {
    UnpackError { message: format!("The {kind} cannot be unpacked: {error}. Copy or download it again.") }
}

/// Unpacks a file by its bytes, whatever its name; none for one that is not packed.
///
/// A gzip file that holds no archive gives one entry under its own path, without `.gz`. `wanted` decides by its path
/// whether an entry is read; folders of tools never are.
///
/// # Errors
/// A damaged archive, and one that unpacks to more than the limits allow.
///
/// ```
/// use callboard_core::import::{UnpackLimits, unpack};
/// assert_eq!(unpack("a.json", b"{}", UnpackLimits::default(), &|_| true), Ok(None));
/// let gzip = [31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 171, 174, 5, 0, 67, 191, 166, 163, 2, 0, 0, 0];
/// let unpacked = unpack("a.json.gz", &gzip, UnpackLimits::default(), &|_| true).unwrap().unwrap();
/// assert_eq!((unpacked.entries[0].path.as_str(), &unpacked.entries[0].bytes[..]), ("a.json", &b"{}"[..]));
/// ```
pub fn unpack(
    path: &str,
    bytes: &[u8],
    limits: UnpackLimits,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Option<Unpacked>, UnpackError> {
    let mut room = Room { limits, left: limits.total_bytes };
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return room.zip(path, bytes, wanted).map(Some);
    }
    if is_tar(bytes) {
        return room.tar(path, bytes, wanted).map(Some);
    }
    if !bytes.starts_with(b"\x1F\x8B") {
        return Ok(None);
    }
    // A tar may be as large as all of its entries.
    let inner = read(MultiGzDecoder::new(bytes), limits.total_bytes).map_err(|error| broken("gzip file", error))?;
    let Some(inner) = inner else { return Err(too_large(limits.total_bytes)) };
    if is_tar(&inner) {
        return room.tar(path, &inner, wanted).map(Some);
    }
    if inner.len() as u64 > limits.entry_bytes {
        return Err(too_large(limits.entry_bytes));
    }
    let path = path.strip_suffix(".gz").unwrap_or(path).to_owned();
    Ok(Some(Unpacked { entries: vec![UnpackedEntry { path, bytes: inner }], ..Unpacked::default() }))
}

fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(257..).is_some_and(|rest| rest.starts_with(b"ustar"))
}

fn too_large(limit: u64) -> UnpackError {
    UnpackError { message: format!("Unpacks to more than {} MB.", limit >> 20) }
}

/// True for an entry that would be a file outside of the archive's folder.
fn leads_out(name: &str) -> bool {
    name.starts_with(['/', '\\']) || name.split(['/', '\\']).any(|part| part == "..")
}

/// Reads to the end; none for more than the limit.
fn read(from: impl Read, limit: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

/// Room that is left for entries.
struct Room {
    limits: UnpackLimits,
    left: u64,
}

impl Room {
    fn check(&self, out: &Unpacked) -> Result<(), UnpackError> {
        if out.entries.len() + out.unread.len() >= self.limits.entries {
            return Err(UnpackError { message: format!("The archive has more than {} files.", self.limits.entries) });
        }
        Ok(())
    }

    /// Lists an entry that is not wanted.
    fn leave(&self, out: &mut Unpacked, archive: &str, name: &str) -> Result<(), UnpackError> {
        self.check(out)?;
        out.unread.push(format!("{archive}/{name}"));
        Ok(())
    }

    /// Reads an entry into the result, or the reason why it is not read.
    fn add(&mut self, out: &mut Unpacked, archive: &str, name: &str, from: impl Read) -> Result<(), UnpackError> {
        let path = format!("{archive}/{name}");
        self.check(out)?;
        if leads_out(name) {
            out.refused.push((path, "Its path points outside the archive.".to_owned()));
            return Ok(());
        }
        let limit = self.limits.entry_bytes.min(self.left);
        match read(from, limit) {
            Ok(Some(bytes)) => {
                self.left -= bytes.len() as u64;
                out.entries.push(UnpackedEntry { path, bytes });
            }
            Ok(None) if self.left < self.limits.entry_bytes => return Err(too_large(self.limits.total_bytes)),
            Ok(None) => out.refused.push((path, too_large(limit).message)),
            Err(error) => out.refused.push((path, broken("entry", error).message)),
        }
        Ok(())
    }

    fn zip(&mut self, archive: &str, bytes: &[u8], wanted: &dyn Fn(&str) -> bool) -> Result<Unpacked, UnpackError> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken("ZIP archive", error))?;
        let mut out = Unpacked::default();
        for at in 0..zip.len() {
            let name = zip.name_for_index(at).unwrap_or_default().to_owned();
            if name.ends_with('/') {
                continue;
            }
            if is_in_tool_folder(&name) {
                out.skipped += 1;
                continue;
            }
            if !wanted(&name) && !leads_out(&name) {
                self.leave(&mut out, archive, &name)?;
                continue;
            }
            match zip.by_index(at) {
                Ok(entry) if entry.is_file() => self.add(&mut out, archive, &name, entry)?,
                // A link leads elsewhere.
                Ok(_) => {}
                Err(error) => out.refused.push((format!("{archive}/{name}"), broken("entry", error).message)),
            }
        }
        Ok(out)
    }

    fn tar(&mut self, archive: &str, bytes: &[u8], wanted: &dyn Fn(&str) -> bool) -> Result<Unpacked, UnpackError> {
        let damaged = |error: std::io::Error| broken("tar archive", error);
        let mut out = Unpacked::default();
        for entry in tar::Archive::new(bytes).entries().map_err(damaged)? {
            let entry = entry.map_err(damaged)?;
            let name = String::from_utf8_lossy(&entry.path_bytes()).trim_start_matches("./").to_owned();
            if !entry.header().entry_type().is_file() {
                continue;
            }
            if is_in_tool_folder(&name) {
                out.skipped += 1;
                continue;
            }
            if !wanted(&name) && !leads_out(&name) {
                self.leave(&mut out, archive, &name)?;
                continue;
            }
            self.add(&mut out, archive, &name, entry)?;
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (path, bytes) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, path, *bytes).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (path, bytes) in files {
            let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
            writer.start_file(*path, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn all(_: &str) -> bool {
        true
    }

    fn paths(unpacked: &Unpacked) -> Vec<&str> {
        unpacked.entries.iter().map(|entry| entry.path.as_str()).collect()
    }

    #[test]
    fn archives_give_their_files() {
        let files: [(&str, &[u8]); 3] =
            [("repo-main/ep_1/state.json", b"{}"), ("repo-main/node_modules/x.json", b"{}"), ("repo-main/a.txt", b"a")];
        let json = |name: &str| name.ends_with(".json");
        for (name, bytes) in [("r.zip", zip(&files)), ("r.tar", tar(&files)), ("r.tar.gz", gzip(&tar(&files)))] {
            let unpacked = unpack(name, &bytes, UnpackLimits::default(), &json).unwrap().unwrap();
            assert_eq!(paths(&unpacked), [format!("{name}/repo-main/ep_1/state.json")], "{name}");
            assert_eq!((unpacked.entries[0].bytes.as_slice(), unpacked.skipped), (&b"{}"[..], 1), "{name}");
            assert_eq!(unpacked.unread, [format!("{name}/repo-main/a.txt")]);
        }
    }

    #[test]
    fn a_gzip_file_of_several_members_is_one_text() {
        let bytes = [gzip(b"{\"a\":"), gzip(b" 1}")].concat();
        let unpacked = unpack("a.json", &bytes, UnpackLimits::default(), &all).unwrap().unwrap();
        assert_eq!((paths(&unpacked), unpacked.entries[0].bytes.as_slice()), (vec!["a.json"], &b"{\"a\": 1}"[..]));
    }

    #[test]
    fn paths_that_lead_out_of_an_archive_and_links_give_no_file_elsewhere() {
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        builder.append_link(&mut header, "link.json", "/secret.json").unwrap();
        for name in ["../out.json", "a/../../out.json", "/root.json", "in.json"] {
            // The builder refuses such names; a hostile archive has them all the same.
            let mut header = tar::Header::new_ustar();
            header.as_ustar_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_size(2);
            header.set_cksum();
            builder.append(&header, &b"{}"[..]).unwrap();
        }
        let bytes = builder.into_inner().unwrap();
        let unpacked = unpack("r.tar", &bytes, UnpackLimits::default(), &all).unwrap().unwrap();
        assert_eq!(paths(&unpacked), ["r.tar/in.json"]);
        assert_eq!(unpacked.refused.len(), 3, "{:?}", unpacked.refused);

        let hostile: [(&str, &[u8]); 4] =
            [("../out.json", b"{}"), ("..\\out.json", b"{}"), ("/root.json", b"{}"), ("in.json", b"{}")];
        let unpacked = unpack("r.zip", &zip(&hostile), UnpackLimits::default(), &all).unwrap().unwrap();
        assert_eq!(paths(&unpacked), ["r.zip/in.json"]);
        assert_eq!(unpacked.refused.len(), 3, "{:?}", unpacked.refused);
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let large = vec![b' '; 3 << 20];
        let limits = UnpackLimits { entries: 2, entry_bytes: 1 << 20, total_bytes: 2 << 20 };
        let refused = |bytes: &[u8]| unpack("a", bytes, limits, &all).unwrap_err().message;
        assert_eq!(refused(&gzip(&large)), "Unpacks to more than 2 MB.");
        assert_eq!(refused(&gzip(&large[..(3 << 19)])), "Unpacks to more than 1 MB.");
        let zipped = unpack("a", &zip(&[("x.json", &large)]), limits, &all).unwrap().unwrap();
        assert_eq!(zipped.refused, [("a/x.json".to_owned(), "Unpacks to more than 1 MB.".to_owned())]);
        let mega = &large[..1 << 20];
        assert_eq!(
            refused(&zip(&[("x", mega), ("y", &mega[..600_000]), ("z", &mega[..1])])),
            "The archive has more than 2 files."
        );
        let total = UnpackLimits { entries: 9, ..limits };
        let message = unpack("a", &zip(&[("x", mega), ("y", mega), ("z", mega)]), total, &all).unwrap_err().message;
        assert_eq!(message, "Unpacks to more than 2 MB.");
    }

    #[test]
    fn damaged_archives_are_refused_or_read_in_part() {
        let good = zip(&[("x.json", b"{\"a\": 1}")]);
        for cut in 4..good.len() {
            let _ = unpack("a", &good[..cut], UnpackLimits::default(), &all);
        }
        let good = gzip(&tar(&[("x.json", b"{\"a\": 1}")]));
        for cut in 2..good.len() {
            assert!(unpack("a", &good[..cut], UnpackLimits::default(), &all).is_err(), "{cut}");
        }
    }
}
