/** The file system module that the package's stores use. */
export const { disk } = await import(new URL("store/disk.js", import.meta.resolve("callboard/package.json")));

/** Creates a system error. */
export const systemError = (code, syscall = "open") => Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });

/** Replaces a function of the file system while `work` runs. `fault` gets the real function as its first argument. */
export async function withFault(name, fault, work) {
  const real = disk[name];
  disk[name] = (...args) => fault(real, ...args);
  try {
    return await work();
  } finally {
    disk[name] = real;
  }
}
