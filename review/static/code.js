"use strict";
// The coding page: one suggestion, one decision, the next suggestion.

const $ = (id) => document.getElementById(id);
const panel = $("panel"), chooser = $("chooser"), keys = $("keys");
const query = () => location.search.slice(1);
let choosing = null; // what the chosen theme is for: { act, ... }
let newest = ""; // key of the act that was last made here
let sureOf = null; // what the question is about
let after = null; // what to do once the act that is being stored has its answer
const wentOn = new Set(); // keys of acts behind which the next suggestion was shown before they were stored
let from = null; // the suggestion from which one went to look at the passages around it
const fetched = new Set();

function item() { return $("item").dataset; }

function say(text) { $("say").textContent = text; clearTimeout(say.timer); say.timer = setTimeout(() => { $("say").textContent = ""; }, 6000); }

function trouble(text) { $("trouble").textContent = text; $("trouble").hidden = !text; }

function show(html, { focus = true } = {}) {
  panel.innerHTML = html;
  panel.scrollTop = 0;
  settle(focus);
}

function free() { // the next act may be made
  panel.removeAttribute("aria-busy");
  const waiting = after;
  after = null;
  waiting?.();
}

function turned() { panel.dataset.turn = Number(panel.dataset.turn || 0) + 1; }

function settle(focus) {
  const { source, boxes, coming } = item();
  if (source) Pages.show(source, JSON.parse(boxes || "[]"));
  if (focus) $("item-title").focus({ preventScroll: true });
  for (const url of JSON.parse(coming || "[]")) { // the next page image, before it is asked for
    fetchPicture(url);
  }
  if (item().passage) Ahead.fill();
}

// A browser has six connections to a server: what may be of use later must not keep decisions and passages waiting.
function fetchPicture(url) {
  if (fetched.has(url)) return;
  fetched.add(url);
  const image = new Image();
  image.fetchPriority = "low";
  image.src = url + Pages.scale();
}

// What waits behind the suggestion at hand, fetched beforehand: a key is answered at once, and without a connection.
const Ahead = {
  FEW: 6, // panels left at which more are fetched
  panels: [], // { html, key, source, image }: what comes behind the suggestion on the screen
  asking: false,
  said: new Set(), // places that were decided on since
  round: 0, // grows when what is being fetched is of another list, or looks otherwise, and is of no use
  keyOf: ({ source, passage, theme }) => `${source} ${passage} ${theme}`,
  async fill() {
    if (Ahead.asking || Ahead.panels.length >= Ahead.FEW) return;
    Ahead.asking = true;
    const { round } = Ahead;
    const { source, passage, theme } = item();
    const asked = Ahead.keyOf(item());
    const place = new URLSearchParams(query());
    for (const [name, value] of Object.entries({ source, passage, at: theme })) place.set(name, value);
    let panels = [];
    try {
      const response = await fetch(`/ahead?${place}`);
      if (response.ok) ({ panels } = await response.json());
    } catch { /* without a connection what is here has to do */ } finally { Ahead.asking = false; }
    if (round === Ahead.round) Ahead.take(panels);
    if (round !== Ahead.round || asked !== Ahead.keyOf(item())) Ahead.fill(); // more, where few are left
  },
  // Decisions are made while an answer is on its way, and the slower it is the more: what of it lies behind the
  // suggestion that is on the screen by now is as good as ever.
  take(panels) {
    const said = new Set([...Ahead.said, Ahead.keyOf(item()), ...Connection.waiting().map(Ahead.keyOf)]);
    const found = panels.map((html) => {
      const template = document.createElement("template");
      template.innerHTML = html;
      const data = template.content.firstElementChild.dataset;
      return { html, key: Ahead.keyOf(data), source: data.source, image: `/picture/${data.source}/${data.page}?of=${data.sha.slice(0, 12)}&scale=` };
    });
    const here = found.findIndex(({ key }) => key === Ahead.keyOf(item()));
    Ahead.panels = found.slice(here + 1).filter(({ key }) => !said.has(key));
    for (const { source, image } of Ahead.panels.slice(0, Ahead.FEW)) {
      Pages.fetchFrames(source);
      fetchPicture(image);
    }
  },
  next() { return Ahead.panels.shift(); },
  forget() { Ahead.panels = []; Ahead.said.clear(); Ahead.round += 1; },
};

const GOES_ON = new Set(["value", "change", "seen", "unsure", "skip"]); // acts after which the next suggestion comes

function act(what, given = {}) {
  if (panel.getAttribute("aria-busy")) {
    // Nobody decides on what is not on the screen yet; anything else is done as soon as it can be.
    if (GOES_ON.has(what)) return say("One moment: the next suggestion is not here yet. That key decided nothing");
    after = () => act(what, given);
    return undefined;
  }
  const { source, passage, theme, shown } = item();
  const made = {
    act: what, source, passage, theme, shown: shown === "1", note: $("note")?.value || "", query: query(),
    words: document.querySelector("#item blockquote")?.textContent.trim(), // of the passage, should it be another when this is sent
    seconds: Clock.take(), ...given,
  };
  const next = GOES_ON.has(what) && !given.stay ? Ahead.next() : null;
  if (GOES_ON.has(what)) Ahead.said.add(Ahead.keyOf(item()));
  panel.setAttribute("aria-busy", "true");
  newest = Connection.add(made);
  if (!next) {
    if (!GOES_ON.has(what) || given.stay) Ahead.forget();
    return undefined;
  }
  wentOn.add(newest);
  const open = parseInt(panel.querySelector(".count").textContent.match(/\d+ open/), 10) - (item().answered === "");
  show(next.html);
  const count = panel.querySelector(".count"); // as far as is known here; the answer has it exactly
  count.textContent = count.textContent.replace(/\d+ open/, `${Math.max(0, open)} open`);
  panel.removeAttribute("aria-busy");
  return undefined;
}

// How far the coder is, from the answer to the last act, where the next suggestion was on the screen before it came.
function update(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const answered = template.content.firstElementChild;
  if (answered.dataset.empty || Ahead.keyOf(answered.dataset) !== Ahead.keyOf(item())) return;
  for (const part of [".count", ".study-progress"]) panel.querySelector(part)?.replaceWith(answered.querySelector(part));
}

function at(given) {
  const { source, passage, theme } = item();
  const place = new URLSearchParams(query());
  for (const [name, value] of Object.entries({ source, passage, at: theme, ...given })) place.set(name, value);
  return `/item?${place}`;
}

async function go(path) {
  try {
    const response = await fetch(path, { headers: { "X-Jaiza": CSRF } });
    const answer = await response.json();
    if (!response.ok) return say(answer.error);
    Ahead.forget();
    show(answer.panel);
    turned();
  } catch { trouble("No connection to the server: try again in a moment."); }
}

Connection.on = {
  stored(answer, action, left) {
    if (answer.question) { panel.removeAttribute("aria-busy"); $("sure-text").textContent = answer.question; sureOf = action; $("sure").showModal(); return; }
    if (answer.choices) { $("choices").innerHTML = answer.choices; $("invivo-under").innerHTML = $("invivo-under").options[0].outerHTML + answer.options; }
    if (answer.panel && !left && (!newest || newest === action.key)) {
      if (wentOn.has(action.key)) update(answer.panel);
      else {
        if (!GOES_ON.has(action.act) || action.stay) Ahead.forget();
        show(answer.panel);
      }
    }
    wentOn.delete(action.key);
    turned();
    say(answer.say);
    if (!newest || newest === action.key) free();
  },
  refused(reason, action) {
    say(reason);
    trouble(`Not stored: ${reason}`);
    if (wentOn.delete(action.key)) go(`/item?${new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(query())), source: action.source, passage: action.passage, at: action.theme, step: 0 })}`);
    free();
  },
  offline(count) {
    panel.removeAttribute("aria-busy"); trouble(`No connection. ${count === 1 ? "Your decision is" : `${count} decisions are`} kept in this browser and will be sent as soon as the server answers.`); },
  online() { trouble(""); },
  shut(count) { trouble(`You are no longer logged in. ${count === 1 ? "Your decision is" : `${count} decisions are`} kept in this browser: open your link again and it will be sent.`); },
};

// Choosing a theme
async function choose(act_, given = {}, quote = "", hint = "") {
  choosing = { act: act_, ...given };
  $("chooser-title").textContent = { change: "In place of the theme proposed", add: "Add a theme or code", words: "Code the selected words" }[act_];
  $("chooser-quote").textContent = quote;
  $("chooser-quote").hidden = !quote;
  $("chooser-hint").textContent = hint || "A letter takes the theme or code, then 1 or 2 says how strong.";
  for (const radio of chooser.querySelectorAll("[name=theme]")) {
    radio.checked = false;
    radio.disabled = act_ === "change" && radio.value === item().theme;
  }
  chooser.showModal();
}

function chosen(strength) {
  const theme = chooser.querySelector("[name=theme]:checked")?.value;
  if (!theme) { $("chooser-hint").textContent = "First take a theme."; return; }
  chooser.close();
  const { act: what, ...given } = choosing;
  act(what, { ...given, to: theme, value: strength });
  getSelection().removeAllRanges();
}

async function codeWords() {
  const selected = Pages.selected();
  if (!selected) return false;
  const { from, to } = selected;
  const place = new URLSearchParams({ source: Pages.study, page: from.page, first: from.word, last: to.word, to: to.page });
  const response = await fetch(`/quote?${place}`).catch(() => null);
  if (!response?.ok) { say("These words can't be read from the page just now"); return true; }
  const { quote, hint } = await response.json();
  choose("words", { source: Pages.study, page: from.page, first: from.word, until: to.page, last: to.word }, quote, hint);
  return true;
}

// A code of one's own for the words selected, or for the whole passage; the suggestion stays, to be answered.
function newCode() {
  const selected = chooser.open ? choosing.act === "words" && { from: { page: choosing.page, word: choosing.first }, to: { page: choosing.until, word: choosing.last } } : Pages.selected();
  chooser.close();
  if (!selected && !item().passage) return say("Select words on the page image first: they are the name of the code at first");
  const { passage, source } = item();
  return selected ? NewCode.open({ ...selected, source: Pages.study }, Pages.textOf(selected)) : NewCode.open({ passage, source }, "");
}

async function open(what) {
  if (what === "add" && await codeWords()) return;
  choose(what);
}

const ACTS = {
  value: (button) => act("value", { value: Number(button.dataset.value) }),
  remove: (button) => act("remove", { to: button.dataset.theme, quote: button.dataset.quote, page: Number(button.dataset.onPage) || null }),
  note: () => act("value", { value: Number(item().answered), stay: true }),
  step: (button) => go(at({ step: button.dataset.by })),
  passage: (button) => {
    if (item().theme) from = { source: item().source, passage: item().passage, at: item().theme };
    go(at({ move: button.dataset.by }));
  },
  return: () => go(from ? at({ ...from, step: 0 }) : at({})),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const decides = GOES_ON.has(button.dataset.act);
  if (decides && event.detail > 1) return say("A double click decides once: this suggestion waits for its own answer");
  if (button.dataset.open) open(button.dataset.open);
  else if (button.dataset.act) (ACTS[button.dataset.act] || (() => act(button.dataset.act)))(button);
  else if (button.dataset.strength) chosen(Number(button.dataset.strength));
  else if (button.id === "write-note") { $("note-box").hidden = false; $("note").focus(); }
  else if (button.id === "larger") Pages.resize(Pages.zoom * 1.25);
  else if (button.id === "smaller") Pages.resize(Pages.zoom / 1.25);
  else if (button.id === "fit") Pages.resize(1);
  else if (button.id === "help") keys.showModal();
  else if (button.id === "back-to-passage") Pages.toPassage();
  else if (button.id === "code-words") codeWords();
  else if (button.id === "new-code") newCode();
});
$("judge-first").addEventListener("change", (event) => { Ahead.forget(); act(event.target.checked ? "judgefirst" : "labelfirst", { stay: true }); event.target.blur(); $("item-title").focus(); });
$("sure").addEventListener("close", () => { if ($("sure").returnValue === "yes") act(sureOf.act, { ...sureOf, sure: true, seconds: Clock.take() }); });
NewCode.box.addEventListener("close", () => { const made = NewCode.made(); if (made) act("newcode", made); getSelection().removeAllRanges(); });
// Pressing a button would take the selection away.
$("code-words").addEventListener("pointerdown", (event) => event.preventDefault());

const SAME_KEY = { 0: "x", "=": "+" };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "radio";
  if (typing) { if (event.key === "Escape") { event.target.blur(); $("item-title").focus(); } return; }
  if (!$("keys-on").checked) return;
  if (keys.open || $("sure").open || NewCode.box.open) return;
  if (chooser.open) {
    const letter = chooser.querySelector(`[data-letter="${CSS.escape(event.key)}"]`);
    if (letter && !letter.disabled) { letter.checked = true; letter.focus(); event.preventDefault(); }
    if (event.key === "1" || event.key === "2") { event.preventDefault(); chosen(Number(event.key)); }
    if (event.key === "Enter" && event.target.type === "radio") { event.preventDefault(); chosen(1); }
    if (event.key === "+") { event.preventDefault(); newCode(); }
    return;
  }
  if (event.key === "?") { event.preventDefault(); keys.showModal(); return; }
  if (event.key === "i") { event.preventDefault(); newCode(); return; }
  if (event.repeat) return; // a key held down is one decision
  if (event.key.startsWith("Arrow") && $("pages").contains(event.target)) return; // scrolls the pages
  const target = document.querySelector(`[data-key="${CSS.escape(SAME_KEY[event.key] || event.key)}"]`);
  if (!target || target.hidden) return;
  event.preventDefault();
  if (target.tagName === "INPUT") target.focus(); else target.click();
});
document.addEventListener("selectionchange", () => { $("code-words").hidden = !Pages.selected(); });
$("keys-on").checked = localStorage.getItem("jaiza-keys") !== "off";
$("keys-on").addEventListener("change", (event) => localStorage.setItem("jaiza-keys", event.target.checked ? "on" : "off"));
$("filter").addEventListener("change", (event) => { if (event.target.tagName === "SELECT") $("filter").requestSubmit(); });

settle(false);
Connection.send(); // what a lost connection kept
