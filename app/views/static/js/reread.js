// A page whose content changes by itself is read again as often as it says, while somebody looks at it.
"use strict";
{
  const page = document.querySelector("[data-reread]");
  if (page) {
    window.setInterval(() => { if (document.visibilityState === "visible") window.location.reload(); }, Number(page.dataset.reread) * 1000);
  }
}
