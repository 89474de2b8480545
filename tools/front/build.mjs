// Maintainers only: makes app/views/static/vendor/ from the pinned npm packages. See docs/front-end.md.
//   node tools/front/build.mjs PACKAGES   (PACKAGES: a folder with the unpacked packages, see the document)
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import zlib from "node:zlib";

const here = path.dirname(fileURLToPath(import.meta.url));
const packages = path.resolve(process.argv[2]);
const vendor = path.join(here, "../../app/views/static/vendor");
const require = createRequire(path.join(packages, "x.js"));
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const read = (...names) => fs.readFileSync(path.join(packages, "node_modules", ...names), "utf8");
const sources = JSON.parse(fs.readFileSync(path.join(here, "sources.json"), "utf8"));

for (const [name, { version }] of Object.entries(sources)) {
  const found = JSON.parse(read(name, "package.json")).version;
  if (found !== version) throw new Error(`${name}: ${version} is pinned, ${found} is there`);
}

const { default: postcss } = await load("postcss");
const { PurgeCSS } = await load("purgecss");
const { transform } = await load("lightningcss");
const { words, elements } = await import("./vocabulary.mjs");
const { plain, properties } = await import("./colours.mjs");

const DATED = /light-dark\(|color-mix\(|oklch\(/;

function without_new_colours(root, tokens) {
  const tabler = properties(root);
  const light = { ...tabler.light, ...tokens.light };
  const dark = { ...light, ...tabler.dark, ...tokens.dark };
  root.walkDecls((declaration) => {
    if (!DATED.test(declaration.value)) return;
    if (declaration.prop in tokens.light) return declaration.remove();   // ours stands
    const bright = plain(declaration.value, light);
    const night = plain(declaration.value, dark, true);
    const rule = declaration.parent;
    if (night !== bright && !DATED.test(night) && rule.type === "rule") {
      const selectors = rule.selectors.map((one) => (/^:root|^:host/.test(one) ? "[data-bs-theme=dark]" : `[data-bs-theme=dark] ${one}`));
      rule.after(postcss.rule({ selectors: [...new Set(selectors)] }).append(declaration.clone({ value: night })));
    }
    if (DATED.test(bright)) declaration.remove();
    else declaration.value = bright;
  });
}

async function tabler() {
  const [{ css }] = await new PurgeCSS().purge({
    content: [{ raw: elements.split(" ").map((name) => `<${name}>`).join(""), extension: "html" }],
    css: [{ raw: read("@tabler/core", "dist/css/tabler.css") }],
    safelist: { standard: words, variables: [/^--tblr-(primary|body|border|bg|link|gray|shadow|radius)/] },
    dynamicAttributes: ["type", "aria-current", "aria-disabled", "aria-expanded", "aria-selected", "aria-invalid", "data-bs-theme", "multiple", "size", "disabled", "readonly", "open", "role"],
    variables: false, keyframes: true, fontFace: true,
  });
  const root = postcss.parse(css.replace(/oklch%28(.*?)%29/g, (_, inside) => plain(`oklch(${inside.replace(/%25/g, "%")})`, {}).replace("#", "%23")));
  const own = postcss.parse(fs.readFileSync(path.join(here, "../../app/views/static/css/tokens.css"), "utf8"));
  without_new_colours(root, properties(own));
  const version = (major) => major << 16;
  const { code } = transform({
    filename: "tabler.css", code: Buffer.from(root.toString()), minify: true, errorRecovery: true,
    targets: { chrome: version(87), firefox: version(78), safari: version(14) },
  });
  const note = `/*! Tabler v${sources["@tabler/core"].version}, MIT, (c) 2018-2026 The Tabler Authors; Bootstrap, MIT, (c) 2011-2026 The Bootstrap Authors. Purged and put into plain colours by tools/front/build.mjs */\n`;
  return note + code.toString().replace(/^@charset "UTF-8";/, "").replace(/\/\*![\s\S]*?\*\//g, "");
}

function sprite() {
  const icons = JSON.parse(fs.readFileSync(path.join(here, "icons.json"), "utf8"));
  const symbols = Object.entries(icons).map(([name, file]) => {
    const svg = read("@tabler/icons", `icons/outline/${file}.svg`);
    const inside = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>")).replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${inside}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n<!-- Tabler Icons v${sources["@tabler/icons"].version}, MIT, (c) 2020-2026 Paweł Kuna -->\n${symbols.join("\n")}\n</svg>\n`;
}

const made = {
  "tabler.css": await tabler(),
  "tom-select.js": read("tom-select", "dist/js/tom-select.base.min.js").replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"),
  "icons.svg": sprite(),
  "echarts.js": read("echarts", "dist/echarts.common.min.js"),
};
const notes = {};
for (const [name, text] of Object.entries(made)) {
  fs.writeFileSync(path.join(vendor, name), text);
  notes[name] = createHash("sha256").update(text).digest("hex");
  console.log(name, text.length, "bytes,", zlib.gzipSync(text, { level: 9 }).length, "gzipped");
}
fs.writeFileSync(path.join(vendor, "SHA256SUMS"), Object.entries(notes).map(([name, sum]) => `${sum}  ${name}\n`).join(""));
