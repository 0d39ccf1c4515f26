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

/** Converts a session. */
export function converted(found: Import, { key, state, cost, progress }: ForeignSession): Session {
  const known: [string | undefined, number | undefined, number | null | undefined] = [state?.value, cost?.value, progress?.value.percent];
  const made: Conversion = found.convert(key, { now: new Date() });
  if (known.length === 0) throw new Error(made.assumptions.join(" "));
  return Session.parse(made.text, { file: made.file_name });
}
