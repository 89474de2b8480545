"""The key file: made once, read strictly."""

import base64

import pytest

from app.security.keys import SAMPLES, KeysUnusable, create, load


def test_a_new_file_can_be_read_by_its_owner_alone(tmp_path):
    create(tmp_path / "keys.toml")
    assert (tmp_path / "keys.toml").stat().st_mode & 0o777 == 0o600
    keys = load(tmp_path / "keys.toml")
    assert keys.ring.open(keys.ring.seal("x", b"c"), b"c") == "x"


def test_an_existing_file_is_never_overwritten(tmp_path):
    create(tmp_path / "keys.toml")
    with pytest.raises(FileExistsError):
        create(tmp_path / "keys.toml")


def test_a_missing_file_says_how_to_make_one(tmp_path):
    with pytest.raises(KeysUnusable, match="xueshi keys create"):
        load(tmp_path / "keys.toml")


def test_a_file_that_others_may_read_is_refused(tmp_path):
    create(tmp_path / "keys.toml")
    (tmp_path / "keys.toml").chmod(0o644)
    with pytest.raises(KeysUnusable, match="chmod 600"):
        load(tmp_path / "keys.toml")


@pytest.mark.parametrize("sample", sorted(SAMPLES))
def test_a_sample_key_stops_the_start(tmp_path, sample):
    create(tmp_path / "keys.toml")
    lines = (tmp_path / "keys.toml").read_text().splitlines()
    lines[-1] = f'1 = "{base64.b64encode(sample).decode()}"'
    (tmp_path / "keys.toml").write_text("\n".join(lines))
    with pytest.raises(KeysUnusable, match="sample key"):
        load(tmp_path / "keys.toml")


@pytest.mark.parametrize(
    "words", ["", "current = 1", "current = 3\nindex = ''\nsession = ''\n[data]\n1 = ''", "x ="]
)
def test_a_broken_file_is_refused_with_its_name(tmp_path, words):
    (tmp_path / "keys.toml").write_text(words)
    (tmp_path / "keys.toml").chmod(0o600)
    with pytest.raises(KeysUnusable, match=r"keys\.toml"):
        load(tmp_path / "keys.toml")


def test_another_cipher_finds_what_was_indexed_before(tmp_path):
    create(tmp_path / "keys.toml", cipher="sm4")
    before, after = (load(tmp_path / "keys.toml", cipher=cipher).ring for cipher in ("sm4", "aes"))
    assert before.digest == "sm3"
    assert after.blind("person.phone", "13800000001") == before.blind("person.phone", "13800000001")
    assert after.open(before.seal("13800000001", b"x"), b"x") == "13800000001"


def test_an_unknown_digest_is_refused(tmp_path):
    create(tmp_path / "keys.toml")
    text = (tmp_path / "keys.toml").read_text().replace("sha256", "md5")
    (tmp_path / "keys.toml").write_text(text)
    with pytest.raises(KeysUnusable, match="md5"):
        load(tmp_path / "keys.toml")
