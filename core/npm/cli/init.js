import { open } from "./open.js";
import { JSON_OPTION, NOW, WHERE, number } from "./options.js";
import { json, plain } from "./style.js";
import { UsageError } from "./usage.js";

export const init = {
  usage: "session init --episode <number> --topic <text> [--complexity <1-5>]",
  summary: "make a session and print its id",
  about: "Makes the session file of an episode, and prints the session's id.",
  arguments: { least: 0, most: 0 },
  options: {
    episode: { type: "string", value: "<number>", about: "the episode's number, from 1" },
    topic: { type: "string", value: "<text>", about: "what it is about" },
    complexity: { type: "string", value: "<1-5>", about: "how demanding it shall be (default: 3)" },
    duration: { type: "string", value: "<minutes>", about: "how long it shall be (default: 27)" },
    audience: { type: "string", value: "<text>", about: "whom it is for (default: general)" },
    budget: { type: "string", value: "<dollars>", about: "what may be spent (default: 9.00)" },
    ...WHERE,
    json: JSON_OPTION,
    now: NOW,
  },
  async run({ values, out }) {
    const { topic, audience } = values;
    for (const name of ["episode", "topic"]) {
      if (values[name] === undefined) throw new UsageError(`session init needs --${name}.`, "See --help.");
    }
    const [episode, complexity, duration, budget] = ["episode", "complexity", "duration", "budget"].map((name) =>
      number(name, values[name]),
    );
    const store = await open(values);
    const id = await make(store, { episode, topic, complexity, duration, audience, budget });
    const { file } = await store.load(id);
    out(values.json ? json({ session_id: id, file }, 2) : plain(id));
  },
};

/** A figure that the core refuses came from the command line, as one that is no number did. */
async function make(store, episode) {
  try {
    return await store.initializeSession(episode);
  } catch (error) {
    if (error.code !== "invalid_value" || error.file !== undefined) throw error;
    throw new UsageError(error.message, error.hint, { code: error.code });
  }
}
