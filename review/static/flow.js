"use strict";
// The document as flowing text: the same passages, codes and selection as on the page images, in running words.

const Flow = {
  box: document.getElementById("flow"),
  on: false,
  pieces: new Map(), // key -> { element, text, words: where each begins }; a key is a passage's id or "#" and a block's number
  order: [], // keys in the order of the text
  visible: new Set(), // ids of the passages that are on the screen as a whole
  ranges: new Map(), // passage id -> [start, end, code]
  first: null, // end of a selection by keyboard: { key, word }
  cursor: null,

  async show(study) {
    if (!Flow.order.length) {
      const response = await fetch(`/document/${encodeURIComponent(study)}/text?of=${main.dataset.sha}`).catch(() => null);
      if (!response?.ok) return false;
      Flow.fill(await response.json());
    }
    Flow.on = true;
    Flow.box.hidden = false;
    Pages.holder.hidden = true;
    Flow.draw();
    return true;
  },
  hide() {
    Flow.on = false;
    Flow.box.hidden = true;
    Pages.holder.hidden = false;
  },
  fill(pieces) {
    Flow.seen = new IntersectionObserver((entries) => {
      for (const { target, intersectionRatio } of entries) if (intersectionRatio > 0.95) Flow.visible.add(target.dataset.key); else Flow.visible.delete(target.dataset.key);
    }, { root: Flow.box, threshold: [0, 0.96] });
    for (const { kind, text, passage, block, level, number, page } of pieces) {
      const element = document.createElement(kind === "heading" ? `h${Math.min(level, 3) + 1}` : "p");
      const key = passage || `#${block}`;
      element.className = kind;
      element.dataset.key = key;
      element.dataset.page = page;
      if (number >= 0) element.dataset.heading = number;
      element.textContent = text;
      let at = 0;
      const words = text.split(" ").map((word) => { const from = at; at += word.length + 1; return from; });
      Flow.pieces.set(key, { element, text, words });
      Flow.order.push(key);
      Flow.box.append(element);
      if (passage) Flow.seen.observe(element);
    }
  },
  element(key) { return Flow.pieces.get(key)?.element; },
  to(key) { const found = Flow.element(key); if (found) Flow.box.scrollTo({ top: found.offsetTop - Flow.box.clientHeight / 4, behavior: "instant" }); },
  toHeading(number) { const found = Flow.box.querySelector(`[data-heading="${Number(number)}"]`); if (found) Flow.box.scrollTo({ top: found.offsetTop - 8, behavior: "instant" }); },
  // The first passage that is in view.
  inView() {
    const top = Flow.box.getBoundingClientRect().top + Flow.box.clientHeight / 4;
    return Flow.order.find((key) => !key.startsWith("#") && Flow.element(key).getBoundingClientRect().bottom > top) || "";
  },

  // Selecting: { from: { passage or block, word }, to: ... }
  place(key, word) { return key.startsWith("#") ? { block: Number(key.slice(1)), word } : { passage: key, word }; },
  key({ passage, block }) { return passage || `#${block}`; },
  range({ from, to }) {
    const [a, b] = [Flow.pieces.get(Flow.key(from)), Flow.pieces.get(Flow.key(to))];
    const range = document.createRange();
    range.setStart(a.element.firstChild, a.words[from.word]);
    range.setEnd(b.element.firstChild, (b.words[to.word + 1] ?? b.text.length + 1) - 1);
    return range;
  },
  wordAt(key, offset) { const { words } = Flow.pieces.get(key); let at = words.length - 1; while (at > 0 && words[at] > offset) at -= 1; return at; },
  // What is selected with the mouse.
  selected() {
    const selection = getSelection();
    if (!Flow.on || !selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const end = (node, offset, last) => {
      const element = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.("[data-key]");
      if (!element || !Flow.box.contains(element)) return null;
      const { key } = element.dataset, { length } = Flow.pieces.get(key).text, at = node === element.firstChild ? offset : last ? length : 0;
      return Flow.place(key, Flow.wordAt(key, last ? Math.max(0, at - 1) : Math.min(at, length - 1)));
    };
    const from = end(range.startContainer, range.startOffset, false);
    let to = end(range.endContainer, range.endOffset, true);
    if (from && !to) to = Flow.place(Flow.key(from), Flow.pieces.get(Flow.key(from)).words.length - 1);
    return from && to ? { from, to } : null;
  },
  move(key, extend) {
    let at = Flow.cursor;
    if (!at) { const start = Selecting.passage || Flow.inView(); if (!start) return; at = { key: start, word: 0 }; } else at = Flow.next(at, key);
    if (extend && !Flow.first) Flow.first = Flow.cursor || at;
    if (!extend) Flow.first = at;
    Flow.cursor = at;
    const [a, b] = Flow.before(Flow.first, at) ? [Flow.first, at] : [at, Flow.first];
    Selecting.set({ from: Flow.place(a.key, a.word), to: Flow.place(b.key, b.word) });
    const rect = Flow.range({ from: Flow.place(at.key, at.word), to: Flow.place(at.key, at.word) }).getBoundingClientRect(), view = Flow.box.getBoundingClientRect();
    if (rect.top < view.top + 20 || rect.bottom > view.bottom - 30) Flow.box.scrollBy({ top: rect.top - view.top - view.height / 3, behavior: "instant" });
  },
  before(a, b) { const [x, y] = [Flow.order.indexOf(a.key), Flow.order.indexOf(b.key)]; return x < y || (x === y && a.word <= b.word); },
  next({ key, word }, pressed) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[pressed];
    const inside = (number) => number >= 0 && number < Flow.pieces.get(key).words.length;
    if (by) return inside(word + by) ? { key, word: word + by } : Flow.neighbour(key, by, by > 0) || { key, word };
    return Flow.line({ key, word }, pressed === "ArrowDown" ? 1 : -1);
  },
  neighbour(key, by, first) {
    let at = Flow.order.indexOf(key) + by;
    while (Flow.order[at]?.startsWith("#")) at += by;
    const found = Flow.order[at];
    return found ? { key: found, word: first ? 0 : Flow.pieces.get(found).words.length - 1 } : null;
  },
  line({ key, word }, by) { // the word below or above
    const rect = (one) => Flow.range({ from: Flow.place(one.key, one.word), to: Flow.place(one.key, one.word) }).getBoundingClientRect();
    const here = rect({ key, word }), middle = here.left + here.width / 2;
    let at = { key, word }, best = null;
    for (let step = 0; step < 60; step += 1) {
      at = Flow.next(at, by > 0 ? "ArrowRight" : "ArrowLeft");
      const there = rect(at), down = (there.top - here.top) * by;
      if (down < here.height / 2) continue;
      if (best && Math.abs(there.top - best.top) > here.height / 2) break;
      const off = Math.abs(there.left + there.width / 2 - middle);
      if (!best || off < best.off) best = { at, off, top: there.top };
    }
    return best?.at || { key, word };
  },
  text() {
    const { from, to } = Selecting.words || {};
    if (!from) return "";
    const [begin, end] = [Flow.key(from), Flow.key(to)], found = [];
    for (let at = Flow.order.indexOf(begin); at <= Flow.order.indexOf(end); at += 1) {
      const key = Flow.order[at], { text } = Flow.pieces.get(key);
      if (key.startsWith("#") && begin !== end) continue; // what stands between is no part of it
      found.push(text.split(" ").slice(key === begin ? from.word : 0, key === end ? to.word + 1 : undefined).join(" "));
    }
    return found.join(" ");
  },

  // The codes: tinted words, and stripes beside each passage; with `changed` only beside those that these codes touch.
  draw(changed = null) {
    if (!Flow.on) return;
    const touched = changed && new Set(changed.flatMap((code) => Flow.parts(code).map(([key]) => key)));
    const drawn = (key) => !touched || touched.has(key);
    const tints = new Map(), byPassage = new Map();
    for (const code of Margin.codes.values()) {
      if (!Margin.shown(code)) continue;
      const parts = Flow.parts(code);
      for (const [key, start, end] of parts) {
        if (!byPassage.has(key)) byPassage.set(key, []);
        byPassage.get(key).push(code);
        if (["machine", "memos"].includes(code.layer) && code.id !== Margin.chosen) continue;
        const range = document.createRange(), { firstChild } = Flow.element(key);
        range.setStart(firstChild, start);
        range.setEnd(firstChild, end);
        const colour = code.id === Margin.chosen ? "chosen" : Margin.colour(code.theme);
        if (!tints.has(colour)) tints.set(colour, []);
        tints.get(colour).push(range);
      }
    }
    for (const key of touched || Flow.order) Flow.element(key).querySelector(".stripes")?.remove();
    for (const [key, codes] of byPassage) if (drawn(key)) Flow.stripes(key, codes);
    for (const key of Flow.order) Flow.element(key).classList.toggle("current", key === Selecting.passage);
    Flow.tints = tints;
    Flow.tint();
  },
  stripes(key, codes) {
    const strip = document.createElement("span"), width = Math.min(LANE, ROOM / codes.length);
    strip.className = "stripes";
    codes.forEach((code, lane) => strip.append(Margin.stripe({ code, top: 0, bottom: 1 }, lane * width, 1)));
    Flow.element(key).append(strip);
  },
  // Where a code stands: [passage, start, end], over several passages one after the other.
  known: new WeakMap(),
  parts(code) {
    if (!Flow.known.has(code)) Flow.known.set(code, Flow.find(code));
    return Flow.known.get(code);
  },
  find(code) {
    const found = [];
    let rest = code.quote, at = Flow.order.indexOf(code.passage);
    if (at < 0) return found;
    let text = Flow.pieces.get(code.passage).text, start = text.indexOf(rest);
    if (start >= 0) return [[code.passage, start, start + rest.length]];
    for (start = 0; start < text.length && !rest.startsWith(text.slice(start)); start += 1);
    while (start < text.length) {
      const length = Math.min(text.length - start, rest.length);
      found.push([Flow.order[at], start, start + length]);
      rest = rest.slice(length).trimStart();
      do at += 1; while (Flow.order[at]?.startsWith("#"));
      if (!rest || at >= Flow.order.length) break;
      ({ text } = Flow.pieces.get(Flow.order[at]));
      start = text.startsWith(rest.slice(0, text.length)) || rest.startsWith(text) ? 0 : text.length;
    }
    return found.length ? found : [[code.passage, 0, Flow.pieces.get(code.passage).text.length]];
  },
  tints: new Map(),
  sheet: null,
  tint() {
    if (!window.CSS?.highlights) return; // an older browser: the stripes alone
    if (!Flow.sheet) { Flow.sheet = new CSSStyleSheet(); document.adoptedStyleSheets = [...document.adoptedStyleSheets, Flow.sheet]; }
    CSS.highlights.clear();
    const rules = [];
    [...Flow.tints].forEach(([colour, ranges], number) => {
      CSS.highlights.set(`code-${number}`, new Highlight(...ranges));
      rules.push(`::highlight(code-${number}) { background-color: ${colour === "chosen" ? "rgb(255 214 51 / 55%)" : `color-mix(in srgb, ${colour} 26%, transparent)`}; }`);
    });
    if (Selecting.words && Flow.on && "word" in Selecting.words.from && !("page" in Selecting.words.from)) {
      const marked = new Highlight(Flow.range(Selecting.words));
      marked.priority = 2;
      CSS.highlights.set("selected", marked);
      rules.push("::highlight(selected) { background-color: rgb(30 120 230 / 45%); }");
    }
    Flow.sheet.replaceSync(rules.join("\n"));
  },
};
