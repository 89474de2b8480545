"""The program that looks into a PDF somebody sent: alone, with little memory, and nothing of ours to steal.

It prints one object of JSON: the lines of text of the first page, the keywords, how many pages there are, and
what its signature is worth. Whoever reads it takes silence as its death.
"""

import json
import resource
import sys
from typing import Any

MEMORY = 1 << 30
CPU_SECONDS = 20
LINES = 200
LINE = 400


def confine() -> None:
    """Take away what reading does not need, before anything is read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def text_of(path: str) -> dict[str, Any]:
    """The text of the first page, line by line as it is read, and the keywords."""
    import pypdfium2  # noqa: PLC0415 -- after confine()

    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        words = page.get_textpage().get_text_bounded()
        lines = [" ".join(line.split())[:LINE] for line in words.splitlines()]
        return {
            "pages": len(document),
            "keywords": document.get_metadata_dict().get("Keywords", "")[:LINE],
            "lines": [line for line in lines if line][:LINES],
        }


def main(path: str, known: str) -> None:
    """Print what is found; `known` are fingerprints of certificates of ours, with commas between them."""
    confine()
    found = text_of(path)
    from app.documents.certificate.signature import judged  # noqa: PLC0415 -- after confine()

    with open(path, "rb") as file:  # noqa: PTH123 -- nothing else of pathlib is needed here
        found["signature"] = judged(file, frozenset(filter(None, known.split(","))))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
