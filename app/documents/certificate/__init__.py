"""The certificate of a year, or of several: frozen content in, a page of PDF out."""

from app.documents.certificate.content import (
    CertificateContent,
    CertificateTexts,
    SecondLanguage,
    content_hash,
)
from app.documents.certificate.faces import missing
from app.documents.certificate.page import MissingGlyphs, SealMissing, render, render_all

__all__ = [
    "CertificateContent",
    "CertificateTexts",
    "MissingGlyphs",
    "SealMissing",
    "SecondLanguage",
    "content_hash",
    "missing",
    "render",
    "render_all",
]
