import init from "callboard";
import initImport from "callboard/import";

export const load = () => Promise.all([init(), initImport()]);
