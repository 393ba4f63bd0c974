"use strict";
// The colours of themes and codes beside their names.
for (const swatch of document.querySelectorAll("[data-colour]")) swatch.style.background = swatch.dataset.colour;
