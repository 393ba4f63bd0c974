// Finds a study by a part of its name and opens its page.
const facts = JSON.parse(document.getElementById("facts").textContent);
const form = document.querySelector(".filters");
const input = form.querySelector("input");
const said = form.querySelector("output");
const list = document.getElementById("found");
const most = 50;
const find = () => {
  const text = input.value.trim().toLowerCase();
  const hits = text ? facts.studies.filter(([label]) => label.toLowerCase().includes(text)) : [];
  list.replaceChildren(...hits.slice(0, most).map(([label, address]) => {
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("a"), { href: address, textContent: label }));
    return item;
  }));
  list.hidden = !hits.length;
  said.textContent = text ? `${hits.length} of ${facts.studies.length} studies${hits.length > most ? `, the first ${most} below` : ""}` : "";
};
form.addEventListener("input", find);
form.addEventListener("submit", event => event.preventDefault());
form.hidden = false;
