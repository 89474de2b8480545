"""Take the pictures of docs/guide from a running demonstration: `python -m tools.guide_pictures`.

It starts a demonstration of its own, looks at it with Chromium and keeps small PNG files. Run it when a
pictured page has changed.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "guide" / "pictures"
PORT, PASSWORD = "8139", "Xueshi-2026"  # printed at every start of a demonstration
HOME = f"http://127.0.0.1:{PORT}"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
WIDE, PHONE = (1180, 760), (390, 760)
COLOURS = 48


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its name, who looks (the kind of user as it is printed), at which page and size."""

    name: str
    who: str
    path: str
    size: tuple[int, int] = WIDE


TAKEN = (
    Picture("year", "专业技术人员", "/my/year", PHONE),
    Picture("declare", "专业技术人员", "/my/hours/declare?subject=professional", PHONE),
    Picture("home", "用人单位", "/home"),
    Picture("import", "用人单位", "/import/person"),
    Picture("notice", "人社部门（省）", "/notice/add"),
)


@contextmanager
def demonstration() -> Iterator[Mapping[str, str]]:
    """A running demonstration; the ID numbers of its printed accounts, by kind of user."""
    with tempfile.TemporaryDirectory() as home:
        settings = {"XUESHI_DEMO": "1", "XUESHI_HOME": home, "XUESHI_PORT": PORT}
        command = [sys.executable, "run.py"]
        program = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True
        )
        try:
            found: dict[str, str] = {}
            for line in program.stdout or ():
                if account := re.match(rf"\s+(\S+)\s+(\d{{17}}[\dX])\s+{PASSWORD}", line):
                    found.setdefault(*account.groups())
                if "（县）" in line:
                    break
            yield found
        finally:
            program.terminate()
            program.wait()


def take(browser: Any, picture: Picture, number: str) -> bytes:
    """One page as one kind of user sees it, in few colours."""
    width, height = picture.size
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{HOME}/login")
    page.fill("[name=number]", number)
    page.fill("[name=password]", PASSWORD)
    page.locator("main .form-foot .btn-primary").click()
    page.wait_for_url(re.compile("/(home|my/year|second-factor)"))
    page.goto(f"{HOME}{picture.path}")
    seen = Image.open(BytesIO(page.screenshot()))
    context.close()
    target = BytesIO()
    seen.convert("RGB").quantize(COLOURS).save(target, "PNG", optimize=True)
    return target.getvalue()


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    with demonstration() as numbers, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for each in TAKEN:
            body = take(chromium, each, numbers[each.who])
            (PICTURES / f"{each.name}.png").write_bytes(body)
            print(f"{each.name}: {len(body) / 1024:.0f} KB")
        chromium.close()
