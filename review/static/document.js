"use strict";
// A whole document: its pages, the codes in the margin, and what is selected coded with one theme or several.

const $ = (id) => document.getElementById(id);
const main = $("main"), chooser = $("chooser"), keys = $("keys"), sure = $("sure"), memoBox = $("memo");
const study = main.dataset.source;
const path = (name) => `/document/${encodeURIComponent(study)}/${name}`;
const NARROW = matchMedia("(max-width: 62rem)"); // as in review.css: the contents lie over the pages there
let last = []; // the codes given last, for giving them again
let sureOf = null; // what the question is about
const dwelt = new Map(), passed = new Set(JSON.parse(main.dataset.looked || "[]"));
const DWELL = 1000, TELL = 10000; // milliseconds on the screen before a passage counts as passed over; between two messages on it

function say(text) { $("say").textContent = text; clearTimeout(say.timer); say.timer = setTimeout(() => { $("say").textContent = ""; }, 8000); }
function trouble(text) { $("trouble").textContent = text; $("trouble").hidden = !text; }

function act(what, given = {}) {
  if (["code", "newcode", "memo"].includes(what)) given.drawn = Waiting.place();
  if (given.from && Selecting.words) given.words = Selecting.text(); // so that they are found where the text has become another before this is sent
  Connection.add({ act: what, source: study, view: "document", shown: Margin.layers.has("machine"), ...(given.quiet ? {} : { seconds: Clock.take() }), ...given }); // what was passed over is no act, and takes no time from one
  if (!given.quiet) redraw();
}

// The margin, the lists and what is said of the code looked at, as they are with what waits to be sent.
function redraw(changed = {}) {
  Margin.change(changed);
  Places.show();
  if (!Margin.codes.has(Margin.chosen)) choose(""); else detail();
}

Connection.on = {
  stored(answer, action) {
    if (answer.question) { redraw(); return ask(answer, action); }
    if (action.source !== study || !answer.changed) return elsewhere(answer, action);
    if (answer.themes) Margin.themes = new Map(answer.themes.map((theme) => [theme.code, theme]));
    if (answer.choices) $("choices").innerHTML = answer.choices;
    redraw(answer.changed);
    if (answer.progress) $("progress").innerHTML = answer.progress;
    if (answer.at) goTo(answer.at);
    if (answer.say) say(answer.say);
    main.dataset.turn = Number(main.dataset.turn || 0) + 1;
  },
  refused(reason) { redraw(); say(reason); trouble(`Not stored: ${reason}`); main.dataset.turn = Number(main.dataset.turn || 0) + 1; },
  offline(count) { trouble(`No connection. ${count === 1 ? "What you did is" : `The last ${count} things you did are`} kept in this browser and will be sent as soon as the server answers.`); },
  online() { trouble(""); },
  shut(count) { trouble(`You are no longer logged in. ${count === 1 ? "What you did is" : `The last ${count} things you did are`} kept in this browser: open your link again and it will be sent.`); },
};

// What was done on another page and had waited: of this study the margin is asked for anew, of another nothing is shown.
async function elsewhere(answer, { source }) {
  if (source === study) {
    const codes = await fetch(path("codes")).catch(() => null);
    if (codes?.ok) { Margin.take(await codes.json()); redraw(); }
  }
  if (answer.say) say(answer.say);
  main.dataset.turn = Number(main.dataset.turn || 0) + 1;
}

function ask({ question }, action) {
  $("sure-title").textContent = action.act === "done" ? "Finish this study?" : "Please look before you go on";
  $("sure-text").textContent = question;
  sureOf = action;
  sure.showModal();
}

// What is selected, and what can be done with it
Selecting.onChange = () => {
  const has = Selecting.told() !== null;
  const text = Selecting.words ? Selecting.text() : Selecting.passage ? "The whole passage" : "";
  $("selected").textContent = text || "Select words on the page: with the mouse, or with the arrow keys and Shift. j and k take whole passages.";
  $("selected").classList.toggle("hint", !text);
  for (const button of document.querySelectorAll("[data-needs=selection]")) button.disabled = !has;
  $("again-button").disabled = !has || !last.length;
};

document.addEventListener("selectionchange", () => {
  const running = Flow.selected();
  if (running) { Flow.first = null; Flow.cursor = null; return Selecting.set(running); }
  const words = Flow.on ? null : Pages.selected();
  if (words) { Selecting.anchor = words.from; Selecting.cursor = words.to; Selecting.set(words); }
  return undefined;
});
Flow.box.addEventListener("click", (event) => {
  const piece = event.target.closest("[data-key]");
  if (!piece || event.target.closest(".stripe") || !getSelection().isCollapsed) return;
  Selecting.clear();
  takePassage(piece.dataset.key.startsWith("#") ? "" : piece.dataset.key, { scroll: false });
});
Pages.holder.addEventListener("click", (event) => {
  if (event.target.closest(".stripe") || !getSelection().isCollapsed) return;
  const page = event.target.closest(".page");
  Selecting.clear();
  if (!page) return;
  const image = page.querySelector("img").getBoundingClientRect();
  const scale = Pages.scaleOf(page), x = (event.clientX - image.left) / scale, y = (event.clientY - image.top) / scale;
  const inside = ([number, x0, top, x1, bottom]) => number === Number(page.dataset.page) && x >= x0 && x <= x1 && y >= top && y <= bottom;
  const code = [...Margin.codes.values()].find((one) => Margin.shown(one) && one.layer !== "machine" && Margin.boxes(one).some(inside));
  const passage = Margin.order.find((id) => Margin.passages.get(id).boxes.some(inside));
  takePassage(passage || "", { scroll: false });
  if (code) choose(code.id, { scroll: false });
});

function takePassage(id, { scroll = true } = {}) {
  const before = Margin.passages.get(Margin.current);
  Selecting.passage = Margin.current = id;
  Selecting.cursor = null;
  const now = Margin.passages.get(id);
  for (const number of new Set([...(before?.boxes || []), ...(now?.boxes || [])].map((box) => box[0]))) Margin.draw(Pages.page(number));
  Flow.cursor = Flow.first = null;
  Flow.draw();
  if (scroll && now) bringTo(now.boxes, id);
  Selecting.onChange();
}

// To a place, on the page images or in the flowing text.
function bringTo(boxes, passage) { if (Flow.on) Flow.to(passage); else Pages.toBoxes(boxes); }

function passageInView() { return Flow.on ? Flow.inView() : Margin.order.find((id) => Margin.passages.get(id).page >= Selecting.pageInView()) || ""; }

// Between page images and flowing text, at the same place.
async function turnText() {
  const at = Selecting.passage || passageInView();
  Selecting.clear();
  if (Flow.on) { Flow.hide(); Pages.fit(); Margin.drawAll(); } else if (!await Flow.show(study)) return say("The text can't be had just now");
  $("text-button").setAttribute("aria-pressed", Flow.on);
  localStorage.setItem("jaiza-text", Flow.on ? "flowing" : "pages");
  if (at) takePassage(at);
  return (Flow.on ? Flow.box : Pages.holder).focus({ preventScroll: true });
}

function stepPassage(by) {
  const at = Margin.order.indexOf(Selecting.passage);
  let next = at + by;
  if (at < 0) next = Margin.order.indexOf(passageInView());
  const id = Margin.order[Math.max(0, Math.min(Margin.order.length - 1, next))];
  if (!id) return;
  Selecting.clear();
  takePassage(id);
}

// The code that is looked at
function choose(id, { scroll = true } = {}) {
  const before = Margin.codes.get(Margin.chosen);
  Margin.chosen = id;
  const code = Margin.codes.get(id);
  for (const one of [before, code]) for (const number of new Set(one ? Margin.boxes(one).map((box) => box[0]) : [])) Margin.draw(Pages.page(number));
  Flow.draw();
  if (code && scroll) bringTo(Margin.boxes(code), code.passage);
  if (code?.passage && code.layer !== "others") { Selecting.words = null; Margin.selection = []; takePassage(code.passage, { scroll: false }); }
  detail();
}

function detail() {
  const code = Margin.codes.get(Margin.chosen), box = $("detail");
  box.hidden = !code;
  $("list-box").hidden = !!code;
  if (!code) return;
  $("detail-title").textContent = code.layer === "memos" ? "Memo" : Margin.title(code.theme);
  $("detail-who").textContent = [code.layer === "machine" ? "proposed by the machine" : code.who, code.said, code.when.slice(0, 16).replace("T", " ")].filter(Boolean).join(", ");
  $("detail-quote").textContent = code.quote;
  $("detail-note").textContent = code.layer === "memos" ? code.note : code.note ? `Note: ${code.note}` : code.why;
  const own = code.layer === "mine" && !code.waiting, machine = code.layer === "machine";
  $("detail-acts").hidden = !own && !machine;
  $("detail-no").firstChild.textContent = machine ? "Reject " : "Take back ";
  $("detail-note-button").hidden = !own;
  $("detail-place").hidden = !own || !code.gone;
  if (code.gone) $("detail-note").textContent = `These words are no longer in the text: select where they belong, and place the code there. ${$("detail-note").textContent}`;
}

function decide(value) {
  const code = Margin.codes.get(Margin.chosen);
  if (!code) return say("Choose a code in the margin first: [ and ] go from one to the next");
  if (code.waiting) return say("This code is not stored yet: z takes back what you did last");
  if (code.layer === "machine") act("value", { passage: code.passage, theme: code.theme, value });
  else if (code.layer === "mine") act(value ? "restrength" : "uncode", { id: code.id, value: value || null });
  else return say("This is somebody else's: code the words yourself");
  if (code.layer === "machine") { const next = nextSuggestion(code); if (next) setTimeout(() => choose(next.id)); }
}

function nextSuggestion(code) {
  const all = Margin.inOrder().filter((one) => one.layer === "machine");
  return all[(all.findIndex((one) => one.id === code.id) + 1)] || null;
}

function place() {
  const code = Margin.codes.get(Margin.chosen), where = Selecting.told();
  if (!where) return say("Select where it belongs first: words with the mouse, or a passage with j and k");
  return act("place", { id: code.id, ...where });
}

// Coding
function openChooser() {
  if (!Selecting.told()) return say("Select words first: with the mouse, or with the arrow keys and Shift; j and k take passages");
  $("chooser-quote").textContent = Selecting.words ? Selecting.text() : "The whole passage";
  for (const box of chooser.querySelectorAll("[name=theme]")) box.checked = false;
  $("chooser-note").value = "";
  $("chooser-hint").textContent = "Letters take themes, one or several; then 1 or 2 says how strong.";
  chooser.showModal();
}

function code(strength) {
  const chosen = [...chooser.querySelectorAll("[name=theme]:checked")].map((box) => box.value);
  if (!chosen.length) { $("chooser-hint").textContent = "First take a theme: its letter, or click it."; return; }
  last = chosen.map((to) => ({ to, value: strength }));
  chooser.close();
  give(last, $("chooser-note").value);
}

function give(codes, note = "") {
  const where = Selecting.told();
  if (!where) return;
  act("code", { ...where, codes, note });
  Selecting.clear();
}

function inVivo() {
  const where = Selecting.told();
  if (!where) return say("Select words or a passage first: words are the name of the code at first");
  if (chooser.open) chooser.close();
  NewCode.open(where, Selecting.words ? Selecting.text() : "");
}

// Going to a place, and to the other way of working
function goTo({ passage, boxes }) {
  if (passage && Margin.passages.has(passage)) { Selecting.clear(); takePassage(passage); } else if (boxes?.length) bringTo(boxes, "");
}

function oneAtATime() {
  const code = Margin.codes.get(Margin.chosen);
  const passage = code?.passage || Selecting.passage || passageInView();
  const place = new URLSearchParams({ by: "study", study, passage, at: code?.layer === "machine" ? code.theme : "" });
  location.assign(`/code?${place}`);
}

// What was on the screen, told in one message now and then
function look() {
  const view = Pages.holder.getBoundingClientRect(), now = performance.now();
  if (Flow.on && !document.hidden) {
    for (const id of dwelt.keys()) if (!Flow.visible.has(id)) dwelt.delete(id);
    for (const id of Flow.visible) if (!passed.has(id) && !dwelt.has(id)) dwelt.set(id, now);
  }
  if (document.hidden || !view.height) return;
  for (const page of Pages.all()) {
    const rect = page.getBoundingClientRect();
    if (rect.bottom < view.top || rect.top > view.bottom) continue;
    const scale = Pages.scaleOf(page), number = Number(page.dataset.page);
    for (const id of Margin.order) {
      const one = Margin.passages.get(id);
      if (one.page !== number || passed.has(id)) continue;
      const boxes = one.boxes.filter((box) => box[0] === number);
      const seen = rect.top + boxes[0][2] * scale >= view.top && rect.top + boxes.at(-1)[4] * scale <= view.bottom;
      if (!seen) dwelt.delete(id);
      else if (!dwelt.has(id)) dwelt.set(id, now);
    }
  }
}

function tell() {
  look();
  const now = performance.now();
  const found = [...dwelt].filter(([id, since]) => now - since >= DWELL && !passed.has(id)).map(([id]) => id);
  if (!found.length) return;
  for (const id of found) { passed.add(id); dwelt.delete(id); }
  act("passed", { passages: found, quiet: true });
}

const ACTS = {
  code: openChooser, again: () => give(last), invivo: inVivo, undo: () => act("undo"), one: oneAtATime,
  done: () => { tell(); act("done"); }, reopen: () => act("reopen"), place, yes1: () => decide(1), yes2: () => decide(2), no: () => decide(0),
  memo: () => { $("memo-title").textContent = Selecting.told() ? "Memo on what is selected" : "Memo on the study"; $("memo-text").value = ""; memoBox.showModal(); },
  before: () => { const found = Margin.step(-1); if (found) choose(found.id); }, after: () => { const found = Margin.step(1); if (found) choose(found.id); },
  close: () => choose(""), next: () => stepPassage(1), previous: () => stepPassage(-1), help: () => keys.showModal(),
  larger: () => { Pages.resize(Pages.zoom * 1.2); Margin.drawAll(); }, smaller: () => { Pages.resize(Pages.zoom / 1.2); Margin.drawAll(); }, fit: () => { Pages.resize(1); Margin.drawAll(); },
  note: () => { const given = Margin.codes.get(Margin.chosen); if (!given) return; $("note-text").value = given.note; $("note-box").showModal(); },
  search: () => { location.assign(`/search?study=${encodeURIComponent(study)}`); },
  text: () => { turnText(); },
  contents: () => { main.classList.toggle(NARROW.matches ? "contents-open" : "without-contents"); Pages.fit(); },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button, a[data-page-number], a[data-top]");
  if (!button) return;
  if (button.dataset.pageNumber) { event.preventDefault(); main.classList.remove("contents-open"); const top = Number(button.dataset.top); if (Flow.on) { Flow.toHeading(button.dataset.number); return; } Pages.toBoxes([[Number(button.dataset.pageNumber), 0, top, 0, top + 12]]); return; }
  if (button.dataset.code) return choose(button.dataset.code);
  if (button.dataset.strength) return code(Number(button.dataset.strength));
  if (["yes1", "yes2", "no"].includes(button.dataset.do) && event.detail > 1) return say("A double click decides once"); // the next code is there already
  if (button.dataset.do) return ACTS[button.dataset.do]?.();
});
for (const button of document.querySelectorAll("[data-needs=selection]")) button.addEventListener("pointerdown", (event) => event.preventDefault()); // pressing it would take the selection away

for (const box of document.querySelectorAll("[name=layer]")) {
  box.addEventListener("change", () => {
    if (box.checked) Margin.layers.add(box.value); else Margin.layers.delete(box.value);
    localStorage.setItem("jaiza-layers", JSON.stringify([...Margin.layers]));
    Margin.drawAll();
    Places.show();
  });
}
$("list-theme").addEventListener("change", () => { Margin.only = $("list-theme").value; Margin.drawAll(); Places.show(); });
$("sure").addEventListener("close", () => { if (sure.returnValue === "yes") Connection.add({ ...sureOf, sure: true }); });
memoBox.addEventListener("close", () => { if (memoBox.returnValue === "keep" && $("memo-text").value.trim()) act("memo", { ...Selecting.told(), id: crypto.randomUUID().replaceAll("-", ""), text: $("memo-text").value }); });
$("note-box").addEventListener("close", () => { const given = Margin.codes.get(Margin.chosen); if ($("note-box").returnValue === "keep" && given) act("restrength", { id: given.id, value: given.value, note: $("note-text").value }); });
$("invivo").addEventListener("close", () => {
  const made = NewCode.made();
  if (!made) return;
  act("newcode", made);
  Selecting.clear();
});

const KEYS = {
  a: "code", r: "again", i: "invivo", m: "memo", z: "undo", d: () => document.querySelector("#progress [data-do]")?.click(), v: "one", t: "text", j: "next", k: "previous",
  "[": "before", "]": "after", 1: "yes1", 2: "yes2", x: "no", 0: "no", n: "note", "?": "help", "/": "search", "+": "larger", "=": "larger", "-": "smaller", c: "contents",
  Escape: () => { if (Selecting.words) Selecting.clear(); else choose(""); },
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox";
  if (chooser.open && !typing && $("keys-on").checked) {
    const letter = chooser.querySelector(`[data-letter="${CSS.escape(event.key)}"]`);
    if (letter) { letter.checked = !letter.checked; letter.focus(); event.preventDefault(); }
    if (event.key === "1" || event.key === "2") { event.preventDefault(); code(Number(event.key)); }
    if (event.key === "+") { event.preventDefault(); inVivo(); }
    if (event.key === "Enter" && event.target.type === "checkbox") { event.preventDefault(); code(1); }
    return;
  }
  if (document.querySelector("dialog[open]") || typing || !$("keys-on").checked) return;
  if (event.key.startsWith("Arrow") && (Pages.holder.contains(event.target) || Flow.box.contains(event.target) || event.target === document.body)) { event.preventDefault(); Selecting.move(event.key, event.shiftKey); return; }
  const found = KEYS[event.key];
  if (!found || (event.repeat && !["j", "k", "[", "]", "+", "-"].includes(event.key))) return;
  event.preventDefault();
  const run = typeof found === "string" ? ACTS[found] : found;
  if (Selecting.moving) Selecting.moving.then(run); else run();
});
$("keys-on").checked = localStorage.getItem("jaiza-keys") !== "off";
$("keys-on").addEventListener("change", (event) => localStorage.setItem("jaiza-keys", event.target.checked ? "on" : "off"));

// Opening
async function open() {
  Pages.study = study;
  Pages.on = { near: Margin.draw, far: Margin.clear, worded: (page) => { Margin.draw(page); sharpen(page); } };
  const kept = JSON.parse(localStorage.getItem("jaiza-layers") || "null");
  for (const box of document.querySelectorAll("[name=layer]")) { if (kept) box.checked = kept.includes(box.value); }
  Margin.layers = new Set([...document.querySelectorAll("[name=layer]:checked")].map((box) => box.value));
  const [passages, codes] = await Promise.all([fetch(`${path("passages")}?of=${main.dataset.sha}`), fetch(path("codes"))]);
  Margin.place(await passages.json());
  Margin.take(await codes.json());
  Pages.watch();
  Pages.fit();
  Places.show();
  Selecting.onChange();
  if (localStorage.getItem("jaiza-text") === "flowing") await turnText();
  const place = new URLSearchParams(location.search);
  if (place.get("passage")) goTo({ passage: place.get("passage") });
  else if (place.get("page")) Pages.toBoxes([[Number(place.get("page")), 0, Number(place.get("top") || 0), 0, Number(place.get("top") || 0) + 12]]);
  if (place.get("code")) choose(place.get("code"));
  main.dataset.ready = "1";
  Connection.send(); // what a lost connection kept
  setInterval(look, DWELL / 2);
  setInterval(tell, TELL);
}
// Codes whose words had not been read from the page when the list was made are placed to the word once they are.
function sharpen(page) {
  const rough = (Margin.byPage.get(Number(page.dataset.page)) || []).some((one) => one.rough);
  if (!rough || sharpen.waiting || page.dataset.sharpened) return;
  page.dataset.sharpened = "1";
  sharpen.waiting = setTimeout(async () => { sharpen.waiting = null; const answer = await fetch(path("codes")).catch(() => null); if (answer?.ok) Margin.take(await answer.json()); }, 500);
}
document.addEventListener("visibilitychange", () => { if (document.hidden) tell(); });
open();
