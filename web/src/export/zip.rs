//! Uncompressed ZIP archive.
use super::path::{contained, distinct};
use crate::order::sorted_by_text;
use callboard_core::Timestamp;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Lowest version of the format that supports folders.
const VERSION: u16 = 20;
/// Flag for UTF-8 names.
const UTF8: u16 = 1 << 11;

/// Builds an archive of these files, sorted by path. Paths are sanitised and distinct; the same files and time
/// yield the same bytes.
///
/// Returns `None` above the format's limits (65,535 files, 4 GB).
pub fn archive<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>, now: Timestamp) -> Option<Vec<u8>> {
    let files: Vec<_> = files.into_iter().collect();
    let files = sorted_by_text(&files, |(path, _)| path);
    let paths = distinct(files.iter().map(|(path, _)| contained(path)).collect());
    let (date, time) = stamp(now);
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for (path, (_, contents)) in paths.iter().zip(&files) {
        let at = u32::try_from(bytes.len()).ok()?;
        let size = u32::try_from(contents.len()).ok()?;
        let mut fields = Vec::new();
        for field in [VERSION, UTF8, 0, time, date] {
            short(&mut fields, field);
        }
        for field in [crc32(contents), size, size] {
            long(&mut fields, field);
        }
        short(&mut fields, u16::try_from(path.len()).ok()?);
        short(&mut fields, 0);
        long(&mut bytes, LOCAL);
        bytes.extend(&fields);
        bytes.extend(path.as_bytes());
        bytes.extend(*contents);
        long(&mut directory, CENTRAL);
        short(&mut directory, VERSION);
        directory.extend(&fields);
        for field in [0, 0, 0] {
            short(&mut directory, field);
        }
        long(&mut directory, 0);
        long(&mut directory, at);
        directory.extend(path.as_bytes());
    }
    let at = u32::try_from(bytes.len()).ok()?;
    let size = u32::try_from(directory.len()).ok()?;
    let number = u16::try_from(files.len()).ok()?;
    bytes.extend(directory);
    long(&mut bytes, END);
    for field in [0, 0, number, number] {
        short(&mut bytes, field);
    }
    long(&mut bytes, size);
    long(&mut bytes, at);
    short(&mut bytes, 0);
    Some(bytes)
}

/// Converts a time to the format's date and time in UTC, at a resolution of two seconds, clamped to 1980–2107.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn stamp(now: Timestamp) -> (u16, u16) {
    let (year, month, day, hour, minute, second) = now.civil();
    let year = year.clamp(1980, 2107) - 1980;
    let date = ((year as u16) << 9) | ((month as u16) << 5) | day as u16;
    let time = ((hour as u16) << 11) | ((minute as u16) << 5) | (second as u16 / 2);
    (date, time)
}

fn short(bytes: &mut Vec<u8>, value: u16) {
    bytes.extend(value.to_le_bytes());
}

fn long(bytes: &mut Vec<u8>, value: u32) {
    bytes.extend(value.to_le_bytes());
}

/// Computes the CRC-32 of a file bit by bit, which is fast enough for session files.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix(1_723_386_607);

    #[test]
    fn the_checksum_is_crc32() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn the_time_is_the_given_one() {
        // 2024-08-11T14:30:07Z
        let (date, time) = stamp(NOW);
        assert_eq!((date >> 9, date >> 5 & 15, date & 31), (44, 8, 11));
        assert_eq!((time >> 11, time >> 5 & 63, time & 31), (14, 30, 3));
        assert_eq!(stamp(Timestamp::from_unix(0)).0 >> 9, 0);
    }

    #[test]
    fn the_order_of_the_files_does_not_matter() {
        let (a, b) = (("a.json", b"{}".as_slice()), ("b/\u{e9}.json", b"[1]".as_slice()));
        let bytes = archive([a, b], NOW).unwrap();
        assert_eq!(archive([b, a], NOW).unwrap(), bytes);
        let end = bytes.len() - 22;
        assert_eq!(&bytes[end..end + 4], END.to_le_bytes());
        assert_eq!(&bytes[end + 8..end + 10], [2, 0]);
        let directory = u32::from_le_bytes(bytes[end + 16..end + 20].try_into().unwrap()) as usize;
        assert_eq!(&bytes[directory..directory + 4], CENTRAL.to_le_bytes());
        assert_eq!(&bytes[30 + 6..30 + 6 + 2], b"{}");
    }
}
