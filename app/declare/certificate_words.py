"""What a province's certificate says, and what it looks like."""

from typing import Annotated, Literal

from pydantic import StrictBool, StringConstraints

from app.declare.part import Part, Text

FileName = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,80}\.png$")]


class CertificateWords(Part):
    """What the province's certificate says, and what it looks like."""

    title: Text
    """The title of the certificate."""
    issuer: Text
    """Who issues it."""
    statement: Text
    """What it states of the person."""
    statement_years: Text | None = None
    """What one over several years in a row states, all of them complete. Left out: there are none."""
    note: Text
    """What stands at its foot."""
    number_prefix: Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z]{1,8}$")]
    """Capital letters; the year and a serial number follow."""
    paper: Literal["landscape", "portrait"] = "landscape"
    """How the paper of a year lies; one over several years stands upright. Left out: landscape."""
    second_language: StrictBool = False
    """Whether the English stands below the Chinese, small. Left out: the title alone is in both."""
    seal: FileName | None = None
    """A picture of the issuer's seal beside the profile: PNG, at least 300 pixels wide. Left out: none."""
