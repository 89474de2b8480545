// While a unit's name or code is typed: those that are registered already, so that nobody registers one twice.
"use strict";
{
  const region = document.querySelector("[data-known]");
  const fields = region ? [...region.closest("form").querySelectorAll("[name=name], [name=credit_code]")] : [];
  let wait = 0, last = "";
  const look = async (field) => {
    const typed = field.value.trim();
    if (typed === last) return;
    last = typed;
    field.closest("div").after(region);
    const answer = await fetch(`${region.dataset.known}?q=${encodeURIComponent(typed)}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    const told = await answer.json().catch(() => ({}));
    const found = answer.ok ? told.results : answer.status === 429 && told.message ? [told.message] : [];
    if (typed !== last) return;   // typed on meanwhile
    region.replaceChildren(...found.map((sentence) => { const line = document.createElement("p"); line.textContent = sentence; return line; }));
  };
  fields.forEach((field) => field.addEventListener("input", () => {
    window.clearTimeout(wait);
    wait = window.setTimeout(() => look(field).catch(() => { last = ""; }), 300);
  }));
}
