"""The province this process serves. One deployment is one province, so it is said once, at start."""

from app.declare.profile import Profile


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
