export { CallboardError } from "callboard";
export { FileStore } from "./file.js";
export { findSessions } from "./locate.js";
export { Store } from "./store.js";
export { runAgent } from "./agent.js";
export { serve } from "../server/index.js";
