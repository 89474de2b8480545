// Shortcuts: j k x Enter / ? and whatever carries data-key. None fires while one types, with Ctrl or Alt, or in a dialog.
"use strict";
{
  const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, dialog, [contenteditable], .ts-control") !== null;
  const rows = () => [...document.querySelectorAll("table[data-list] tbody tr")];
  const here = () => document.activeElement.closest("table[data-list] tbody tr");
  let last = -1;

  const step = (by) => {
    const all = rows();
    const at = here() ? all.indexOf(here()) : last;
    last = Math.max(0, Math.min(all.length - 1, at + by));
    all[last].focus();
    all[last].scrollIntoView({ block: "nearest" });
  };
  const visible = (element) => element.offsetParent !== null || element.getClientRects().length > 0;
  const pressed = {
    j: () => rows().length && step(1),
    k: () => rows().length && step(-1),
    x: () => here() && here().querySelector("[data-pick]") && here().querySelector("[data-pick]").click(),
    Enter: () => document.activeElement.matches("tr") && here().querySelector("[data-open]") && here().querySelector("[data-open]").click(),
    "/": () => {
      const field = document.querySelector("[data-search] input:not([type=hidden]), [data-search] select");
      if (field) field.focus();
      return field;
    },
    "?": () => document.getElementById("keys").showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && !"jk".includes(event.key)) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const button = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key && visible(one));
    if (button) { event.preventDefault(); button.click(); return; }
    if (event.key in pressed && pressed[event.key]() !== false && event.key !== "Enter" && event.key !== "x") event.preventDefault();
  });
}
