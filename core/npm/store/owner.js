// Owners of locks, and the check that they are alive.
import { randomUUID } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

const linux = process.platform === "linux";

/** Reads a process's state letter from `/proc`, and its start in ticks since boot. */
async function look(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name, in brackets, may itself hold spaces and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0], started: fields[19] };
}

/** Returns the scope of a process id: this boot of this machine, and its process namespace. */
async function findPlace() {
  const parts = [hostname()];
  if (linux) {
    parts.push(await readFile("/proc/sys/kernel/random/boot_id", "utf8").then((id) => id.trim(), () => ""));
    parts.push(await readlink("/proc/self/ns/pid").catch(() => ""));
  }
  return parts.join("/");
}

let me;

/** Returns this process as the owner of one lock. No two owners are ever equal. */
export async function newOwner() {
  me ??= Promise.all([findPlace(), linux ? look(process.pid).catch(() => undefined) : undefined]);
  const [place, seen] = await me;
  return { nonce: randomUUID(), place, pid: process.pid, started: seen?.started };
}

/** True if an owner is certainly dead. For one on another machine, only its silence shows it. */
export async function isDead(owner) {
  const { place } = await newOwner();
  if (owner.place !== place) return false;
  if (!linux || owner.started === undefined) return !exists(owner.pid);
  try {
    const { state, started } = await look(owner.pid);
    // A killed process that is not reaped yet is dead; another start time means another process of the same id.
    return state === "Z" || state === "X" || started !== owner.started;
  } catch (error) {
    return error.code === "ENOENT" || error.code === "ESRCH";
  }
}

function exists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code !== "ESRCH";
  }
}
