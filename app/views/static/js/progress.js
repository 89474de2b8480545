// A running job: asks how far it is, says so, and goes on when it is finished. Closing the page stops nothing.
"use strict";
{
  document.querySelectorAll("[data-progress]").forEach((section) => {
    const bar = section.querySelector("progress");
    const numbers = section.querySelector(".head strong");
    const text = section.querySelector("[data-progress-text]");
    let wait = 700;   // milliseconds, growing to five seconds

    const look = async () => {
      try {
        const answer = await fetch(section.dataset.progress, { headers: { Accept: "application/json" }, credentials: "same-origin" });
        if (answer.status === 401 || answer.status === 404) { window.location.reload(); return; }
        const now = await answer.json();
        bar.max = now.total || 1;
        bar.value = now.done;
        numbers.textContent = `${now.done} / ${now.total}`;
        if (now.text && text.textContent !== now.text) text.textContent = now.text;
        if (now.finished) { window.location.assign(now.next || window.location.href); return; }
      } catch (error) {
        if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;   // the server is away: ask again
      }
      wait = Math.min(5000, wait * 1.3);
      window.setTimeout(look, wait);
    };
    window.setTimeout(look, wait);
  });
}
