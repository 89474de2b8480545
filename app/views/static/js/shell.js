// The frame: colours, menus, the side menu on a phone, messages, copying, printing.
"use strict";
{
  const root = document.documentElement;
  const each = (selector, work) => document.querySelectorAll(selector).forEach(work);

  const written = () => each("[data-theme-toggle]", (button) => {
    const dark = root.dataset.bsTheme === "dark";
    button.hidden = false;
    button.setAttribute("aria-pressed", String(dark));
    button.querySelector("use").setAttribute("href", button.querySelector("use").getAttribute("href").replace(/#\w+$/, dark ? "#sun" : "#moon"));
  });
  each("[data-theme-toggle]", (button) => button.addEventListener("click", () => {
    root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    document.cookie = `xueshi-theme=${root.dataset.bsTheme}; path=/; max-age=31536000; SameSite=Lax`;
    written();
  }));
  written();

  // Menus are <details>: they open without scripts; here they also close by themselves.
  const shut = (except) => each("details[data-menu][open]", (menu) => { if (menu !== except) menu.open = false; });
  document.addEventListener("click", (event) => shut(event.target.closest("details[data-menu]")));
  document.addEventListener("focusin", (event) => shut(event.target.closest("details[data-menu]")));

  // The side menu opens by its address (#side) without scripts; with them it also holds the focus.
  const side = document.getElementById("side");
  const opener = document.querySelector("[data-side-open]");
  const rest = () => [document.querySelector(".topbar"), document.getElementById("content")];
  const narrow = window.matchMedia("(max-width: 991.98px)");
  const show = (open, focus = true) => {
    side.classList.toggle("open", open);
    rest().forEach((part) => { part.inert = open; });
    opener.setAttribute("aria-expanded", String(open));
    if (focus) (open ? side.querySelector("[data-side-close]") : opener).focus();
  };
  if (side && opener) {
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-expanded", "false");
    opener.addEventListener("click", (event) => { event.preventDefault(); show(true); });
    side.querySelector("[data-side-close]").addEventListener("click", (event) => { event.preventDefault(); show(false); });
    document.addEventListener("click", (event) => {
      if (side.classList.contains("open") && !side.contains(event.target) && !opener.contains(event.target)) show(false);
    }, true);
    narrow.addEventListener("change", () => { if (!narrow.matches && side.classList.contains("open")) show(false, false); });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    else if (side && side.classList.contains("open")) show(false);
  });

  each("[data-dismiss]", (button) => {
    button.hidden = false;
    button.addEventListener("click", () => { button.closest(".note").remove(); document.getElementById("content").focus(); });
  });
  each("[data-print]", (button) => { button.hidden = false; button.addEventListener("click", () => window.print()); });
  if (navigator.clipboard) each("[data-copy]", (button) => {
    const text = button.querySelector("span");
    const before = text.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      text.textContent = button.dataset.copied;
      window.setTimeout(() => { text.textContent = before; }, 2000);
    });
  });
}
