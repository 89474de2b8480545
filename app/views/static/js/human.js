// The security check of forms before the login: work that begins with the first touch and is done before the last key.
"use strict";
{
  const FRESH = 15 * 60 * 1000;   // milliseconds; the server takes an answer for twenty minutes

  const solved = async (box) => {
    const answer = await fetch(box.dataset.human, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    const task = await answer.json();
    const number = await new Promise((done, failed) => {
      const worker = new Worker(box.dataset.solver);
      worker.onmessage = ({ data }) => { worker.terminate(); if (data === null) failed(new Error("unsolved")); else done(data); };
      worker.onerror = (error) => { worker.terminate(); failed(error); };
      worker.postMessage(task);
    });
    return `${task.salt}:${number}:${task.signature}`;
  };

  document.querySelectorAll("[data-human]").forEach((box) => {
    const form = box.closest("form");
    const field = box.querySelector("[name=human]");
    const status = box.querySelector("[role=status]");
    const sum = form.querySelector("[data-human-sum]");
    let work = null, at = 0, given = false;

    const begin = () => {
      if (work && Date.now() - at < FRESH) return work;
      at = Date.now();
      field.value = "";
      work = solved(box).then((found) => { field.value = found; status.textContent = box.dataset.done; }, () => {
        given = true;   // no worker, or no network: the sum is asked instead
        status.textContent = "";
        if (sum) sum.classList.remove("without-script");
      });
      return work;
    };

    form.addEventListener("focusin", begin);
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (button && (button.name === "reload" || button.name === "again")) return;
      if (given || (field.value && Date.now() - at < FRESH)) return;
      event.preventDefault();
      status.textContent = box.dataset.working;
      begin().then(() => { if (field.value) form.requestSubmit(button); else if (sum) sum.querySelector("input:not([type=hidden])").focus(); });
    });
    window.addEventListener("pageshow", (event) => { if (event.persisted) { work = null; field.value = ""; } });
  });
}
