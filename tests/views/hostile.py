# ruff: noqa: E501 -- tables of what is sent
"""What somebody may put into an address or a form who means no good, or whose software is broken."""

import json
import random
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import quote_from_bytes, quote_plus, urlencode

from werkzeug.routing import Rule

TEXTS: tuple[bytes, ...] = tuple(
    each if isinstance(each, bytes) else each.encode()
    for each in (
        "", " ", "x", "-1", "0", "1", "9" * 23, str(2**63), str(2**63 - 1), "-" + "9" * 23, "1.5", "1e400", "NaN", "true",
        "٣", "²", "1_000", "0x10", "1:1", "1:" + "9" * 23, "2026-02-30", "0000-00-00", "9999-12-31", "99999-01-01",
        "0001-01-01", "password", "-password", "id", "-id", "last", "1000000", "((((", "[", "\\", "%", "_%_", "*?",
        "' OR 1=1 --", "'; DROP TABLE person; --", "{{7*7}}", "${7*7}", "<script>alert(1)</script>", "../../etc/passwd",
        "http://evil.invalid/", "//evil.invalid", "a" * 10_000, "张" * 10_000, "a\r\nSet-Cookie: b=c", "\x00", "a\x00b",
        "\x7f\x1b[31m", "مرحبا \u202eabc\u202c", "👩‍👩‍👧‍👦🏳️‍🌈", "e\u0301" * 200, "\ufeff", "\ufffe\uffff", "\u2028", "ﬀ", "İ",
        b"\xed\xa0\x80", b"\xff\xfe", b"\xc0\xaf", b"\xf4\x90\x80\x80",
    )
)  # fmt: skip
"""As bytes, because some are no text: half a surrogate pair, and what is not UTF-8."""

SHORT = tuple(each for each in TEXTS if len(each) < 1000)
QUOTED = {each: quote_plus(each) for each in TEXTS}

PARAMETERS = (
    "after", "before", "size", "page", "sort", "tab", "words", "since", "until", "filter", "q", "code", "next", "as",
    "year", "subject", "form", "verdict", "unknown", "password", "id_number_sealed", "_flt_0_name", "q[]", "\x00",
)  # fmt: skip

JSON = (
    "", "{", "null", "[]", "[1, 2]", '"x"', "1e999", "NaN", "9" * 5000, "[" * 20_000, '{"a":' * 20_000, '"\\ud800"',
    '{"name": "\\ud800"}', '{"name": "\\u0000"}', '{"\\ud800": 1}', '{"\\u0000": 1}', '{"name": NaN}', "\x00", "\ufeff{}",
)  # fmt: skip
"""Bodies that call themselves JSON."""

VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 10**22, 1.5, 1e308, float("inf"), float("nan"), [], {}, [[]], {"a": {"b": []}}, ["x", 1], [None],
    "\ud800", "a\udfffb", "\x00", "x" * 10_000, "👩‍👩‍👧‍👦", "\u202eabc",
)  # fmt: skip
"""Values of a JSON object's keys: the wrong type, no text, too much."""

TYPES = ("text/plain", "application/xml", "application/json", "multipart/form-data", "", "application/json; charset=nix",
         "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded")  # fmt: skip

HEADERS: tuple[dict[str, str], ...] = (
    {"Cookie": "xueshi=" + "a" * 5000}, {"Cookie": "xueshi=\x80\xff; xueshi-form=.."}, {"Cookie": "; ;=;xueshi"},
    {"Accept-Language": "x" * 5000}, {"Accept-Language": "zh;q=nix, \x80"}, {"Accept": "nix/nix;q=x"},
    {"X-Forwarded-For": "nobody, ::1%lo, 999.1.1.1"}, {"X-Forwarded-Proto": "nix"}, {"Host": "[" }, {"Host": "a b"},
    {"Content-Length": "x"}, {"Range": "bytes=9-1,x"}, {"If-Modified-Since": "never"}, {"If-None-Match": '"\\'},
    {"Referer": "http://[" }, {"Authorization": "Bearer x"}, {"Authorization": "Basic \x80"}, {"User-Agent": ""},
)  # fmt: skip

SHOWN = re.compile(
    r"Traceback \(most recent|File \"[^\"]+\", line \d|sqlalchemy|psycopg|site-packages|xueshi_app"
    r"|\bSELECT\b.{1,300}\bFROM\b|INSERT INTO|UPDATE \w+ SET|DELETE FROM|LINE \d+:|relation \"|constraint \"",
    re.DOTALL,
)
"""What belongs to the log: a trace, a statement, a name of a table's constraint."""

PLACE = re.compile(r"<[^<>]+>")


def written(pairs: list[tuple[str, bytes]]) -> str:
    """Names and hostile texts as an address or a form holds them."""
    return "&".join(f"{quote_plus(name)}={QUOTED.get(text) or quote_plus(text)}" for name, text in pairs)


def keyed(rule: Rule, chance: random.Random) -> str:
    """The address of a rule with something hostile in each of its places, whatever its converter would take."""
    return PLACE.sub(lambda _place: quote_from_bytes(chance.choice(TEXTS), safe=""), rule.rule)


def asked(names: tuple[str, ...], chance: random.Random, alone: int) -> Iterator[str]:
    """Query strings: so many of the parameters alone, then all together, then one of them again and again."""
    for name in chance.sample(names, min(alone, len(names))):
        yield written([(name, chance.choice(TEXTS))])
    yield written([(name, chance.choice(TEXTS)) for name in names])
    yield written([(names[0], chance.choice(SHORT)) for _each in range(500)])
    yield chance.choice(("&&&===", "%", "%zz=%u1234", "=", "a" * 10_000))


def form(known: dict[str, str], chance: random.Random, share: float) -> dict[str, Any]:
    """A form in which this share of the fields holds something hostile."""
    fields: list[tuple[str, bytes]] = []
    for name, text in known.items():
        bad = chance.random() < share
        fields.append((name, chance.choice(TEXTS) if bad else text.encode()))
        if bad and chance.random() < share / 3:
            fields.append((name, chance.choice(TEXTS)))
    return {"data": written(fields), "content_type": "application/x-www-form-urlencoded"}


def files(known: dict[str, str], chance: random.Random) -> dict[str, Any]:
    """A form with files whose names and contents are not what they say."""
    names = (
        "",
        "x",
        "\x00.jpg",
        "../../etc/passwd.pdf",
        "a" * 5000 + ".jpg",
        "\u202egpj.exe",
        "👩‍👩‍👧.xlsx",
        "CON",
        ".xlsx",
    )
    contents = (
        b"",
        b"PK\x03\x04" + b"\x00" * 40,
        b"%PDF-1.7\n",
        b"\xff\xd8\xff\xe0" + b"\x00" * 30,
        b"GIF89a",
        b"\x00" * 2000,
    )
    sent: dict[str, Any] = dict(known)
    for name in ("file", "files", "file-0", "proof"):
        sent[name] = (
            BytesIO(chance.choice(contents)),
            chance.choice(names),
            chance.choice(("", "image/jpeg", "x")),
        )
    return {"data": sent, "content_type": "multipart/form-data"}


def bodies(known: dict[str, str], chance: random.Random, times: int) -> Iterator[dict[str, Any]]:
    """What is sent with a request: nothing, forms, files, JSON, and what calls itself something else."""
    yield {}
    for _each in range(times):
        yield form(known, chance, 1.0)
        yield form(known, chance, 0.15)
        yield files(known, chance)
        yield {"data": chance.choice(JSON).encode(), "content_type": "application/json"}
        yield {
            "data": json.dumps({name: chance.choice(VALUES) for name in known}),
            "content_type": "application/json",
        }
        one = {**known, chance.choice(list(known)): chance.choice(VALUES)}
        yield {"data": json.dumps(one), "content_type": "application/json"}
        yield {"data": chance.choice(TEXTS), "content_type": chance.choice(TYPES)}
        yield {"data": urlencode(known), "content_type": chance.choice(TYPES)}
