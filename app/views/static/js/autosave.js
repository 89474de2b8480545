// A form that is kept as a draft while one types: it says when, and says so when it could not.
"use strict";
{
  const region = document.querySelector("[data-keep]");
  if (region) {
    const form = region.closest("form");
    const WAIT = 2000, AGAIN = 15000;
    let timer = 0, unkept = false, keeping = false, sent = false;

    const later = (pause) => { clearTimeout(timer); timer = setTimeout(keep, pause); };
    const keep = async () => {
      if (keeping || sent || !unkept) return;
      keeping = true;
      unkept = false;
      const values = new FormData(form);
      form.querySelectorAll("input[type=file]").forEach((input) => values.delete(input.name));
      try {
        const answer = await fetch(region.dataset.keep, { method: "POST", body: values, credentials: "same-origin", headers: { Accept: "application/json" } });
        const told = answer.ok ? await answer.json() : null;
        if (told) {
          region.dataset.keep = told.keep;
          form.setAttribute("action", told.action);   // a button is called "action" too
          region.textContent = told.said;
        }
        if (!told && answer.status !== 422) throw new TypeError(String(answer.status));
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        unkept = true;
        region.textContent = region.dataset.lost;
        later(AGAIN);
      } finally {
        keeping = false;
      }
    };
    form.addEventListener("input", (event) => {
      if (event.target.matches("[data-reload], input[type=file]")) return;
      unkept = true;
      later(WAIT);
    });
    form.addEventListener("submit", () => { sent = true; clearTimeout(timer); });
    window.addEventListener("pageshow", () => { sent = false; });
    window.addEventListener("online", () => later(0));
    window.addEventListener("beforeunload", (event) => { if (unkept && !sent) event.preventDefault(); });
  }
}
