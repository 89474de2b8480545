"""A program that asks the interface, signed as described; written apart from the product's own code."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.database import clock

REVIEW = "/api/v1/title-review"


@dataclass
class Program:
    """One program with its key and secret. What a test changes of a request it says by `words`."""

    web: Flask
    key: str
    secret: str
    address: str = "127.0.0.1"
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.web.test_client()

    def signed(self, path: str, body: bytes, **words: Any) -> str:
        """The header of one request."""
        said = {"at": str(int(clock.now().timestamp())), "nonce": token_hex(16), "method": "POST"} | words
        digest = hashlib.sha256(body).hexdigest()
        text = "\n".join([said["method"], path, digest, said["at"], said["nonce"], self.key])
        signature = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        at, nonce = said["at"], said["nonce"]
        return f"XUESHI-HMAC-SHA256 key={self.key}, time={at}, nonce={nonce}, signature={signature}"

    def send(self, path: str, body: bytes, header: str) -> TestResponse:
        """Send what was signed, or something else."""
        return self.client.post(
            path,
            data=body,
            content_type="application/json",
            headers={"Authorization": header},
            environ_base={"REMOTE_ADDR": self.address},
        )

    def ask(self, name: str, asked: Any, **words: Any) -> TestResponse:
        """Ask one question."""
        path, body = f"{REVIEW}/{name}", json.dumps(asked).encode()
        return self.send(path, body, self.signed(path, body, **words))

    def error(self, name: str, asked: Any, **words: Any) -> tuple[int, str]:
        """How a question is refused."""
        answer = self.ask(name, asked, **words)
        return answer.status_code, answer.json["error"]
