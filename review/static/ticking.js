"use strict";
// All records shown, ticked at once.

document.getElementById("tick-all")?.addEventListener("change", (event) => {
  for (const box of document.querySelectorAll("[data-tick]")) box.checked = event.target.checked;
});
