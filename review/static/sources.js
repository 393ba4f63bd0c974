"use strict";
// Files on their way into the review: three at a time, each with its state; one whose connection broke is sent again.

const CSRF = document.querySelector('meta[name="csrf"]').content;
const AT_ONCE = 3, TRIES = 3, PAUSE = 2000; // milliseconds between two tries
const drop = document.getElementById("drop"), list = document.getElementById("progress");
const queue = [];
let working = 0, changed = false;

function add(files, source) {
  for (const file of files) {
    const line = document.createElement("li");
    line.append(Object.assign(document.createElement("b"), { textContent: file.name }), document.createTextNode(" "),
      Object.assign(document.createElement("span"), { textContent: "waits" }));
    list.append(line);
    if (file.size > Number(drop.dataset.most)) tell(line, `not sent: it is larger than the limit`, true);
    else queue.push({ file, source, line, tries: 0 });
  }
  while (working < AT_ONCE && queue.length) next();
}
function tell(line, text, bad) {
  line.lastChild.textContent = text;
  line.className = bad ? "problem" : "";
}
async function next() {
  const one = queue.shift();
  if (!one) return;
  working += 1;
  try { await send(one); } finally { working -= 1; }
  if (queue.length) next();
  else if (!working && changed) show();
}
// What stands below the files, as it is now; what somebody is writing there is not taken from under their hands.
async function show() {
  const rest = document.getElementById("rest");
  if (rest.contains(document.activeElement) && document.activeElement.matches("input, textarea")) {
    rest.addEventListener("focusout", () => setTimeout(() => working || queue.length || show(), 300), { once: true });
    return;
  }
  if ([...rest.querySelectorAll("input:not([type=file]), textarea")].some((field) => field.value !== field.defaultValue)) return;
  let page;
  try {
    const response = await fetch("/sources");
    if (!response.ok) return;
    page = new DOMParser().parseFromString(await response.text(), "text/html");
  } catch { return; }
  changed = false;
  for (const id of ["counts", "rest"]) if (page.getElementById(id)) document.getElementById(id).replaceWith(page.getElementById(id));
}
async function send(one) {
  const about = new URLSearchParams({ name: one.file.name, source: one.source || "" });
  for (one.tries = 1; one.tries <= TRIES; one.tries += 1) {
    tell(one.line, one.tries > 1 ? "is sent again" : "is sent and looked into");
    let response;
    try {
      response = await fetch(`/sources/upload?${about}`, { method: "POST", headers: { "X-Jaiza": CSRF, "Content-Type": "application/octet-stream" }, body: one.file });
    } catch { tell(one.line, "no connection; it is sent again", true); await new Promise((done) => setTimeout(done, PAUSE)); continue; }
    let answer = {};
    try { answer = await response.json(); } catch { /* a proxy's page */ }
    if (response.ok && answer.state !== "refused") { changed = true; return tell(one.line, `${answer.state}: ${answer.said}`); }
    if (response.status < 500) return tell(one.line, answer.said || answer.error || `refused (${response.status})`, true);
  }
  tell(one.line, "could not be sent: drop it again", true);
}

document.getElementById("files").addEventListener("change", (event) => { add(event.target.files); event.target.value = ""; });
document.addEventListener("change", (event) => { if (event.target.dataset.source) add(event.target.files, event.target.dataset.source); });
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
addEventListener("dragover", () => drop.classList.add("over"));
addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
addEventListener("drop", (event) => { drop.classList.remove("over"); add(event.dataTransfer.files); });
addEventListener("beforeunload", (event) => { if (working || queue.length) event.preventDefault(); });
