// The way back from what was just decided: it says how long it is open, and goes when it has closed.
"use strict";
document.querySelectorAll("[data-undo]").forEach((form) => {
  const left = form.querySelector("[data-undo-left]");
  const until = performance.now() + Number(form.dataset.undo) * 1000;
  const show = () => {
    const seconds = Math.ceil((until - performance.now()) / 1000);
    if (seconds > 0) { left.textContent = left.dataset.undoLeft.replace("{n}", String(seconds)); return; }
    clearInterval(again);
    form.remove();
  };
  const again = setInterval(show, 250);
  show();
});
