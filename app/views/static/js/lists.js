// Choosing rows. The form sends the ids, or `whole` with the filter and the count that this page showed.
"use strict";
window.xueshi = { chosen: () => 0 };
{
  const form = document.querySelector("[data-bulk]");
  if (form) {
    const boxes = [...document.querySelectorAll("[data-pick]")];
    const all = document.querySelector("[data-pick-all]");
    const whole = form.querySelector("[data-whole]");
    const text = form.querySelector("[data-chosen-text]");
    const none = form.querySelector("[data-pick-none]");
    const expected = Number(form.elements.expected.value);
    const chosen = () => (whole.checked ? expected : boxes.filter((box) => box.checked).length);
    const said = () => (whole.checked && form.querySelector("[data-many]")?.textContent) || String(chosen());
    window.xueshi.chosen = chosen;

    const draw = () => {
      const number = boxes.filter((box) => box.checked).length;
      boxes.forEach((box) => box.closest("tr").classList.toggle("chosen", box.checked));
      all.checked = number > 0 && number === boxes.length;
      all.indeterminate = number > 0 && number < boxes.length;
      form.hidden = chosen() === 0;
      whole.parentElement.hidden = expected <= boxes.length;
      text.textContent = text.dataset.chosenText.replace("{n}", said());
    };
    all.addEventListener("change", () => { whole.checked = false; boxes.forEach((box) => { box.checked = all.checked; }); draw(); });
    boxes.forEach((box) => box.addEventListener("change", () => { whole.checked = false; draw(); }));
    whole.addEventListener("change", () => { boxes.forEach((box) => { box.checked = whole.checked; }); draw(); });
    none.hidden = false;
    none.addEventListener("click", () => { whole.checked = false; boxes.forEach((box) => { box.checked = false; }); draw(); all.focus(); });
    window.addEventListener("pageshow", draw);
    document.addEventListener("xueshi:counted", draw);
    draw();
  }
}
{
  // How many a narrowed list holds: the page says "25+" until this is counted.
  const marks = [...document.querySelectorAll("[data-many]")];
  if (marks.length) {
    fetch(marks[0].dataset.many, { headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject()))
      .then((told) => { marks.forEach((mark) => { mark.textContent = told.said; }); document.dispatchEvent(new Event("xueshi:counted")); })
      .catch(() => {});   // what stands there is true as well
  }
}
