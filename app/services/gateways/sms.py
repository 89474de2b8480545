"""Text messages through a gateway that speaks HTTP, in the words of its own interface."""

import http.client
import json
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from app.services.gateways import PHONE, Doubtful, Letter, NotTaken

JSON, FORM = "json", "form"
LATER = frozenset({408, 425, 429, 502, 503})
"""Replies of a gateway that took nothing and may take it later."""
TAKEN, BROKEN = range(200, 300), 500
LONGEST = 65_536
"""Bytes of an answer that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMessages:
    """A gateway at `url`.

    `body` is its request with the places $phone, $text, $code and $id: JSON, or the fields of a form as they
    stand in an address. `success` is a text of the answer to a message that was taken; none: any 2xx.
    Nobody is followed elsewhere with a telephone number: a redirection is a refusal.
    """

    url: str
    body: str
    format: str = JSON
    success: str = ""
    token: str = field(default="", repr=False)
    ca_file: Path | None = None
    seconds: int = 20
    channel: str = PHONE

    def send(self, letter: Letter) -> None:
        """Hand one over in one request."""
        asked, headers = self._request(letter)
        place = urlsplit(self.url)
        connection = self._connection(place)
        try:
            connection.connect()
        except OSError as error:
            raise NotTaken(type(error).__name__) from None
        try:
            path = f"{place.path or '/'}{'?' + place.query if place.query else ''}"
            connection.request("POST", path, asked, headers)
            answer = connection.getresponse()
            code, said = answer.status, answer.read(LONGEST).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            raise Doubtful(type(error).__name__) from None
        finally:
            connection.close()
        self._judge(code, said)

    def _judge(self, code: int, said: str) -> None:
        if code >= BROKEN and code not in LATER:
            raise Doubtful(f"HTTP {code}")
        if code not in TAKEN:
            raise NotTaken(f"HTTP {code}", for_good=code not in LATER)
        if self.success not in said:
            raise NotTaken("AnswerRefused")

    def _connection(self, place: SplitResult) -> http.client.HTTPConnection:
        host = place.hostname or ""
        if place.scheme == "http":
            return http.client.HTTPConnection(host, place.port, timeout=self.seconds)
        trust = ssl.create_default_context()
        if self.ca_file is not None:
            trust.load_verify_locations(self.ca_file)
        return http.client.HTTPSConnection(host, place.port, timeout=self.seconds, context=trust)

    def _request(self, letter: Letter) -> tuple[bytes, dict[str, str]]:
        words = {"phone": letter.address, "text": letter.text, "id": letter.name, "code": "", **letter.words}
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if self.format == FORM:
            pairs = parse_qsl(self.body, keep_blank_values=True)
            filled = urlencode([(key, _filled(value, words)) for key, value in pairs])
            return filled.encode(), {"Content-Type": "application/x-www-form-urlencoded", **headers}
        filled = json.dumps(_filled(json.loads(self.body), words), ensure_ascii=False)
        return filled.encode(), {"Content-Type": "application/json; charset=utf-8", **headers}


def _filled(template: Any, words: dict[str, str]) -> Any:
    """Fill the places in every text of a template; what was filled in is not looked at again."""
    if isinstance(template, dict):
        return {key: _filled(value, words) for key, value in template.items()}
    if isinstance(template, list):
        return [_filled(each, words) for each in template]
    return Template(template).safe_substitute(words) if isinstance(template, str) else template
