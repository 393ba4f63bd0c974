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
// Filters: rows of the matrix and of the table of studies; counts and percentages follow what is shown.
const facts = JSON.parse(document.getElementById("facts").textContent);
const form = document.querySelector(".filters");
const rows = [...document.querySelectorAll("tr[data-study]")];
const field = (name, control) => {
  const label = document.createElement("label");
  label.append(name, control);
  form.append(label);
  return control;
};
const search = field("Study", Object.assign(document.createElement("input"), { type: "search", placeholder: "any" }));
const choices = Object.entries(facts.fields).map(([key, name]) => {
  const values = [...new Set(Object.values(facts.studies).flatMap(study => study[key]))].sort();
  if (values.length < 2) return null;
  const select = document.createElement("select");
  select.append(new Option("any", ""), ...values.map(value => new Option(value || "not known", value || "\u0000")));
  return [key, field(name, select)];
}).filter(Boolean);
const differing = Object.assign(document.createElement("input"), { type: "checkbox" });
if (document.querySelector("[data-differs]")) field("machine and people differ", differing).parentElement.className = "tick";
const said = form.appendChild(document.createElement("output"));
const differ = new Set([...document.querySelectorAll("[data-differs]")].map(cell => cell.parentElement.dataset.study));
const recount = table => {
  const shown = [...table.tBodies[0].rows].filter(row => !row.hidden);
  const columns = table.tHead.rows[0].cells.length - 1;
  for (let column = 0; column < columns; column++) {
    const signs = shown.map(row => row.cells[column + 1].className);
    const present = signs.filter(sign => sign === "v1" || sign === "v2").length;
    const known = signs.filter(sign => sign !== "vq").length;
    const sums = { present, percent: known ? `${(100 * present / known).toFixed(0)}%` : "–", unknown: signs.length - known };
    table.querySelectorAll("[data-sum]").forEach(row => { row.cells[column + 1].textContent = sums[row.dataset.sum]; });
  }
};
const apply = () => {
  const text = search.value.trim().toLowerCase();
  const meets = id => {
    const study = facts.studies[id];
    return study.label.toLowerCase().includes(text) && (!differing.checked || differ.has(id)) &&
      choices.every(([key, select]) => !select.value || study[key].includes(select.value === "\u0000" ? "" : select.value));
  };
  const shown = new Set(Object.keys(facts.studies).filter(meets));
  rows.forEach(row => { row.hidden = !shown.has(row.dataset.study); });
  panels.forEach(panel => { const table = panel.querySelector("table"); if (table) recount(table); });
  const all = Object.keys(facts.studies).length;
  said.textContent = shown.size === all ? "" : `${shown.size} of ${all} studies`;
};
form.addEventListener("input", apply);
form.addEventListener("submit", event => event.preventDefault());
form.hidden = Object.keys(facts.studies).length < 2;
// A link to a cell opens its evidence.
const open = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
};
addEventListener("hashchange", open);
open();
