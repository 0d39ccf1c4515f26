import { open } from "./open.js";
import { JSON_OPTION, NOW, WHERE, number } from "./options.js";
import { json, plain } from "./style.js";
import { UsageError } from "./usage.js";

export const init = {
  usage: "session init --episode <number> --topic <text> [--complexity <1-5>]",
  summary: "create a session and print its id",
  about: "Creates the session file of an episode, and prints the session's id.",
  arguments: { least: 0, most: 0 },
  options: {
    episode: { type: "string", value: "<number>", about: "number of the episode, from 1" },
    topic: { type: "string", value: "<text>", about: "topic of the episode" },
    complexity: { type: "string", value: "<1-5>", about: "complexity of the episode (default: 3)" },
    duration: { type: "string", value: "<minutes>", about: "duration of the episode (default: 27)" },
    audience: { type: "string", value: "<text>", about: "audience of the episode (default: general)" },
    budget: { type: "string", value: "<dollars>", about: "budget of the episode (default: 9.00)" },
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
    const id = await create(store, { episode, topic, complexity, duration, audience, budget });
    const { file } = await store.load(id);
    out(values.json ? json({ session_id: id, file }, 2) : plain(id));
  },
};

/** Creates a session. A value that the core refuses came from the command line, so the error is one of usage. */
async function create(store, episode) {
  try {
    return await store.initializeSession(episode);
  } catch (error) {
    if (error.code !== "invalid_value" || error.file !== undefined) throw error;
    throw new UsageError(error.message, error.hint, { code: error.code });
  }
}
