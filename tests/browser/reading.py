"""What a page says to whoever reads or hears it, and whether that is all in one language."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import Engine, inspect, text
from sqlalchemy.dialects.postgresql import JSONB

from app.security.scope import scoped

SPOKEN = {
    "alt", "aria-label", "content", "data-confirm", "data-copied", "data-chosen-text", "data-label",
    "data-th",
    "data-loading", "data-none", "data-placeholder", "label", "placeholder", "title",
}  # fmt: skip
"""Attributes whose text is shown or read aloud, some of them by a script."""

VOID = {"br", "hr", "img", "input", "link", "meta", "source", "track", "use", "wbr", "col", "path"}
SILENT = {"script", "style"}
HAN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U000323af]+")
LATIN = re.compile(r"[A-Za-z]{2,}")
TYPED = re.compile(f"{HAN.pattern}|[0-9@]")
"""What people enter has this in it; keys that the product writes have not."""

NAMES = {
    "学", "English", "PDF", "JPG", "PNG", "Excel", "MB", "KB", "xlsx", "QR", "Enter", "Xueshi", "ISBN", "IP",
    "ZIP", "https",
}  # fmt: skip
"""Names that are the same in both languages, and the mark of the brand."""


@dataclass
class Reader(HTMLParser):
    """Gathers what a page says, without the parts that name another language themselves."""

    lang: str
    said: list[str] = field(default_factory=list)
    found_lang: str = ""
    title: str = ""
    _open: list[tuple[str, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the language of the page, and what attributes say."""
        known = dict(attrs)
        if tag == "html":
            self.found_lang = known.get("lang") or ""
        foreign = "lang" in known and not (known["lang"] or "").startswith(self.lang)
        quiet = foreign or tag in SILENT or any(hushed for _tag, hushed in self._open)
        if tag not in VOID:
            self._open.append((tag, quiet))
        if not quiet and not (tag == "meta" and known.get("name") in {"viewport", "robots"}):
            self.said += [known[name] or "" for name in sorted(SPOKEN & known.keys())]

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        """Hear what an element says."""
        if self._open and self._open[-1][0] == "title":
            self.title += data
        if data.strip() and not any(hushed for _tag, hushed in self._open):
            self.said.append(data.strip())


def read(page: str, locale: str) -> Reader:
    """A page, read."""
    reader = Reader(locale)
    reader.feed(page)
    return reader


def foreign(reader: Reader, kept: list[str]) -> list[str]:
    """What the page says in the other language, apart from `kept`: names and texts that people entered."""
    wrong = HAN if reader.lang == "en" else LATIN
    found = set()
    for said in reader.said:
        rest = said
        for known in kept:
            rest = rest.replace(known, " ")
        found |= {word for word in wrong.findall(rest) if word not in NAMES}
    return sorted(found)


def entered(owner: Engine) -> list[str]:
    """Every text that people put into the database, the longest first."""
    texts: set[str] = set()
    with owner.connect() as connection:
        for table in [*(inspect(model).local_table for model in scoped()), None]:
            if table is None:
                found = connection.execute(
                    text("SELECT first_name FROM ab_user UNION SELECT name FROM region")
                )
                texts |= {row[0] for row in found}
                continue
            for column in table.columns:
                if isinstance(column.type, JSONB):
                    for value in connection.execute(
                        text(f'SELECT "{column.name}" FROM {table.name}')
                    ).scalars():
                        texts |= set(_leaves(value))
                elif column.type.python_type is str:
                    texts |= {
                        each
                        for each in connection.execute(
                            text(f'SELECT "{column.name}" FROM {table.name}')
                        ).scalars()
                        if each
                    }
    texts |= {f"{each[0]}*" for each in texts if HAN.match(each)}  # a name that is shown in part
    return sorted(filter(TYPED.search, texts), key=len, reverse=True)


def _leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in _leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in _leaves(each)]
    return [value] if isinstance(value, str) else []
