// Opening an address in the user's browser.
import { spawn } from "node:child_process";

/** Milliseconds after which a program that has not failed is taken to have opened it. */
const PATIENCE_MS = 3000;

/** Returns the program that opens an address, with its arguments; undefined on a machine without a screen. */
function opener(url, { platform, env }) {
  if (platform === "darwin") return ["open", url];
  // Not `start`, which is a part of the shell.
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler", url];
  const hasScreen = env.DISPLAY || env.WAYLAND_DISPLAY || env.WSL_DISTRO_NAME;
  return hasScreen ? ["xdg-open", url] : undefined;
}

/** Opens an address in the browser; false if that failed. */
export async function openBrowser(url, { platform = process.platform, env = process.env } = {}) {
  const command = opener(url, { platform, env });
  if (command === undefined) return false;
  const [program, ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: "ignore", detached: platform !== "win32" });
    const timer = setTimeout(() => resolve(true), PATIENCE_MS);
    const end = (opened) => {
      clearTimeout(timer);
      resolve(opened);
    };
    child.on("error", () => end(false));
    child.on("exit", (code) => end(code === 0));
    child.unref();
  });
}
