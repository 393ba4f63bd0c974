"use strict";
// What is selected on the pages: words by mouse or by keyboard, or a whole passage. One selection at a time.

const Selecting = {
  words: null, // { from: { page, word }, to: { page, word } } or null
  anchor: null, // where a selection by keyboard began
  cursor: null,
  passage: "", // the passage at hand, where no words are selected
  onChange() {}, // set by the page

  set(words) {
    Selecting.words = words && (Flow.on ? words : Selecting.ordered(words));
    Selecting.paint();
    Selecting.onChange();
  },
  clear() {
    Selecting.words = Selecting.anchor = Selecting.cursor = Flow.first = Flow.cursor = null;
    getSelection().removeAllRanges();
    Selecting.paint();
    Selecting.onChange();
  },
  ordered({ from, to }) {
    return from.page < to.page || (from.page === to.page && from.word <= to.word) ? { from, to } : { from: to, to: from };
  },
  // The words of a page that are selected, as numbers: [first, last], or null.
  onPage(number) {
    const chosen = Selecting.words;
    if (!chosen || number < chosen.from.page || number > chosen.to.page) return null;
    const last = (Pages.words.get(number)?.length || 1) - 1;
    return [number === chosen.from.page ? chosen.from.word : 0, number === chosen.to.page ? chosen.to.word : last];
  },
  boxes() {
    const found = [];
    for (let page = Selecting.words?.from.page; page <= Selecting.words?.to.page; page += 1) {
      const [first, last] = Selecting.onPage(page);
      let line = null;
      for (const [, x0, top, x1, bottom] of (Pages.words.get(page) || []).slice(first, last + 1)) {
        if (line && Math.abs(line[2] - top) < (bottom - top) / 2 && x0 >= line[1]) { line[3] = x1; line[4] = Math.max(line[4], bottom); } else found.push(line = [page, x0, top, x1, bottom]);
      }
    }
    return found;
  },
  text() {
    if (Flow.on) return Flow.text();
    return Selecting.words ? Pages.textOf(Selecting.words) : "";
  },
  paint() {
    if (Flow.on) return Flow.tint();
    const before = Margin.selection;
    Margin.selection = Selecting.words ? Selecting.boxes() : [];
    for (const number of new Set([...before, ...Margin.selection].map((box) => box[0]))) Margin.draw(Pages.page(number));
    return undefined;
  },
  // By keyboard: the next word, the one before, the one above or below; with `extend` the selection grows to it.
  moving: null, // keys that are not carried out yet, for the words of a page are still on their way
  move(key, extend) {
    const moved = (Selecting.moving || Promise.resolve()).then(() => Selecting.step(key, extend));
    Selecting.moving = moved;
    return moved.finally(() => { if (Selecting.moving === moved) Selecting.moving = null; });
  },
  async step(key, extend) {
    if (Flow.on) return Flow.move(key, extend);
    const at = Selecting.cursor || await Selecting.start();
    if (!at) return undefined;
    const words = await Pages.addWords(Pages.page(at.page)) || [];
    let next = at;
    if (Selecting.cursor) {
      if (key === "ArrowRight") next = at.word + 1 < words.length ? { page: at.page, word: at.word + 1 } : await Selecting.firstOf(at.page + 1) || at;
      else if (key === "ArrowLeft") next = at.word > 0 ? { page: at.page, word: at.word - 1 } : await Selecting.lastOf(at.page - 1) || at;
      else next = { page: at.page, word: Selecting.nextLine(words, at.word, key === "ArrowDown" ? 1 : -1) };
    }
    if (extend && !Selecting.anchor) Selecting.anchor = at;
    if (!extend) Selecting.anchor = next;
    Selecting.cursor = next;
    Selecting.set({ from: Selecting.anchor, to: next });
    const word = Pages.words.get(next.page)?.[next.word];
    if (word) Selecting.bringIntoView([next.page, ...word.slice(1)]);
    return undefined;
  },
  // The first word of the passage at hand, or of the page in view.
  async start() {
    const boxes = Margin.passages.get(Selecting.passage)?.boxes;
    const page = boxes?.[0][0] || Selecting.pageInView();
    const words = await Pages.addWords(Pages.page(page));
    if (!words?.length) return null;
    const word = boxes ? words.findIndex(([, x0, top, x1, bottom]) => (x0 + x1) / 2 >= boxes[0][1] && (x0 + x1) / 2 <= boxes[0][3] && (top + bottom) / 2 >= boxes[0][2] && (top + bottom) / 2 <= boxes[0][4]) : 0;
    return { page, word: Math.max(0, word) };
  },
  pageInView() {
    const middle = Pages.holder.getBoundingClientRect().top + Pages.holder.clientHeight / 3;
    const page = [...Pages.all()].find((one) => one.getBoundingClientRect().bottom > middle);
    return Number(page?.dataset.page || 1);
  },
  async firstOf(number) { const page = Pages.page(number); return page && (await Pages.addWords(page))?.length ? { page: number, word: 0 } : null; },
  async lastOf(number) { const page = Pages.page(number); const words = page && await Pages.addWords(page); return words?.length ? { page: number, word: words.length - 1 } : null; },
  nextLine(words, at, by) {
    const [, x0, top, x1, bottom] = words[at];
    const middle = (x0 + x1) / 2, height = bottom - top;
    let best = at, score = Infinity;
    words.forEach(([, a, t, b], index) => {
      const down = (t - top) * by;
      if (down < height / 2) return;
      const off = down * 20 + Math.abs((a + b) / 2 - middle);
      if (off < score) { score = off; best = index; }
    });
    return best;
  },
  bringIntoView(box) {
    const page = Pages.page(box[0]);
    const y = page.offsetTop - Pages.holder.offsetTop + box[2] * Pages.scaleOf(page);
    const { scrollTop, clientHeight } = Pages.holder;
    if (y < scrollTop + 40 || y > scrollTop + clientHeight - 60) Pages.holder.scrollTo({ top: y - clientHeight / 3, behavior: "instant" });
  },
  // What an act is told of the selection.
  told() { return Selecting.words || (Selecting.passage ? { passage: Selecting.passage } : null); },
};
