export * from "../import.js";
export { default } from "../import.js";
