// node forms.mjs <package folder>: adds the generated module formats. The WebAssembly's bytes as a script, for the entry
// that needs no file; and each script as CommonJS, for users who cannot load modules, with the same declarations. Each
// file stays separate, so there is one state however many entries are loaded.
import { cpSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

import { build } from "esbuild";

const folder = resolve(process.argv[2]);
const cjs = join(folder, "cjs");

for (const name of ["callboard_wasm", "callboard_import"]) {
  const bytes = readFileSync(join(folder, `${name}_bg.wasm`)).toString("base64");
  writeFileSync(join(folder, `${name}_bytes.js`), `export const text = "${bytes}";\n`);
}

/** The entries that can be required; the files that they import are added. */
const entryPoints = ["inline.js", "import/inline.js", "import/node.js", "store/node.js", "store/memory.js"];

/** The package's own names in its scripts, and their entries. */
const OWN = { callboard: "inline.js", "callboard/import": "import/inline.js" };

const common = { absWorkingDir: folder, outdir: "cjs", bundle: true, platform: "node", target: "node20", logLevel: "error" };

/** Leaves imports unchanged. The package's own names resolve to their entries of this format. */
const leaveImports = {
  name: "leave imports",
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ kind, path, importer }) => {
      if (kind === "entry-point") return undefined;
      if (OWN[path] === undefined) return { path, external: true };
      const entry = relative(dirname(importer), join(folder, OWN[path])).replaceAll("\\", "/");
      return { path: entry.startsWith(".") ? entry : `./${entry}`, external: true };
    });
  },
};

const { metafile } = await build({ ...common, entryPoints, format: "esm", metafile: true, write: false, packages: "external" });
const { warnings } = await build({
  ...common,
  entryPoints: Object.keys(metafile.inputs),
  outbase: folder,
  format: "cjs",
  charset: "utf8",
  keepNames: true,
  plugins: [leaveImports],
});
if (warnings.length > 0) {
  // For example, `import.meta.url` has no counterpart in CommonJS.
  throw new Error(`This cannot be CommonJS: ${warnings.map(({ text, location }) => `${text} ${location?.file}`).join("; ")}`);
}

writeFileSync(join(cjs, "package.json"), '{ "type": "commonjs" }\n');
for (const name of readdirSync(folder, { recursive: true })) {
  const isOurs = name.endsWith(".d.ts") && !name.startsWith("cjs");
  if (isOurs) cpSync(join(folder, name), join(cjs, name));
}
