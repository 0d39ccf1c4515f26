// The folder of a production, as the commands read it.
import { UsageError } from "./usage.js";

/** Option for definitions of shapes. */
export const SHAPES = {
  type: "string",
  multiple: true,
  value: "<path>",
  about: "definition of a shape, or a folder of them; may be repeated",
};

/** Throws for --shapes on a command without a tree. */
export function assertNoShapes({ shapes }) {
  if (shapes !== undefined) throw new UsageError("--shapes needs a tree.", "Add the folder, or a dot for the working folder.");
}

/** Imports a folder. The module that reads other pipelines' files is loaded only now: most commands do not need it. */
export async function importTree(folder, { shapes = [] }) {
  if (shapes.includes("")) throw new UsageError("--shapes is empty: it must be the path of a file or folder.");
  const { importFolder } = await import("callboard/import/node");
  return importFolder(folder, { shapes });
}
