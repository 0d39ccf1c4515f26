// A producer's afternoon in a git repository with a history: afterwards `git log -p` shows only the lines that the events
// name.
import assert from "node:assert/strict";
import { basename } from "node:path";

import { AGENTS, openServed, serveRepository, Session } from "./support/live.mjs";
import { suite } from "./support/suite.mjs";

const [RESEARCHER, WRITER, EVALUATOR] = AGENTS;

/** Keys that every event changes. */
const ALWAYS = ["last_updated", "history"];

const QUALITY = { research: "research_quality", writing: "script_quality", evaluation: "overall_quality" };

/** The keys that an event of an agent changes, by the specification; `stage` is the agent's. */
const KEYS = {
  start: (stage) => ["status", "start_time", "estimated_completion", "current_stage", "pending_stages", "error", `${stage}_started`],
  progress: (stage) => [stage, "total"],
  complete: (stage) => [
    "status", "cost", "quality_score", "estimated_completion", "current_stage", "completed_stages", "pending_stages", stage, "total",
    QUALITY[stage], `${stage}_completed`,
  ],
  fail: (stage) => ["status", "error", "failed_attempts", "estimated_completion", `${stage}_failed`],
  retry: () => ["status", "retry_count", "error"],
  quality_failure: (stage) => [
    "status", "gate_failures", "current_stage", "completed_stages", "pending_stages", "brand_consistency", "cost", stage, "total",
    "retry_count", "error", "estimated_completion",
  ],
  skip: () => ["status", "current_stage", "pending_stages", "skipped_stages"],
};

/** An event: the button of the page, its fields, and the event of the package. */
const event = (button, agent, type, fields = {}, rest = {}) => ({ button, fields, event: { type, agent, ...rest } });

/** The producer's steps for each session, one group per commit. */
const AFTERNOON = [
  {
    3: [
      event("Progress", WRITER, "progress", { Cost: "0.4" }, { cost: 0.4 }),
      event("Complete", WRITER, "complete", { Cost: "1.2", Quality: "0.9" }, { cost: 1.2, quality_score: 0.9 }),
      event("Start", EVALUATOR, "start"),
      event("Quality failure", EVALUATOR, "quality_failure", { "Brand consistency": "0.5" }, {
        report: { scores: { brand_consistency: 0.5 } },
      }),
    ],
  },
  {
    2: [
      event("Fail", RESEARCHER, "fail", { Error: "The archive did not answer." }, { error: "The archive did not answer." }),
      event("Retry", RESEARCHER, "retry"),
      event("Start", RESEARCHER, "start"),
      event("Complete", RESEARCHER, "complete", { Cost: "0.6", Quality: "0.95" }, { cost: 0.6, quality_score: 0.95 }),
    ],
    3: [
      event("Start", WRITER, "start"),
      event("Complete", WRITER, "complete", { Cost: "0.8", Quality: "0.95" }, { cost: 0.8, quality_score: 0.95 }),
    ],
  },
  {
    3: [event("Skip", EVALUATOR, "skip", { Reason: "Read aloud by the editor." }, { reason: "Read aloud by the editor." })],
    2: [{ edit: ["Topic 2", "Tides & moons"] }],
  },
];

const STAGES = { [RESEARCHER]: "research", [WRITER]: "writing", [EVALUATOR]: "evaluation" };

/** Replaces times, which depend on the run. */
const timeless = (text) => text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME");

/** Returns a text after the package has applied the same changes. */
function replayed(text, steps) {
  for (const { event, edit } of steps) {
    if (edit) {
      text = text.replace(...edit);
      continue;
    }
    const session = Session.parse(text);
    session.apply(event, { now: new Date() });
    text = session.toString();
    session.free();
  }
  return text;
}

/** Returns the keys of the changed lines of a patch, and the events of the lines that the history gets. */
function changed(patch) {
  const lines = patch.split("\n").filter((line) => /^[+-](?!(\+\+|--) )/.test(line));
  const bare = (sign) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1).trim().replace(/,$/, ""));
  const [gone, come] = [bare("-"), bare("+")];
  // A line that is no longer the last one gets a comma.
  const differing = [...gone.filter((line) => !come.includes(line)), ...come.filter((line) => !gone.includes(line))];
  return {
    keys: differing.flatMap((line) => /^"(\w+)":/.exec(line)?.[1] ?? []),
    events: differing.flatMap((line) => /^\{"at": .*?"event": "(\w+)"/.exec(line)?.[1] ?? []),
  };
}

/** Does a step on the open page of a session. */
async function take(app, { button, fields, edit }) {
  if (edit) {
    await app.session.tab("JSON");
    await app.session.rewrite((text) => text.replace(...edit));
    await app.until(() => document.querySelector("#editor-verdict .tally"));
    await app.click("button", "Apply edit");
    await app.says("Text edited by hand.");
    return;
  }
  // The event before may not be shown yet.
  const isOffered = (name) =>
    [...document.querySelectorAll(".transition button")].some((e) => e.innerText.trim() === name && e.ariaDisabled !== "true");
  await app.until(isOffered, button);
  await app.session.fillIn(button, fields);
  await app.session.preview();
  await app.session.apply();
  await app.until(() => document.querySelector(".preview") === null);
}

suite("a producer's afternoon", ({ test }) => {
  test("in a repository leaves only the lines that the events name", async (visit) => {
    const { folder, server } = await serveRepository(visit, { sessions: 8, git: true });
    // The morning, by agents.
    for (const [at, agent] of [[0, WRITER], [5, RESEARCHER], [2, WRITER]]) {
      await folder.update(folder.ids[at], agent, { cost: 0.3 });
      await folder.git("commit", "--quiet", "--all", `--message=${agent} at work`);
    }
    const morning = (await folder.git("rev-parse", "HEAD")).trim();
    // Somebody else's work that is staged or not finished stays as it is.
    await folder.write("outputs/notes.md", "staged\n");
    await folder.git("add", "outputs/notes.md");
    await folder.write("README.md", "not added\n");
    const others = () => folder.git("status", "--porcelain");
    const before = await others();

    const app = await openServed(visit.open, server);
    await app.source.is(`${basename(folder.dir)}, live`);
    const commits = [];
    for (const [round, work] of AFTERNOON.entries()) {
      const expected = {};
      for (const [episode, steps] of Object.entries(work)) {
        const id = folder.ids[episode - 1];
        expected[id] = timeless(replayed(await folder.text(id), steps));
        await app.visit(`#/sessions/${id}`);
        await app.until((id) => document.querySelector(".session")?.dataset.session === id, id);
        await app.find("heading", "Next");
        for (const step of steps) await take(app, step);
        if (round === 1) {
          // A change that is taken back, made again, and taken back leaves nothing.
          await take(app, event("Start", episode === "3" ? EVALUATOR : WRITER, "start"));
          await app.session.undo();
          await app.click("button", "Redo");
          await app.session.undo();
          await app.find("button", "Redo");
        }
      }
      await app.visit("#/changes");
      const ids = Object.keys(expected);
      await app.changes.files(ids.length);
      await app.click("button", ids.length === 1 ? "Save file" : "Save all files");
      await app.changes.files(0);
      for (const id of ids) assert.equal(timeless(await folder.text(id)), expected[id], `round ${round}, ${id}`);
      await app.click("button", `Commit ${ids.length === 1 ? "1 file" : `${ids.length} files`}`);
      await app.until((round) => document.querySelector(".commit-result")?.innerText && document.querySelector(".commit-form") === null, round);
      commits.push({ hash: (await folder.git("rev-parse", "HEAD")).trim(), work, ids });
    }

    assert.equal(await others(), before, "what others left is as it was");
    const log = (await folder.git("log", "--reverse", "--format=%H", `${morning}..`)).trim().split("\n");
    assert.deepEqual(log, commits.map(({ hash }) => hash));
    for (const { hash, work, ids } of commits) {
      const [author, subject] = (await folder.git("show", "--no-patch", "--format=%an <%ae>%n%s", hash)).trim().split("\n");
      assert.equal(author, "Pat Producer <pat@localhost>");
      assert.ok(subject.length <= 72 && /^(ep \d+|Update \d+ sessions): /.test(subject), subject);
      const files = (await folder.git("show", "--name-status", "--format=", hash)).trim().split("\n");
      assert.deepEqual(files.sort(), ids.map((id) => `M\t${folder.path(id)}`).sort());
      for (const [episode, steps] of Object.entries(work)) {
        const path = folder.path(folder.ids[episode - 1]);
        const { keys, events } = changed(await folder.git("log", "-p", "-1", "--no-color", "-U0", "--format=", hash, "--", path));
        assert.deepEqual(events, steps.filter(({ event }) => event).map(({ event }) => event.type), path);
        const named = new Set(
          steps.flatMap(({ event, edit }) => (edit ? ["topic"] : [...ALWAYS, ...KEYS[event.type](STAGES[event.agent])])),
        );
        assert.deepEqual(keys.filter((key) => !named.has(key)), [], `${path} in ${subject}`);
      }
    }
  });
});
