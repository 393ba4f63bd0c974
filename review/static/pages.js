"use strict";
// The page images of a study: words selectable, sharp at every size. Only what is near the screen has words in it.

const SVG = "http://www.w3.org/2000/svg";
const PAD = 1.5; // points by which a mark reaches over the letters
const PASSING = 80; // milliseconds: what is only scrolled past, half a screen in this time, is not asked for, so that nothing waits behind it
const pen = document.createElement("canvas").getContext("2d");

const Pages = {
  holder: document.getElementById("pages"),
  study: "",
  zoom: 1,
  boxes: [],
  near: null,
  words: new Map(), // page number -> its words, [text, x0, top, x1, bottom], of the pages near the screen
  on: { near() {}, far() {}, worded() {} }, // set by the page that uses this
  scales: JSON.parse(document.getElementById("pages").dataset.scales),

  frames: new Map(), // study -> the frames of its pages, where they were fetched beforehand

  async fetchFrames(study) {
    if (Pages.frames.has(study)) return Pages.frames.get(study);
    const response = await fetch(`/pages/${encodeURIComponent(study)}`, { priority: study === Pages.study ? "auto" : "low" }).catch(() => null);
    if (!response?.ok) return "";
    Pages.frames.set(study, await response.text());
    return Pages.frames.get(study);
  },
  async show(study, boxes) {
    Pages.boxes = boxes;
    if (study !== Pages.study) {
      Pages.study = study;
      const html = await Pages.fetchFrames(study);
      if (study !== Pages.study) return; // another study was asked for in the meantime
      Pages.holder.innerHTML = html;
      Pages.watch();
    }
    Pages.mark();
    Pages.toPassage();
  },
  watch() {
    Pages.near?.disconnect();
    Pages.words.clear();
    Pages.near = new IntersectionObserver(Pages.onNear, { root: Pages.holder, rootMargin: "100% 0px" });
    for (const page of Pages.all()) {
      page.querySelector("img").style.aspectRatio = `${page.dataset.width} / ${page.dataset.height}`; // before its picture is here
      Pages.near.observe(page);
    }
  },
  all() { return Pages.holder.querySelectorAll(".page"); },
  page(number) { return Pages.holder.querySelector(`.page[data-page="${Number(number)}"]`); },
  // Pixels on the screen per point of the page.
  scaleOf(page) { return page.querySelector("img").clientWidth / page.dataset.width; },
  rect([, x0, top, x1, bottom], pad = PAD) {
    const rect = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ x: x0 - pad, y: top - pad, width: x1 - x0 + 2 * pad, height: bottom - top + 2 * pad })) rect.setAttribute(name, value);
    return rect;
  },
  mark() {
    for (const svg of Pages.holder.querySelectorAll(".marks")) svg.replaceChildren();
    for (const box of Pages.boxes) Pages.page(box[0])?.querySelector(".marks")?.append(Pages.rect(box));
  },
  // The scale at which the browser will want a page: the smallest that is sharp here.
  scale() {
    const page = Pages.all()[0];
    const need = page ? Pages.scaleOf(page) * devicePixelRatio : 0;
    return Pages.scales.find((scale) => scale >= need) || Pages.scales.at(-1);
  },
  toPassage() { Pages.toBoxes(Pages.boxes); },
  toBoxes(boxes) {
    const [number, x0, top] = boxes[0] || [];
    const page = Pages.page(number);
    if (!page) return;
    const scale = Pages.scaleOf(page);
    const last = boxes.filter((box) => box[0] === number).at(-1);
    const height = (last[4] - top) * scale;
    const room = Math.max(24, (Pages.holder.clientHeight - height) / 3);
    Pages.holder.scrollTo({ top: page.offsetTop - Pages.holder.offsetTop + top * scale - room, left: Pages.zoom > 1 ? x0 * scale - 40 : 0, behavior: "instant" });
  },
  resize(zoom) {
    Pages.zoom = Math.min(4, Math.max(0.5, zoom));
    Pages.holder.style.setProperty("--zoom", Pages.zoom);
    Pages.fit();
    Pages.toPassage();
  },
  fit() { // tells the browser how large the pages are, so that it takes the sharper picture where that is needed
    for (const page of Pages.all()) Pages.fitOne(page);
  },
  fitOne(page) {
    const image = page.querySelector("img");
    image.sizes = `${Math.round(image.clientWidth)}px`;
    page.querySelector(".words").style.transform = `scale(${Pages.scaleOf(page)})`;
  },
  onNear(entries) {
    for (const { isIntersecting, target } of entries) {
      target.dataset.near = isIntersecting ? "1" : "";
      if (isIntersecting) {
        Pages.fitOne(target);
        setTimeout(Pages.fetchPage, PASSING, target, Pages.holder.scrollTop);
      } else Pages.leave(target);
    }
  },
  fetchPage(page, top) {
    if (!page.dataset.near || !page.isConnected) return;
    const now = Pages.holder.scrollTop;
    if (Math.abs(now - top) > Pages.holder.clientHeight / 2) { setTimeout(Pages.fetchPage, PASSING, page, now); return; }
    const image = page.querySelector("img");
    if (!image.hasAttribute("src")) { image.srcset = image.dataset.srcset; image.src = image.dataset.src; }
    Pages.on.near(page);
    Pages.addWords(page);
  },
  leave(page) {
    const image = page.querySelector("img");
    if (!image.complete) { image.removeAttribute("srcset"); image.removeAttribute("src"); } // on its way for nobody
    Pages.on.far(page);
    if (page.dataset.worded && !getSelection().containsNode(page, true)) { // a document of 300 pages has 150,000 words
      page.querySelector(".words").replaceChildren();
      Pages.words.delete(Number(page.dataset.page));
      Pages.asked.delete(page);
      delete page.dataset.worded;
    }
  },
  asked: new Map(), // page -> its words on their way
  async addWords(page) {
    const known = Pages.words.get(Number(page.dataset.page));
    if (known) return known;
    if (Pages.asked.has(page)) return Pages.asked.get(page);
    const asked = Pages.fetchWords(page);
    Pages.asked.set(page, asked);
    asked.finally(() => { if (Pages.asked.get(page) === asked) Pages.asked.delete(page); });
    return asked;
  },
  async fetchWords(page) {
    const number = Number(page.dataset.page);
    page.dataset.worded = "1";
    const study = Pages.study;
    const response = await fetch(page.dataset.words, { priority: "low" }).catch(() => null);
    if (!response?.ok) { delete page.dataset.worded; return undefined; }
    const words = await response.json();
    if (study !== Pages.study || !page.dataset.worded) return words;
    const layer = page.querySelector(".words");
    layer.replaceChildren();
    words.forEach(([text, x0, top, x1, bottom], index) => {
      const span = document.createElement("span");
      const size = Math.max(1, bottom - top);
      pen.font = `${size}px sans-serif`;
      span.textContent = text;
      span.dataset.word = index;
      span.style.left = `${x0}px`;
      span.style.top = `${top}px`;
      span.style.fontSize = `${size}px`;
      span.style.transform = `scaleX(${(x1 - x0) / (pen.measureText(text).width || 1)})`;
      layer.append(span, " ");
    });
    layer.style.transform = `scale(${Pages.scaleOf(page)})`;
    Pages.words.set(number, words);
    Pages.on.worded(page);
    return words;
  },
  // What is selected with the mouse, over one page or more: { from: { page, word }, to: { page, word } }, or null.
  selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!Pages.holder.contains(range.commonAncestorContainer) && !range.intersectsNode(Pages.holder)) return null;
    const touched = [];
    for (const page of Pages.all()) {
      if (!page.dataset.worded || !range.intersectsNode(page)) continue;
      const spans = [...page.querySelectorAll(".words span")].filter((span) => {
        const word = document.createRange();
        word.selectNodeContents(span);
        return range.compareBoundaryPoints(Range.END_TO_START, word) < 0 && range.compareBoundaryPoints(Range.START_TO_END, word) > 0;
      });
      if (spans.length) touched.push([Number(page.dataset.page), Number(spans[0].dataset.word), Number(spans.at(-1).dataset.word)]);
    }
    if (!touched.length) return null;
    return { from: { page: touched[0][0], word: touched[0][1] }, to: { page: touched.at(-1)[0], word: touched.at(-1)[2] } };
  },
  // The words of a selection, over one page or more, of the pages near the screen.
  textOf({ from, to }) {
    const found = [];
    for (let { page } = from; page <= to.page; page += 1) {
      const words = (Pages.words.get(page) || []).slice(page === from.page ? from.word : 0, page === to.page ? to.word + 1 : undefined);
      found.push(...words.map(([text]) => text));
    }
    return found.join(" ").replaceAll("\u00ad ", "");
  },
};
addEventListener("resize", () => Pages.fit());
