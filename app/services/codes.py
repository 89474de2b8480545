"""Codes that people copy from a screen or a paper: unguessable, and the same however they are typed."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: five bits each, without letters that look like digits."""

GROUP = 4
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What a first password is made of: nothing that looks like something else."""

_ALIKE = str.maketrans("OIL", "011")


def new_code(groups: int) -> str:
    """A random code of so many groups of twenty bits, `7K2M-9QXA-…`."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(groups))


def normalised(typed: str) -> str:
    """The letters of a code as it was made, whatever stands between them and however O, I and L were read."""
    return "".join(sign for sign in typed.upper().translate(_ALIKE) if sign in ALPHABET)


def first_password() -> str:
    """A password that somebody else hands out and its holder changes at the first login: 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUP))
