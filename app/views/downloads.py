"""What an answer that is a file says about itself."""

from urllib.parse import quote

INERT = "default-src 'none'; sandbox"
"""No script, no form, no origin of its own: a file is only looked at."""


def disposition(kind: str, name: str) -> str:
    """`attachment` or `inline` with a name in any script (RFC 6266): old programs take the plain one."""
    ending = name.rpartition(".")[2]
    plain = "".join(
        sign if sign.isascii() and sign.isprintable() and sign not in '"\\' else "_" for sign in name
    )
    if not name.isascii():
        plain = f"file.{ending}" if ending.isascii() else "file"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
