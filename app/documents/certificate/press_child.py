"""The program that draws and signs sheaves of certificates, as it is told on its standard input.

The first line says how; each further one is a sheaf, answered by a line with the paths of what was drawn.
"""

import base64
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from app.documents.certificate.content import CertificateContent
from app.documents.certificate.page import render, render_all
from app.documents.certificate.signature import Signer, signed


class Press:
    """Draws sheaves into a folder; `told` says which folder, kind, seals and signer."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._folder = Path(told["folder"])
        self._kind = told["kind"]
        self._seals = {digest: base64.b64decode(each) for digest, each in told["seals"].items()}
        self._signer = Signer.from_told(told["signer"]) if told["signer"] else None

    def draw(self, number: int, sheaf: Sequence[Mapping[str, Any]]) -> list[Path]:
        """The files of one sheaf: one of several pages, or one for each certificate."""
        contents = [CertificateContent.thawed(each) for each in sheaf]
        if self._kind == "pdf":
            path = self._folder / f"sheaf-{number:05}.pdf"
            path.write_bytes(render_all(contents, self._seals))
            return [path]
        return [self._single(each) for each in contents]

    def _single(self, content: CertificateContent) -> Path:
        path = self._folder / f"{content.number}.pdf"
        paper = render(content, self._seals)
        path.write_bytes(signed(paper, content, self._signer) if self._signer is not None else paper)
        return path


def main() -> None:
    """Draw until nothing more is said."""
    press = Press(json.loads(sys.stdin.readline()))
    for line in sys.stdin:
        told = json.loads(line)
        paths = [str(each) for each in press.draw(told["number"], told["contents"])]
        sys.stdout.write(json.dumps(paths) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
