//! Several files as one: a zip archive that only stores, byte for byte. Pure.

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
/// The first of January 1980, as this format has it: the archive's files carry their own times inside.
const DAY: u16 = 0x0021;

/// The archive of these files: path and contents. `None` where there is more than the format holds
/// (65,535 files, 4 GB).
pub fn archive<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    let mut number = 0_u16;
    for (path, contents) in files {
        number = number.checked_add(1)?;
        let at = u32::try_from(bytes.len()).ok()?;
        let size = u32::try_from(contents.len()).ok()?;
        let name = u16::try_from(path.len()).ok()?;
        let mut fields = Vec::new();
        for field in [20, UTF8, 0, 0, DAY] {
            short(&mut fields, field);
        }
        for field in [crc32(contents), size, size] {
            long(&mut fields, field);
        }
        short(&mut fields, name);
        short(&mut fields, 0);
        long(&mut bytes, LOCAL);
        bytes.extend(&fields);
        bytes.extend(path.as_bytes());
        bytes.extend(contents);
        long(&mut directory, CENTRAL);
        short(&mut directory, 20);
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

fn short(bytes: &mut Vec<u8>, value: u16) {
    bytes.extend(value.to_le_bytes());
}

fn long(bytes: &mut Vec<u8>, value: u32) {
    bytes.extend(value.to_le_bytes());
}

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let mut value = at as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { 0xEDB8_8320 ^ (value >> 1) } else { value >> 1 };
            bit += 1;
        }
        table[at] = value;
        at += 1;
    }
    table
};

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| TABLE[((crc ^ u32::from(*byte)) & 0xFF) as usize] ^ (crc >> 8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_the_one_everybody_has() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn the_archive_says_where_each_file_is() {
        let bytes = archive([("a.json", b"{}".as_slice()), ("b/\u{e9}.json", b"[1]")]).unwrap();
        let end = bytes.len() - 22;
        assert_eq!(&bytes[end..end + 4], END.to_le_bytes());
        assert_eq!(&bytes[end + 8..end + 10], [2, 0]);
        let directory = u32::from_le_bytes(bytes[end + 16..end + 20].try_into().unwrap()) as usize;
        assert_eq!(&bytes[directory..directory + 4], CENTRAL.to_le_bytes());
        assert_eq!(&bytes[30 + 6..30 + 6 + 2], b"{}");
    }
}
