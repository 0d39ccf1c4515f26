import { fileURLToPath } from "node:url";

// The folder that contains everything bundled: the app, the package, and Next itself.
const root = fileURLToPath(new URL("../../../", import.meta.url));

export default { distDir: process.env.NEXT_FOLDER, turbopack: { root }, outputFileTracingRoot: root };
