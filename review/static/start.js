"use strict";
// A backup is sent to the start page, which makes a review of it and opens that; a codebook, to be that of a new review.

async function send(path, about, file, sign) {
  const response = await fetch(`${path}?${new URLSearchParams(about)}`, { method: "POST", headers: { "X-Jaiza": sign, "Content-Type": "application/octet-stream" }, body: file });
  return response.json();
}
const chosen = document.getElementById("codebook-file"), said = document.getElementById("codebook-said");
chosen.addEventListener("change", async () => {
  if (!chosen.files[0]) return;
  said.className = "";
  said.textContent = "is read ...";
  let answer;
  try { answer = await send("/new/codebook", { name: chosen.files[0].name }, chosen.files[0], chosen.form.elements.csrf.value); } catch { answer = { error: "The connection broke: choose it again." }; }
  said.className = answer.said ? "" : "problem";
  said.textContent = answer.said || answer.error;
  if (answer.said) chosen.form.querySelector('[name=codebook][value=file]').checked = true;
});

const form = document.getElementById("restore"), told = document.getElementById("restoring");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const file = form.elements.file.files[0], button = form.querySelector("button");
  button.disabled = true;
  told.className = "";
  told.textContent = "is sent, checked and unpacked ...";
  let answer;
  try {
    answer = await send("/restore/file", { name: file.name, folder: form.elements.folder.value }, file, form.elements.csrf.value);
  } catch { answer = { error: "The connection broke: restore it again." }; }
  button.disabled = false;
  if (answer.link) return location.assign(answer.link);
  told.className = "problem";
  told.textContent = answer.error;
});
