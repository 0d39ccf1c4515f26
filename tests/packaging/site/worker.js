import { move } from "./move.js";

addEventListener("message", async ({ data }) => postMessage(await move(...data)));
