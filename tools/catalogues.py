"""The catalogues, gathered from the sources: `make catalogues`. English is filled in, Chinese is written."""

from collections.abc import Sequence
from io import SEEK_END, BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from app.catalogues import TRANSLATIONS

ROOT = Path(__file__).parent.parent
LOCALES = ("zh", "en")
SOURCE = "en"
HEADER = """\
# Gathered from the sources by `make catalogues`; what follows msgstr is written by hand.
msgid ""
msgstr ""
"Project-Id-Version: xueshi\\n"
"Language: {locale}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "_l": None, "lazy_ngettext": (1, 2)}


def gathered() -> Catalog:
    """Every text of the sources that somebody may see, without translations."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping, "babel.cfg")
    found = Catalog(project="xueshi", charset="utf-8")
    for path, _line, msgid, _comments, context in extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, directory_filter=_is_source
    ):
        found.add(msgid, locations=[(path, 1)], context=context)
    return found


def _is_source(folder: str) -> bool:
    inner = Path(folder).relative_to(ROOT).parts
    return not inner or (inner[0] in {"app", "translations"} and not inner[-1].startswith((".", "_")))


def place(locale: str) -> Path:
    """The catalogue of one language."""
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def kept(locale: str) -> Catalog:
    """The catalogue of one language as it stands in its file."""
    if not place(locale).exists():
        return Catalog(locale=locale, charset="utf-8")
    with place(locale).open("rb") as file:
        return read_po(file, locale=locale)


def renewed(locale: str, template: Catalog) -> bytes:
    """The file of one language, with what is new added and what is no longer said left out."""
    catalogue = kept(locale)
    catalogue.update(template, no_fuzzy_matching=True)
    if locale == SOURCE:
        for message in catalogue:
            _say_as_written(message)
    file = BytesIO(HEADER.format(locale=locale, plurals=catalogue.plural_forms).encode())
    file.seek(0, SEEK_END)
    write_po(
        file,
        catalogue,
        width=0,
        sort_by_file=True,
        ignore_obsolete=True,
        include_lineno=False,
        omit_header=True,
    )
    return file.getvalue()


def _say_as_written(message: Message) -> None:
    if message.id:
        message.string = message.id


def lacking(catalogue: Catalog) -> list[str]:
    """The texts without a translation, or with one that is only guessed."""
    return [forms(message.id)[0] for message in catalogue if message.id and not _is_said(message)]


def _is_said(message: Message) -> bool:
    return not message.fuzzy and all(forms(message.string or ""))


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    """The one form of a text, or its singular and plural."""
    return (text,) if isinstance(text, str) else tuple(text)


def main() -> None:
    """Write the catalogue of every language anew and say what it lacks."""
    template = gathered()
    for locale in LOCALES:
        place(locale).parent.mkdir(parents=True, exist_ok=True)
        place(locale).write_bytes(renewed(locale, template))
    for locale in LOCALES:
        left = lacking(kept(locale))
        print(f"{locale}: {len(template)} texts, {len(left)} to translate")
        for msgid in left:
            print(f"  {msgid}")


if __name__ == "__main__":
    main()
