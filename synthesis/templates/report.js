// Views of the matrix as tabs; without script all of them stand below each other.
const panels = [...document.querySelectorAll("[data-view]")];
const tabs = document.querySelector(".tabs");
const show = name => {
  panels.forEach(panel => { panel.hidden = panel.dataset.view !== name; });
  tabs.querySelectorAll("button").forEach(button => button.setAttribute("aria-pressed", button.value === name));
};
panels.forEach(panel => {
  const button = document.createElement("button");
  button.type = "button";
  button.value = panel.dataset.view;
  button.textContent = panel.dataset.name;
  button.addEventListener("click", () => show(button.value));
  tabs.append(button);
});
tabs.hidden = false;
show(panels[0].dataset.view);
// A link to a cell opens its evidence.
const open = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
};
addEventListener("hashchange", open);
open();
