import init from "callboard";

export const load = () => init();
