"""What eyes, screen readers and small screens stumble over: axe-core's verdict, and the page's width."""

from pathlib import Path
from typing import Any

AXE = Path(__file__).with_name("axe-core") / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """async (tags) => {
    const found = await axe.run(document, {runOnly: tags, resultTypes: ['violations']});
    const place = (node) => node.target.join(' ') + ' ' + node.html.slice(0, 120);
    return found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
        .map((one) => `${one.id} (${one.impact}): ${one.nodes.map(place).join(' | ')}`);
}"""
WIDTH = """() => {
    const root = document.documentElement, most = %d;
    if (root.scrollWidth <= most) return '';
    const wide = [...document.querySelectorAll('body *')]
        .filter((one) => one.getBoundingClientRect().right > most + 1)
        .map((one) => one.outerHTML.slice(0, 90));
    return `${root.scrollWidth} wide: ${wide.slice(0, 3).join(' | ')}`;
}"""


def serious(page: Any) -> list[str]:
    """What axe finds serious or critical on the page as it stands."""
    page.evaluate(AXE.read_text())
    return list(page.evaluate(RUN, TAGS))


def too_wide(page: Any) -> list[str]:
    """Whether the page is wider than the window was made; `innerWidth` grows with it on a phone."""
    found = page.evaluate(WIDTH % page.viewport_size["width"])
    return [found] if found else []


def faults(page: Any) -> list[str]:
    """Both."""
    return serious(page) + too_wide(page)
