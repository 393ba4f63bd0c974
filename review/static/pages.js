"use strict";
// The page images of a study: the passage marked, the words selectable, sharp at every size.

const SVG = "http://www.w3.org/2000/svg";
const PAD = 1.5; // points by which a mark reaches over the letters
const pen = document.createElement("canvas").getContext("2d");

const Pages = {
  holder: document.getElementById("pages"),
  study: "",
  zoom: 1,
  boxes: [],
  near: null,
  scales: JSON.parse(document.getElementById("pages").dataset.scales),

  async show(study, boxes) {
    Pages.boxes = boxes;
    if (study !== Pages.study) {
      Pages.study = study;
      const response = await fetch(`/pages/${encodeURIComponent(study)}`);
      const html = response.ok ? await response.text() : "";
      if (study !== Pages.study) return; // another study was asked for in the meantime
      Pages.holder.innerHTML = html;
      Pages.near?.disconnect();
      Pages.near = new IntersectionObserver(Pages.onNear, { root: Pages.holder, rootMargin: "200px" });
      for (const page of Pages.all()) Pages.near.observe(page);
    }
    Pages.mark();
    Pages.toPassage();
  },
  all() { return Pages.holder.querySelectorAll(".page"); },
  page(number) { return Pages.holder.querySelector(`.page[data-page="${Number(number)}"]`); },
  mark() {
    for (const svg of Pages.holder.querySelectorAll(".marks")) svg.replaceChildren();
    for (const [number, x0, top, x1, bottom] of Pages.boxes) {
      const svg = Pages.page(number)?.querySelector(".marks");
      if (!svg) continue;
      const rect = document.createElementNS(SVG, "rect");
      for (const [name, value] of Object.entries({ x: x0 - PAD, y: top - PAD, width: x1 - x0 + 2 * PAD, height: bottom - top + 2 * PAD })) rect.setAttribute(name, value);
      svg.append(rect);
    }
  },
  // The scale at which the browser will want a page: the smallest that is sharp here.
  scale() {
    const page = Pages.all()[0];
    const need = page ? (page.clientWidth / page.dataset.width) * devicePixelRatio : 0;
    return Pages.scales.find((scale) => scale >= need) || Pages.scales.at(-1);
  },
  toPassage() {
    const [number, x0, top] = Pages.boxes[0] || [];
    const page = Pages.page(number);
    if (!page) return;
    const scale = page.clientWidth / page.dataset.width;
    const last = Pages.boxes.filter((box) => box[0] === number).at(-1);
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
    for (const page of Pages.all()) {
      page.querySelector("img").sizes = `${Math.round(page.clientWidth)}px`;
      page.querySelector(".words").style.transform = `scale(${page.clientWidth / page.dataset.width})`;
    }
  },
  onNear(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      target.querySelector("img").sizes = `${Math.round(target.clientWidth)}px`;
      if (!target.dataset.worded) Pages.addWords(target);
    }
  },
  async addWords(page) {
    page.dataset.worded = "1";
    const study = Pages.study;
    const response = await fetch(`/words/${encodeURIComponent(study)}/${page.dataset.page}`).catch(() => null);
    if (!response?.ok) { delete page.dataset.worded; return; }
    const words = await response.json();
    if (study !== Pages.study) return;
    const layer = page.querySelector(".words");
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
    layer.style.transform = `scale(${page.clientWidth / page.dataset.width})`;
  },
  // What is selected on a page image: { page, first, last } by the words' numbers, or null.
  selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const start = range.startContainer.nodeType === Node.ELEMENT_NODE ? range.startContainer : range.startContainer.parentElement;
    const page = start?.closest(".page") || Pages.holder.querySelector(".page .words span")?.closest(".page");
    if (!page || !Pages.holder.contains(start)) return null;
    const touched = [...page.querySelectorAll(".words span")].filter((span) => {
      const word = document.createRange();
      word.selectNodeContents(span);
      return range.compareBoundaryPoints(Range.END_TO_START, word) < 0 && range.compareBoundaryPoints(Range.START_TO_END, word) > 0;
    });
    if (!touched.length) return null;
    return { page: Number(page.dataset.page), first: Number(touched[0].dataset.word), last: Number(touched.at(-1).dataset.word) };
  },
};
addEventListener("resize", () => Pages.fit());
