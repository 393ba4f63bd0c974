"use strict";
// Watches the run at work; when it has ended the page is loaded again, with what it did.

const watch = document.getElementById("watch");
const EVERY = 1000; // milliseconds
async function look() {
  let now;
  try {
    const response = await fetch("/runs/state");
    if (!response.ok) return setTimeout(look, 5 * EVERY);
    now = await response.json();
  } catch { return setTimeout(look, 5 * EVERY); }
  if (!now.running) return location.reload();
  document.getElementById("stage").textContent = now.stage;
  document.getElementById("count").textContent = `${now.done} of ${now.sources} documents`;
  const bar = document.getElementById("bar");
  bar.max = now.sources || 1;
  bar.value = now.done;
  document.getElementById("lines").replaceChildren(...now.lines.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  setTimeout(look, EVERY);
}
if (watch.dataset.running) setTimeout(look, EVERY);

// Of each recurrence only the fields that it has.
for (const choice of document.querySelectorAll("[data-every-of]")) {
  const fields = choice.closest("fieldset").querySelectorAll("[data-for]");
  const show = () => { for (const one of fields) one.hidden = !one.dataset.for.split(" ").includes(choice.value); };
  choice.addEventListener("change", show);
  show();
}
