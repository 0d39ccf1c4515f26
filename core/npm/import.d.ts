export * from "./types/import.js";
export * from "./types/error.js";
