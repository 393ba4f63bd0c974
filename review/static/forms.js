"use strict";
// Pages whose forms are acts: each is kept in this browser until the server has stored it, then the page shows how it stands.

const $ = (id) => document.getElementById(id);
let asked = null; // the act that was asked about

function say(text) { $("say").textContent = text; }
function trouble(text) { $("trouble").textContent = text; $("trouble").hidden = !text; }

Connection.on = {
  stored(answer, action, left) {
    if (answer.question) { asked = action; $("sure-text").textContent = answer.question; $("sure").showModal(); return; }
    if (left || action.view !== "form") return; // one of another page, that had waited
    sessionStorage.setItem("jaiza-said", answer.say);
    location.reload();
  },
  refused(reason) { trouble(`Not stored: ${reason}`); },
  offline(count) { trouble(`No connection. ${count === 1 ? "What you did is" : `The last ${count} things you did are`} kept in this browser and will be sent as soon as the server answers.`); },
  online() { trouble(""); },
  shut() { trouble("You are no longer logged in. What you did is kept in this browser: open your link again and it will be sent."); },
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.act) return;
  event.preventDefault();
  const given = Object.fromEntries(new FormData(form, event.submitter));
  if (/^\d$/.test(given.value)) given.value = Number(given.value);
  if (form.dataset.act === "memo" && !given.id) given.id = crypto.randomUUID().replaceAll("-", "");
  if (form.dataset.act === "newcode") given.code = `+${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
  if (form.dataset.act === "codeall") given.places = [...form.querySelectorAll("[name=place]:checked")].map((box) => box.value.split(" "));
  delete given.place;
  Connection.add({ act: form.dataset.act, view: "form", seconds: Clock.take(), ...given });
});
$("sure").addEventListener("close", () => { if ($("sure").returnValue === "yes") Connection.add({ ...asked, sure: true }); });
document.addEventListener("change", (event) => {
  if (event.target.dataset.all) for (const box of document.querySelectorAll(`[name="${event.target.dataset.all}"]`)) box.checked = event.target.checked;
});
const said = sessionStorage.getItem("jaiza-said");
if (said) { sessionStorage.removeItem("jaiza-said"); say(said); }
Connection.send(); // what a lost connection kept
