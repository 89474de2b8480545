"""The province this process serves. One deployment is one province, so it is said once, at start."""

from app.declare.profile import Profile

HOURS = "{学时}"
"""Stands in a Chinese sentence of the catalogue for what this province calls the unit of account."""

USUAL = "学时"


class _Served:
    profile: Profile | None = None


def serve(profile: Profile) -> None:
    """Serve this province from now on."""
    _Served.profile = profile


def province() -> Profile:
    """The profile in use. Raises RuntimeError when the start forgot to say which."""
    if _Served.profile is None:
        raise RuntimeError("no province is served: call app.declare.province.serve(profile) first")
    return _Served.profile


def in_its_words(told: str) -> str:
    """A sentence of a catalogue, with the province's word where the catalogue leaves it open."""
    if HOURS not in told:
        return told
    profile = _Served.profile
    return told.replace(HOURS, profile.words.hours.zh if profile is not None else USUAL)
