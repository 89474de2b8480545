"""The certificate of one year: frozen content in, one page of PDF out."""

from app.documents.certificate.content import CertificateContent, CertificateTexts, content_hash
from app.documents.certificate.faces import missing
from app.documents.certificate.page import MissingGlyphs, render

__all__ = ["CertificateContent", "CertificateTexts", "MissingGlyphs", "content_hash", "missing", "render"]
