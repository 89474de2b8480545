"""A real mail server and a real gateway of text messages on this machine, which keep what they are given."""

import base64
import json
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Letters:
    """What a mail server was given, and how it behaves.

    `refuses` maps a command to its reply; `hangs_up_after_data` ends the connection before the last word.
    """

    port: int = 0
    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    hangs_up_after_data: bool = False
    logins: list[str] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)

    def texts(self) -> list[tuple[str, str]]:
        """To whom, and what."""
        return [(to, str(letter.get_content())) for to, letter in self.taken]


class _Smtp(socketserver.StreamRequestHandler):
    """One connection, in the words of RFC 5321."""

    timeout = 30
    server: "_Server"

    def setup(self) -> None:
        """Secure the connection from its first byte, where the server does."""
        self.letters, self.to, self.secured, self.open = self.server.letters, "", False, True
        if self.server.whole:
            self._secure()
        super().setup()

    def handle(self) -> None:
        """Answer line after line."""
        self._say("220 postoffice")
        while self.open and (line := self.rfile.readline()):
            verb, _space, rest = line.decode().strip().partition(" ")
            refused = self.letters.refuses.get(verb.upper())
            self._say(refused) if refused else getattr(self, f"on_{verb.lower()}", self._taken)(rest)

    def finish(self) -> None:
        """Close it, secured or not."""
        super().finish()
        self.request.close()

    def on_ehlo(self, _rest: str) -> None:
        starttls = ["250-STARTTLS"] * (self.server.trusted is not None and not self.secured)
        self._say("250-postoffice", "250-AUTH PLAIN", *starttls, "250 OK")

    def on_starttls(self, _rest: str) -> None:
        self._say("220 go")
        self._secure()
        super().setup()

    def on_auth(self, rest: str) -> None:
        self.letters.logins.append(base64.b64decode(rest.split()[1]).decode())
        self._say("235 in")

    def on_rcpt(self, rest: str) -> None:
        self.to = rest.partition("<")[2].partition(">")[0]
        self._say("250 OK")

    def on_data(self, _rest: str) -> None:
        self._say("354 go on")
        letter = b""
        while (piece := self.rfile.readline()) != b".\r\n":
            letter += piece.removeprefix(b".")
        self.letters.secured.append(self.secured)
        self.letters.taken.append((self.to, message_from_bytes(letter, policy=default)))  # type: ignore[arg-type]
        self.open = not self.letters.hangs_up_after_data
        if self.open:
            self._say("250 taken")

    def on_quit(self, _rest: str) -> None:
        self.open = False
        self._say("221 bye")

    def _taken(self, _rest: str) -> None:
        self._say("250 OK")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def _secure(self) -> None:
        assert self.server.trusted is not None
        plain = self.request
        plain.settimeout(self.timeout)
        try:
            self.request = self.server.trusted.wrap_socket(plain, server_side=True)
        finally:
            plain.close()
        self.secured = True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    letters: Letters
    trusted: ssl.SSLContext | None = None
    whole = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is none."""


@contextmanager
def mail_server(trust: "Trust | None" = None, *, from_the_first_byte: bool = False) -> Iterator[Letters]:
    """A mail server; with `trust` it offers TLS, after the greeting or from the first byte."""
    with _Server(("127.0.0.1", 0), _Smtp) as server:
        server.letters = Letters(port=server.server_address[1])
        server.trusted = trust.context() if trust else None
        server.whole = from_the_first_byte
        with _running(server):
            yield server.letters


@dataclass
class TextsTaken:
    """What a gateway of text messages was given: path, headers and body; and how it answers."""

    port: int = 0
    taken: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    status: int = 200
    answer: str = '{"code": "OK"}'
    silent: bool = False

    @property
    def bodies(self) -> list[Any]:
        """What was sent as JSON."""
        return [json.loads(body) for _path, _headers, body in self.taken]


class _Http(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        texts: TextsTaken = self.server.texts  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        texts.taken.append((self.path, dict(self.headers), body))
        if texts.silent:
            return
        self.send_response(texts.status)
        self.send_header("Content-Length", str(len(texts.answer.encode())))
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(texts.answer.encode())

    def log_message(self, *_args: Any) -> None:
        """It says nothing."""


@contextmanager
def text_gateway(trust: "Trust | None" = None) -> Iterator[TextsTaken]:
    """A gateway of text messages over HTTP, or with `trust` whoever takes a POST over HTTPS."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Http) as server:
        if trust is not None:
            server.socket = trust.context().wrap_socket(server.socket, server_side=True)
        server.texts = TextsTaken(port=server.server_address[1])  # type: ignore[attr-defined]
        with _running(server):
            yield server.texts  # type: ignore[attr-defined]


@contextmanager
def _running(server: Any) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@dataclass(frozen=True)
class Trust:
    """A key and its own certificate for 127.0.0.1."""

    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """What a server speaks TLS with."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.certificate, self.key)
        return made


def trust(folder: Path) -> Trust:
    """Make one; clients trust it by its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Trust(folder / "trust.pem", folder / "key.pem")
    made.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return made
