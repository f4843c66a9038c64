// Sends the file of an import in pieces that fit into a request, and then shows what the import would do.
const PIECE_BYTES = 48 * 1024;

const send = async (form, file) => {
  const { pieces, next } = form.dataset;
  const last = Math.max(0, Math.ceil(file.size / PIECE_BYTES) - 1);
  const progress = form.querySelector("progress");
  progress.hidden = false;
  for (let number = 0; number <= last; number += 1) {
    progress.value = number / (last + 1);
    const query = new URLSearchParams({ file: file.name, number, last: number === last });
    const body = file.slice(number * PIECE_BYTES, (number + 1) * PIECE_BYTES);
    const headers = { "content-type": "application/octet-stream" };
    const answer = await fetch(`${pieces}?${query}`, { method: "POST", headers, body });
    if (!answer.ok) throw new Error(String(answer.status));
  }
  location.assign(next);
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  const file = form.matches("form.import-file") && form.elements.file.files[0];
  if (!form.matches("form.import-file")) return;
  event.preventDefault();
  const said = form.querySelector("[role=alert]");
  said.hidden = true;
  if (!file) return;
  send(form, file).catch((error) => {
    form.querySelector("progress").hidden = true;
    said.textContent = said.dataset[error.message === "413" ? "large" : "failed"];
    said.hidden = false;
  });
});
