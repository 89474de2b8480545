// A box at the head of a column ticks the whole column, and says whether all, some or none of it are ticked.
"use strict";
document.querySelectorAll("[data-tick-all]").forEach((head) => {
  const form = head.closest("form");
  const boxes = [...form.querySelectorAll(`[data-tick="${head.dataset.tickAll}"]`)];
  const draw = () => {
    const number = boxes.filter((box) => box.checked).length;
    head.checked = number > 0 && number === boxes.length;
    head.indeterminate = number > 0 && number < boxes.length;
  };
  head.closest("[data-tick-head]").hidden = boxes.length === 0;
  head.addEventListener("change", () => { boxes.forEach((box) => { box.checked = head.checked; }); draw(); });
  boxes.forEach((box) => box.addEventListener("change", draw));
  window.addEventListener("pageshow", draw);
  draw();
});
