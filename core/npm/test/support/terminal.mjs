// Preloaded with --import: standard output looks like a terminal of a size that messages change, and no pipe.
Object.defineProperties(process.stdout, {
  isTTY: { value: true },
  rows: { value: 24, writable: true },
  columns: { value: 80, writable: true },
});
process.on("message", ({ rows, columns }) => {
  Object.assign(process.stdout, { rows, columns });
  process.stdout.emit("resize");
});
// The channel is not to keep the process alive.
process.channel?.unref();
