// Forms: sent once, errors focused, fields fetched again when a choice asks for it, files dropped.
"use strict";
{
  const each = (selector, work) => document.querySelectorAll(selector).forEach(work);

  const free = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button) button.setAttribute("aria-busy", "true");
    if (form.dataset.again !== undefined) window.setTimeout(() => free(form), 3000);   // a download leaves the page in place
  });
  window.addEventListener("pageshow", () => each("form[data-sent]", free));

  const focused = document.querySelector("[data-focus]");
  if (focused) focused.focus();
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".summary a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const control = field.tomselect ? field.tomselect.control_input : field;
    (control.matches("fieldset") ? control.querySelector("input") || control : control).focus();
    field.scrollIntoView({ block: "center" });
  });

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-reload]")) return;
    const button = event.target.form.querySelector("[data-reload-button]");
    if (button) event.target.form.requestSubmit(button);
  });

  each("[data-drop]", (area) => {
    const input = area.querySelector("input[type=file]");
    area.addEventListener("dragover", (event) => { event.preventDefault(); area.classList.add("over"); });
    area.addEventListener("dragleave", () => area.classList.remove("over"));
    area.addEventListener("drop", (event) => {
      event.preventDefault();
      area.classList.remove("over");
      if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  });
}
