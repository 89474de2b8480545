"""A province's profile as a file: read, and checked line by line before anything starts."""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.declare import seal_picture
from app.declare.consistency import RULES
from app.declare.fault import Fault
from app.declare.problem import BrokenProfile, Problem
from app.declare.profile import Profile
from app.declare.schema_problems import schema_faults
from app.declare.sound import Sound
from app.declare.toml_lines import Place, line_of, lines
from app.declare.words import N_

UNREADABLE = N_("cannot be read: %(reason)s")
NOT_UTF8 = N_("is not in UTF-8, from byte %(at)d on.")
NOT_TOML = N_("is not valid TOML: %(reason)s")

_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def check(path: Path, reserved: Mapping[str, Collection[str]] | None = None) -> list[Problem]:
    """All that is wrong or doubtful in a profile, in the order of the file.

    `reserved` names the built-in fields of `person` and `organization`: the province's own may not take them.
    """
    return _read(path, reserved or {})[1]


def load(path: Path, reserved: Mapping[str, Collection[str]] | None = None) -> Profile:
    """The profile in a file; raises BrokenProfile with every error, while warnings let it pass."""
    profile, problems = _read(path, reserved or {})
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors or profile is None:
        raise BrokenProfile(errors)
    return profile


def _read(path: Path, reserved: Mapping[str, Collection[str]]) -> tuple[Profile | None, list[Problem]]:
    try:
        text = path.read_bytes().decode()
        raw = tomllib.loads(text, parse_float=Decimal)
    except OSError as error:
        return None, [_of_file(path, UNREADABLE, reason=error.strerror)]
    except UnicodeDecodeError as error:
        return None, [_of_file(path, NOT_UTF8, at=error.start)]
    except tomllib.TOMLDecodeError as error:
        where = _AT.search(str(error))
        line = int(where[1]) if where and where[1] else text.count("\n") + 1
        return None, [_of_file(path, NOT_TOML, line, reason=_AT.sub("", str(error)))]
    profile, faults = _judged(raw, reserved)
    if profile is not None:
        faults.extend(seal_picture.faults(path, profile.certificate.seal))
        profile.with_seal(seal_picture.picture(path, profile.certificate.seal))
    return profile, placed(path, faults)


def placed(path: Path, faults: Iterable[Fault]) -> list[Problem]:
    """Faults of a profile that can be read, with the lines on which they stand, in the order of the file."""
    found = lines(path.read_text(encoding="utf-8"))
    problems = [
        Problem(
            file=path.name,
            line=line_of(found, fault.place),
            key=_written(fault.place),
            message=fault.message,
            params=fault.params,
            severity=fault.severity,
        )
        for fault in faults
    ]
    return sorted(problems, key=lambda problem: problem.line)


def _judged(
    raw: dict[str, Any], reserved: Mapping[str, Collection[str]]
) -> tuple[Profile | None, list[Fault]]:
    profile: Profile | None = None
    faults: list[Fault] = []
    try:
        profile = Profile.model_validate(raw)
    except ValidationError as error:
        faults.extend(schema_faults(error))
    faults.extend(_misfits(Sound(raw), reserved))
    return profile, faults


def _misfits(sound: Sound, reserved: Mapping[str, Collection[str]]) -> Iterator[Fault]:
    for rule in RULES:
        yield from rule(sound, reserved)


def _of_file(path: Path, message: str, line: int = 1, **params: Any) -> Problem:
    return Problem(file=path.name, line=line, key="", message=message, params=params)


def _written(place: Place) -> str:
    key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return key.removeprefix(".")
