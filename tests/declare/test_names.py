import pytest

from app.declare.invalid import Invalid
from app.declare.names import person_name


@pytest.mark.parametrize(
    "name", ["王芳", "𠮷田䶮", "㑇𰻞", "李〇", "\U00031350\U0002ebf0", "阿依古丽·买买提", "Ö. O'Neil"]
)
def test_rare_characters_and_other_scripts_are_names(name):
    assert person_name(name) == name


def test_ways_of_writing_one_name_are_one_name():
    assert person_name("\u3000 阿依古丽•买买提\t") == "阿依古丽·买买提"
    assert person_name("Jean   Luc") == "Jean Luc"
    assert person_name("Zoe\u0308") == "Zo\u00eb"


@pytest.mark.parametrize("typed", ["", " ", "··", "\u0301", "-"])
def test_signs_alone_are_no_name(typed):
    with pytest.raises(Invalid) as refusal:
        person_name(typed)
    assert str(refusal.value) == "Please give the name."


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("王\x00芳", "U+0000"),
        ("王\u202e芳", "U+202E"),
        ("王\u200b芳", "U+200B"),
        ("\ue863", "U+E863"),
        ("李3", "3"),
        ("<b>", "< >"),
        ("王😀", "😀"),
    ],
)
def test_what_cannot_be_read_or_printed_is_refused_and_named(typed, named):
    with pytest.raises(Invalid) as refusal:
        person_name(typed)
    assert str(refusal.value) == f"These characters cannot stand in a name: {named}"


def test_fifty_characters_are_a_name_and_fifty_one_are_not():
    assert person_name("𠮷" * 50) == "𠮷" * 50
    with pytest.raises(Invalid) as refusal:
        person_name("王" * 200)
    assert str(refusal.value) == "A name has at most 50 characters."
