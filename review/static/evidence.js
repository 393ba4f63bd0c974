"use strict";
// Marks the passages on the page images of a cell, and brings each into view.
const PAD = 1.5; // points by which a mark reaches over the letters
for (const page of document.querySelectorAll(".page[data-boxes]")) {
  const svg = page.querySelector(".marks"), image = page.querySelector("img");
  const boxes = JSON.parse(page.dataset.boxes);
  for (const [, x0, top, x1, bottom] of boxes) {
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ x: x0 - PAD, y: top - PAD, width: x1 - x0 + 2 * PAD, height: bottom - top + 2 * PAD })) rect.setAttribute(name, value);
    svg.append(rect);
  }
  const scale = image.clientWidth / Number(image.getAttribute("width"));
  page.parentElement.scrollTop = boxes[0][2] * scale - 60;
}
