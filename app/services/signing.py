"""How requests of programs, and what they are told by themselves, are signed: HMAC-SHA256 over six lines."""

import hashlib
import hmac
from dataclasses import dataclass

SCHEME = "XUESHI-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Signable:
    """What is signed: method, path without a query, body, seconds since 1970, a word used once, the key."""

    method: str
    path: str
    body: bytes
    at: str
    nonce: str
    key: str

    @property
    def text(self) -> str:
        """The six lines."""
        digest = hashlib.sha256(self.body).hexdigest()
        return f"{self.method}\n{self.path}\n{digest}\n{self.at}\n{self.nonce}\n{self.key}"

    def signature(self, secret: str) -> str:
        """Their HMAC under a secret, 64 digits of base 16."""
        return hmac.new(secret.encode(), self.text.encode(), hashlib.sha256).hexdigest()

    def header(self, secret: str) -> str:
        """What stands in `Authorization`."""
        return (
            f"{SCHEME} key={self.key}, time={self.at}, nonce={self.nonce}, signature={self.signature(secret)}"
        )


def fits(signed: Signable, secret: str, signature: str) -> bool:
    """Whether a signature was made with this secret; takes as long for a wrong one as for the right one."""
    return hmac.compare_digest(signed.signature(secret).encode(), signature.encode())
