"use strict";
// The dialog in which a code of one's own is made, for words (which are its name at first) or for a whole passage.

const NewCode = {
  box: document.getElementById("invivo"),
  place: null, // what an act is told of the place that is coded with it: { from, to }, or { passage }

  open(place, words, quote = "The whole passage") {
    NewCode.place = place;
    document.getElementById("invivo-name").value = words.slice(0, 100);
    document.getElementById("invivo-quote").textContent = words || quote;
    document.getElementById("invivo-under").value = "";
    document.getElementById("invivo-strength").value = "1";
    NewCode.box.returnValue = "";
    NewCode.box.showModal();
    document.getElementById("invivo-name").select();
  },
  made() { // the act, or null where nothing is to be kept
    const name = document.getElementById("invivo-name").value;
    if (NewCode.box.returnValue !== "keep" || !name.trim()) return null;
    const code = `+${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
    return { ...NewCode.place, code, name, under: document.getElementById("invivo-under").value, value: Number(document.getElementById("invivo-strength").value) };
  },
};
