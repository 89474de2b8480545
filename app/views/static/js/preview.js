// A form that shows what it would come to: asked of the server when typing pauses; files stay here.
"use strict";
{
  const region = document.querySelector("[data-preview]");
  if (region) {
    const form = region.closest("form");
    let asked = 0;

    const look = async () => {
      const mine = ++asked;
      const sent = new FormData(form);
      form.querySelectorAll("input[type=file]").forEach((input) => sent.delete(input.name));
      try {
        const answer = await fetch(region.dataset.preview, { method: "POST", body: sent, credentials: "same-origin", headers: { Accept: "text/html" } });
        if (answer.ok && mine === asked) region.innerHTML = await answer.text();
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;   // the server is away: the figure stays as it was
      }
    };
    let pause = 0;
    form.addEventListener("input", (event) => {
      if (event.target.matches("[data-reload], input[type=file]")) return;
      clearTimeout(pause);
      pause = setTimeout(look, 300);
    });
  }
}
