"use strict";
// Decisions on their way to the server. Each is kept in this browser until the server says that it is stored, has a
// key of its own so that sending it twice stores it once, and they are sent one after the other, in order.

const WAITING = `jaiza-waiting ${document.querySelector('meta[name="coder"]').content}`;
const CSRF = document.querySelector('meta[name="csrf"]').content;
const RETRY_FIRST = 500, RETRY_MOST = 8000; // milliseconds

const Connection = {
  sending: false,
  memory: null, // what waits, where the browser's own store takes nothing more
  pause: RETRY_FIRST,
  // Set by the page: stored(answer, action), refused(reason, action), offline(how many wait), online().
  on: {},

  waiting() {
    if (Connection.memory) return Connection.memory;
    try { return JSON.parse(localStorage.getItem(WAITING)) || []; } catch { return []; }
  },
  keep(actions) {
    Connection.memory = null;
    try {
      if (actions.length) localStorage.setItem(WAITING, JSON.stringify(actions));
      else localStorage.removeItem(WAITING);
    } catch { Connection.memory = actions; } // full, or forbidden: kept as long as the page is open
  },
  // The key doubles as the time of decision: this browser's clock, with digits that make it one of a kind.
  key() {
    const digits = String(crypto.getRandomValues(new Uint16Array(1))[0] % 1000).padStart(3, "0");
    return new Date().toISOString().replace("Z", `${digits}+00:00`);
  },
  add(action) {
    if (document.body.classList.contains("guest")) { // nothing of a guest's is kept or sent
      if (!action.quiet) Connection.on.refused("you are a guest: you can look at everything here, and change nothing.");
      return "";
    }
    action.key = Connection.key();
    Connection.keep([...Connection.waiting(), action]);
    Connection.send();
    return action.key;
  },
  async send() {
    if (Connection.sending) return;
    Connection.sending = true;
    try {
      for (let action = Connection.waiting()[0]; action; action = Connection.waiting()[0]) {
        let response;
        try {
          response = await fetch("/act", {
            method: "POST", headers: { "Content-Type": "application/json", "X-Jaiza": CSRF },
            body: JSON.stringify(action), signal: AbortSignal.timeout(20000),
          });
        } catch { return Connection.later(); }
        if (response.status >= 500 || response.status === 429) return Connection.later();
        if (response.status === 401 || response.status === 403) return Connection.on.shut(Connection.waiting().length);
        const answer = await response.json();
        Connection.news(decodeURIComponent(response.headers.get("X-Jaiza-News") || ""));
        Connection.keep(Connection.waiting().filter((one) => one.key !== action.key));
        Connection.pause = RETRY_FIRST;
        Connection.on.online();
        if (response.ok) Connection.on.stored(answer, action, Connection.waiting().length);
        else Connection.on.refused(answer.error, action);
      }
    } finally { Connection.sending = false; }
  },
  // What has come to the review since the page was opened, as every answer tells it.
  news(words) {
    const box = document.getElementById("news");
    if (!box) return;
    box.hidden = !words;
    if (words) document.getElementById("news-words").textContent = words;
  },
  later() {
    Connection.on.offline(Connection.waiting().length);
    setTimeout(Connection.send, Connection.pause);
    Connection.pause = Math.min(Connection.pause * 2, RETRY_MOST);
  },
};
addEventListener("online", () => Connection.send());
