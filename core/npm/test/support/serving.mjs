// node serving.mjs <folder>: serves a folder, and writes the address as a line.
import { serve } from "callboard/node";

const { url } = await serve(process.argv[2], { port: 0 });
process.stdout.write(`${url}\n`);
