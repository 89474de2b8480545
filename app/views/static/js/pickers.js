// Relations: a select with data-url asks the server while one types; Tom Select is fetched only where one stands.
"use strict";
{
  const selects = [...document.querySelectorAll("select[data-url]")];

  const dress = (select) => {
    const asked = (text) => {
      const address = new URL(select.dataset.url, window.location.href);
      address.searchParams.set("q", text);
      return fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    };
    let said = "";   // why nothing was looked up
    const picker = new window.TomSelect(select, {
      valueField: "value", labelField: "text", searchField: [], maxOptions: 50, preload: "focus", loadThrottle: 250,
      refreshThrottle: 0,   // else it opens again, and takes the focus, after one has gone on to the next field
      create: false, allowEmptyOption: false, placeholder: select.dataset.placeholder || "", hidePlaceholder: true,
      shouldLoad: () => true,
      load: (text, done) => asked(text).then((answer) => answer.json()).then((found) => {
        picker.clearOptions((option) => picker.items.includes(String(option.value)));
        said = found.results ? "" : found.message || "";
        done(found.results || []);
      }, () => done()),
      render: {
        option: (row, escape) => `<div>${escape(row.text)}${row.hint ? `<small>${escape(row.hint)}</small>` : ""}</div>`,
        no_results: (row, escape) => `<div class="no-results" role="option" aria-disabled="true">${escape(said || select.dataset.none || "—")}</div>`,
        loading: (row, escape) => `<div class="spinner" role="option" aria-disabled="true">${escape(select.dataset.loading || "…")}</div>`,
      },
    });
    for (const name of ["aria-describedby", "aria-invalid", "aria-required"]) {
      if (select.hasAttribute(name)) picker.control_input.setAttribute(name, select.getAttribute(name));
    }
    select.setAttribute("aria-hidden", "true");
    if (select.required) picker.control_input.setAttribute("aria-required", "true");
    if (select.autofocus && !document.querySelector("[data-focus]")) picker.focus();
  };

  if (selects.length) {
    const script = document.createElement("script");
    script.src = document.body.dataset.pickerScript;
    script.addEventListener("load", () => selects.forEach(dress));
    document.head.append(script);
  }
}
