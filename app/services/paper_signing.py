"""The key by which certificates are signed: from a file that the settings name, told once at start.

The file is PKCS#12, or PEM with the key, its certificate and whatever stands around it: the authority, and
earlier certificates of ours, whose signatures stay good. Without a file nothing is signed; a demonstration
makes its own, which no other installation takes.
"""

import datetime as dt
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from app.database import clock
from app.documents.certificate import CertificateContent
from app.documents.certificate.signature import Signer
from app.documents.certificate.signature import signed as signed_by
from app.security.keys import KeysUnusable

DEMO = "Xueshi demonstration, not valid"
"""The organisation in the certificate of a demonstration."""

LASTS = dt.timedelta(days=3650)
LEAST_RSA = 2048


class _Pen:
    signer: Signer | None = None


def use(file: Path | None, password: str, *, demo: bool, state: Path) -> None:
    """Sign with this key from now on; with none where there is no file. `state` is the installation's folder.

    Raises KeysUnusable with what to do about it: missing, readable by others, of a demonstration.
    """
    if file is None and demo:
        file = state / "signing.pem"
        if not file.exists():
            _create(file)
    _Pen.signer = _load(file, password, demo=demo) if file is not None else None


def signer() -> Signer | None:
    """Who signs here; None where nothing is signed."""
    return _Pen.signer


def known() -> frozenset[str]:
    """The fingerprints by which signatures of ours are known."""
    return _Pen.signer.fingerprints() if _Pen.signer is not None else frozenset()


def signed(paper: bytes, content: CertificateContent) -> bytes:
    """The paper as it is given out."""
    return signed_by(paper, content, _Pen.signer) if _Pen.signer is not None else paper


def _load(file: Path, password: str, *, demo: bool) -> Signer:
    if not file.is_file():
        raise KeysUnusable(f"{file}: no such file; XUESHI_SIGNING_FILE names a key with its certificate")
    if file.stat().st_mode & 0o077:
        raise KeysUnusable(f"{file}: others may read the key; chmod 600 it")
    try:
        key, papers = _read(file.read_bytes(), password.encode() or None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeysUnusable(f"{file}: no key with a certificate, or another password ({error})") from error
    own = [each for each in papers if each.public_key() == key.public_key()]
    if not own:
        raise KeysUnusable(f"{file}: none of its certificates is that of its key")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < LEAST_RSA:
        raise KeysUnusable(f"{file}: an RSA key needs {LEAST_RSA} bits or more")
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise KeysUnusable(f"{file}: a key of elliptic curves or RSA is needed")
    if not demo and _organization(own[0]) == DEMO:
        raise KeysUnusable(f"{file}: the key of a demonstration signs nothing here; get one of your own")
    if own[0].not_valid_after_utc < clock.now():
        raise KeysUnusable(f"{file}: its certificate ended on {own[0].not_valid_after_utc:%Y-%m-%d}")
    return Signer(key, own[0], tuple(each for each in papers if each != own[0]))


def _read(content: bytes, password: bytes | None) -> tuple[Any, list[x509.Certificate]]:
    if b"-----BEGIN" in content:
        key: Any = serialization.load_pem_private_key(content, password if b"ENCRYPTED" in content else None)
        return key, x509.load_pem_x509_certificates(content)
    found, certificate, others = pkcs12.load_key_and_certificates(content, password)
    if found is None or certificate is None:
        raise ValueError("it lacks the key or its certificate")
    return found, [certificate, *others]


def _organization(certificate: x509.Certificate) -> str:
    found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(found[0].value) if found else ""


def _create(file: Path) -> None:
    """A key for trial. Of two who make one at once, the file of the first stays."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, DEMO),
            x509.NameAttribute(NameOID.COMMON_NAME, "Xueshi"),
        ]
    )
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=730))
        .not_valid_after(now + LASTS)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=True, key_encipherment=False,
                data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
                encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        target.write(pem + certificate.public_bytes(serialization.Encoding.PEM))
    with suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()
