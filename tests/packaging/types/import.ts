// The import's types, without Node's types, which they must not need.
import { Session } from "callboard";
import init, {
  CallboardError,
  Importer,
  ShapeDraft,
  isDefinition,
  meanings,
  mend,
  outline,
  unpack,
  type Conversion,
  type ForeignSession,
  type Import,
  type Mended,
  type Unpacked,
} from "callboard/import";
import { importFolder, type FolderImport } from "callboard/import/node";

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

/** The text to read: the file's own, or the first that a person could choose. */
export async function readable(bytes: Uint8Array): Promise<string | undefined> {
  await init();
  const { documents, broken, repairs }: Mended = mend(bytes);
  if (repairs.some(({ code }) => code === "cut")) return undefined;
  return documents[0]?.text ?? broken?.choices[0]?.text ?? broken?.sides?.ours;
}

/** A shape for files whose topic and status are known by their pointers. */
export function taught(path: string, sample: string): string | undefined {
  const draft = new ShapeDraft({ name: "plays", title: "Radio plays", listsEveryStage: true });
  try {
    for (const { pointer, key } of outline(sample, { most: 100 })) if (key === "topic") draft.point("topic", pointer);
    for (const word of draft.unknownWords(sample)) draft.mean(word, "in_progress");
    return meanings().length > draft.points().length ? draft.definition(path, sample).text : undefined;
  } catch (error) {
    if (error instanceof CallboardError && error.code === "invalid_shape") return undefined;
    throw error;
  } finally {
    draft.free();
  }
}

/** The sizes of a folder's files. */
export async function sizes(folder: string): Promise<Map<string, number>> {
  const imported: FolderImport = await importFolder(folder, { shapes: ["shapes"], cwd: "." });
  const found = new Map<string, number>();
  for await (const { path, bytes } of imported.read(imported.found.files.map(({ path }) => path))) found.set(path, bytes.length);
  imported.free();
  return found;
}
