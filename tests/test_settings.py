"""The settings table: every line explains itself, every mistake is answered with what to write instead."""

import ast
from pathlib import Path

import pytest

import config
from config import BadSetting, load

ROOT = Path(config.__file__).parent
READERS = ("environ", "getenv", "environb")


def test_every_setting_says_what_it_is_for_and_its_default_is_allowed():
    for line in config.table():
        assert line.help.endswith("."), f"{line.name} has no help"
        line.parse(line.default)


def test_nothing_said_is_hubei_on_this_machine_only():
    settings = load({})

    assert (settings.province.name, settings.url) == ("hubei.toml", "http://127.0.0.1:8080")
    assert settings.state == Path.cwd() / ".xueshi" / "hubei"
    assert settings.keys == settings.state / "keys.toml"
    assert (settings.demo, settings.secure) == (False, False)


def test_the_short_name_moves_it_and_the_long_one_wins():
    assert load({"PORT": "8081"}).port == 8081
    assert load({"PORT": "8081", "XUESHI_PORT": "8082"}).port == 8082
    assert load({"HOST": "elsewhere", "HOME": "/nowhere"}) == load({})


def test_a_province_of_ones_own_is_a_file(tmp_path):
    profile = tmp_path / "hexi.toml"
    profile.touch()

    assert load({"PROVINCE": str(profile)}).state.name == "hexi"


@pytest.mark.parametrize(
    ("name", "value", "answer"),
    [
        ("PORT", "80a", "a whole number from 1 to 65535 is needed"),
        ("PORT", "70000", "a whole number from 1 to 65535 is needed"),
        ("CIPHER", "des", "one of aes, sm4 is needed"),
        ("DEMO", "maybe", "1 or 0 is needed"),
        ("PROVINCE", "hubie", "there is no such profile; known are hainan, hubei, shandong"),
        ("PUBLIC_URL", "xueshi.example.cn", "an address like https://xueshi.example.cn is needed"),
        ("DATABASE_URL", "sqlite:///x", "postgresql://role:password@host:port/database is needed"),
    ],
)
def test_a_wrong_value_is_answered_with_the_name_and_what_is_allowed(name, value, answer):
    with pytest.raises(BadSetting) as refused:
        load({f"XUESHI_{name}": value})

    said = str(refused.value)
    assert said.startswith(f"XUESHI_{name}=")
    assert answer in said


def test_a_misspelt_name_is_not_silently_ignored():
    with pytest.raises(BadSetting, match="XUESHI_PROT is no setting; see XUESHI_PORT"):
        load({"XUESHI_PROT": "8081"})


def test_a_password_in_a_wrong_address_is_not_repeated():
    with pytest.raises(BadSetting) as refused:
        load({"DATABASE_URL": "mysql://app:geheim@db/xueshi"})

    assert "geheim" not in str(refused.value)


def test_one_database_address_without_the_other_is_refused():
    with pytest.raises(BadSetting, match="both or not at all"):
        load({"DATABASE_URL": "postgresql://app:x@db/xueshi"})


def test_a_server_of_ones_own_is_reached_by_psycopg_3_whatever_its_scheme():
    settings = load(
        {"DATABASE_URL": "postgresql://app:x@db/xueshi", "OWNER_DATABASE_URL": "postgres://owner:x@db/xueshi"}
    )

    assert settings.database_url == "postgresql+psycopg://app:x@db/xueshi"
    assert settings.owner_database_url == "postgresql+psycopg://owner:x@db/xueshi"
    assert settings.app_role == "app"


def test_cookies_are_for_https_only_as_soon_as_people_come_by_https():
    settings = load({"XUESHI_PUBLIC_URL": "https://xueshi.example.cn/"})

    assert (settings.url, settings.secure) == ("https://xueshi.example.cn", True)
    assert "xueshi.example.cn" in settings.hosts


def test_a_program_we_start_finds_the_same_databases():
    given = {
        "DATABASE_URL": "postgresql://a:x@db/x",
        "OWNER_DATABASE_URL": "postgresql://o:x@db/x",
        "TZ": "UTC",
    }
    settings = load(given)

    child = config.for_children(settings, {"TZ": "UTC"})

    assert load(child) == settings
    assert child["TZ"] == "UTC"


@pytest.mark.parametrize(
    "path", [ROOT / "run.py", *sorted((ROOT / "app").rglob("*.py"))], ids=lambda p: str(p.relative_to(ROOT))
)
def test_nothing_else_reads_the_environment(path):
    for node in ast.walk(ast.parse(path.read_text())):
        word = (
            node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", getattr(node, "name", ""))
        )
        assert word not in READERS, f"{path.relative_to(ROOT)} reads the environment; config.py does that"
