"use strict";
// Screening by keys: a key presses its button, once; the next record comes with the next page.

const $ = (id) => document.getElementById(id);
const keys = $("keys");
let sent = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) { if (event.key === "Escape") { event.target.blur(); $("record-title")?.focus(); } return; }
  if (!$("keys-on").checked || keys.open) return;
  const focus = document.querySelector(`[data-focus="${CSS.escape(event.key)}"]`);
  if (focus) { event.preventDefault(); focus.focus(); return; }
  const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (button && !button.disabled) { event.preventDefault(); button.click(); }
});
// One verdict a page: a second key, pressed while the next record is on its way, is meant for nobody.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (sent) event.preventDefault();
  sent = true;
});
addEventListener("pageshow", () => { sent = false; });
$("help")?.addEventListener("click", () => keys.showModal());
document.querySelector("[data-go]")?.addEventListener("change", (event) => event.target.form.requestSubmit());
$("keys-on").checked = localStorage.getItem("jaiza-keys") !== "off";
$("keys-on").addEventListener("change", (event) => localStorage.setItem("jaiza-keys", event.target.checked ? "on" : "off"));
$("record-title")?.focus();
