"""Programs that are told something by HTTPS: at public addresses, and at inner ones that the settings name.

The name is resolved once and the connection goes to that very address: a name that answers differently the
second time leads nowhere. Nobody is followed elsewhere.
"""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.declare.network import inner

TAKEN = range(200, 300)
PORT = 443


class NotDelivered(Exception):
    """It was not taken, or nobody knows whether it was. `kind` names the failure and quotes nobody."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """How programs are reached. `networks` are inner ones that may be, one on each line.

    `ca_file` names authorities to trust besides the usual ones, `seconds` bounds each wait.
    """

    networks: str = ""
    ca_file: Path | None = None
    seconds: int = 20

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Hand one body over in one request. Raises NotDelivered."""
        place = urlsplit(url)
        host, port = place.hostname or "", place.port or PORT
        if place.scheme != "https":
            raise NotDelivered("NotHttps")
        try:
            connection = _Pinned(
                host, port, self._address(host, port), timeout=self.seconds, context=self._trust()
            )
            try:
                connection.request("POST", place.path or "/", body, dict(headers))
                status = connection.getresponse().status
            finally:
                connection.close()
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise NotDelivered(type(error).__name__) from None
        if status not in TAKEN:
            raise NotDelivered(f"HTTP {status}")

    def _address(self, host: str, port: int) -> str:
        """The address of a host. Raises NotDelivered if any of its addresses is an inner one."""
        found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        if not found or any(inner(each, self.networks) for each in found):
            raise NotDelivered("InnerAddress")
        return found[0]

    def _trust(self) -> ssl.SSLContext:
        trust = ssl.create_default_context()
        if self.ca_file is not None:
            trust.load_verify_locations(self.ca_file)
        return trust


class _Pinned(http.client.HTTPSConnection):
    """A connection to one address that must prove to be the host."""

    def __init__(self, host: str, port: int, address: str, *, timeout: int, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=timeout, context=context)
        self._address, self._trusted = address, context

    def connect(self) -> None:
        """To the address that was looked at."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        try:
            self.sock = self._trusted.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
