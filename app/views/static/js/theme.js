// Runs before the first paint: dark colours when the browser asks for them and no cookie has decided.
{
  const root = document.documentElement;
  root.classList.add("with-script");
  if (!root.dataset.bsTheme) {
    root.dataset.bsTheme = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
}
