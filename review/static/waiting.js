"use strict";
// What waits to be sent is in the margin already: drawn over what the server told, until it has answered.

const SAID = { 1: "mentioned", 2: "with evidence" };

const Waiting = {
  // What an act is about, as the margin shows it: kept with the act, for the page may be opened anew before it is sent.
  place() {
    const { words, passage } = Selecting;
    if (!words && !passage) return null;
    if (!words) return { passage, quote: "The whole passage", boxes: null };
    if (Flow.on) return { passage: words.from.passage || "", quote: Selecting.text(), boxes: null };
    const boxes = Selecting.boxes(), [page, x0, top, x1, bottom] = boxes[0] || [];
    const inside = ([number, a, t, b, d]) => number === page && (x0 + x1) / 2 >= a && (x0 + x1) / 2 <= b && (top + bottom) / 2 >= t && (top + bottom) / 2 <= d;
    return { passage: Margin.order.find((id) => Margin.passages.get(id).boxes.some(inside)) || "", quote: Selecting.text(), boxes };
  },
  // The codes that the server told, with what waits done to them.
  over(stored) {
    const codes = new Map(stored), undoable = [];
    for (const action of Connection.waiting()) {
      if (action.source !== study || action.quiet) continue;
      if (action.act === "undo") undoable.pop(); // of what was done before it was sent nothing can be told here
      else undoable.push(action);
    }
    for (const action of undoable) Waiting.ACTS[action.act]?.(codes, action);
    return codes;
  },
  made({ key, drawn, note = "" }, number, theme, value, more = {}) {
    const page = (drawn.boxes || Margin.passages.get(drawn.passage)?.boxes || [[""]])[0][0];
    return { id: `${key} ${number}`, layer: "mine", theme, who: "", value, said: `${SAID[value] || "memo"}, not stored yet`, note, when: key.slice(0, 19), label: page, rough: false, why: "", waiting: true, ...drawn, ...more };
  },
  ACTS: {
    code(codes, action) {
      if (!action.drawn) return;
      action.codes.forEach(({ to, value }, number) => { const one = Waiting.made(action, number, to, value); codes.set(one.id, one); });
    },
    newcode(codes, action) {
      if (!action.drawn) return;
      const one = Waiting.made(action, 0, action.under, action.value, { note: action.name });
      codes.set(one.id, one);
    },
    memo(codes, action) {
      if (!action.drawn) return;
      const one = Waiting.made(action, 0, "", null, { layer: "memos", note: action.text });
      codes.set(one.id, one);
    },
    value(codes, { key, passage, theme, value, note = "" }) { // on a suggestion, here or one at a time
      const id = `${passage} ${theme}`, suggestion = codes.get(id);
      if (suggestion) codes.set(id, { ...suggestion, answered: true });
      if (!value || !Margin.passages.has(passage)) return;
      const one = Waiting.made({ key, note, drawn: { passage, quote: suggestion?.quote || "The whole passage", boxes: null } }, 0, theme, value);
      codes.set(one.id, one);
    },
    uncode(codes, { id }) { codes.delete(id); },
    restrength(codes, { id, value, note }) {
      const one = codes.get(id);
      if (one) codes.set(id, { ...one, value, said: `${SAID[value]}, not stored yet`, note: note ?? one.note });
    },
  },
};
