// Archives of files given as pairs of path and contents.
import { crc32, deflateRawSync } from "node:zlib";

/** Makes a tar archive. */
export function tar(files) {
  const blocks = files.flatMap(([path, contents]) => {
    const body = Buffer.from(contents);
    return [header(path, body.length), body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header(path, size) {
  const block = Buffer.alloc(512);
  const octal = (number, length) => `${number.toString(8).padStart(length - 1, "0")}\0`;
  const fields = [[path, 0], [octal(0o644, 8), 100], [octal(0, 8), 108], [octal(0, 8), 116], [octal(size, 12), 124], [octal(0, 12), 136], ["0", 156], ["ustar\0" + "00", 257]];
  for (const [text, at] of fields) block.write(text, at, "latin1");
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/** Makes a ZIP archive. */
export function zip(files) {
  const locals = [];
  const entries = [];
  let at = 0;
  for (const [path, contents] of files) {
    const [name, body] = [Buffer.from(path), Buffer.from(contents)];
    const packed = deflateRawSync(body);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(body), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(body.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, name, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    entries.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), common, rest, name]));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}
