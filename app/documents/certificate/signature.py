"""The signature in the file of a certificate (PAdES), by a key of elliptic curves or RSA.

The same content signed by the same key gives the same bytes: the time is the day of issue, the signature is
deterministic (RFC 6979, or PKCS #1 v1.5), and nothing random goes into the file.
"""

import base64
import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import IO, Any, Self
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from app.documents.certificate.content import CertificateContent

FIELD = "Xueshi"
"""The name of the field that holds the signature."""

ROOM = 1_536
"""Bytes that a signature may take in the file, beside its certificates."""

ZONE = ZoneInfo("Asia/Shanghai")

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Signer:
    """A key with its certificate, and the certificates around it: who vouches for it, and earlier ones."""

    key: Key
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...] = ()

    def told(self) -> dict[str, Any]:
        """All of it as JSON can carry it to a child."""
        der = self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        papers = (self.certificate, *self.others)
        certificates = [each.public_bytes(serialization.Encoding.DER) for each in papers]
        return {
            "key": base64.b64encode(der).decode(),
            "certificates": [base64.b64encode(each).decode() for each in certificates],
        }

    @classmethod
    def from_told(cls, told: Mapping[str, Any]) -> Self:
        """What `told` gave."""
        key: Any = serialization.load_der_private_key(base64.b64decode(told["key"]), None)
        first, *others = (
            x509.load_der_x509_certificate(base64.b64decode(each)) for each in told["certificates"]
        )
        return cls(key, first, tuple(others))

    def fingerprints(self) -> frozenset[str]:
        """By which a signature of ours is known, an earlier one too."""
        return frozenset(each.fingerprint(hashes.SHA256()).hex() for each in (self.certificate, *self.others))

    def raw(self, data: bytes) -> bytes:
        """The signature over some bytes, the same each time."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def signed(paper: bytes, content: CertificateContent, signer: Signer) -> bytes:
    """The paper with its signature, whose time is the day of issue."""
    writer, pen = _pens()
    target = BytesIO()
    papers = (signer.certificate, *signer.others)
    room = ROOM + sum(len(each.public_bytes(serialization.Encoding.DER)) for each in papers)
    timed = pen(signer, content.issuer, _day(content.issued_on))
    timed.sign_pdf(writer(BytesIO(paper)), bytes_reserved=2 * room, output=target)  # it stands there in hex
    return target.getvalue()


def judged(file: IO[bytes], known: Collection[str]) -> str:
    """What the signature of a file is worth: `ours`, `foreign`, `broken` or `none`.

    `known` are fingerprints of certificates of ours. A file that goes on behind its signature is broken.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 -- slow import
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415 -- slow import
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415 -- slow import
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 -- slow import

    found = list(PdfFileReader(file, strict=False).embedded_signatures)
    if not found:
        return "none"
    last = found[-1]
    trust = ValidationContext(trust_roots=[last.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(last, trust)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not (status.intact and status.valid and whole):
        return "broken"
    return "ours" if hashlib.sha256(last.signer_cert.dump()).hexdigest() in known else "foreign"


def _day(issued_on: str) -> datetime:
    """The beginning of the day that the paper says, in China."""
    year, month, day = map(int, re.findall(r"[0-9]+", issued_on)[:3])
    return datetime(year, month, day, tzinfo=ZONE)


@cache
def _pens() -> tuple[Any, Any]:
    """PyHanko's writer and signer with everything taken out that differs from one time to the next."""
    from asn1crypto import keys as asn1_keys  # noqa: PLC0415 -- slow import
    from asn1crypto import x509 as asn1  # noqa: PLC0415 -- slow import
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 -- slow import
    from pyhanko.sign import signers  # noqa: PLC0415 -- slow import
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415 -- slow import

    class Writer(IncrementalPdfFileWriter):
        """Writes the same bytes each time: the second half of the ID is random in the original."""

        def __init__(self, stream: BytesIO) -> None:
            super().__init__(stream)
            digest = hashlib.sha256(stream.getvalue()).digest()[:16]
            ids: Any = getattr(self, "_document_id")  # noqa: B009 -- its type cannot be determined
            self._document_id = generic.ArrayObject([ids[0], generic.ByteStringObject(digest)])

        def _update_meta(self) -> None:
            """Leave the head of the document as it was drawn; the original writes the time into it."""

    class Pen(signers.SimpleSigner):
        """Signs as `Signer.raw` does."""

        def __init__(self, signer: Signer) -> None:
            self._signer = signer
            store = SimpleCertificateStore()
            store.register_multiple([_asn1(asn1, each) for each in signer.others])
            kept = signer.told()["key"]
            super().__init__(
                signing_cert=_asn1(asn1, signer.certificate),
                signing_key=asn1_keys.PrivateKeyInfo.load(base64.b64decode(kept)),
                cert_registry=store,
            )

        def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
            """The signature over the attributes; it is SHA-256 that is asked for."""
            assert digest_algorithm == "sha256"  # noqa: S101 -- what `signed` asks of PdfSigner
            return self._signer.raw(data)

    class Timed(signers.PdfSigner):
        """Signs at a moment that is told instead of now."""

        def __init__(self, signer: Signer, issuer: str, moment: datetime) -> None:
            meta = signers.PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", name=issuer)
            super().__init__(meta, signer=_pen(Pen, signer))
            self._moment = moment

        def init_signing_session(self, pdf_out: Any, **words: Any) -> Any:
            session = super().init_signing_session(pdf_out, **words)
            session.system_time = self._moment
            return session

    return Writer, Timed


_made: dict[int, tuple[Signer, Any]] = {}


def _pen(pen: Any, signer: Signer) -> Any:
    """The pen of a signer, made once."""
    if id(signer) not in _made:
        _made[id(signer)] = (signer, pen(signer))
    return _made[id(signer)][1]


def _asn1(asn1: Any, certificate: x509.Certificate) -> Any:
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
