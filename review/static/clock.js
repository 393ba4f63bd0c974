"use strict";
// Seconds at work since the last act: what a coder spends away from the page is cut off.

const IDLE = 30; // seconds without a key, a click or a scroll after which nobody is taken to be reading

const Clock = {
  spent: 0,
  last: performance.now(),
  touch() {
    const now = performance.now();
    Clock.spent += Math.min((now - Clock.last) / 1000, IDLE);
    Clock.last = now;
  },
  take() { // the seconds since the last act, to one decimal
    Clock.touch();
    const spent = Math.round(Clock.spent * 10) / 10;
    Clock.spent = 0;
    return spent;
  },
};
for (const kind of ["keydown", "pointerdown", "pointermove", "wheel", "scroll"]) addEventListener(kind, Clock.touch, { passive: true, capture: true });
