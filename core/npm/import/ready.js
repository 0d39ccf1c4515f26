import { readiness } from "../ready.js";

export const { markReady, isReady, assertReady } = readiness("callboard/import");
