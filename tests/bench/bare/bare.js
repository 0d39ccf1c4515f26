// The least that a page can do with files that are dropped on it: it reads each and parses it. It keeps nothing.

/** The files that are read at a time: with more or fewer it is no quicker. */
const AT_ONCE = 32;

const opened = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

/** Every file in entries and the folders among them. */
async function filesIn(entries) {
  const files = [];
  const waiting = [...entries];
  while (waiting.length > 0) {
    const entry = waiting.pop();
    if (entry.isFile) {
      files.push(entry);
      continue;
    }
    const reader = entry.createReader();
    // A reader gives at most a hundred entries a call, and none when it is through.
    for (;;) {
      const inside = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (inside.length === 0) break;
      waiting.push(...inside);
    }
  }
  return files;
}

addEventListener("dragenter", (event) => event.preventDefault());
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", async (event) => {
  event.preventDefault();
  const files = await filesIn([...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()));
  const counts = { parsed: 0, broken: 0 };
  let next = 0;
  const read = async () => {
    while (next < files.length) {
      const text = await (await opened(files[next++])).text();
      try {
        JSON.parse(text);
        counts.parsed += 1;
      } catch {
        counts.broken += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, read));
  globalThis.outcome = counts;
});
