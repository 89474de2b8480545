// The todo list at home: looks again while somebody sees it, and says so when a number has changed.
"use strict";
{
  const AGAIN = 60_000;   // milliseconds between two looks
  const RETURN = 10_000;  // after so long one who comes back to the page sees it anew
  const list = document.querySelector("[data-todo]");
  let seen = "", at = Date.now(), over = false;

  const badge = (link, count) => {
    let mark = link.querySelector(".count");
    if (!count) { if (mark) mark.remove(); return; }
    if (!mark) { mark = document.createElement("span"); mark.className = "count count-urgent"; link.append(mark); }
    mark.textContent = count;
  };

  const show = (now) => {
    const lines = list.querySelector("[data-todo-lines]");
    const held = lines.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    lines.innerHTML = now.lines;   // drawn by the template that drew the page
    if (held !== null) (lines.querySelector(`a[href="${CSS.escape(held)}"]`) || list.querySelector("h2")).focus();
    const total = list.querySelector("[data-todo-total]");
    total.textContent = now.total;
    total.classList.toggle("count-urgent", now.total !== "0");
    document.querySelectorAll(".side-nav a").forEach((link) => {
      const address = link.getAttribute("href");
      if (address in now.badges) badge(link, now.badges[address]);
    });
    list.querySelector("[role=status]").textContent = now.said;
  };

  const look = async () => {
    if (over || document.visibilityState !== "visible") return;
    at = Date.now();
    const headers = { Accept: "application/json", ...(seen && { "If-None-Match": seen }) };
    const answer = await fetch(list.dataset.todo, { headers, credentials: "same-origin", redirect: "manual" });
    if (answer.status === 401 || answer.type === "opaqueredirect") { over = true; return; }
    if (answer.status !== 200) return;
    const first = !seen;
    seen = answer.headers.get("ETag") || "";
    const now = await answer.json();
    if (!first || now.total !== list.querySelector("[data-todo-total]").textContent) show(now);
  };

  if (list) {
    const again = () => look().catch(() => {});   // the server is away: the next look will tell
    window.setInterval(again, AGAIN);
    document.addEventListener("visibilitychange", () => { if (Date.now() - at > RETURN) again(); });
  }
}
