"""Catalogues of words: the .po files are the source, the .mo files beside them are made from it."""

import os
from collections.abc import Callable
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

TRANSLATIONS = Path(__file__).parent.parent / "translations"


def compile_catalogues(root: Path = TRANSLATIONS) -> list[Path]:
    """Compile every .po below root whose .mo is missing or older, and return the .mo files written.

    Fuzzy entries are left out. Each file is replaced in one step, so that any number of
    processes may do this at once. Where no .po is found (an installed wheel) nothing is done.
    """
    written = []
    for po in sorted(root.glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name)
        fresh = mo.with_name(f"{mo.name}.{os.getpid()}")
        with fresh.open("wb") as target:
            write_mo(target, catalogue)
        fresh.replace(mo)
        written.append(mo)
    return written


def translator(locale: str) -> Callable[[str], str]:
    """What turns a marked text into this language where no web application does: on the command line."""
    return Translations.load(TRANSLATIONS, [locale]).gettext
