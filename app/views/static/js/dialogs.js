// One dialog asks for all confirmations and holds one intent at a time: a cancelled act can never ride on a later one.
"use strict";
{
  const dialog = document.getElementById("confirm");
  const works = typeof dialog.showModal === "function";
  let intent = null;   // {form, button}: what a Yes will send
  let agreed = null;   // the button whose act was agreed to and is being sent

  const ask = (text, form, button) => {
    intent = { form, button };
    dialog.querySelector("#confirm-text").textContent = text;
    const yes = dialog.querySelector("[data-confirm-yes]");
    const severe = Boolean(button && button.className.includes("danger"));
    yes.classList.toggle("btn-danger", severe);
    yes.classList.toggle("btn-primary", !severe);
    dialog.returnValue = "";
    dialog.showModal();
    yes.focus();
  };

  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.defaultPrevented || !button) return;
    if (button.dataset.dialog) {                       // a reason is asked first; the dialog sends the form itself
      const own = document.getElementById(button.dataset.dialog);
      if (own && works) { event.preventDefault(); event.stopImmediatePropagation(); own.showModal(); }
      return;
    }
    const text = button.dataset.confirm || event.target.dataset.confirm;
    if (!text) return;
    if (agreed === button) { agreed = null; return; }
    const asked = text.replace("{n}", String(window.xueshi.chosen()));
    if (!works && window.confirm(asked)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (works) ask(asked, event.target, button);
  }, true);

  dialog.addEventListener("close", () => {
    const wanted = intent;
    intent = null;
    if (dialog.returnValue !== "yes" || !wanted || !wanted.button.isConnected) return;
    agreed = wanted.button;
    wanted.form.requestSubmit(wanted.button);
    agreed = null;
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("a[data-dialog], button[type=button][data-dialog]");
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) closer.closest("dialog").close();
    if (!opener) return;
    const own = document.getElementById(opener.dataset.dialog);
    if (!own || !works) return;                        // a link then leads to a page that asks the same
    event.preventDefault();
    const form = own.querySelector("form[method=post]");
    if (form && opener.href) form.action = opener.href;
    const label = own.querySelector("[data-dialog-label]");
    if (label) label.textContent = opener.dataset.label || "";
    own.showModal();
  });
}
