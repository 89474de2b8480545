"""Ways back that a request asks for: only to pages of ours."""

from urllib.parse import urlsplit


def local(wanted: str, otherwise: str) -> str:
    """The address that was asked for, if it leads to a page of ours."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return otherwise
    ours = (
        wanted.startswith("/")
        and not wanted.startswith(("//", "/\\"))
        and not parts.netloc
        and not parts.scheme
    )
    return wanted if ours and wanted.isprintable() else otherwise
