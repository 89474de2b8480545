"""Mail by SMTP."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from pathlib import Path

from app.database import clock
from app.services.gateways import EMAIL, Doubtful, Letter, NotTaken

STARTTLS, TLS, PLAIN = "starttls", "tls", "none"
"""How the connection is secured: after its greeting, from its first byte, or not at all."""

PERMANENT = 500
"""From this reply on a server would refuse the same again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail server. `seconds` bounds each wait for it; `ca_file` names authorities to trust besides."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    seconds: int = 20
    channel: str = EMAIL

    def send(self, letter: Letter) -> None:
        """Hand one mail over; each has a connection of its own."""
        with self._connected() as server:
            self._envelope(server, letter.address)
            try:
                code, _answer = server.data(self._written(letter))
            except smtplib.SMTPDataError as error:
                raise _refused(error, error.smtp_code) from None
            except (OSError, smtplib.SMTPException) as error:
                raise Doubtful(type(error).__name__) from None
            if code != 250:  # noqa: PLR2004 -- the reply that takes a mail
                raise NotTaken(f"SMTP {code}", for_good=code >= PERMANENT)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A connection that is secured and, where a user is given, logged in. Raises NotTaken."""
        with ExitStack() as leaving:
            try:
                server = self._greeted()
                leaving.callback(_left, server)
                if self.security == STARTTLS:
                    server.starttls(context=self._trust())
                server.ehlo_or_helo_if_needed()
                if self.user:
                    server.login(self.user, self.password)
            except smtplib.SMTPResponseException as error:
                raise NotTaken(f"{type(error).__name__} {error.smtp_code}") from None
            except (OSError, smtplib.SMTPException) as error:
                raise NotTaken(type(error).__name__) from None
            yield server

    def _greeted(self) -> smtplib.SMTP:
        if self.security == TLS:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.seconds, context=self._trust())
        return smtplib.SMTP(self.host, self.port, timeout=self.seconds)

    def _envelope(self, server: smtplib.SMTP, address: str) -> None:
        try:
            code, _answer = server.mail(self.sender)
            if code == 250:  # noqa: PLR2004 -- the reply that goes on
                code, _answer = server.rcpt(address)
        except (OSError, smtplib.SMTPException) as error:
            raise NotTaken(type(error).__name__) from None
        if code not in {250, 251}:
            raise NotTaken(f"SMTP {code}", for_good=code >= PERMANENT)

    def _written(self, letter: Letter) -> bytes:
        message = EmailMessage()
        message["Subject"] = letter.subject
        message["From"], message["To"] = self.sender, letter.address
        message["Date"] = formatdate(clock.now().timestamp())
        message["Message-ID"] = f"<{letter.name}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, cte="base64")
        return message.as_bytes()

    def _trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self.ca_file is not None:
            context.load_verify_locations(self.ca_file)
        return context


def _refused(error: Exception, code: int) -> NotTaken:
    return NotTaken(f"{type(error).__name__} {code}", for_good=code >= PERMANENT)


def _left(server: smtplib.SMTP) -> None:
    """Say goodbye, if anybody listens."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
