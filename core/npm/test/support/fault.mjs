/** The file system as the package's stores use it. */
export const { disk } = await import(new URL("store/disk.js", import.meta.resolve("callboard/package.json")));

/** An error of the system. */
export const systemError = (code, syscall = "open") => Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });

/** Lets calls of the file system go through `fault`, which gets the real one first, while `work` runs. */
export async function withFault(name, fault, work) {
  const real = disk[name];
  disk[name] = (...args) => fault(real, ...args);
  try {
    return await work();
  } finally {
    disk[name] = real;
  }
}
