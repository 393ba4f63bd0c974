"use strict";
// The way through one document theme by theme: what is to be decided and what is coded; a click leads to the place.

const LISTED = 200; // of each kind: nobody reads on in a longer list

const Places = {
  // The themes and codes that can be chosen, in the order of the codebook: what has been made meanwhile stands there too.
  choices() {
    const counts = new Map();
    for (const code of Margin.codes.values()) {
      const kind = Places.open(code) ? 0 : Places.coded(code) ? 1 : -1;
      if (kind < 0) continue;
      for (const theme of Margin.above(code.theme)) { if (!counts.has(theme)) counts.set(theme, [0, 0]); counts.get(theme)[kind] += 1; }
    }
    const named = [...Margin.themes.values()].map(({ code, short, name, own, level }) => [code, `${"– ".repeat(level)}${own ? name : `${short} ${name}`}`]);
    const told = (code) => { const [open, coded] = counts.get(code) || [0, 0]; return [open && `${open} open`, coded && `${coded} coded`].filter(Boolean).join(", "); };
    Places.fill($("list-theme"), [["", "all"], ...named.map(([code, name]) => [code, told(code) ? `${name} (${told(code)})` : name])]);
    Places.fill($("invivo-under"), [["", $("invivo-under").options[0].text], ...named]);
  },
  fill(select, rows) {
    const chosen = select.value, texts = rows.map(([, text]) => text).join("\n");
    if (select.dataset.texts === texts) return;
    select.dataset.texts = texts;
    select.replaceChildren(...rows.map(([value, text]) => new Option(text, value)));
    select.value = rows.some(([value]) => value === chosen) ? chosen : "";
  },
  open(code) { return code.layer === "machine" && !code.answered; },
  coded(code) { return code.layer === "mine" && code.value > 0; },
  show() {
    Places.choices();
    if ($("list-theme").value !== Margin.only) { Margin.only = $("list-theme").value; Margin.drawAll(); } // what was gone through is no more
    const shown = Margin.inOrder(), open = shown.filter(Places.open), coded = shown.filter((code) => code.layer !== "machine" && code.layer !== "memos");
    const count = (all) => `${all.length}${all.length > LISTED ? `, the first ${LISTED}` : ""}`;
    $("list-count").textContent = open.length ? count(open) : Margin.layers.has("machine") ? "nothing proposed here waits for you" : "the machine's proposals are switched off above";
    $("coded-count").textContent = coded.length ? count(coded) : "nothing yet";
    $("list").replaceChildren(...open.slice(0, LISTED).map(Places.row));
    $("coded").replaceChildren(...coded.slice(0, LISTED).map(Places.row));
  },
  row(code) {
    const item = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.dataset.code = code.id;
    button.style.setProperty("--colour", Margin.colour(code.theme));
    const who = code.layer === "mine" || code.layer === "machine" ? "" : ` (${code.who || KINDS[code.layer]})`;
    button.textContent = `${Margin.short(code.theme)}${who}, page ${code.label}: ${code.quote.length > 70 ? `${code.quote.slice(0, 70)}…` : code.quote}`;
    item.append(button);
    return item;
  },
};
