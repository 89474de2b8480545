"""What is installed is what is written: the wheel has every file it needs, the locks every version."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = (
    "app",
    "docs",
    "translations",
    "config.py",
    "run.py",
    "setup.py",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)
GUIDES = ROOT / "docs" / "guide"
LOCKS = ("requirements.lock", "requirements-dev.lock")
MADE_HERE = shutil.ignore_patterns("__pycache__", "*.pyc", "*.mo", ".*")


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy without anything that is made rather than written."""
    copy, out = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=MADE_HERE)
        else:
            shutil.copy(source, copy)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--no-index", "--wheel-dir", out, copy], check=True)
    return next(out.glob("xueshi-*.whl"))


def test_the_wheel_has_every_file_of_the_checkout_and_the_compiled_catalogues(wheel):
    written = {
        path.relative_to(ROOT)
        for folder in ("app", "translations")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
        and not any(part.startswith((".", "__pycache__")) for part in path.relative_to(ROOT).parts)
    }
    compiled = {path.with_suffix(".mo") for path in written if path.suffix == ".po"}
    sources = {path for path in written if path.suffix not in {".po", ".pot", ".mo", ".pyc"}}
    guides = {f"app/guide/{path.relative_to(GUIDES)}" for path in GUIDES.rglob("*") if path.is_file()}
    needed = {str(path) for path in sources | compiled} | guides | {"config.py", "run.py"}

    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert packed == needed
    assert {str(path) for path in compiled} >= {
        "translations/zh/LC_MESSAGES/messages.mo",
        "translations/en/LC_MESSAGES/messages.mo",
    }


def test_installed_elsewhere_it_finds_its_profiles_words_and_migrations(wheel, tmp_path):
    target = tmp_path / "site"
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        target,
    ]
    subprocess.run([*command, wheel], check=True)
    code = (
        "import config, pathlib\n"
        "from app.catalogues import translator\n"
        "from app.services import installation\n"
        "from app.views import guides\n"
        "print(config.load({}).province.is_file(), installation.MIGRATIONS.joinpath('env.py').is_file(),"
        " translator('zh')('Person') != 'Person', (guides.FOLDER / 'person.zh.md').is_file(),"
        " pathlib.Path(config.__file__).parent)"
    )

    told = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
    )

    assert told.stdout.split() == ["True", "True", "True", "True", str(target)], told.stderr


def test_the_command_is_named_xueshi(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert archive.read(points).decode().split("\n", 1)[1].strip() == "xueshi = app.cli:main"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_has_a_hash_for_every_version(lock):
    text = (ROOT / lock).read_text()

    assert re.findall(r"https?:|file:|--(?:extra-)?index-url|--find-links", text) == []
    locked = re.split(
        r"^(?=[a-zA-Z0-9])", "".join(re.findall(r"^[^#\n]*\n", text, re.MULTILINE)), flags=re.MULTILINE
    )
    unhashed = [entry.split()[0] for entry in locked if entry.strip() and "--hash=sha256:" not in entry]
    assert unhashed == []


def test_the_locks_have_what_the_project_asks_for():
    extras = project()["optional-dependencies"]
    asked = {
        "requirements.lock": [*project()["dependencies"], *extras["build"]],
        "requirements-dev.lock": [*project()["dependencies"], *extras["build"], *extras["dev"]],
    }
    for lock, wishes in asked.items():
        pinned = set(re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))
        for wish in wishes:
            name, version = re.sub(r"\[\w+\]", "", wish).lower().replace("_", "-").split("==")
            assert (name, version) in pinned, f"{lock} does not have {wish}; run `make lock`"
