import { fileURLToPath } from "node:url";

// The folder below which everything is that is bundled: the app, the package, and Next itself.
const root = fileURLToPath(new URL("../../../", import.meta.url));

export default { distDir: process.env.NEXT_FOLDER, turbopack: { root }, outputFileTracingRoot: root };
