// Takes files as the app does, and shows what it was given.
const got = document.querySelector("#got");

const show = async (files) => {
  const texts = await Promise.all([...files].map((f) => f.text()));
  got.textContent = [...files]
    .map((f, i) => `${f.webkitRelativePath || f.name}=${texts[i]}`)
    .sort()
    .join(";");
};

const walk = (entry) =>
  new Promise((resolve, reject) => {
    if (entry.isFile) {
      resolve([entry.fullPath]);
    } else {
      entry.createReader().readEntries(async (entries) => {
        resolve((await Promise.all(entries.map(walk))).flat());
      }, reject);
    }
  });

document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  const folders = [...event.dataTransfer.items]
    .map((item) => item.webkitGetAsEntry?.())
    .filter((entry) => entry?.isDirectory);
  if (folders.length > 0) {
    got.textContent = (await Promise.all(folders.map(walk))).flat().sort().join(";");
  } else {
    await show(event.dataTransfer.files);
  }
});
for (const input of document.querySelectorAll("input")) {
  input.addEventListener("change", () => show(input.files));
}
document.querySelector("#save").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["{\u00e9}"], { type: "application/json" }));
  link.download = "saved session.json";
  link.click();
});
