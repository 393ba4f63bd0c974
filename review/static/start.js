"use strict";
// A backup is sent to the start page, which makes a review of it and opens that.

const form = document.getElementById("restore"), told = document.getElementById("restoring");
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const file = form.elements.file.files[0], button = form.querySelector("button");
  const about = new URLSearchParams({ name: file.name, folder: form.elements.folder.value });
  button.disabled = true;
  told.className = "";
  told.textContent = "is sent, checked and unpacked ...";
  let answer;
  try {
    const response = await fetch(`/restore/file?${about}`, { method: "POST", headers: { "X-Jaiza": form.elements.csrf.value, "Content-Type": "application/octet-stream" }, body: file });
    answer = await response.json();
  } catch { answer = { error: "The connection broke: restore it again." }; }
  button.disabled = false;
  if (answer.link) return location.assign(answer.link);
  told.className = "problem";
  told.textContent = answer.error;
});
