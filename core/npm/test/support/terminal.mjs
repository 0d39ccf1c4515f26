// Preloaded with --import: makes standard output look like a terminal, whose size messages change.
Object.defineProperties(process.stdout, {
  isTTY: { value: true },
  rows: { value: 24, writable: true },
  columns: { value: 80, writable: true },
});
process.on("message", ({ rows, columns }) => {
  Object.assign(process.stdout, { rows, columns });
  process.stdout.emit("resize");
});
// The channel must not keep the process alive.
process.channel?.unref();
