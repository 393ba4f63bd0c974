"use strict";
// The codes of a document: a stripe a code in the margin of its pages, in the theme's colour, and the words tinted.

const LANE = 11, ROOM = 56; // pixels that a stripe takes, and that all stripes of a page have
const KINDS = { mine: "yours", others: "another coder's", machine: "proposed by the machine", published: "published", adjudicated: "ruled", memos: "a memo" };

const Margin = {
  stored: new Map(), // id -> code as the server tells it
  codes: new Map(), // the same with what waits to be sent
  passages: new Map(), // id -> { id, boxes, page }
  order: [], // passage ids in the order of the text
  themes: new Map(), // code -> { code, name, colour, ... }
  layers: new Set(["mine"]),
  only: "", // one theme, where one is gone through alone
  chosen: "", // id of the code that is looked at
  selection: [], // boxes of the words selected
  current: "", // the passage at hand
  byPage: new Map(),
  onChoose() {}, // set by the page

  place(passages) {
    Margin.order = passages.map(([id]) => id);
    Margin.passages = new Map(passages.map(([id, boxes]) => [id, { id, boxes, page: boxes[0][0] }]));
  },
  take({ themes, codes }) {
    if (themes) Margin.themes = new Map(themes.map((theme) => [theme.code, theme]));
    Margin.stored = new Map(codes.map((code) => [code.id, code]));
    Margin.sort();
    Margin.drawAll();
  },
  change({ added = [], removed = [] }) {
    const before = Margin.codes;
    for (const id of removed) Margin.stored.delete(id);
    for (const code of added) Margin.stored.set(code.id, code);
    Margin.sort();
    const other = [...before.values(), ...Margin.codes.values()].filter((code) => before.get(code.id) !== Margin.codes.get(code.id));
    Margin.drawPages(other);
    if (other.length) Flow.draw(other);
  },
  drawPages(codes) { for (const number of new Set(codes.flatMap((code) => Margin.boxes(code).map((box) => box[0])))) Margin.draw(Pages.page(number)); },
  boxes(code) { return code.boxes || Margin.passages.get(code.passage)?.boxes || []; },
  short(code) { return Margin.themes.get(code)?.short || code; },
  title(code) { const { short = code, name = code, own } = Margin.themes.get(code) || {}; return own || short === name ? name : `${short} ${name}`; },
  // A theme or code with those it stands under, the nearest first.
  above(code) { const found = []; for (let at = code; at && !found.includes(at); at = Margin.themes.get(at)?.under) found.push(at); return found; },
  colour(code) { return Margin.themes.get(code)?.colour || "#777777"; },
  shown(code) { return Margin.layers.has(code.layer) && (!Margin.only || Margin.above(code.theme).includes(Margin.only)) && !(code.layer === "mine" && code.value === 0) && !(code.layer === "machine" && code.answered); },
  sort() {
    Margin.codes = Waiting.over(Margin.stored);
    Margin.byPage.clear();
    for (const code of Margin.codes.values()) {
      for (const number of new Set(Margin.boxes(code).map((box) => box[0]))) {
        if (!Margin.byPage.has(number)) Margin.byPage.set(number, []);
        Margin.byPage.get(number).push(code);
      }
    }
  },
  drawAll() { Flow.draw(); for (const page of Pages.all()) if (page.dataset.worded || page.querySelector(".stripes")) Margin.draw(page); },
  clear(page) { page.querySelector(".marks").replaceChildren(); page.querySelector(".stripes")?.remove(); }, // drawn again when it is near
  draw(page) {
    const number = Number(page.dataset.page);
    const svg = page.querySelector(".marks");
    svg.replaceChildren();
    let strip = page.querySelector(".stripes");
    if (!strip) { strip = document.createElement("div"); strip.className = "stripes"; page.append(strip); }
    strip.replaceChildren();
    const here = (Margin.byPage.get(number) || []).filter(Margin.shown).map((code) => {
      const boxes = Margin.boxes(code).filter((box) => box[0] === number);
      return { code, boxes, top: Math.min(...boxes.map((box) => box[2])), bottom: Math.max(...boxes.map((box) => box[4])) };
    });
    here.sort((a, b) => a.top - b.top || b.bottom - a.bottom);
    const lanes = [], laned = [];
    for (const one of here) {
      let lane = lanes.findIndex((end) => end < one.top);
      if (lane < 0) lane = lanes.length;
      lanes[lane] = one.bottom;
      laned.push(lane);
    }
    const width = Math.min(LANE, ROOM / Math.max(1, lanes.length));
    for (const [index, one] of here.entries()) {
      strip.append(Margin.stripe(one, laned[index] * width, Number(page.dataset.height)));
      if (["machine", "memos"].includes(one.code.layer) && one.code.id !== Margin.chosen) continue; // what nobody has said tints nothing
      for (const box of one.boxes) {
        const rect = Pages.rect(box);
        rect.style.fill = Margin.colour(one.code.theme);
        rect.classList.add("tint");
        if (one.code.id === Margin.chosen) rect.classList.add("chosen");
        svg.append(rect);
      }
    }
    const current = Margin.passages.get(Margin.current);
    for (const box of current?.boxes || []) if (box[0] === number) { const rect = Pages.rect(box, 2.5); rect.classList.add("current"); svg.append(rect); }
    for (const box of Margin.selection) if (box[0] === number) { const rect = Pages.rect(box); rect.classList.add("selected"); svg.append(rect); }
  },
  stripe({ code, top, bottom }, left, height) {
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1; // gone through with [ and ]
    button.className = `stripe ${code.layer}${code.waiting ? " waiting" : ""}`;
    button.dataset.code = code.id;
    button.style.top = `${(100 * top) / height}%`;
    button.style.height = `${(100 * (bottom - top)) / height}%`;
    button.style.insetInlineStart = `${left}px`;
    button.style.setProperty("--colour", Margin.colour(code.theme));
    const label = `${Margin.title(code.theme)}: ${code.said}, ${code.layer === "mine" ? "yours" : code.who || KINDS[code.layer]}`;
    button.title = label;
    button.setAttribute("aria-label", label);
    if (code.id === Margin.chosen) button.setAttribute("aria-pressed", "true");
    const name = document.createElement("span");
    name.textContent = code.layer === "memos" ? "✎" : Margin.short(code.theme);
    name.setAttribute("aria-hidden", "true");
    button.append(name);
    return button;
  },
  // All that is shown, in the order of the pages.
  inOrder() {
    const place = (code) => { const [page, , top] = Margin.boxes(code)[0] || [1e9, 0, 0]; return page * 1e5 + top; };
    return [...Margin.codes.values()].filter((code) => Margin.shown(code) && Margin.boxes(code).length).sort((a, b) => place(a) - place(b) || a.id.localeCompare(b.id));
  },
  step(by) {
    const all = Margin.inOrder();
    if (!all.length) return null;
    const at = all.findIndex((code) => code.id === Margin.chosen);
    return all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length];
  },
};
