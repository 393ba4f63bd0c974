"use strict";
// Which rows of the matrix are shown: those whose study has the words, and that are open, differ, or are mine to do.

const words = document.getElementById("row-words"), only = document.getElementById("row-only");
const rows = [...document.querySelectorAll("table.matrix tbody tr")], told = document.getElementById("row-count");
function show() {
  const wanted = words.value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const name = row.cells[0].textContent.toLocaleLowerCase();
    const fits = wanted.every((word) => name.includes(word)) && (!only.value || row.dataset.is.split(" ").includes(only.value));
    row.hidden = !fits;
    shown += fits;
  }
  told.textContent = shown === rows.length ? "" : `${shown} of ${rows.length} studies shown`;
}
words.addEventListener("input", show);
only.addEventListener("change", show);
show(); // the browser may have kept what was typed
