// The import's types, without Node's types, which they must not need.
import { Session } from "callboard";
import { Importer, isDefinition, unpack, type Conversion, type ForeignSession, type Import, type Unpacked } from "callboard/import";

/** Imports files, and definitions of shapes before them. */
export function imported(files: Map<string, Uint8Array>, shapes?: string[]): Import {
  const importer = new Importer({ shapes });
  const unpacked: Unpacked | undefined = unpack("a.zip", new Uint8Array(), { wanted: (path) => path.endsWith(".json") });
  for (const { path, bytes } of unpacked?.entries ?? []) importer.add(path, bytes);
  for (const [path, bytes] of files) if (isDefinition(path)) importer.add(path, bytes);
  importer.skip();
  return importer.finish();
}

/** Converts a session of which something is known. */
export function converted(found: Import, { key, state, cost, progress }: ForeignSession): Session | undefined {
  const known: (string | number | null | undefined)[] = [state?.value, cost?.value, progress?.value.percent];
  if (known.every((value) => value === undefined || value === null)) return undefined;
  const made: Conversion = found.convert(key, { now: new Date() });
  return Session.parse(made.text, { file: made.file_name });
}
