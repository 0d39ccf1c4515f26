// The result of diff() is a patch: real git turns the old file into the new one, byte for byte, for any name and any
// layout of the file.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "node:test";

import init, { Session } from "callboard";

await init();

const text = readFileSync(new URL("../../../tests/fixtures/sessions/ep001_session_20240811.json", import.meta.url), "utf8");

const LAYOUTS = {
  "as it is": text,
  "without a final newline": text.trimEnd(),
  "with carriage returns": text.replaceAll("\n", "\r\n"),
  "with carriage returns and no end": text.replaceAll("\n", "\r\n").trimEnd(),
  "with a byte order mark": `\ufeff${text}`,
  "on one line": JSON.stringify(JSON.parse(text)),
  "on one line with its end": `${JSON.stringify(JSON.parse(text))}\n`,
  "with tabs": JSON.stringify(JSON.parse(text), null, "\t"),
  "with letters of every kind": text.replace("Why Octopuses Dream", "Ångström 😀 \u2028 \\u00e9 \u202e"),
};

const NAMES = [
  "ep001.json",
  "projects/nobody-knows/output/sessions/ep001.json",
  "with a space.json",
  "caf\u00e9/\u{1f399} \u202e.json",
  "-dash.json",
  "<b>.json",
  // Windows has no such names.
  ...(process.platform === "win32" ? [] : ['a "quote".json', "back\\slash.json", "tab\there.json", "new\nline.json", "bell\u0007.json"]),
];

const EVENTS = [
  { type: "complete", agent: "script_writer", cost: 1.2, quality_score: 0.9 },
  { type: "start", agent: "quality_evaluator" },
  { type: "quality_failure", agent: "quality_evaluator", report: { failures: ["technical"], technical_fixes: ["a\nb"] } },
];

test("git applies every diff", () => {
  const dir = mkdtempSync(join(tmpdir(), "callboard-patch-"));
  const git = (...args) => execFileSync("git", args, { cwd: dir, stdio: "pipe" });
  try {
    git("init", "--quiet");
    git("config", "core.autocrlf", "false");
    for (const [layout, before] of Object.entries(LAYOUTS)) {
      for (const name of NAMES) {
        const session = Session.parse(before);
        for (const event of EVENTS) session.apply(event, { now: "2024-08-11T15:20:00Z" });
        const file = join(dir, name);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, before);
        const patch = join(dir, "the.patch");
        writeFileSync(patch, session.diff({ path: name }));
        git("apply", "--whitespace=nowarn", "the.patch");
        assert.equal(readFileSync(file, "utf8"), session.toString(), `${layout}: ${JSON.stringify(name)}`);
        session.free();
      }
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
