export * from "callboard/import";
export { default } from "callboard/import";
export { importFolder } from "./folder.js";
