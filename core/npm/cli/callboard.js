#!/usr/bin/env node
import { main } from "./main.js";

// Not process.exit: what has been written to a pipe must arrive.
process.exitCode = await main(process.argv.slice(2));
