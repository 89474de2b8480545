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

TARGETS = """(least) => [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')]
    .filter((one) => one.checkVisibility() && !one.disabled && !one.matches('.check input')
        && !one.closest('.skip-link, .ts-control, p, li, dd, td'))
    .map((one) => [one, (one.closest('label') || one).getBoundingClientRect()])
    .filter(([one, box]) => Math.min(box.width, box.height) < least)
    .map(([one, box]) => `${box.width} x ${box.height}: ${one.outerHTML.slice(0, 90)}`)"""
"""Links within running text may be lower (WCAG 2.2, 2.5.8)."""


def too_small(page: Any, least: int = 24) -> list[str]:
    """What one cannot hit with a finger: `least` is in CSS pixels."""
    return list(page.evaluate(TARGETS, least))


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
