// Turns Tabler's light-dark(), oklch() and color-mix() into plain colours, once for light and once for dark.
import { createRequire } from "node:module";
import path from "node:path";

const { converter, formatHex8, interpolate, parse } = createRequire(path.resolve(process.argv[2], "x.js"))("culori");

const oklab = converter("oklab");

/** The custom properties that a sheet sets on :root and on [data-bs-theme=dark], as {light, dark}. */
export function properties(root) {
  const found = { light: {}, dark: {} };
  root.walkDecls(/^--/, (declaration) => {
    const selector = declaration.parent.selector || "";
    if (/(^|,)\s*:root\b/.test(selector)) found.light[declaration.prop] = declaration.value;
    if (/^\[data-bs-theme=dark\]$/.test(selector.trim())) found.dark[declaration.prop] = declaration.value;
  });
  return found;
}

/** Splits "a, f(b, c), d" at its own commas. */
function parts(text) {
  const found = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (character === "," && depth === 0) found.push("");
    else found[found.length - 1] += character;
  }
  return found.map((part) => part.trim());
}

/** Replaces every call of `name` in a value by what `answer(arguments)` says, innermost last. */
function calls(value, name, answer) {
  for (let start = value.indexOf(`${name}(`); start >= 0; start = value.indexOf(`${name}(`, start + 1)) {
    let depth = 0;
    let end = start + name.length;
    do {
      if (value[end] === "(") depth += 1;
      if (value[end] === ")") depth -= 1;
      end += 1;
    } while (depth > 0 && end < value.length);
    const replaced = answer(parts(value.slice(start + name.length + 1, end - 1)));
    if (replaced !== null) value = value.slice(0, start) + replaced + value.slice(end);
  }
  return value;
}

function colour(text, table, depth = 0) {
  if (depth > 12) return null;
  const variable = /^var\((--[\w-]+)\s*(?:,.*)?\)$/.exec(text);
  if (variable) return variable[1] in table ? colour(table[variable[1]], table, depth + 1) : null;
  if (text.startsWith("color-mix(") || text.startsWith("light-dark(")) return colour(plain(text, table), table, depth + 1);
  return parse(text) || null;
}

function mixed([, first, second], table) {
  const share = /\s([\d.]+)%$/.exec(first);
  if (/calc\(.*\*\s*100%\)$/.test(first) && second === "transparent") return first.slice(0, first.indexOf(" calc("));
  const one = colour(first.replace(/\s[\d.]+%$/, ""), table);
  const other = second === "transparent" ? one && { ...oklab(one), alpha: 0 } : colour(second, table);
  if (!one || !other) return null;
  return formatHex8(interpolate([one, other], "oklab")(1 - (share ? Number(share[1]) / 100 : 0.5))).replace(/ff$/, "");
}

/** A value without light-dark, oklch and color-mix as far as the table of custom properties tells it. */
export function plain(value, table, dark = false) {
  value = calls(value, "light-dark", (both) => both[dark ? 1 : 0]);
  value = calls(value, "color-mix", (three) => mixed(three, table));
  return calls(value, "oklch", (whole) => {
    const read = parse(`oklch(${whole.join(",").replace(/deg/g, "").replace(/none/g, "0")})`);
    return read ? formatHex8(read).replace(/ff$/, "") : null;
  });
}
